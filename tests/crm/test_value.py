from __future__ import annotations

from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.crm.value import (
    STATUS_WORDS,
    DayOrder,
    fold_word,
    nearest_words,
    parse_day,
    parse_email_domain,
    parse_status,
    tell_day_order,
)
from graphleads.errors import ValueInvalid
from graphleads.model import CustomerStatus


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Closed Won", CustomerStatus.WON),
        (" CUSTOMER ", CustomerStatus.WON),
        ("已签约", CustomerStatus.WON),
        ("Proposal/Price  Quote", CustomerStatus.OPEN),
        ("未成交", CustomerStatus.OPEN),
        ("churned", CustomerStatus.LOST),
        ("流失", CustomerStatus.LOST),
        ("Ganho", CustomerStatus.WON),
        ("GANADO", CustomerStatus.WON),
        ("Em andamento", CustomerStatus.OPEN),
        ("em negociacao", CustomerStatus.OPEN),
        ("En curso", CustomerStatus.OPEN),
        ("Perdido", CustomerStatus.LOST),
    ],
)
def test_status_words(text: str, status: CustomerStatus) -> None:
    assert parse_status(text, {}) is status


def test_the_nearest_words_are_three() -> None:
    assert nearest_words("custommer") == ["customer (won)", "former customer (lost)", "active customer (won)"]


def test_a_mapping_goes_before_the_known_words() -> None:
    assert parse_status("Customer", {"customer": CustomerStatus.LOST}) is CustomerStatus.LOST
    assert parse_status(None, {"": CustomerStatus.OPEN}) is CustomerStatus.OPEN


def test_no_word_is_two_statuses() -> None:
    words = list(chain.from_iterable(STATUS_WORDS.values()))
    assert len(words) == len(set(words))
    assert [word for word in words if word != word.casefold()] == []
    assert len(set(map(fold_word, words))) == len(words)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-05-09", "2023/5/9", "2023.5.9", "2023年5月9日", "2023-05-09T10:00:00Z", "2023-05-09 23:59", "20230509"),
        *("9.5.2023", "09 May 2023", "May 9, 2023", "9-May-23", "9 May 2023"),
    ],
)
def test_days_that_read_one_way_only(text: str) -> None:
    assert parse_day(text, DayOrder.UNKNOWN) == date(2023, 5, 9)


def test_days_that_read_two_ways() -> None:
    assert parse_day("3/4/2023", DayOrder.DAY_FIRST) == date(2023, 4, 3)
    assert parse_day("3/4/2023", DayOrder.MONTH_FIRST) == date(2023, 3, 4)
    assert parse_day("3/4/2023", DayOrder.UNKNOWN) is None
    assert parse_day("13/4/2023", DayOrder.UNKNOWN) == date(2023, 4, 13)
    assert parse_day("4/13/2023", DayOrder.UNKNOWN) == date(2023, 4, 13)
    assert parse_day("4/4/2023", DayOrder.UNKNOWN) == date(2023, 4, 4)
    assert parse_day("03|04|23", DayOrder.UNKNOWN, "%d|%m|%y") == date(2023, 4, 3)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/2/2023", "13/2/2023", None, "x"], DayOrder.DAY_FIRST),
        (["1/2/2023", "2/13/2023"], DayOrder.MONTH_FIRST),
        (["1/2/2023"], DayOrder.UNKNOWN),
        (["13/2/2023", "2/13/2023"], DayOrder.UNKNOWN),
        ([], DayOrder.UNKNOWN),
    ],
)
def test_a_column_tells_the_order(texts: list[str | None], order: DayOrder) -> None:
    assert tell_day_order(texts) is order


@pytest.mark.parametrize("text", ["2023-02-30", "31/31/2023", "soon", "0/0/2023", "2023", "45055"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueInvalid, match=f"Its date '{text}' is no day"):
        parse_day(text, DayOrder.UNKNOWN)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_reads_back(day: date) -> None:
    assert parse_day(day.isoformat(), DayOrder.UNKNOWN) == day
    assert parse_day(day.strftime("%d/%m/%Y"), DayOrder.DAY_FIRST) in (
        day,
        date(day.year, day.day % 12 or 12, day.month),
    )


@given(st.text(max_size=40))
def test_no_text_breaks_the_parsers(text: str) -> None:
    domain = parse_email_domain(text)
    assert domain is None or "@" not in domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("joe@Foo.example", "foo.example"),
        ("Joe Doe <joe@foo.co.uk>; ann@bar.example", "foo.co.uk"),
        ("foo.example", "foo.example"),
        ("li@例子.公司", "例子.公司"),
        ("joe@mail.foo.co.uk", "foo.co.uk"),
        ("joe@hotmail.fr", None),
        ("n/a", None),
        ("joe@localhost", None),
        ("", None),
    ],
)
def test_email_domains(text: str, domain: str | None) -> None:
    assert parse_email_domain(text) == domain
