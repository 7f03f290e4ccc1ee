"""What the properties of graphleads' own model say: sources, times, and values of the types that the tables have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from graphleads.ingest.registers.neo4j.value import DATE
from graphleads.tables.schema import MONEY, STAGED, VALUES

Row = dict[str, Any]

_PLAIN = {pa.bool_(): bool, pa.int8(): int, pa.int16(): int, pa.int32(): int}


class Unreadable(ValueError):
    """A node or relationship that graphleads did not write, or that somebody changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """Who says something, and how sure that is where it is not certain."""

    dataset: str
    record: str
    last_seen_on: str | None = None
    confidence: float | None = None


def parse_sources(tie: Mapping[str, Any]) -> Iterator[SourceText]:
    """Yield where a relationship stands, from its list of dataset, record and day, with tabs between them.

    Raises:
        Unreadable: If there is no such list.
    """
    sources = tie.get("sources")
    if not isinstance(sources, list):
        raise Unreadable("it has no sources")
    for one in sources:
        dataset, tab, rest = str(one).partition("\t")
        record, tab, seen = rest.rpartition("\t")
        if not tab or not dataset or not record:
            raise Unreadable(f"{one!r} is no source")
        yield SourceText(dataset=dataset, record=record, last_seen_on=seen or None)


def day(value: object) -> date | None:
    """Return a day of a property or statement, None where there is none.

    Raises:
        Unreadable: If it is something else.
    """
    text = value.get(DATE) if isinstance(value, Mapping) else value
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if isinstance(text, str) else _refuse(text)
    except ValueError as error:
        raise Unreadable(f"{text!r} is no day") from error


def _refuse(value: object) -> date:
    raise Unreadable(f"{value!r} is no day")


def is_known(said: Mapping[str, Any], on: date) -> bool:
    """Return whether something was known on a day."""
    known_from, known_until = day(said.get("known_from")), day(said.get("known_until"))
    return (known_from is None or known_from <= on) and (known_until is None or on < known_until)


def left(said: Mapping[str, Any]) -> bool:
    """Return whether something ended because its source did not say it any more, and not because that said so."""
    ended, seen = day(said.get("valid_to")), day(said.get("last_seen_on"))
    known_from = day(said.get("known_from")) or ended
    return ended is not None and seen is not None and known_from is not None and seen < min(ended, known_from)


def times(said: Mapping[str, Any]) -> Row:
    """Return the staged dates of something: from when to when it is true, and since when that is known."""
    return {
        "start_on": day(said.get("valid_from")),
        "end_on": day(said.get("valid_to")),
        "published_on": day(said.get("known_from")),
    }


def checked(table: str, row: Mapping[str, Any]) -> tuple[Row | None, list[str]]:
    """Return a row with values of the table's types, and the columns that do not fit.

    The row is None if it lacks a column that every row must have.
    """
    whole: Row = {}
    unfit = []
    for column in STAGED[table].columns:
        value = row.get(column.name)
        if value is None:
            continue
        words = VALUES.get(f"{table}.{column.name}")
        fit = (value if isinstance(value, str) and value in words else None) if words else _fit(value, column.type)
        if fit is None:
            unfit.append(column.name)
        else:
            whole[column.name] = fit
    needed = {column.name for column in STAGED[table].columns if column.required} - {"op", "mentioned"}
    return (whole if needed <= whole.keys() else None), unfit


def _fit(value: Any, wanted: pa.DataType) -> Any:
    """Return a value as one of a type, None if it is of another."""
    if wanted == pa.date32():
        return value if isinstance(value, date) else _day_or_none(value)
    if wanted == MONEY:
        return _money(value)
    if pa.types.is_floating(wanted):
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return value if type(value) is _PLAIN.get(wanted, str) else None


def _day_or_none(value: object) -> date | None:
    try:
        return day(value)
    except Unreadable:
        return None


def _money(value: object) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
