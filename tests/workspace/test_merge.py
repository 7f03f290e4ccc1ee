"""What people decided holds when a later register makes two ids one company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from graphleads.errors import EntityNotFound, LeadConflict, NotFound
from graphleads.model import MatchState
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace, open_workspace

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
LOCAL, OFFICIAL = "X-PLACE:1", "GB-COH:01234567"
BIRCH = "X-PLACE:2"
LEI = "529900T8BM49AURSDO55"


def stage_first(staged: Path) -> None:
    """A register of a place: Alder and Birch have one director, and Alder says its LEI."""
    stage_delivery(
        staged,
        {
            "companies": [
                {"record": number, "id": f"X-PLACE:{number}", "name": name, "status": "active", "mentioned": False}
                for number, name in (("1", "Alder Ltd"), ("2", "Birch Ltd"))
            ],
            "persons": [{"record": "ann", "id": "X-PLACE-PERSON:ann", "name": "Ann Archer"}],
            "roles": [
                {
                    "record": f"r{number}",
                    "company": f"X-PLACE:{number}",
                    "holder": "X-PLACE-PERSON:ann",
                    "kind": "director",
                }
                for number in "12"
            ],
            "identifiers": [{"record": "1", "id": LOCAL, "scheme": "XI-LEI", "value": LEI, "valid": True}],
        },
        observed_on="2025-06-01",
        dataset="place",
    )


def stage_second(staged: Path) -> None:
    """A later register, which has Alder under its own number, with the same LEI."""
    stage_delivery(
        staged,
        {
            "companies": [
                {"record": "a", "id": OFFICIAL, "name": "Alder Limited", "status": "active", "mentioned": False}
            ],
            "identifiers": [{"record": "a", "id": OFFICIAL, "scheme": "XI-LEI", "value": LEI, "valid": True}],
        },
        observed_on="2025-06-15",
        dataset="official",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with the first register built, ."""
    stage_first(tmp_path / "home" / "staged")
    with open_workspace(tmp_path / "home", actor="Ann", now=lambda: NOW) as opened:
        opened.run()
        yield opened


def merge(workspace: Workspace) -> None:
    stage_second(workspace.configuration.home / "staged")
    workspace.run()
    assert workspace.graph.company(LOCAL).company.id == OFFICIAL


def stay_apart(workspace: Workspace) -> None:
    """Take the second register back, so that the merge is undone."""
    (delivery,) = [one for one in workspace.registers.deliveries() if one.dataset == "official"]
    workspace.registers.remove_delivery(delivery.id)
    workspace.run()


def test_a_refused_match_stays_refused_when_the_company_gets_another_id(workspace: Workspace) -> None:
    workspace.import_customers(pd.DataFrame({"id": ["a"], "name": ["Alder Ltd"], "status": ["won"]}))
    workspace.match()
    assert [(one.state, one.company) for one in workspace.customers.matches()] == [(MatchState.SURE, LOCAL)]
    workspace.customers.refuse("a", LOCAL, by="Ann")
    assert [one.state for one in workspace.customers.matches()] == [MatchState.REFUSED]

    merge(workspace)

    assert [(one.state, one.company) for one in workspace.customers.matches()] == [(MatchState.REFUSED, OFFICIAL)]


def test_what_was_refused_as_one_stays_refused_when_it_is_two_again(workspace: Workspace) -> None:
    workspace.import_customers(pd.DataFrame({"id": ["a"], "name": ["Alder Ltd"], "status": ["won"]}))
    merge(workspace)
    workspace.customers.refuse("a", OFFICIAL, by="Ann")

    stay_apart(workspace)

    assert [(one.state, one.company) for one in workspace.customers.matches()] == [(MatchState.REFUSED, LOCAL)]


