"""What stands in the properties of FollowTheMoney: days of any precision, percentages, countries, words for roles.

Every function takes a column of texts and returns a column of as many values, null where a text is null or says
nothing that can be read.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.country import country_code

SHARE = pa.struct(
    [
        ("share_min", pa.float64()),
        ("share_max", pa.float64()),
        ("min_exclusive", pa.bool_()),
        ("max_exclusive", pa.bool_()),
    ]
)
"""A share as the staged interests have it."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:[T ].*)?")
_NUMBER = r"(\d+(?:[.,]\d+)?)\s*(?:%|percent|per cent)?"
_EXACT = re.compile(rf"(?:=|exactly )?\s*{_NUMBER}", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?P<above>>|more than|over)?\s*{_NUMBER}\s*(?:-|–|to|and|but)\s*(?P<below><|less than|under)?"
    rf"(?:not more than|up to)?\s*{_NUMBER}",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?P<closed>>=|≥|at least)?(?:>|more than|over)?\s*{_NUMBER}(?:\s*(?:\+|or more))?", re.IGNORECASE
)
_BELOW = re.compile(rf"(?P<closed><=|≤|up to|at most)?(?:<|less than|under)?\s*{_NUMBER}", re.IGNORECASE)

_NO_COUNTRY = re.compile(r"eu|zz|xx|[a-z]{4}", re.IGNORECASE)
"""The union, nowhere, and the four letters of states that are no more (ISO 3166-3: `suhh`)."""

_PLACE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

_STATUSES = (
    (r"liquidat|insolv|bankrupt|administration|receiver|winding", "in_liquidation"),
    (r"dissol|struck|deregist|ceased|closed|deleted|removed|terminated|cancel|wound", "dissolved"),
    (r"inactive|not active|dormant|suspended", "inactive"),
    (r"active|registered|live|good standing|open|existing|in business|operating", "active"),
)
_ROLES = (
    (r"chair|president of the (?:supervisory )?board", "chair"),
    (r"supervis", "supervisor"),
    (r"secretary", "secretary"),
    (r"chief executive|\bceo\b|managing director|general director|director general", "chief_executive"),
    (r"legal rep", "legal_representative"),
    (r"auditor", "auditor"),
    (r"represent|attorney|\bagent\b|procurator|nominee", "representative"),
    (r"partner", "partner"),
    (r"director|board|administrator", "director"),
    (r"manag|officer|head|president|\bc[foti]o\b|liquidator", "manager"),
)
_ENDED = r"(?i)former|inactive|resigned|ended|past|ceased|historic|terminated|removed"
_NO_TEXT = pa.scalar(None, pa.string())


def firsts(lists: pa.Array) -> pa.Array:
    """Return the first text of each list: string[n], null where a list is empty."""
    return pc.list_element(pc.list_slice(lists, 0, 1, return_fixed_size_list=True), 0)


def least(lists: pa.Array) -> pa.Array:
    """Return the least text of each list, which is the earliest of days: string[n]."""
    return _one_of_each(lists, "min")


def greatest(lists: pa.Array) -> pa.Array:
    """Return the greatest text of each list, which is the latest of days: string[n]."""
    return _one_of_each(lists, "max")


def first_days(texts: pa.Array) -> pa.Array:
    """Return the first day of what texts say, date32[n]: 1 January 2019 of `2019`."""
    return _each(texts, lambda text: _parse_day(text, last=False), pa.date32())


def last_days(texts: pa.Array) -> pa.Array:
    """Return the last day of what texts say, date32[n]: 31 December 2019 of `2019`."""
    return _each(texts, lambda text: _parse_day(text, last=True), pa.date32())


def are_partial(texts: pa.Array) -> pa.Array:
    """Return which texts say only a year or a month: bool[n]."""
    return pc.match_substring_regex(texts, r"^\d{4}(-\d{2})?$")


def shares(texts: pa.Array) -> pa.Array:
    """Return percentages as shares of `SHARE`: `30`, `30%`, `25-50`, `more than 25% but not more than 50%`, `>75`."""
    return _each(texts, _parse_share, SHARE)


def places(texts: pa.Array) -> pa.Array:
    """Return codes of countries and places as ISO 3166 writes them: `GB`, `GB-SCT`; a place ISO lacks: its country."""
    return _each(texts, _parse_place, pa.string())


