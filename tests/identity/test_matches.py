from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import Engine

from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.importing import Imports
from graphleads.crm.undo import undo_import
from graphleads.errors import CustomerNotFound, ValueInvalid
from graphleads.identity.judgements import Verdict
from graphleads.identity.matches import Matches
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.testing.session import session_on

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def _match(customer: str, company: str | None, state: MatchState = MatchState.SURE) -> Match:
    return Match(
        customer=customer,
        company=company,
        state=state,
        method="name",
        probability=0.75,
        features={"name": 0.9, "country": "GB"},
    )


@pytest.fixture
def customers(engine: Engine) -> Engine:
    """A database with customers 1, 2 and 3."""
    records = tuple(
        CustomerRecord(external_id=number, name=f"Customer {number}", status=CustomerStatus.WON) for number in "123"
    )
    Imports(session_on(engine)).make(CustomerFile(name="crm.csv", records=records))
    return engine


def _confirmed(customer: str, company: str) -> Match:
    return Match(customer=customer, company=company, state=MatchState.CONFIRMED, method="person", probability=1.0)


def test_proposals_come_back_by_customer(customers: Engine) -> None:
    proposed = [_match("2", None, MatchState.NONE), _match("1", "X-A:1")]
    Matches(session_on(customers)).save(proposed, snapshot="S-1")
    assert list(Matches(session_on(customers)).current().items()) == [("1", proposed[1]), ("2", proposed[0])]
    assert Matches(session_on(customers, team="other")).current() == {}


def test_scores_may_be_numpy_numbers(customers: Engine) -> None:
    match = replace(_match("1", "X-A:1"), probability=np.float64(0.5), features={"name": np.float64(0.25)})
    Matches(session_on(customers)).save([match], snapshot="S-1")
    assert Matches(session_on(customers)).current()["1"].features == {"name": 0.25}


def test_a_new_proposal_replaces_the_last(customers: Engine) -> None:
    Matches(session_on(customers)).save([_match("1", "X-A:1"), _match("2", "X-A:2")], snapshot="S-1")
    Matches(session_on(customers)).save([_match("1", "X-A:9", MatchState.UNSURE)], snapshot="S-2")
    assert Matches(session_on(customers)).current() == {
        "1": _match("1", "X-A:9", MatchState.UNSURE),
        "2": _match("2", "X-A:2"),
    }


def test_a_confirmed_company_outlives_the_matcher(customers: Engine) -> None:
    Matches(session_on(customers)).save([_match("1", "X-A:1", MatchState.UNSURE)], snapshot="S-1")
    assert Matches(session_on(customers, by="Ann")).confirm("1", "X-A:1") == _confirmed("1", "X-A:1")
    Matches(session_on(customers)).save([_match("1", "X-A:9")], snapshot="S-2")
    assert Matches(session_on(customers)).current() == {"1": _confirmed("1", "X-A:1")}


def test_a_customer_can_be_confirmed_without_a_proposal(customers: Engine) -> None:
    Matches(session_on(customers, by="Ann")).confirm("3", "X-A:3")
    assert Matches(session_on(customers)).current() == {"3": _confirmed("3", "X-A:3")}


def test_a_refused_company_stays_refused_and_another_one_does_not(customers: Engine) -> None:
    Matches(session_on(customers, by="Ann")).refuse("1", "X-A:1")
    assert Matches(session_on(customers)).current() == {}
    Matches(session_on(customers)).save([_match("1", "X-A:1"), _match("2", "X-A:1")], snapshot="S-1")
    assert Matches(session_on(customers)).current() == {
        "1": _match("1", "X-A:1", MatchState.REFUSED),
        "2": _match("2", "X-A:1"),
    }
    Matches(session_on(customers)).save([_match("1", "X-A:2")], snapshot="S-2")
    assert Matches(session_on(customers)).current()["1"] == _match("1", "X-A:2")


def test_the_next_likely_company_waits_where_the_first_was_refused(customers: Engine) -> None:
    doubtful = replace(_match("1", "X-A:1", MatchState.UNSURE), others={"X-A:2": 0.2, "X-A:3": 0.1})
    Matches(session_on(customers)).save([doubtful], snapshot="S-1")
    assert Matches(session_on(customers)).current()["1"] == doubtful
    Matches(session_on(customers, by="Ann")).refuse("1", "X-A:1")
    waiting = Matches(session_on(customers)).current()["1"]
    assert (waiting.company, waiting.state, waiting.probability) == ("X-A:2", MatchState.UNSURE, 0.2)
    assert waiting.others == {"X-A:3": 0.1}
    for company in ("X-A:2", "X-A:3"):
        Matches(session_on(customers, by="Ann")).refuse("1", company)
    assert Matches(session_on(customers)).current()["1"].state is MatchState.REFUSED


