from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from graphleads.errors import Conflict, NotFound, ValueInvalid
from graphleads.leads.events import list_events
from graphleads.leads.exclusions import Exclusion, exclude, excluded_companies, include, list_exclusions

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
COMPANY = "GB-COH:01234567"


def test_an_excluded_company_is_listed_with_its_reason(engine: Engine) -> None:
    excluded = exclude(engine, COMPANY, reason="competitor", by="Ann", now=NOW)
    assert excluded == Exclusion(team="main", company=COMPANY, reason="competitor", by="Ann", excluded_at=NOW)
    assert list_exclusions(engine) == [excluded]
    assert excluded_companies(engine) == {COMPANY}
    assert excluded_companies(engine, team="other") == frozenset()


def test_excluding_again_for_the_same_reason_changes_nothing(engine: Engine) -> None:
    first = exclude(engine, COMPANY, reason="competitor", by="Ann", now=NOW)
    assert exclude(engine, COMPANY, reason="competitor", by="Bob", now=LATER) == first
    assert len(list_events(engine, COMPANY)) == 1


def test_another_reason_is_a_conflict(engine: Engine) -> None:
    exclude(engine, COMPANY, reason="competitor", by="Ann", now=NOW)
    with pytest.raises(Conflict, match="excluded already, 'competitor', by Ann: include it first"):
        exclude(engine, COMPANY, reason="asked us not to call", by="Bob", now=LATER)
    assert [one.reason for one in list_exclusions(engine)] == ["competitor"]


def test_a_company_taken_back_can_be_excluded_again(engine: Engine) -> None:
    exclude(engine, COMPANY, reason="competitor", by="Ann", now=NOW)
    include(engine, COMPANY, by="Bob", now=LATER)
    assert list_exclusions(engine) == []
    exclude(engine, COMPANY, reason="in dispute", by="Ann", now=LATER)
    assert [(event.kind.value, event.by, event.reason) for event in list_events(engine, COMPANY)] == [
        ("excluded", "Ann", "competitor"),
        ("included", "Bob", None),
        ("excluded", "Ann", "in dispute"),
    ]


def test_what_is_not_excluded_cannot_be_taken_back(engine: Engine) -> None:
    with pytest.raises(NotFound, match="GB-COH:01234567 is not excluded"):
        include(engine, COMPANY, by="Ann", now=NOW)


@pytest.mark.parametrize(
    ("reason", "message"), [(" ", "The reason is empty"), ("x" * 501, "The reason has 501 characters")]
)
def test_a_reason_is_required_and_short(engine: Engine, reason: str, message: str) -> None:
    with pytest.raises(ValueInvalid, match=message):
        exclude(engine, COMPANY, reason=reason, by="Ann", now=NOW)


def test_control_characters_do_not_reach_the_database(engine: Engine) -> None:
    assert exclude(engine, COMPANY, reason="a\x1b[31m\nb", by="Ann", now=NOW).reason == "a [31m b"
