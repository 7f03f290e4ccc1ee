"""Two processes build, link or switch in one home at once: one does, the other waits or is told."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import Result

from graphleads.workspace.home import Home
from graphleads.workspace.writing import alone

if TYPE_CHECKING:
    from tests.faults.conftest import State, Steps


def test_while_one_builds_the_other_is_refused_and_reading_goes_on(
    steps: Steps, tmp_path: Path, run_in: Callable[..., Result]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.linked, home)
    with alone(Home(home)):
        for words in (("build",), ("link",), ("run",)):
            refused = run_in(home, *words)
            assert (refused.exit_code, refused.stdout) == (1, "")
            assert refused.stderr == (
                f"Error: Another link or build of {home} is running: try again when it is done; what is served stays.\n"
            )
        assert run_in(home, "recommend", "-k", 3).exit_code == 0
    assert run_in(home, "build").exit_code == 0


def test_processes_that_build_at_once_leave_one_whole_snapshot(
    steps: Steps, tmp_path: Path, command: Callable[..., list[str]], read_state: Callable[[Path], State]
) -> None:
    after, home = steps.undisturbed("build"), tmp_path / "home"
    shutil.copytree(steps["build"].home, home)
    builds = [
        subprocess.Popen(command(home, "build"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [build.communicate()[1] for build in builds]

    assert 0 in [build.returncode for build in builds]
    for build, text in zip(builds, said, strict=True):
        assert (build.returncode, text) == (0, "") or "Another link or build" in text
    assert read_state(home) == after.state
    assert list((home / "snapshots").glob(".building-*")) == []


def test_processes_that_switch_at_once_leave_every_snapshot_in_the_list(
    steps: Steps, tmp_path: Path, command: Callable[..., list[str]]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.twice, home)
    both = (home / "snapshots" / "CURRENT").read_text().split()
    uses = [subprocess.Popen(command(home, "snapshot", "use", one), stdout=subprocess.DEVNULL) for one in both * 2]

    assert [use.wait() for use in uses] == [0, 0, 0, 0]
    assert sorted((home / "snapshots" / "CURRENT").read_text().split()) == sorted(both)
