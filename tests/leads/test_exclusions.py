from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from graphleads.errors import Conflict, NotFound, ValueInvalid
from graphleads.leads.events import read_events
from graphleads.leads.exclusions import Exclusion, Exclusions
from graphleads.testing.session import session_on

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
COMPANY = "GB-COH:01234567"


def test_an_excluded_company_is_listed_with_its_reason(engine: Engine) -> None:
    excluded = Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason="competitor")
    assert excluded == Exclusion(team="main", company=COMPANY, reason="competitor", by="Ann", excluded_at=NOW)
    assert Exclusions(session_on(engine)).current() == [excluded]
    assert Exclusions(session_on(engine, team="other")).current() == []


def test_excluding_again_for_the_same_reason_changes_nothing(engine: Engine) -> None:
    first = Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason="competitor")
    assert Exclusions(session_on(engine, by="Bob", now=LATER)).exclude(COMPANY, reason="competitor") == first
    assert len(read_events(session_on(engine), COMPANY)) == 1


def test_another_reason_is_a_conflict(engine: Engine) -> None:
    Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason="competitor")
    with pytest.raises(Conflict, match="excluded already, 'competitor', by Ann: include it first"):
        Exclusions(session_on(engine, by="Bob", now=LATER)).exclude(COMPANY, reason="asked us not to call")
    assert [one.reason for one in Exclusions(session_on(engine)).current()] == ["competitor"]


def test_a_company_taken_back_can_be_excluded_again(engine: Engine) -> None:
    Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason="competitor")
    Exclusions(session_on(engine, by="Bob", now=LATER)).include(COMPANY)
    assert Exclusions(session_on(engine)).current() == []
    Exclusions(session_on(engine, by="Ann", now=LATER)).exclude(COMPANY, reason="in dispute")
    assert [(event.kind.value, event.by, event.reason) for event in read_events(session_on(engine), COMPANY)] == [
        ("excluded", "Ann", "competitor"),
        ("included", "Bob", None),
        ("excluded", "Ann", "in dispute"),
    ]


def test_what_is_not_excluded_cannot_be_taken_back(engine: Engine) -> None:
    with pytest.raises(NotFound, match="GB-COH:01234567 is not excluded"):
        Exclusions(session_on(engine, by="Ann")).include(COMPANY)


@pytest.mark.parametrize(
    ("reason", "message"), [(" ", "The reason is empty"), ("x" * 501, "The reason has 501 characters")]
)
def test_a_reason_is_required_and_short(engine: Engine, reason: str, message: str) -> None:
    with pytest.raises(ValueInvalid, match=message):
        Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason=reason)


def test_control_characters_do_not_reach_the_database(engine: Engine) -> None:
    assert Exclusions(session_on(engine, by="Ann")).exclude(COMPANY, reason="a\x1b[31m\nb").reason == "a [31m b"
