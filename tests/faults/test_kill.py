"""A process is killed while it works: what was served still is, and the second run gives what one run would have."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result

from graphleads.workspace.workspace import open_workspace

if TYPE_CHECKING:
    from tests.faults.conftest import State, Steps

SEED = int(os.environ.get("GRAPHLEADS_TEST_FAULT_SEED", "1"))
ROUNDS = int(os.environ.get("GRAPHLEADS_TEST_FAULT_ROUNDS", "1"))
STEPS = ("ingest", "link", "customers import", "match", "build", "snapshot use")

KILLED = -9


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_killed_and_run_again(  # noqa: PLR0917
    name: str,
    number: int,
    steps: Steps,
    tmp_path: Path,
    run_in: Callable[..., Result],
    command: Callable[..., list[str]],
    read_state: Callable[[Path], State],
    record_property: Callable[[str, object], None],
) -> None:
    rng = random.Random(f"{SEED} {name} {number}")  # noqa: S311 - chance that comes again
    print(f"GRAPHLEADS_TEST_FAULT_SEED={SEED}, {name}, round {number}")
    step, after = steps[name], steps.undisturbed(name)
    home, before = tmp_path / "home", read_state(step.home)
    shutil.copytree(step.home, home)
    files = dict(list_files(home))

    process = subprocess.Popen(command(home, *step.words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # In turns at a moment of its life, most of which is its start, and where one sees it at work.
    wait = [wait_for_sign, wait_for_moment][number % 2]
    wait(process, rng, home / rng.choice(step.signs), after.seconds)
    process.kill()
    finished = process.wait() == 0
    touched = dict(list_files(home)) != files

    found = read_state(home)
    record_property("step", name)
    record_property("outcome", outcome_of(finished=finished, done=found == after.state, touched=touched))
    assert_between(found, before, after.state)
    assert finished <= (found == after.state)
    assert_served(home, {before.current, after.state.current})
    again = run_in(home, *step.words)
    assert again.exit_code == 0, again.output
    assert read_state(home) == after.state
    assert list_leftovers(home) == []


def wait_for_moment(process: subprocess.Popen[bytes], rng: random.Random, _sign: Path, seconds: float) -> None:
    try:
        process.wait(rng.uniform(0.3, 1.0) * seconds)
    except subprocess.TimeoutExpired:
        return


def wait_for_sign(process: subprocess.Popen[bytes], rng: random.Random, sign: Path, _seconds: float) -> None:
    parent = next(one for one in sign.parents if "*" not in str(one))
    pattern = str(sign.relative_to(parent))
    before = set(parent.glob(pattern))
    while process.poll() is None and set(parent.glob(pattern)) <= before:
        time.sleep(0.0005)
    time.sleep(rng.uniform(0, 0.01))


def assert_between(found: State, before: State, after: State) -> None:
    """What is found is as before the step or as after it, each part whole."""
    for part in ("current", "customers", "matches", "claims"):
        assert getattr(found, part) in (getattr(before, part), getattr(after, part)), part
    for part in ("deliveries", "linked", "flaws"):
        assert getattr(before, part).items() <= getattr(found, part).items(), part
        assert getattr(found, part).items() <= getattr(after, part).items(), part


def assert_served(home: Path, snapshots: set[str | None]) -> None:
    with open_workspace(home) as workspace:
        answer = workspace.recommend(k=3)
    assert len(answer) == 3
    assert answer.run.snapshot in snapshots
    assert workspace.registers.warning() is None


def list_files(home: Path) -> Iterator[tuple[str, int]]:
    for path in home.rglob("*"):
        if path.is_file() and not path.name.endswith("-shm"):
            yield str(path.relative_to(home)), path.stat().st_mtime_ns


def list_leftovers(home: Path) -> list[str]:
    """Return what a killed process left and nobody needs."""
    kept = {".lock"}
    return [str(path) for path in home.rglob(".*") if path.name not in kept]


def outcome_of(*, finished: bool, done: bool, touched: bool) -> str:
    if finished:
        return "ended before the kill"
    if done:
        return "killed after the result stood"
    return "killed at work" if touched else "killed before anything was written"


def test_what_was_claimed_while_a_step_was_killed_is_kept(
    steps: Steps, tmp_path: Path, run_in: Callable[..., Result], command: Callable[..., list[str]]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.linked, home)
    with open_workspace(home) as workspace:
        lead = workspace.recommend(k=1).items[0].company.id
    build = subprocess.Popen(command(home, "build"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    claimed = run_in(home, "claim", lead, "--owner", "Bob")
    build.kill()
    build.wait()

    assert claimed.exit_code == 0, claimed.output
    with open_workspace(home) as workspace:
        assert [one.owner for one in workspace.leads.claims()] == ["Ann", "Bob"]
