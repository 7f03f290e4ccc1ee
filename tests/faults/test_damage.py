"""A snapshot is damaged: it is refused and named, and the one before it is served with a warning."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from graphleads.errors import SnapshotDamaged, SnapshotNotFound
from graphleads.graph.manifest import read_manifest
from graphleads.graph.seal import seal_files
from graphleads.graph.snapshot import open_snapshot
from graphleads.graph.snapshot_folder import open_served, use_snapshot, verify_snapshot

SEED = int(os.environ.get("GRAPHLEADS_TEST_FAULT_SEED", "1"))


@pytest.fixture
def snapshots(home: Path) -> Path:
    return home / "snapshots"


def ids_of(snapshots: Path) -> list[str]:
    return (snapshots / "CURRENT").read_text().split()


def files_of(snapshots: Path) -> list[Path]:
    """Return the files of the current snapshot that hold anything."""
    folder = snapshots / ids_of(snapshots)[0]
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    assert len(found) > 30
    return found


def cut(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def flip(path: Path, rng: random.Random) -> None:
    at = rng.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << rng.randrange(8)]))


@pytest.mark.parametrize("damage", [cut, flip])
def test_every_file_that_is_damaged_is_named_and_the_snapshot_before_it_is_served(
    damage: Callable[[Path, random.Random], None], snapshots: Path
) -> None:
    current, earlier = ids_of(snapshots)
    rng = random.Random(SEED)  # noqa: S311 - chance that comes again
    for path in files_of(snapshots):
        whole = path.read_bytes()
        damage(path, rng)
        served = open_served(snapshots)

        assert served.snapshot.id == earlier, path
        assert str(snapshots / current) in (served.warning or "")
        assert path.relative_to(snapshots / current).as_posix() in (served.warning or "")
        assert f"The one before it, {earlier} of 2025-06-30, is served until then." in (served.warning or "")
        assert verify_snapshot(snapshots) != []
        with pytest.raises(SnapshotDamaged, match=path.name):
            use_snapshot(snapshots, current)
        path.write_bytes(whole)
    assert open_served(snapshots).warning is None
    assert verify_snapshot(snapshots) == []


def test_verify_finds_every_flipped_byte(snapshots: Path) -> None:
    rng = random.Random(SEED)  # noqa: S311 - chance that comes again
    for path in files_of(snapshots):
        name, whole = path.relative_to(snapshots / ids_of(snapshots)[0]).as_posix(), path.read_bytes()
        for _ in range(20 if name == "manifest.json" else 2):
            flip(path, rng)
            found = verify_snapshot(snapshots)
            assert len(found) == 1, found
            assert name in found[0]
            path.write_bytes(whole)
    assert verify_snapshot(snapshots) == []


def test_verify_finds_what_opening_cannot_see_and_opening_sees_it_from_then_on(snapshots: Path) -> None:
    # A disk that loses a bit by itself changes neither size nor times: the seal is made to say so of a flipped byte.
    path, current = files_of(snapshots)[0], ids_of(snapshots)[0]
    flip(path, random.Random(SEED))  # noqa: S311 - chance that comes again
    name = path.relative_to(snapshots / current).as_posix()
    seal_files(snapshots / current, read_manifest(snapshots / current)["files"])

    assert open_served(snapshots).warning is None
    assert verify_snapshot(snapshots) == [f"{name} does not match its checksum"]
    with pytest.raises(SnapshotDamaged, match=f"{path.name} does not match its checksum"):
        open_snapshot(snapshots)


def test_verify_finds_files_that_are_missing_or_came_later(snapshots: Path) -> None:
    current = ids_of(snapshots)[0]
    (snapshots / current / "names.arrow").unlink()
    (snapshots / current / "walk" / "more.npy").touch()
    assert verify_snapshot(snapshots) == ["names.arrow is missing", "walk/more.npy does not belong to it"]
    (snapshots / current / "manifest.json").unlink()
    assert verify_snapshot(snapshots) == ["manifest.json is missing"]


def test_a_copied_home_is_read_once_and_then_opened_as_it_stands(snapshots: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(snapshots, copy)
    seal = copy / "seals" / f"{ids_of(copy)[0]}.json"
    before = seal.read_text()
    open_snapshot(copy)
    assert seal.read_text() != before
    seal.write_text("{")
    open_snapshot(copy)
    assert seal.read_text().startswith('{"')


def test_where_no_snapshot_is_sound_the_current_one_is_named(snapshots: Path) -> None:
    for one in ids_of(snapshots):
        (snapshots / one / "edges.arrow").unlink()
    with pytest.raises(SnapshotDamaged, match=rf"{ids_of(snapshots)[0]} is damaged and not served: edges\.arrow"):
        open_served(snapshots)
    for one in ids_of(snapshots):
        shutil.rmtree(snapshots / one)
    with pytest.raises(SnapshotNotFound, match=ids_of(snapshots)[0]):
        open_served(snapshots)


def test_commands_answer_from_the_snapshot_before_it_and_building_mends_it(
    home: Path, snapshots: Path, run_in: Callable[..., Result]
) -> None:
    current, earlier = ids_of(snapshots)
    flip(snapshots / current / "companies.arrow", random.Random(SEED))  # noqa: S311 - chance that comes again
    for words in (
        ("recommend", "-k", 3),
        ("recommend", "-k", 3, "--json"),
        ("company", "X-DEMO:00000428"),
        ("status",),
    ):
        result = run_in(home, *words)
        assert result.exit_code == 0, result.output
        assert result.stderr.count("companies.arrow does not match its checksum") == 1
    assert f"Snapshot {earlier}" in result.stdout
    assert "Stale: build, match." in result.stdout

    assert run_in(home, "run").exit_code == 0
    mended = run_in(home, "status")
    assert (mended.stderr, ids_of(snapshots)) == ("", [current, earlier])
    assert f"Snapshot {current}" in mended.stdout


class Supervisor:
    """Starts the server again whenever it ends, as systemd does."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self.said: list[str] = []
        self.server = self._start()

    def _start(self) -> subprocess.Popen[str]:
        server = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        while not (line := server.stderr.readline()).startswith("Serving "):
            assert line, "the server ended"
            self.said.append(line)
        self.url = line.split(" at ")[1].split(",")[0]
        return server

    def restart(self) -> int:
        """Start the server again when it has ended; return how it ended."""
        self.server.communicate(timeout=60)
        ended = self.server.returncode
        self.said.clear()
        self.server = self._start()
        return ended

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=60)

    def stop(self) -> None:
        self.server.kill()
        self.server.communicate()


