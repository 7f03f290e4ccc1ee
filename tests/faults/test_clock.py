"""The clock jumps back: what came first is still first."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from graphleads.graph.snapshot_folder import drop_old, open_served, use_snapshot
from graphleads.workspace.workspace import open_workspace

if TYPE_CHECKING:
    from tests.faults.conftest import State, Steps

LATE, EARLY = datetime(2031, 1, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)
LEAD, OTHER = "X-DEMO:00000010", "X-DEMO:00000011"


def test_claims_and_events_stand_in_the_order_in_which_they_were_made(steps: Steps, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.worked, home)
    for now, owner, company in ((LATE, "Bob", LEAD), (EARLY, "Cleo", OTHER)):
        with open_workspace(home, now=partial(_same, now)) as workspace:
            workspace.claim(company, owner=owner)
    with open_workspace(home, now=lambda: EARLY) as workspace:
        assert [one.owner for one in workspace.leads.claims()] == ["Ann", "Bob", "Cleo"]
        workspace.leads.release(LEAD, by="Bob")
        workspace.claim(LEAD, owner="Dan")
        assert [one.owner for one in workspace.leads.claims()] == ["Ann", "Cleo", "Dan"]
        events = workspace.leads.events(LEAD)
    assert [(one.kind.value, one.by) for one in events] == [("claimed", "Bob"), ("released", "Bob"), ("claimed", "Dan")]


def test_the_second_import_is_undone_first(steps: Steps, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.worked, home)
    with open_workspace(home, now=lambda: EARLY) as workspace:
        before = workspace.customers.all()
        workspace.import_customers(steps.second_customers)
        first, second = workspace.customers.imports()
        assert first.imported_at > second.imported_at
        workspace.customers.undo(second.id)
        assert workspace.customers.all() == before


def test_a_register_is_ranked_on_its_own_day_where_the_clock_is_behind_it(steps: Steps) -> None:
    with open_workspace(steps.worked, now=lambda: datetime(2020, 1, 1, tzinfo=UTC)) as workspace:
        answer = workspace.recommend(k=3)
    assert (len(answer), str(answer.run.as_of)) == (3, "2025-06-30")


def test_the_snapshot_before_is_the_one_that_was_served_before(home: Path) -> None:
    snapshots = home / "snapshots"
    second, first = (snapshots / "CURRENT").read_text().split()
    for age, one in enumerate((second, first)):
        os.utime(snapshots / one / "manifest.json", (1_000_000_000 - age, 1_000_000_000 - age))
    use_snapshot(snapshots, first)
    (snapshots / first / "names.arrow").unlink()
    assert open_served(snapshots).snapshot.id == second
    assert drop_old(snapshots, 1) == []
    assert drop_old(snapshots, 0) == [second]
    assert sorted(path.name for path in snapshots.iterdir() if path.is_dir()) == sorted([first, "seals"])


def test_deliveries_are_listed_by_the_day_of_the_register(
    steps: Steps, read_state: Callable[[Path], State], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(steps.delivered, home)
    listed = list(read_state(home).deliveries)
    for age, manifest in enumerate(sorted((home / "staged").glob("*/*/manifest.json"))):
        os.utime(manifest, (1_000_000_000 - age, 1_000_000_000 - age))
    assert [one[:10] for one in listed] == ["2025-06-30", "2026-06-30"]
    assert list(read_state(home).deliveries) == listed


def _same(now: datetime) -> datetime:
    return now
