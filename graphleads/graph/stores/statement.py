"""What registers say of an entity, from the rows of its statements: the same for whichever engine keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from graphleads.codes.scheme import normalize_identifier
from graphleads.errors import EntityNotFound
from graphleads.graph.describe import COMPANY
from graphleads.ids import EntityId, is_id, make_id, split_id
from graphleads.model import Company, Fact, Identifier, Name, NodeKind, Period, Source

UNBOUNDED = (date(1, 1, 1), date(9999, 12, 31))
"""The first and the last day there are: what dates are where nothing bounds them."""

Row = Mapping[str, Any]


def not_found(entity_id: EntityId, kind: NodeKind | None = None) -> EntityNotFound:
    """Return the error that says that there is no entity, or none of that kind."""
    what = "company" if kind is NodeKind.COMPANY else "person" if kind is NodeKind.PERSON else "entity"
    return EntityNotFound(
        f"There is no {what} {entity_id[:80]!r} in the registers: look for it with `graphleads search TEXT`."
    )


def parse_names(rows: Iterable[Row]) -> tuple[Name, ...]:
    """Return names from the rows of `names`."""
    return tuple(
        Name(name=row["name"], kind=row["kind"], period=_period(row), language=row["language"], source=_source(row))
        for row in rows
    )


def parse_identifiers(rows: Iterable[Row]) -> tuple[Identifier, ...]:
    """Return the identifiers that are known still, from the rows of `identifiers`."""
    return tuple(
        Identifier(scheme=row["scheme"], value=row["value"], valid=row["valid"], source=_source(row))
        for row in filter(_is_known, rows)
    )


def parse_facts(rows_of: Callable[[str], Sequence[Row]]) -> Iterator[Fact]:
    """Return the facts of a company that are known still; `rows_of` returns its rows of one of the tables."""
    for row in filter(_is_known, rows_of("records")):
        for name in COMPANY:
            if row[name] is not None:
                yield _fact(name, row[name], row)
    for row in filter(_is_known, rows_of("statuses")):
        yield _fact("status", f"{row['status']} ({row['status_text']})" if row["status_text"] else row["status"], row)
    for row in filter(_is_known, rows_of("classifications")):
        yield _fact("classification", f"{row['scheme']}: {row['code']}", row)
    for row in filter(_is_known, rows_of("declarations")):
        yield _fact(f"no {row['about']} named", row["reason"], row)


def called_on(company: Company, status: str, day: date) -> Company:
    """Return a company with the status and the name that it had on a day."""
    borne = [name for name in company.names if name.kind == "legal" and _covers(name.period, day)]
    return replace(company, status=status, name=borne[-1].name if borne else company.name)


def identifier_ids(text: str, schemes: Iterable[str]) -> list[EntityId]:
    """Return the ids that a text can stand for: of its own scheme, else of each scheme that it fits, sorted."""
    text = text.strip()
    pairs = [split_id(text)] if is_id(text) else [(scheme, text) for scheme in sorted(set(schemes))]
    values = ((scheme, normalize_identifier(scheme, value)) for scheme, value in pairs)
    ids = (make_id(scheme, value) for scheme, value in values if value is not None)
    return [one for one in ids if is_id(one)]


def source_order(source: Source) -> tuple[str, str, date]:
    """Return what sources are sorted by: dataset, record and day."""
    return source.dataset, source.record, source.observed_on or UNBOUNDED[0]


def bounded(day: object) -> date | None:
    """Return a day, None where it stands for unbounded."""
    return day if isinstance(day, date) and day not in UNBOUNDED else None


def _fact(field: str, value: object, row: Row) -> Fact:
    return Fact(field=field, value=str(value), period=_period(row), source=_source(row))


def _covers(period: Period, day: date) -> bool:
    return (period.start_on is None or period.start_on <= day) and (period.end_on is None or day < period.end_on)


def _is_known(row: Row) -> bool:
    return bool(row["known_until"] == UNBOUNDED[1])


def _source(row: Row) -> Source:
    return Source(dataset=str(row["dataset"]), record=str(row["record"]), observed_on=bounded(row["last_seen_on"]))


def _period(row: Row) -> Period:
    return Period(start_on=bounded(row["valid_from"]), end_on=bounded(row["valid_to"]))
