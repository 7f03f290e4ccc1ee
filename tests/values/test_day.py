from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.errors import ValueInvalid
from graphleads.values.day import DayOrder, parse_day, tell_day_order


@pytest.mark.parametrize(
    "text",
    [
        *("2023-05-09", "2023/5/9", "2023.5.9", "2023年5月9日", "2023-05-09T10:00:00Z", "2023-05-09 23:59", "20230509"),
        *("9.5.2023", "09 May 2023", "May 9, 2023", "9-May-23", "9 May 2023", "9 May 2023 14:00", "9.5.23"),
        *("May 9, 2023, 3:45 PM", "Tue May 09 2023", "Tue May 09 2023 00:00:00 GMT+0000 (UTC)", "Tuesday, 9 May 2023"),
        *("20230509 10:00", "2023-05-09T23:30:00-05:00", "2023年5月9日 10:00", "２０２３-05-09", "9/5/2023 10:00"),
        *("9. Mai 2023", "9 mai 2023", "9 de mayo de 2023", "9 de maio de 2023", "9th of May 2023", "Mai 9, 2023"),
        *("45055", "45055.75", "1683590400", "1683590400000"),
    ],
)
def test_days_that_read_one_way_only(text: str) -> None:
    assert parse_day(text, DayOrder.DAY_FIRST) == date(2023, 5, 9)


@pytest.mark.parametrize("text", ["0000-00-00", "00/00/0000", "N/A", "-", "0", "null", "1900-01-01", "31.12.9999"])
def test_what_stands_in_for_a_day_is_none(text: str) -> None:
    assert parse_day(text, DayOrder.UNKNOWN) is None


def test_days_that_read_two_ways() -> None:
    assert parse_day("3/4/2023", DayOrder.DAY_FIRST) == date(2023, 4, 3)
    assert parse_day("3/4/2023", DayOrder.MONTH_FIRST) == date(2023, 3, 4)
    with pytest.raises(ValueInvalid, match="Its date '3/4/2023' is no day"):
        parse_day("3/4/2023", DayOrder.UNKNOWN)
    assert parse_day("13/4/2023", DayOrder.UNKNOWN) == date(2023, 4, 13)
    assert parse_day("4/13/2023", DayOrder.UNKNOWN) == date(2023, 4, 13)
    assert parse_day("4/4/2023", DayOrder.UNKNOWN) == date(2023, 4, 4)
    assert parse_day("03|04|23", DayOrder.UNKNOWN, "%d|%m|%y") == date(2023, 4, 3)
    assert parse_day("03|04|23 10:00", DayOrder.UNKNOWN, "%d|%m|%y") == date(2023, 4, 3)


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


@pytest.mark.parametrize(
    "text", ["2023-02-30", "31/31/2023", "soon", "1/0/2023", "2023", "2023-05", "mai 2023", "12345678"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueInvalid, match=f"Its date '{text}' is no day"):
        parse_day(text, DayOrder.UNKNOWN)


@given(st.dates(min_value=date(1000, 1, 1)).filter(lambda day: day not in (date(1900, 1, 1), date(9999, 12, 31))))
def test_every_day_reads_back(day: date) -> None:
    assert parse_day(day.isoformat(), DayOrder.UNKNOWN) == day
    assert parse_day(day.strftime("%d/%m/%Y"), DayOrder.DAY_FIRST) in (
        day,
        date(day.year, day.day % 12 or 12, day.month),
    )
