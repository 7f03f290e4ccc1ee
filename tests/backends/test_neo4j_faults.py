from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from graphleads.errors import Neo4jError, Neo4jOutOfStep
from graphleads.graph.neo4j import connection, steps
from graphleads.graph.neo4j.check import check
from graphleads.graph.neo4j.load import load
from graphleads.graph.neo4j.marker import Writing
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.neo4j.sync import sync
from graphleads.graph.snapshot import Snapshot
from graphleads.model import Silence
from graphleads.testing.known_graph import company
from tests.backends.own_server import OwnServer
from tests.backends.registers import Shelf, build_shelf

pytestmark = pytest.mark.service

ROUNDS = int(os.environ.get("GRAPHLEADS_TEST_FAULT_ROUNDS", "1"))
"""How often the server is killed in a load, and how often in a sync."""

NOW = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return build_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnServer]:
    """A server of the test's own, or a skip where no servers are wanted."""
    if not os.environ.get("GRAPHLEADS_TEST_NEO4J"):
        pytest.skip("no Neo4j for tests: set GRAPHLEADS_TEST_NEO4J to what .ci/neo4j/start says")
    server = OwnServer(tmp_path / "server")
    server.start()
    yield server
    server.stop()


def _load(own: OwnServer, snapshot: Snapshot) -> None:
    with own.opened() as server:
        load(server, snapshot, beside=False, progress=Silence(), now=lambda: NOW)


def _sync(own: OwnServer, shelf: Shelf, snapshot: Snapshot) -> None:
    with own.opened() as server:
        sync(server, snapshot, find=shelf.find, compare_all=False, progress=Silence(), now=lambda: NOW)


def _holds(own: OwnServer, snapshot: Snapshot) -> bool:
    with own.opened() as server:
        report = check(server, snapshot, sample=1000, every_row=True, progress=Silence())
    assert report.examples == ()
    return report.is_equal


def _served(own: OwnServer, snapshot: Snapshot) -> bool:
    """Return whether a snapshot is served; half of one never is."""
    with own.opened() as server:
        try:
            Neo4jStore(server, snapshot).company(company("Alder"))
        except Neo4jOutOfStep:
            return False
    return _holds(own, snapshot)


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch) -> Callable[[OwnServer, int, int], None]:
    """Kills a server at a moment of its next load or sync that a seed chooses."""
    monkeypatch.setattr(steps, "BATCH", 2)
    monkeypatch.setattr(connection, "_CONNECT_WITHIN", 2.0)  # how long the driver tries to reach what was killed
    whole = Writing.batch

    def arm(own: OwnServer, seed: int, n_batches: int) -> None:
        chosen = random.Random(seed)  # noqa: S311 - no secret
        left, delay = chosen.randint(1, n_batches), chosen.uniform(0, 0.02)

        def batch(self: Writing, *words: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                Timer(delay, own.kill).start()
            return whole(self, *words, **options)

        monkeypatch.setattr(Writing, "batch", batch)

    return arm


def _retry(own: OwnServer, work: Callable[[], None]) -> bool:
    """Do what loses its server, start that again, and do it again; return whether it was lost at work.

    One kill may come too late; of many, most come in time.
    """
    lost = False
    try:
        work()
    except Neo4jError:
        lost = True
    own.kill()  # if it was not at work any more when its moment came
    own.start()
    work()
    return lost


def test_a_load_outlives_a_server_that_is_killed(
    own: OwnServer, shelf: Shelf, killing: Callable[[OwnServer, int, int], None]
) -> None:
    lost = 0
    for seed in range(ROUNDS):
        killing(own, seed, 20)
        lost += _retry(own, lambda: _load(own, shelf.before))
        assert _holds(own, shelf.before)
        with own.opened() as server:
            server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    assert 2 * lost >= ROUNDS - 1, f"{lost} of {ROUNDS} were killed at work"


def test_a_sync_outlives_a_server_that_is_killed(
    own: OwnServer, shelf: Shelf, killing: Callable[[OwnServer, int, int], None]
) -> None:
    _load(own, shelf.before)
    there, lost = [shelf.after, shelf.before], 0
    for seed in range(ROUNDS):
        wanted = there[seed % 2]
        killing(own, 1000 + seed, 3)
        lost += _retry(own, lambda wanted=wanted: _sync(own, shelf, wanted))  # type: ignore[misc]
        assert _served(own, wanted)
    assert 2 * lost >= ROUNDS - 1, f"{lost} of {ROUNDS} were killed at work"


def test_an_older_backup_is_brought_up_to_date(own: OwnServer, shelf: Shelf, tmp_path: Path) -> None:
    _load(own, shelf.before)
    own.stop()
    own.keep(tmp_path / "backup")
    own.start()
    _sync(own, shelf, shelf.after)
    own.stop()
    own.bring_back(tmp_path / "backup")
    own.start()
    assert not _served(own, shelf.after)
    _sync(own, shelf, shelf.after)
    assert _served(own, shelf.after)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 700 MB in memory, or a skip where none can be mounted."""
    folder = tmp_path / "server" / "data"
    folder.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", str(folder)]
    mounted = subprocess.run(words, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_disk_that_fills_loses_nothing(small_disk: Path, own: OwnServer, shelf: Shelf) -> None:
    _load(own, shelf.before)
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(small_disk)
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
    # Neo4j may write to its log what it has no room for elsewhere, say that it cannot, or hang.
    hanging = Timer(60, own.kill)
    hanging.start()
    with suppress(Neo4jError):
        _sync(own, shelf, shelf.after)
    hanging.cancel()
    own.kill()
    filler.unlink()
    own.start()
    _sync(own, shelf, shelf.after)
    assert _served(own, shelf.after)