@pytest.fixture
def supervisor(home: Path, command: Callable[..., list[str]], request: pytest.FixtureRequest) -> Supervisor:
    started = Supervisor(command(home, "serve", "--port", 0))
    request.addfinalizer(started.stop)  # noqa: PT021 - it stops whichever server runs by then
    return started


def test_a_file_that_is_cut_short_while_it_is_served_ends_the_server_and_the_next_one_refuses_it(
    snapshots: Path, supervisor: Supervisor
) -> None:
    current, earlier = ids_of(snapshots)
    assert supervisor.get("/readyz").json() == {"status": "ready", "snapshot": current, "warning": None}
    os.truncate(snapshots / current / "companies.arrow", 0)
    with pytest.raises(httpx.HTTPError):
        supervisor.get("/v0/companies/X-DEMO:00000428")

    assert supervisor.restart() == -signal.SIGBUS
    assert "Warning: " in supervisor.said[0]
    assert f"{current} is damaged and not served: companies.arrow has 0 bytes instead of " in supervisor.said[0]
    ready = supervisor.get("/readyz").json()
    assert (ready["snapshot"], ready["warning"] in supervisor.said[0]) == (earlier, True)
    assert supervisor.get("/v0/companies/X-DEMO:00000428").is_success


def test_a_snapshot_that_is_deleted_while_it_is_served_is_served_until_the_server_ends(
    snapshots: Path, supervisor: Supervisor
) -> None:
    current, earlier = ids_of(snapshots)
    supervisor.get("/readyz")
    shutil.rmtree(snapshots / current)
    for path in ("/v0/companies/X-DEMO:00000428", "/v0/companies/search?q=ltd", "/readyz"):
        assert supervisor.get(path).is_success, path
    assert supervisor.get("/readyz").json()["snapshot"] == current

    supervisor.server.terminate()
    supervisor.restart()
    assert f"There is no snapshot '{current}'" in supervisor.said[0]
    assert supervisor.get("/readyz").json()["snapshot"] == earlier
