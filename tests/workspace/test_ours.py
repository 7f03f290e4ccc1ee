from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from graphleads.testing.known_graph import company
from graphleads.view.lead import explanation_object, recommendations_object
from graphleads.view.lookup import company_answer_object, search_object
from graphleads.workspace.workspace import Workspace, open_workspace

ALDER, BIRCH, CEDAR = company("Alder"), company("Birch"), company("Cedar")

NEAR = {
    "id": "a", "name": "Alder Ltd", "status": "won", "owner": "ann", "until": None, "company": ALDER, "match": "sure"
}  # fmt: skip


def lost(until: date | None) -> dict[str, Any]:
    return {
        "id": "c", "name": "Cedar Ltd", "status": "lost", "owner": "bob", "until": until, "company": CEDAR,
        "match": "sure",
    }  # fmt: skip


def cedar(status: str) -> pd.DataFrame:
    return pd.DataFrame({"id": ["c"], "name": ["Cedar Ltd"], "status": [status], "owner": ["bob"]})


@pytest.fixture
def on_day(home: Path) -> Callable[[int], Workspace]:
    """Opens the home on a day of July 2025."""
    return lambda day: open_workspace(home, now=lambda: datetime(2025, 7, day, 12, tzinfo=UTC))


@pytest.fixture
def lost_later(ready: Workspace, on_day: Callable[[int], Workspace]) -> Workspace:
    """The known register, where Cedar was an open customer on the first day and is a lost one from the fourth on."""
    del ready
    with on_day(4) as later:
        later.import_customers(cedar("lost"))
    with on_day(6) as later:
        later.import_customers(cedar("lost").assign(city="Leeds"))
        later.match()
    return on_day(8)


def test_a_lead_says_which_customers_it_is_near_and_which_it_was_until_when(lost_later: Workspace) -> None:
    with lost_later as workspace:
        answer = workspace.recommend(k=3)
        first = recommendations_object(answer)["items"][0]
        assert (first["company"]["id"], first["near"]) == (CEDAR, [NEAR])
        assert first["customers"] == [lost(date(2025, 7, 4))]
        assert recommendations_object(answer)["items"][1]["customers"] == []
        kept = workspace.leads.run(answer.run_id or "").leads[0]
        assert (kept["near"], kept["customers"]) == ([NEAR], [lost(date(2025, 7, 4)) | {"until": "2025-07-04"}])
        explained = explanation_object(workspace.explain(CEDAR))
        assert (explained["near"], explained["customers"]) == (first["near"], first["customers"])


def test_as_known_on_an_earlier_day_it_was_none_yet(lost_later: Workspace) -> None:
    with lost_later as workspace:
        then = explanation_object(workspace.explain(CEDAR, known_on="2025-07-02"))
        assert [(one["status"], one["until"]) for one in then["customers"]] == [("open", None)]


def test_when_a_customer_that_was_always_lost_was_lost_nobody_knows(built: Workspace) -> None:
    built.import_customers(cedar("lost"))
    built.match()
    assert company_answer_object(built.graph.company(CEDAR))["customers"] == [lost(None)]


def test_one_that_came_back_and_went_is_lost_since_the_last_time(
    lost_later: Workspace, on_day: Callable[[int], Workspace]
) -> None:
    with lost_later as workspace:
        workspace.import_customers(cedar("won"))
    with on_day(10) as workspace:
        undone = workspace.import_customers(cedar("lost"))
        assert undone.import_id is not None
        workspace.customers.undo(undone.import_id)
    with on_day(12) as workspace:
        workspace.import_customers(cedar("lost"))
        workspace.match()
        assert company_answer_object(workspace.graph.company(CEDAR))["customers"] == [lost(date(2025, 7, 12))]


def test_a_company_and_a_search_say_what_it_is_to_us(ready: Workspace) -> None:
    ready.claim(BIRCH, owner="ann")
    ready.leads.exclude(company("Elm"), reason="asked not to be called", by="bob")
    assert company_answer_object(ready.graph.company(ALDER))["customers"] == [NEAR]
    assert company_answer_object(ready.graph.company(company("Elm")))["excluded_because"] == "asked not to be called"
    (birch,) = (one for one in search_object(ready.graph.search("Birch"))["items"] if one["id"] == BIRCH)
    assert (birch["owner"], birch["customers"], birch["status"]) == ("ann", [], "active")
    (alder,) = (one for one in search_object(ready.graph.search(ALDER))["items"] if one["id"] == ALDER)
    assert (alder["jurisdiction"], alder["customers"]) == ("GB", [NEAR])


def test_a_company_that_may_be_a_customer_says_so(built: Workspace) -> None:
    built.import_customers(pd.DataFrame({"id": ["u"], "name": ["Alder"], "status": ["won"], "owner": ["ann"]}))
    built.match()
    (match,) = built.customers.matches()
    assert match.state == "unsure"
    (customer,) = company_answer_object(built.graph.company(ALDER))["customers"]
    assert (customer["id"], customer["match"]) == ("u", "unsure")


def test_one_that_its_deals_lost_was_lost_when_the_last_of_them_was(built: Workspace) -> None:
    built.import_customers(cedar("open"))
    deals = {"deal_id": ["d1", "d2"], "account_id": ["c", "c"], "stage": ["Closed Lost"] * 2}
    built.import_customers(pd.DataFrame(deals).assign(close_date=["2024-03-01", "2025-02-03"]))
    built.match()
    (customer,) = company_answer_object(built.graph.company(CEDAR))["customers"]
    assert (customer["status"], customer["until"]) == ("lost", date(2025, 2, 3))