def test_a_confirmed_match_is_of_the_id_that_the_company_has_now(workspace: Workspace) -> None:
    workspace.import_customers(pd.DataFrame({"id": ["a"], "name": ["Quite Another"], "status": ["won"]}))
    workspace.customers.confirm("a", LOCAL, by="Ann")
    merge(workspace)
    assert [(one.state, one.company) for one in workspace.customers.matches()] == [(MatchState.CONFIRMED, OFFICIAL)]
    assert workspace.recommend().run.seeds == (OFFICIAL,)
    stay_apart(workspace)
    assert [(one.state, one.company) for one in workspace.customers.matches()] == [(MatchState.CONFIRMED, LOCAL)]


def meet(workspace: Workspace) -> None:
    """Have the second register without the number that joins both, claim in between, and then with it."""
    staged = workspace.configuration.home / "staged"
    companies = [{"record": "a", "id": OFFICIAL, "name": "Alder Limited", "status": "active", "mentioned": False}]
    stage_delivery(staged, {"companies": companies}, observed_on="2025-06-10", dataset="official")
    workspace.run()


def test_two_claims_that_meet_in_a_merge_are_listed_and_settled(workspace: Workspace) -> None:
    meet(workspace)
    first, second = workspace.claim(LOCAL, owner="Ann"), workspace.claim(OFFICIAL, owner="Bob")
    assert workspace.leads.conflicts() == []

    merge(workspace)

    (conflict,) = workspace.leads.conflicts()
    assert (conflict.company, conflict.claims, conflict.exclusions) == (OFFICIAL, (first, second), ())
    with pytest.raises(LeadConflict, match="claimed by Ann"):
        workspace.claim(OFFICIAL, owner="Cleo")
    with pytest.raises(NotFound, match=f"There is no claim 9 on {OFFICIAL}"):
        workspace.leads.settle_conflict(LOCAL, claim=9)

    assert workspace.leads.settle_conflict(LOCAL, claim=second.id, by="Dan") == second
    assert workspace.leads.conflicts() == []
    assert workspace.leads.claims() == [second]
    with pytest.raises(NotFound, match=f"There is no conflict on {OFFICIAL}"):
        workspace.leads.settle_conflict(LOCAL, claim=second.id)


def test_a_claim_and_an_exclusion_that_meet_are_settled_either_way(workspace: Workspace) -> None:
    meet(workspace)
    claim = workspace.claim(LOCAL, owner="Ann")
    exclusion = workspace.leads.exclude(OFFICIAL, reason="asked not to be called", by="Bob")
    merge(workspace)
    (conflict,) = workspace.leads.conflicts()
    assert (conflict.claims, conflict.exclusions) == ((claim,), (exclusion,))

    assert workspace.leads.settle_conflict(OFFICIAL) == exclusion
    assert (workspace.leads.claims(), workspace.leads.exclusions(), workspace.leads.conflicts()) == (
        [],
        [exclusion],
        [],
    )


def test_the_claim_may_stand_against_an_exclusion(workspace: Workspace) -> None:
    meet(workspace)
    claim = workspace.claim(LOCAL, owner="Ann")
    workspace.leads.exclude(OFFICIAL, reason="asked not to be called", by="Bob")
    merge(workspace)

    assert workspace.leads.settle_conflict(OFFICIAL, claim=claim.id) == claim
    assert (workspace.leads.claims(), workspace.leads.exclusions(), workspace.leads.conflicts()) == ([claim], [], [])


def test_a_judgement_on_an_id_that_is_gone_does_nothing_and_says_so_when_it_is_made(workspace: Workspace) -> None:
    workspace.import_customers(pd.DataFrame({"id": ["a"], "name": ["Alder Ltd"], "status": ["won"]}))
    merge(workspace)
    workspace.customers.refuse("a", OFFICIAL, by="Ann")
    stay_apart(workspace)
    with pytest.raises(EntityNotFound, match=f"There is no company {OFFICIAL}"):
        workspace.customers.refuse("a", OFFICIAL, by="Ann")
