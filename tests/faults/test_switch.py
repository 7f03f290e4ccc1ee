from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphleads.graph.snapshot_folder import use_snapshot
from graphleads.testing.known_graph import OBSERVED_ON, company, known_tables
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace, open_workspace

N_SNAPSHOTS = 10
N_CLIENTS = 50
N_BETWEEN = 20
"""Answers between two switches, at least."""

ASK = {"seeds": [company("Alder")], "k": 5}
EDITION = re.compile(r" edition(\d+)\b")
"""Every company and person is called after the snapshot that calls it so."""


def build(workspace: Workspace, edition: int) -> str:
    """Build the known register with names of this edition, and return the snapshot's id."""
    staged = workspace.configuration.home / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    tables = {
        table: [{**row, "name": f"{row['name']} edition{edition}"} if "name" in row else row for row in rows]
        for table, rows in known_tables().items()
    }
    stage_delivery(staged, tables, observed_on=OBSERVED_ON, dataset="known")
    workspace.link()
    workspace.build()
    return workspace.registers.snapshot_id() or ""


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    url: str
    pid: int

    def mapped(self) -> set[str]:
        """Return the snapshots whose files the process has mapped, removed ones too."""
        maps = Path(f"/proc/{self.pid}/maps").read_text()
        return set(re.findall(r"/snapshots/\.?(?:dropped-)?([0-9a-f]{16})/", maps))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder in which settings keep every snapshot."""
    folder = tmp_path / "home"
    folder.mkdir()
    walk = "recommend:\n  proximity:\n    walk:\n      person_cap: 4\n"
    (folder / "graphleads.yaml").write_text(f"build:\n  keep: {N_SNAPSHOTS + 1}\n{walk}")
    return folder


@pytest.fixture
def editions(home: Path) -> list[str]:
    """The snapshots of the home by edition, the first of them the current one."""
    with open_workspace(home) as workspace:
        built = [build(workspace, edition) for edition in range(N_SNAPSHOTS + 1)]
        workspace.registers.use_snapshot(built[0])
    return built


@pytest.fixture
def server(home: Path, editions: list[str]) -> Iterator[Server]:
    """The home, served."""
    words = [sys.executable, "-m", "graphleads.cli", "--home", str(home), "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert found
        yield Server(found[0], process.pid)
        process.terminate()
        assert process.stderr.read().splitlines()[1:] == ["Stopped."]


@dataclass(slots=True)
class Asking:
    """Clients that ask without pause until they are told to stop, and the answers that they got."""

    url: str
    is_over: bool = False
    recommended: list[dict[str, Any]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def ask(self) -> None:
        limits = httpx.Limits(max_connections=N_CLIENTS)
        async with httpx.AsyncClient(base_url=self.url, limits=limits, timeout=60) as client:
            await asyncio.gather(*(self._ask_on(client) for _ in range(N_CLIENTS)))

    async def _ask_on(self, client: httpx.AsyncClient) -> None:
        while not self.is_over:
            answer = await client.post("/v0/recommendations", json=ASK)
            assert answer.status_code == 200, answer.text
            self.recommended.append(answer.json() | {"editions": EDITION.findall(answer.text)})
            answer = await client.get("/v0/paths", params={"id": [company("Alder"), company("Birch")]})
            assert answer.status_code == 200, answer.text
            self.shown.append(answer.text)


def ask_while_switching(home: Path, editions: Sequence[str], url: str) -> Asking:
    """Switch to one after the other, remove what lies more than one back, and return what was asked meanwhile."""

    async def switch() -> None:
        asked = asyncio.create_task(asking.ask())
        try:
            for at, edition in enumerate(editions):
                use_snapshot(home / "snapshots", edition)
                if at > 1:
                    shutil.rmtree(home / "snapshots" / editions[at - 2])
                n = len(asking.recommended) + N_BETWEEN
                while len(asking.recommended) < n and not asked.done():
                    await asyncio.sleep(0.01)
        finally:
            asking.is_over = True
            await asked

    asking = Asking(url)
    asyncio.run(switch())
    return asking


def names(answer: Mapping[str, Any]) -> list[str]:
    return [EDITION.sub("", one["company"]["name"]) for one in answer["items"]]


def test_nobody_who_asks_while_snapshots_are_published_is_refused_or_sees_two(
    home: Path, editions: list[str], server: Server
) -> None:
    first = httpx.post(f"{server.url}/v0/recommendations", json=ASK, timeout=60).json()
    asking = ask_while_switching(home, editions, server.url)
    last = httpx.post(f"{server.url}/v0/recommendations", json=ASK, timeout=60).json()

    assert len(asking.recommended) >= len(editions) * N_BETWEEN
    assert {(one["run"]["snapshot"], *sorted(set(one["editions"])), *names(one)) for one in asking.recommended} == {
        (snapshot, str(edition), "Cedar Ltd", "Elm Ltd", "Birch Ltd") for edition, snapshot in enumerate(editions)
    }
    assert [text for text in asking.shown if len(set(EDITION.findall(text))) != 1] == []

    # Nothing of the snapshots before the last two is left, in the home or in the server, but the runs that they gave.
    assert last["run"]["snapshot"] == editions[-1]
    assert sorted(path.parent.name for path in home.glob("snapshots/*/manifest.json")) == sorted(editions[-2:])
    assert editions[-1] in server.mapped() <= set(editions[-2:])
    again = httpx.get(f"{server.url}/v0/recommendations/{first['run']['id']}").json()
    assert (again["run"]["snapshot"], again["items"]) == (editions[0], first["items"])
