"""Days as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from graphleads.errors import ValueInvalid

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ,].*)?")
_NAMED_MONTHS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d")


class DayOrder(StrEnum):
    """Whether days such as 03/04/2023 begin with the day or the month, as far as a column tells."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


def tells_days(form: str) -> bool:
    """Return whether a date format, in strptime's letters, has a day, a month and a year, each once."""
    day = date(2003, 12, 31)
    try:
        return datetime.strptime(day.strftime(form), form).date() == day
    except (ValueError, re.error):  # strptime makes a pattern of the format, which fails where a letter is there twice
        return False


def tell_day_order(texts: Iterable[str | None]) -> DayOrder:
    """Return whether the days of a column begin with day or month: only one of the two can be above 12."""
    first, second = set(), set()
    for text in texts:
        found = _YEAR_LAST.fullmatch(text) if text else None
        if found:
            first.add(int(found[1]) > 12)
            second.add(int(found[3]) > 12)
    if (True in first) == (True in second):
        return DayOrder.UNKNOWN
    return DayOrder.DAY_FIRST if True in first else DayOrder.MONTH_FIRST


def parse_day(text: str, order: DayOrder, form: str | None = None) -> date | None:
    """Return a day, None if it can be read in two ways and the column does not tell which.

    Args:
        text: A day as people write it: 2023-05-09, 2023年5月9日, 9.5.2023, 5/9/2023, 9 May 2023; a time is left off.
        order: What the column tells about days that end in the year.
        form: How it is written in strptime's letters, if that is known.

    Raises:
        ValueInvalid: If it is no day.
    """
    try:
        if form is not None:
            return datetime.strptime(text, form).date()
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _YEAR_LAST.fullmatch(text):
            return _parse_year_last(int(found[1]), int(found[3]), int(found[4]), _order_of(found, order))
        return _parse_named_month(text)
    except ValueError:
        how = form or "2023-05-09, or say `date_format` in a mapping"
        raise ValueInvalid(f"Its date {text[:80]!r} is no day: write it like {how}.") from None


def _order_of(found: re.Match[str], order: DayOrder) -> DayOrder:
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 else order


def _parse_year_last(first: int, second: int, year: int, order: DayOrder) -> date | None:
    if order is DayOrder.UNKNOWN:
        return None
    day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
    return date(year, month, day)


def _parse_named_month(text: str) -> date:
    for form in _NAMED_MONTHS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)
