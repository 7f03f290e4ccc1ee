"""The ids that CRMs give, as they come back from spreadsheets: two forms of one Salesforce id, `1001.0`, `8.76E+17`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from graphleads.errors import ValueInvalid

_Value = TypeVar("_Value")

_SALESFORCE = re.compile(r"([A-Za-z0-9]{15})([A-Z0-5]{3})?")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

_ROUNDED = re.compile(r"\d+(?:\.\d+)?[eE]\+\d+")


def fold_id(external_id: str) -> str:
    """Return an id for comparison: of the 18 characters of a Salesforce id, the 15 that tell records apart."""
    found = _SALESFORCE.fullmatch(external_id)
    return found[1] if found and found[2] == _check_of(found[1]) else external_id


def spellings_of(external_id: str) -> tuple[str, ...]:
    """Return every form in which an id may be stored, itself first."""
    short = fold_id(external_id)
    if short != external_id:
        return external_id, short
    return (external_id, short + _check_of(short)) if _SALESFORCE.fullmatch(short) and len(short) == 15 else (short,)


def find_stored(external_id: str, stored: Mapping[str, _Value]) -> _Value | None:
    """Return what is stored under an id, in whichever form."""
    return next((stored[one] for one in spellings_of(external_id) if one in stored), None)


def require_whole(external_id: str) -> None:
    """Refuse an id of which a spreadsheet left the first digits.

    Raises:
        ValueInvalid: If it is written with a power of ten.
    """
    if _ROUNDED.fullmatch(external_id):
        raise ValueInvalid(
            f"Its id {external_id!r} was rounded by a spreadsheet, which keeps numbers up to 2^53 only: export the "
            "column as text."
        )


def are_whole_numbers(ids: Iterable[str | None]) -> bool:
    """Return whether all ids of a column are whole numbers, some of them with a needless `.0`."""
    given = [one for one in ids if one is not None]
    return any("." in one for one in given) and all(_WHOLE.fullmatch(one) for one in given)


_WHOLE = re.compile(r"\d+(?:\.0+)?")


def _check_of(short: str) -> str:
    """Return the three characters that say which of the 15 are capitals."""
    bits = (sum(1 << at for at, one in enumerate(short[begin : begin + 5]) if one.isupper()) for begin in (0, 5, 10))
    return "".join(_CHECK[one] for one in bits)
