"""The disk fills up: a sentence, nothing half, the earlier snapshot still served, and the same command completes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result

from graphleads.errors import DiskFull
from graphleads.workspace.workspace import open_workspace

if TYPE_CHECKING:
    from tests.faults.conftest import State, Steps

SIZE = 16 * 1024 * 1024


@pytest.fixture
def disk(mount: Callable[[int], Path]) -> Path:
    return mount(SIZE)


def fill(disk: Path, leave: int) -> None:
    """Leave so many bytes free."""
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(1, shutil.disk_usage(disk).free - leave))


@pytest.mark.parametrize("share", [0.0, 0.6])
@pytest.mark.parametrize("name", ["ingest", "link", "build", "customers import"])
def test_a_step_ends_with_a_sentence_and_completes_when_there_is_room(
    name: str,
    share: float,
    steps: Steps,
    disk: Path,
    run_in: Callable[..., Result],
    read_state: Callable[[Path], State],
) -> None:
    step, after = steps[name], steps.undisturbed(name)
    home, before = disk / "home", read_state(step.home)
    shutil.copytree(step.home, home)
    fill(disk, int(share * after.size))

    result = run_in(home, *step.words)
    if result.exit_code == 0:
        assert share > 0  # what a step needs for a while and what it leaves are not the same
        return
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert str(disk) in result.stderr
    assert "its disk is full: make room and" in result.stderr
    assert read_state(home) == before
    assert "--owner YOU" in run_in(home, "recommend", "-k", 3).stdout

    (disk / "filler").unlink()
    again = run_in(home, *step.words)
    assert again.exit_code == 0, again.output
    assert read_state(home) == after.state


def test_on_a_full_disk_leads_are_ranked_and_claiming_says_why_not(
    steps: Steps, disk: Path, run_in: Callable[..., Result]
) -> None:
    shutil.copytree(steps.worked, disk / "home")
    fill(disk, 0)
    with open_workspace(disk / "home") as workspace:
        answer = workspace.recommend(k=1)
        with pytest.raises(DiskFull, match=r"graphleads\.db could not be written because its disk is full: make room"):
            workspace.claim(answer.items[0].company.id, owner="Bob")
        assert answer.run_id is None

    (disk / "filler").unlink()
    assert run_in(disk / "home", "claim", answer.items[0].company.id, "--owner", "Bob").exit_code == 0


def test_a_server_that_runs_out_of_room_ranks_on_and_says_that_the_run_is_not_kept(steps: Steps, disk: Path) -> None:
    shutil.copytree(steps.worked, disk / "home")
    with open_workspace(disk / "home") as workspace:
        assert workspace.recommend(k=1).run_id is not None
        fill(disk, 0)
        answer = workspace.recommend(k=400)

    assert len(answer) > 1
    assert answer.run_id is None
    assert answer.run.warnings[0].startswith("This run is not kept. The database ")