def test_a_later_decision_undoes_an_earlier_one(customers: Engine) -> None:
    Matches(session_on(customers)).save([_match("1", "X-A:1")], snapshot="S-1")
    Matches(session_on(customers, by="Ann")).confirm("1", "X-A:1")
    Matches(session_on(customers, by="Bob")).refuse("1", "X-A:1")
    assert Matches(session_on(customers)).current()["1"].state is MatchState.REFUSED
    Matches(session_on(customers, by="Ann")).confirm("1", "X-A:1")
    assert Matches(session_on(customers)).current()["1"].state is MatchState.CONFIRMED


def test_of_two_confirmed_companies_the_later_counts_and_refusing_it_leaves_none(customers: Engine) -> None:
    Matches(session_on(customers, by="Ann")).confirm("1", "X-A:1")
    Matches(session_on(customers, by="Ann")).confirm("1", "X-A:2")
    assert Matches(session_on(customers)).current() == {"1": _confirmed("1", "X-A:2")}
    Matches(session_on(customers, by="Ann")).refuse("1", "X-A:2")
    assert Matches(session_on(customers)).current() == {}


def test_an_undone_import_takes_its_matches_out_of_sight(customers: Engine) -> None:
    Matches(session_on(customers)).save([_match("1", "X-A:1")], snapshot="S-1")
    Matches(session_on(customers, by="Ann")).confirm("2", "X-A:2")
    undo_import(session_on(customers), 1)
    assert Matches(session_on(customers)).current() == {}


def test_decisions_about_nothing_are_refused(customers: Engine) -> None:
    with pytest.raises(CustomerNotFound, match="There is no customer '7': import it first"):
        Matches(session_on(customers, by="Ann")).confirm("7", "X-A:1")
    with pytest.raises(ValueInvalid, match="'A1' is no id"):
        Matches(session_on(customers, by="Ann")).refuse("1", "A1")


def test_where_nobody_can_tell_a_match_waits_with_the_companies_that_were_named(customers: Engine) -> None:
    def current() -> Match:
        return Matches(session_on(customers)).current()["1"]

    def judge(company: str, verdict: Verdict) -> None:
        Matches(session_on(customers, by="Ann")).judge("1", company, verdict)

    judge("X-A:5", Verdict.UNSURE)
    waiting = current()
    assert (waiting.company, waiting.state, waiting.method, waiting.probability) == (
        "X-A:5", MatchState.UNSURE, "person", 0.5,
    )  # fmt: skip
    Matches(session_on(customers)).save([_match("1", "X-A:1")], snapshot="S-1")
    assert current() == _match("1", "X-A:1")
    judge("X-A:1", Verdict.UNSURE)
    assert current() == _match("1", "X-A:1", MatchState.UNSURE)
    doubtful = replace(_match("1", "X-A:2", MatchState.UNSURE), others={"X-A:3": 0.2})
    Matches(session_on(customers)).save([doubtful], snapshot="S-2")
    assert current() == replace(doubtful, others={"X-A:1": 0.5, "X-A:5": 0.5, "X-A:3": 0.2})
    judge("X-A:5", Verdict.DIFFERENT)
    assert current().others == {"X-A:1": 0.5, "X-A:3": 0.2}
    judge("X-A:1", Verdict.FORGOTTEN)
    assert current() == doubtful
    judge("X-A:2", Verdict.SAME)
    assert current() == _confirmed("1", "X-A:2")
    judge("X-A:2", Verdict.UNSURE)
    assert current() == doubtful


def test_what_counts_of_what_people_said_is_read_by_the_ids_of_now(customers: Engine) -> None:
    matches = Matches(session_on(customers, by="Ann"))
    matches.refuse("1", "X-A:1", why="another town")
    matches.refuse("1", "X-A:2")
    matches.confirm("2", "X-A:2")
    matches.forget("1", "X-A:2")
    assert [(one.left.id, one.right.id, one.verdict, one.why) for one in matches.judged(["1", "2", "3"])] == [
        ("1", "X-A:1", Verdict.DIFFERENT, "another town"),
        ("2", "X-A:2", Verdict.SAME, None),
    ]
    assert matches.judged([]) == []