def are_no_country(texts: pa.Array) -> pa.Array:
    """Return which codes stand for no country of today: bool[n]."""
    return pc.match_substring_regex(texts, f"(?i)^(?:{_NO_COUNTRY.pattern})$")


def countries_of(codes: pa.Array) -> pa.Array:
    """Return the countries that places are in: string[n]."""
    return pc.utf8_slice_codeunits(codes, 0, 2)


def statuses(texts: pa.Array) -> pa.Array:
    """Return words for a company's status as the staged tables have them; `unknown` for others."""
    return _first_found(texts, _STATUSES, "unknown")


def role_kinds(texts: pa.Array, otherwise: str) -> pa.Array:
    """Return kinds of roles from words for them; `otherwise` where there is no word or one that says nothing."""
    return pc.fill_null(_first_found(texts, _ROLES, otherwise), otherwise)


def have_ended(texts: pa.Array) -> pa.Array:
    """Return which words for a relation's status say that it is no more: bool[n], false where there is none."""
    return pc.fill_null(pc.match_substring_regex(texts, _ENDED), False)


def _one_of_each(lists: pa.Array, how: str) -> pa.Array:
    texts = pa.table({"row": pc.list_parent_indices(lists), "text": pc.list_flatten(lists)})
    chosen = texts.group_by("row", use_threads=False).aggregate([("text", how)]).combine_chunks()
    rows = pa.array(range(len(lists)), pa.int64())
    return chosen[f"text_{how}"].combine_chunks().take(pc.index_in(rows, value_set=chosen["row"].combine_chunks()))


def _each(texts: pa.Array, parse: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    encoded = texts.dictionary_encode()
    return pa.array([parse(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def _first_found(texts: pa.Array, patterns: tuple[tuple[str, str], ...], otherwise: str) -> pa.Array:
    found = pc.if_else(pc.is_valid(texts), otherwise, _NO_TEXT)
    for pattern, word in reversed(patterns):
        found = pc.if_else(pc.fill_null(pc.match_substring_regex(texts, f"(?i){pattern}"), False), word, found)
    return found


def _parse_day(text: str, *, last: bool) -> date | None:
    parts = _DAY.fullmatch(text)
    if parts is None:
        return None
    year, month, day = (int(part) if part else None for part in parts.groups())
    try:
        if not last:
            return date(year or 0, month or 1, day or 1)
        month = month or 12
        return date(year or 0, month, day or calendar.monthrange(year or 0, month)[1])
    except (ValueError, IndexError):
        return None


def _parse_place(text: str) -> str | None:
    country = None if _NO_COUNTRY.fullmatch(text) else country_code(text) or country_code(text.partition("-")[0])
    return text.upper() if country and _PLACE.fullmatch(text.upper()) else country


def _parse_share(text: str) -> dict[str, Any] | None:
    for pattern, parse in ((_EXACT, _exact), (_RANGE, _range), (_ABOVE, _above), (_BELOW, _below)):
        if found := pattern.fullmatch(text.strip()):
            share = parse(found)
            return share if 0 <= share["share_min"] <= share["share_max"] <= 1 else None
    return None


def _fraction(number: str) -> float:
    return round(float(number.replace(",", ".")) / 100, 12)


def _exact(found: re.Match[str]) -> dict[str, Any]:
    share = _fraction(found[1])
    return {"share_min": share, "share_max": share, "min_exclusive": False, "max_exclusive": False}


def _range(found: re.Match[str]) -> dict[str, Any]:
    return {
        "share_min": _fraction(found[2]),
        "share_max": _fraction(found[4]),
        "min_exclusive": bool(found["above"]),
        "max_exclusive": bool(found["below"]),
    }


def _above(found: re.Match[str]) -> dict[str, Any]:
    closed = bool(found["closed"]) or found[0].endswith(("+", "or more"))
    return {"share_min": _fraction(found[2]), "share_max": 1.0, "min_exclusive": not closed, "max_exclusive": False}


def _below(found: re.Match[str]) -> dict[str, Any]:
    return {
        "share_min": 0.0,
        "share_max": _fraction(found[2]),
        "min_exclusive": False,
        "max_exclusive": not found["closed"],
    }
