"""What a team knew on an earlier day: its customers, their matches and its claims, from the append-only history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from graphleads.errors import StepMissing
from graphleads.testing.known_graph import company, stage_known_graph
from graphleads.workspace.workspace import Workspace, open_workspace


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    """Stands at noon on 1 July 2025."""
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """The known register built, and Alder a won customer since 1 July 2025."""
    stage_known_graph(tmp_path / "home" / "staged")
    with open_workspace(tmp_path / "home", actor="Ann", now=clock) as opened:
        opened.import_customers(pd.DataFrame({"id": ["a"], "name": ["Alder Ltd"], "status": ["won"]}))
        opened.run()
        yield opened


def asked(workspace: Workspace, day: str) -> tuple[tuple[str, ...], set[str]]:
    answer = workspace.recommend(as_of=day, known_on=day)
    return answer.run.seeds, {one.company.id for one in answer}


def test_what_a_team_decided_later_changes_no_earlier_answer(workspace: Workspace, clock: Clock) -> None:
    before = asked(workspace, "2025-07-01")
    assert before[0] == (company("Alder"),)
    assert company("Birch") in before[1]

    clock.moment = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)
    workspace.claim(company("Birch"), owner="Ann")
    workspace.leads.exclude(company("Elm"), reason="sold", by="Ann")
    workspace.import_customers(
        pd.DataFrame({"id": ["a", "c"], "name": ["Alder Ltd", "Iroko Ltd"], "status": ["lost", "won"]})
    )
    workspace.match()

    assert asked(workspace, "2025-07-01") == before
    assert asked(workspace, "2025-07-31") == before
    now = asked(workspace, "2025-08-01")
    assert now[0] == (company("Iroko"),)
    assert not now[1] & {company("Birch"), company("Elm")}


def test_a_match_is_what_it_was_on_the_day(workspace: Workspace, clock: Clock) -> None:
    clock.moment = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)
    workspace.customers.refuse("a", company("Alder"), by="Ann")
    assert asked(workspace, "2025-07-31")[0] == (company("Alder"),)
    with pytest.raises(StepMissing):
        workspace.recommend()


def test_a_claim_that_ended_counts_on_the_days_that_it_stood(workspace: Workspace, clock: Clock) -> None:
    workspace.claim(company("Birch"), owner="Ann")
    clock.moment = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)
    workspace.leads.release(company("Birch"), by="Ann")
    clock.moment = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
    assert company("Birch") not in asked(workspace, "2025-07-31")[1]
    assert company("Birch") in asked(workspace, "2025-08-01")[1]


def test_a_day_on_which_no_customer_was_won_says_so(workspace: Workspace) -> None:
    message = (
        r"On 2025-06-30 no won customer was known and found in the register \(0 customers were known, 0 of them won\): "
        "ask for a later day, or name companies to look around with --seed"
    )
    with pytest.raises(StepMissing, match=message):
        workspace.recommend(known_on=date(2025, 6, 30))
    assert workspace.recommend(known_on="2025-06-30", seeds=[company("Alder")]).run.seeds == (company("Alder"),)
