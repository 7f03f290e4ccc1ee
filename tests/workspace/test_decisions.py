from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from graphleads.errors import RunNotFound, ValueInvalid
from graphleads.testing.known_graph import company
from graphleads.view.lookup import REVIEW_COLUMNS, review_csv_rows, review_object
from graphleads.workspace.answer import Decision
from graphleads.workspace.workspace import Workspace, open_workspace
from tests.workspace.conftest import NOW

ALDER, BIRCH, CEDAR, ELM = (company(name) for name in ("Alder", "Birch", "Cedar", "Elm"))


@pytest.fixture
def unsure(built: Workspace) -> Workspace:
    """The known register with two customers whose names lack the legal form."""
    names = pd.DataFrame({"id": ["a", "e"], "name": ["Alder", "Elm"], "status": ["won", "won"]})
    built.import_customers(names.assign(city=["Leeds", ""]))
    built.match()
    return built


def states(workspace: Workspace) -> dict[str, str]:
    return {one.customer: one.state.value for one in workspace.customers.matches()}


def test_a_decision_is_forgotten(ready: Workspace) -> None:
    assert states(ready)["a"] == "sure"
    ready.customers.refuse("a", ALDER, by="ann")
    assert states(ready)["a"] == "refused"
    ready.customers.forget("a", ALDER, by="ann")
    assert states(ready)["a"] == "sure"


def test_all_above_a_certainty_are_confirmed_at_once(unsure: Workspace) -> None:
    assert set(states(unsure).values()) == {"unsure"}
    likely = {one.customer: one.probability for one in unsure.customers.matches()}
    assert unsure.customers.confirm_above(max(likely.values()) + 0.01, by="ann") == []
    assert {one.customer for one in unsure.customers.confirm_above(min(likely.values()), by="ann")} == {"a", "e"}
    assert set(states(unsure).values()) == {"confirmed"}
    with pytest.raises(ValueInvalid, match="use more than"):
        unsure.customers.confirm_above(0.5, by="ann")


def test_many_decisions_are_made_and_those_that_cannot_be_are_named(unsure: Workspace) -> None:
    given = [
        Decision(customer="a", company=ALDER, verb="confirm"),
        Decision(customer="nobody", company=ALDER, verb="confirm"),
        Decision(customer="e", company="X-KNOWN:99", verb="refuse"),
        Decision(customer="e", company=ELM, verb="perhaps"),
        Decision(customer="e", company=ELM, verb="refuse"),
    ]
    decided = unsure.customers.decide(given, by="ann")
    assert [one.decision for one in decided] == given
    assert [one.decision for one in decided if one.error] == given[1:4]
    assert [one.match.state.value for one in decided if one.match] == ["confirmed", "refused"]
    assert "'perhaps' is no decision: use confirm, refuse, unsure, forget" in str(decided[3].error)
    assert states(unsure) == {"a": "confirmed", "e": "refused"}


def test_what_nobody_can_tell_waits_whatever_the_matcher_says(ready: Workspace) -> None:
    assert (states(ready)["a"], states(ready)["e"]) == ("sure", "none")
    ready.customers.doubt("a", ALDER, by="ann", why="two of that name")
    ready.customers.doubt("e", ELM, by="ann")
    assert (states(ready)["a"], states(ready)["e"]) == ("unsure", "unsure")
    ready.match()
    (line,) = ready.customers.matched(customer="a")
    assert (line.match.company, line.match.state.value, line.decisions[0].why) == (ALDER, "unsure", "two of that name")
    assert ready.recommend(seeds=[BIRCH]).run.n_withheld == 2
    assert ELM not in {one.company.id for one in ready.recommend(seeds=[BIRCH, ALDER])}
    ready.customers.forget("a", ALDER, by="bob")
    ready.customers.refuse("e", ELM, by="bob")
    assert (states(ready)["a"], states(ready)["e"]) == ("sure", "none")
    ready.customers.confirm("e", ELM, by="bob", why="asked them")
    assert states(ready)["e"] == "confirmed"


def test_a_review_shows_where_both_are_and_their_contacts(unsure: Workspace) -> None:
    lines = unsure.customers.review()
    first = review_object(lines)["items"][0]
    assert (first["customer"], first["place"]) == ("a", "Leeds")
    (candidate,) = first["candidates"]
    assert (candidate["company"], candidate["place"], candidate["status"]) == (ALDER, "Leeds, GB", "active")
    assert candidate["contacts"] == ["+44 113 000 0001"]
    rows = [dict(zip(REVIEW_COLUMNS, row, strict=True)) for row in review_csv_rows(lines)]
    assert [(row["customer"], row["company"], row["decision"]) for row in rows] == [
        ("a", ALDER, None),
        ("e", ELM, None),
    ]


def test_a_claim_takes_a_rank_of_the_last_run_or_a_name(home: Path, ready: Workspace) -> None:
    with pytest.raises(RunNotFound, match="No leads were shown yet"):
        ready.claim("1", owner="ann")
    with open_workspace(home, now=lambda: NOW - timedelta(minutes=1)) as before:
        earlier = before.recommend(k=1)
    last = ready.recommend(k=2)
    made = ready.claim("2", owner="ann")
    assert (made.company, made.run, made.rank) == (last.items[1].company.id, last.run_id, 2)
    with pytest.raises(ValueInvalid, match="has no lead 2: it shows 1"):
        ready.claim("2", owner="ann", run=earlier.run_id)
    named = ready.claim(last.items[0].company.name.upper(), owner="bob")
    assert (named.company, named.run) == (last.items[0].company.id, None)


def test_a_name_that_several_companies_bear_is_none(ready: Workspace) -> None:
    with pytest.raises(ValueInvalid, match="'Alder Trees' is no id, and no company is called so"):
        ready.graph.company("Alder Trees")
    assert ready.graph.company("alder ltd").company.id == ALDER
    assert ready.recommend(seeds=["Cedar Ltd"]).run.seeds == (CEDAR,)
    assert [end.id for end in ready.graph.paths(["Alder Ltd", "Cedar Ltd"]).ends] == [ALDER, CEDAR]
