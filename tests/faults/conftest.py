from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from graphleads.cli.app import graphleads
from graphleads.tables.delivery import open_deliveries
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace

FIRST_DAY, SECOND_DAY = "2025-06-30", "2026-06-30"


def _run_in(home: Path, *words: object) -> Result:
    """Run one command in this process."""
    return CliRunner().invoke(graphleads, ["--home", str(home), *map(str, words)])


def _command(home: Path, *words: object) -> list[str]:
    """Return one command as a process of its own is started with it."""
    return [sys.executable, "-m", "graphleads.cli", "--home", str(home), *map(str, words)]


@dataclass(frozen=True)
class State:
    """All that a home holds, as whoever reads it finds it."""

    current: str | None
    flaws: dict[str, list[str]]
    deliveries: dict[str, str]
    linked: dict[str, str]
    customers: list[Any]
    matches: list[Any]
    claims: list[Any]
    stale: tuple[str, ...]


def _read_state(home: Path) -> State:
    with open_workspace(home) as workspace:
        return State(
            current=workspace.registers.snapshot_id(),
            flaws={one: workspace.registers.verify_snapshot(one) for one in workspace.registers.snapshot_ids()},
            deliveries={one.manifest.id: _hash_folder(one.folder) for one in open_deliveries(home / "staged")},
            linked={path.name: _hash_folder(path) for path in sorted((home / "linked").glob("[!.]*"))},
            customers=workspace.customers.all(),
            matches=workspace.customers.matches(),
            claims=workspace.leads.claims(),
            stale=workspace.status().stale,
        )


def _hash_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        digest.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Step:
    """A step of the main job: the home that it begins with, its command, and files by which one sees it at work."""

    home: Path
    words: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Undisturbed:
    """What a step makes of its home when nothing happens to it, and how long its process lives."""

    state: State
    seconds: float
    size: int


@dataclass(frozen=True)
class Steps:
    """Each step with a home in which it has something to do, while an earlier snapshot is served."""

    folder: Path
    _ended: dict[str, Undisturbed] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Step:
        homes = {"customers import": self.worked, "match": self.imported, "snapshot use": self.twice}
        homes |= {"ingest": self.worked, "link": self.delivered, "build": self.linked}
        words = {
            "ingest": self._ingest(2, SECOND_DAY),
            "customers import": ("customers", "import", self.second_customers),
        }
        if name == "snapshot use":
            words[name] = ("snapshot", "use", _earlier_of(homes[name]))
        return Step(homes[name], tuple(map(str, words.get(name, (name,)))), _SIGNS[name])

    def undisturbed(self, name: str) -> Undisturbed:
        """Run a step once, as a process of its own."""
        if name not in self._ended:
            step, home = self[name], self.folder / f"undisturbed {name}"
            shutil.copytree(step.home, home)
            began = time.monotonic()
            subprocess.run(_command(home, *step.words), check=True, capture_output=True)
            seconds = time.monotonic() - began
            size = _size_of(home) - _size_of(step.home)
            self._ended[name] = Undisturbed(_read_state(home), seconds, size)
        return self._ended[name]

    @cached_property
    def worked(self) -> Path:
        """Everything done once, and a lead claimed."""
        home = self.folder / "worked"
        made = generate(self.folder / "made 1", companies=1000, seed=1)
        for words in (self._ingest(1, FIRST_DAY), ("link",), ("build",), ("customers", "import", made.customers)):
            self._run(home, *words)
        self._run(home, "match")
        with open_workspace(home) as workspace:
            workspace.claim(workspace.recommend(k=1).items[0].company.id, owner="Ann")
        return home

    @cached_property
    def delivered(self) -> Path:
        """A second delivery."""
        return self._after(self.worked, "delivered", *self._ingest(2, SECOND_DAY))

    @cached_property
    def linked(self) -> Path:
        return self._after(self.delivered, "linked", "link")

    @cached_property
    def twice(self) -> Path:
        """Two snapshots, the second one current."""
        return self._after(self.linked, "twice", "build")

    @cached_property
    def imported(self) -> Path:
        return self._after(self.worked, "imported", "customers", "import", self.second_customers)

    @cached_property
    def second_customers(self) -> Path:
        """The customers, all of them changed, and a new one."""
        path = self.folder / "second.csv"
        with (self.folder / "made 1" / "customers.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        rows = [*rows, {**rows[0], "Account ID": "001DEMO99999999"}]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows({**row, "Account Owner": "Zoe Last"} for row in rows)
        return path

    def _ingest(self, seed: int, day: str) -> tuple[object, ...]:
        folder = self.folder / f"made {seed}"
        if not folder.exists():
            generate(folder, companies=1000, seed=seed)
        files = sorted(path for path in folder.glob("*.csv") if path.stem != "customers")
        return ("ingest", "table", *files, "--mapping", "plain", "--dataset", "demo", "--observed-on", day)

    def _after(self, before: Path, name: str, *words: object) -> Path:
        home = self.folder / name
        shutil.copytree(before, home)
        self._run(home, *words)
        return home

    def _run(self, home: Path, *words: object) -> None:
        result = _run_in(home, *words)
        assert result.exit_code == 0, result.output


_SIGNS = {
    "ingest": (
        "staged/*/.tmp-*",
        "staged/*/.tmp-*/roles/part-*",
        "staged/*/.tmp-*/manifest.json",
        f"staged/*/{SECOND_DAY}*",
    ),
    "link": (".lock", "linked/.*", "linked/.*/report.json"),
    "customers import": ("graphleads.db-wal",),
    "match": ("graphleads.db-wal", ".matched.json.*"),
    "build": (
        "snapshots/.building-*",
        "snapshots/.building-*/edges.arrow",
        "snapshots/.building-*/nodes/*",
        "snapshots/.building-*/manifest.json",
        "snapshots/.CURRENT.*",
    ),
    "snapshot use": ("snapshots/.CURRENT.*",),
}


def _size_of(folder: Path) -> int:
    """Return how much a folder takes, in bytes, in the pages of 4,096 bytes that a disk gives out."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())


def _earlier_of(home: Path) -> str:
    return (home / "snapshots" / "CURRENT").read_text().split()[1]


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    return Steps(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def run_in() -> Callable[..., Result]:
    """Runs one command in this process, in the home that is named first."""
    return _run_in


@pytest.fixture(scope="session")
def command() -> Callable[..., list[str]]:
    """Returns a command as a process of its own is started with it, for the home that is named first."""
    return _command


@pytest.fixture(scope="session")
def read_state() -> Callable[[Path], State]:
    """Returns all that a home holds."""
    return _read_state


@pytest.fixture
def home(steps: Steps, tmp_path: Path) -> Path:
    """A home with two snapshots, customers and a claim; its own copy."""
    shutil.copytree(steps.twice, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a disk of so many bytes, or skips where that is not allowed."""
    folder = tmp_path / "disk"

    def mount_one(size: int) -> Path:
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if mounted.returncode != 0:
            pytest.skip(f"a disk of its own has to be mounted, which is refused here: {mounted.stderr.strip()}")
        return folder

    yield mount_one
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
