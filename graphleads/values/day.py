"""Days as people and programs write them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from graphleads.errors import ValueInvalid
from graphleads.text import says_nothing

_YEAR_FIRST = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(\d\d)(\d\d))\s*日?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?")
_WEEKDAY, _MONTH = r"(?:[^\W\d_]+[.,]{0,2} )?", r"([^\W\d_]+)\.?"
_DAY_AND_MONTH = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|[.º])?[ /-]?(?:de |of )?{_MONTH}"
    r"[ /-]?,? ?(?:de |del )?(\d{4}|\d{2})(?:[T ,(].*)?"
)
_MONTH_AND_DAY = re.compile(rf"{_WEEKDAY}{_MONTH}[ /-](\d{{1,2}})(?:st|nd|rd|th)?(?:, ?|[ /-])(\d{{4}})(?:[T ,(].*)?")
_SECONDS = re.compile(r"(\d{10})(?:\d{3}|\d{6})?(?:\.\d+)?")
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets, which hold 1900 for a leap year: days before March 1900 would be one later."""

_ZEROS = re.compile(r"[0/.: TZ-]*")
_STAND_INS = (date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31))


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
    """Return a day, None if the text only stands in for one: `0000-00-00`, `N/A`, 1900-01-01.

    Args:
        text: A day as it is written: 2023-05-09, 2023年5月9日, 9.5.2023, 5/9/23, 9 May 2023, 9. Mai 2023,
            Tue May 09 2023, a spreadsheet's 45055, or the seconds since 1970, or parts of them. A time is left off.
        order: What the column tells about days that end in the year.
        form: How it is written in strptime's letters, if that is known.

    Raises:
        ValueInvalid: If it is no day, or can be two and the column does not tell which.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if _ZEROS.fullmatch(plain) or says_nothing(plain):
        return None
    try:
        day = _parse_number(plain) or _parse_written(plain, order) if form is None else _parse_form(plain, form)
    except (ValueError, OverflowError):
        how = form or "2023-05-09, or say `date_format` in a mapping"
        raise ValueInvalid(f"Its date {text[:80]!r} is no day: write it like {how}.") from None
    return None if day in _STAND_INS else day


def _parse_form(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return datetime.strptime(text[: text.rindex(" ")], form).date()


def _parse_number(text: str) -> date | None:
    if found := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).date()
    if found := _SERIAL.fullmatch(text):
        return _SERIAL_ZERO + timedelta(days=int(found[1]))
    return None


def _parse_written(text: str, order: DayOrder) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    if found := _YEAR_LAST.fullmatch(text):
        return _parse_year_last(found, _order_of(found, order))
    if found := _DAY_AND_MONTH.fullmatch(text):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_AND_DAY.fullmatch(text):
        return date(_year(found[3]), _month(found[1]), int(found[2]))
    raise ValueError(text)


def _order_of(found: re.Match[str], order: DayOrder) -> DayOrder:
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 else order


def _parse_year_last(found: re.Match[str], order: DayOrder) -> date:
    if order is DayOrder.UNKNOWN:
        raise ValueError(found[0])
    first, second = int(found[1]), int(found[3])
    day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
    return date(_year(found[4]), month, day)


def _year(digits: str) -> int:
    # Of two digits, as POSIX reads them.
    return int(digits) if len(digits) == 4 else datetime.strptime(digits, "%y").year


def _month(word: str) -> int:
    month = _months().get(_fold(word))
    if month is None:
        raise ValueError(word)
    return month


@cache
def _months() -> dict[str, int]:
    text = (resources.files("graphleads.values") / "month_names.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {_fold(word): int(row["month"]) for row in rows for word in row["words"].split("|")}


def _fold(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))
