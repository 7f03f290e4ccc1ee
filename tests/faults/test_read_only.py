"""The home is on a disk that is mounted read-only: everything is read, and what would write says why not."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result

from graphleads.graph.manifest import read_manifest
from graphleads.graph.seal import seal_files

if TYPE_CHECKING:
    from tests.faults.conftest import Steps

READS: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("recommend", "-k", "3"),
    ("recommend", "--seed", "LEAD", "-k", "3"),
    ("explain", "LEAD"),
    ("company", "LEAD"),
    ("search", "ltd"),
    ("relationships", "LEAD"),
    ("claims",),
    ("exclusions",),
    ("customers", "list"),
    ("customers", "imports"),
    ("match", "--review"),
    ("deliveries", "list"),
    ("snapshot", "list"),
    ("snapshot", "verify", "--all"),
    ("run",),
    ("config", "show"),
)

WRITES: tuple[tuple[str, ...], ...] = (
    ("claim", "LEAD", "--owner", "Bob"),
    ("exclude", "LEAD", "--reason", "too far", "--by", "Bob"),
    ("customers", "import", "CUSTOMERS"),
    ("match",),
    ("snapshot", "use", "SNAPSHOT"),
    ("deliveries", "remove", "2025-06-30"),
)


def with_log(home: Path, *, index: bool) -> None:
    """Leave a claim of Zoe's in the database's log, as a killed process does."""
    database = home / "graphleads.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute(
            "INSERT INTO claims (team, company, owner, claimed_at) VALUES ('main', 'X-A:1', 'Zoe', '2026-07-01')"
        )
        connection.commit()
        kept = [database, *(home / f"graphleads.db-{one}" for one in (("wal", "shm") if index else ("wal",)))]
        aside = home.parent / "aside"
        aside.mkdir()
        for path in kept:
            shutil.copy(path, aside)
    for path in home.glob("graphleads.db*"):
        path.unlink()
    for path in aside.iterdir():
        path.rename(home / path.name)
    aside.rmdir()


@pytest.fixture
def sealed(mount: Callable[[int], Path], steps: Steps) -> Callable[..., Path]:
    """A home, changed as wanted and then mounted read-only."""
    disk = mount(32 * 1024 * 1024)

    def seal(source: Path, change: Callable[[Path], None] = lambda home: None) -> Path:
        shutil.copytree(source, disk / "home")
        change(disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        return disk / "home"

    return seal


def typed(words: tuple[str, ...], home: Path, customers: Path) -> list[str]:
    """Return the words of a command with what stands for the capitals in it."""
    earlier = (home / "snapshots" / "CURRENT").read_text().split()[-1]
    names = {"LEAD": "X-DEMO:00000428", "SNAPSHOT": earlier, "CUSTOMERS": str(customers)}
    return [names.get(word, word) for word in words]


def test_everything_is_read(sealed: Callable[..., Path], steps: Steps, run_in: Callable[..., Result]) -> None:
    home = sealed(steps.worked)
    for words in READS:
        result = run_in(home, *typed(words, home, steps.second_customers))
        assert result.exit_code == 0, f"{words}: {result.output}"
    assert "run not kept" in run_in(home, "recommend", "-k", 3).stdout


def test_every_byte_is_verified_though_nothing_can_be_sealed(
    sealed: Callable[..., Path], steps: Steps, run_in: Callable[..., Result]
) -> None:
    home = sealed(steps.worked, lose_a_bit)
    found = run_in(home, "snapshot", "verify")

    assert found.exit_code == 1
    assert "walk/edge.npy does not match its checksum" in found.stderr


def lose_a_bit(home: Path) -> None:
    """Change a file of the snapshot behind the back of its seal."""
    current = (home / "snapshots" / "CURRENT").read_text().split()[0]
    path = home / "snapshots" / current / "walk" / "edge.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    seal_files(path.parents[1], read_manifest(path.parents[1])["files"])


@pytest.mark.parametrize("index", [True, False])
def test_a_log_that_was_not_written_back_is_read_too(
    index: bool, sealed: Callable[..., Path], steps: Steps, run_in: Callable[..., Result]
) -> None:
    home = sealed(steps.worked, lambda home: with_log(home, index=index))

    assert "Zoe" in run_in(home, "claims").stdout
    refused = run_in(home, "claim", "X-DEMO:00000428", "--owner", "Bob")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{home / 'graphleads.db'} cannot be written" in refused.stderr


def test_what_would_write_says_why_not(
    sealed: Callable[..., Path], steps: Steps, run_in: Callable[..., Result]
) -> None:
    home = sealed(steps.twice)
    for words in WRITES:
        result = run_in(home, *typed(words, home, steps.second_customers))
        assert (result.exit_code, result.stdout) == (1, ""), f"{words}: {result.output}"
        assert result.stderr.count("\n") == 1, result.stderr
        assert str(home) in result.stderr
        assert "disk is not read-only" in result.stderr or "ead-only file system" in result.stderr, result.stderr


@pytest.mark.parametrize("name", ["ingest", "link", "build"])
def test_a_step_says_that_the_disk_is_read_only(
    name: str, sealed: Callable[..., Path], steps: Steps, run_in: Callable[..., Result]
) -> None:
    step = steps[name]
    home = sealed(step.home)
    result = run_in(home, *step.words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"Error: {home}/" in result.stderr
    assert "cannot be written because its disk is mounted read-only: mount it for writing" in result.stderr
