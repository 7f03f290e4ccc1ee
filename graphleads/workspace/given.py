"""What a caller gives, made into values that the rooms take: days, places, files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, overload

from graphleads.codes.country import country_code
from graphleads.db.session import require_text
from graphleads.errors import ValueInvalid
from graphleads.graph.store import Direction
from graphleads.model import CustomerStatus, DeliveryKind, MatchState

_Word = TypeVar("_Word", bound=StrEnum)
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@overload
def parse_text(text: str, what: str) -> str: ...
@overload
def parse_text(text: str | None, what: str) -> str | None: ...
def parse_text(text: str | None, what: str) -> str | None:
    """Return a name, an id or a reason as it is stored, however it was typed.

    Raises:
        ValueInvalid: If nothing is left of it; `what` names it.
    """
    return None if text is None else require_text(text, what)


def parse_day(day: date | str | None) -> date | None:
    """Return a day from itself or from ISO 8601.

    Raises:
        ValueInvalid: If it is no day.
    """
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise ValueInvalid(f"{day!r} is no day: write it as 2023-05-09.") from error


def parse_kind(kind: str | None) -> DeliveryKind | None:
    """Return a delivery's kind from its word.

    Raises:
        ValueInvalid: If there is no such kind.
    """
    return None if kind is None else _word(DeliveryKind, kind, f"{kind!r} is no kind of delivery: use full or update.")


def parse_customer_status(status: str | None) -> CustomerStatus | None:
    """Return how a customer stands from its word.

    Raises:
        ValueInvalid: If there is no such status.
    """
    return (
        None
        if status is None
        else _word(CustomerStatus, status, f"{status!r} is no status of customers: use won, open or lost.")
    )


def parse_match_state(state: str | None) -> MatchState | None:
    """Return how a customer stands to the registers from its word.

    Raises:
        ValueInvalid: If there is no such state.
    """
    return (
        None
        if state is None
        else _word(MatchState, state, f"{state!r} is no state of a match: use one of {', '.join(MatchState)}.")
    )


def parse_direction(direction: str) -> Direction:
    """Return which way a path may go from its word.

    Raises:
        ValueInvalid: If there is no such way.
    """
    return _word(Direction, direction, f"{direction!r} is no direction of a path: use any, forward or backward.")


def parse_country(text: str | None) -> str | None:
    """Return the code of a country from its name or code.

    Raises:
        ValueInvalid: If it is none.
    """
    if text is None:
        return None
    code = country_code(text)
    if code is None:
        raise ValueInvalid(f"{text!r} is no country: write its name or code, for example BR.")
    return code


def parse_jurisdictions(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of countries and subdivisions, sorted.

    Raises:
        ValueInvalid: If one is neither.
    """
    return tuple(sorted({_parse_jurisdiction(text) for text in texts}))


def _parse_jurisdiction(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise ValueInvalid(f"{text!r} is no country: write its name or code, or a subdivision's code such as BR-SP.")
    subdivision = text.strip().upper()
    return subdivision if _SUBDIVISION.fullmatch(subdivision) else code


def parse_files(files: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return one file or several as paths.

    Raises:
        ValueInvalid: If there is none.
    """
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(one) for one in files]
    if not paths:
        raise ValueInvalid("Name at least one file to ingest.")
    return paths


def _word(words: type[_Word], text: str, refusal: str) -> _Word:
    """Return one of the words of a list, or say what there is."""
    try:
        return words(text)
    except ValueError as error:
        raise ValueInvalid(refusal) from error
