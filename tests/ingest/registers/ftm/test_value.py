"""Values of FollowTheMoney, each spelling with what it means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.ingest.registers.ftm.value import (
    are_partial,
    countries_of,
    first_days,
    firsts,
    greatest,
    have_ended,
    last_days,
    least,
    places,
    role_kinds,
    shares,
    statuses,
)


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-02-14", date(2020, 2, 14), date(2020, 2, 14)),
        ("2020-02-14T23:59:00", date(2020, 2, 14), date(2020, 2, 14)),
        ("2020-02-30", None, None),
        ("2020-13", None, None),
        ("0000", None, None),
        ("spring 2020", None, None),
    ],
)
def test_days_of_any_precision(text: str, first: date | None, last: date | None) -> None:
    assert first_days(texts(text)).to_pylist() == [first]
    assert last_days(texts(text)).to_pylist() == [last]


def test_what_says_no_day_is_partial() -> None:
    assert are_partial(texts("2019", "2019-03", "2019-03-01", "x", None)).to_pylist() == [
        True,
        True,
        False,
        False,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("30", (0.3, 0.3, False, False)),
        ("30%", (0.3, 0.3, False, False)),
        ("33,5 %", (0.335, 0.335, False, False)),
        ("100.0", (1.0, 1.0, False, False)),
        ("25-50", (0.25, 0.5, False, False)),
        ("25% - 50%", (0.25, 0.5, False, False)),
        ("more than 25% but not more than 50%", (0.25, 0.5, True, False)),
        (">75", (0.75, 1.0, True, False)),
        ("75% or more", (0.75, 1.0, False, False)),
        (">=75%", (0.75, 1.0, False, False)),
        ("<5%", (0.0, 0.05, False, True)),
        ("up to 25", (0.0, 0.25, False, False)),
    ],
)
def test_shares_keep_both_bounds(text: str, bounds: tuple[float, float, bool, bool]) -> None:
    assert tuple(shares(texts(text))[0].as_py().values()) == bounds


@pytest.mark.parametrize("text", ["a lot", "130", "50-25", "-5", "1/3", ""])
def test_what_is_no_percentage_is_no_share(text: str) -> None:
    assert shares(texts(text)).to_pylist() == [None]


def test_places_are_iso_codes() -> None:
    given_ = texts("gb", "gb-sct", "us-de", "cy-trnc", "eu", "zz", "suhh", "atlantis", None)
    expected = ["GB", "GB-SCT", "US-DE", "CY", None, None, None, None, None]
    assert places(given_).to_pylist() == expected
    assert countries_of(places(given_)).to_pylist()[:3] == ["GB", "GB", "US"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Active", "active"),
        ("Inactive", "inactive"),
        ("In liquidation", "in_liquidation"),
        ("Struck off the register", "dissolved"),
        ("Liquidación", "unknown"),
    ],
)
def test_statuses(text: str, status: str) -> None:
    assert statuses(texts(text, None)).to_pylist() == [status, None]


def test_role_kinds_come_from_words() -> None:
    given_ = texts("Chairman of the Board", "Managing Director", "Company Secretary", "Member", None)
    assert role_kinds(given_, "other").to_pylist() == ["chair", "chief_executive", "secretary", "other", "other"]


def test_relations_that_have_ended() -> None:
    assert have_ended(texts("former", "current", None)).to_pylist() == [True, False, False]


def test_one_text_of_each_list() -> None:
    lists = pa.array([["2019", "2018-04"], [], ["x"]], pa.list_(pa.string()))
    assert firsts(lists).to_pylist() == ["2019", None, "x"]
    assert least(lists).to_pylist() == ["2018-04", None, "x"]
    assert greatest(lists).to_pylist() == ["2019", None, "x"]


@given(st.lists(st.text(max_size=12) | st.none(), max_size=5))
def test_whatever_is_written_is_read(values: list[Any]) -> None:
    column = texts(*values)
    for read in (first_days, last_days, shares, places, statuses):
        assert len(read(column)) == len(values)
    for share in shares(column).to_pylist():
        assert share is None or 0 <= share["share_min"] <= share["share_max"] <= 1
