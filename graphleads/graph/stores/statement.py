"""What registers say of an entity, from the rows of its statements: the same for whichever engine keeps them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from graphleads.codes.scheme import normalize_identifier, split_written
from graphleads.errors import EntityNotFound
from graphleads.graph.describe import COMPANY, GONE
from graphleads.ids import EntityId, is_id, make_id
from graphleads.model import Fact, Identifier, Name, NodeKind, Period, Source
from graphleads.remedy import Remedy

UNBOUNDED = (date(1, 1, 1), date(9999, 12, 31))
"""The first and the last day there are: what dates are where nothing bounds them."""

Row = Mapping[str, Any]


def not_found(entity_id: EntityId, kind: NodeKind | None = None, known_on: date | None = None) -> EntityNotFound:
    """Return the error that says that there is no entity, or none of that kind, or none as known on a day."""
    what = "company" if kind is NodeKind.COMPANY else "person" if kind is NodeKind.PERSON else "entity"
    named = f"There is no {what} {entity_id[:80]!r} in the registers"
    if known_on is None:
        return EntityNotFound(f"{named}.", Remedy.SEARCH_TEXT, entity=entity_id)
    return EntityNotFound(f"{named} as known on {known_on}.", Remedy.SEARCH_OR_ASK_LATER, entity=entity_id)


def parse_names(rows: Iterable[Row]) -> tuple[Name, ...]:
    """Return names from versions of them: each once by name and kind, over all its periods, from the last source."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["name"], row["kind"]), []).append(row)
    return tuple(_name(found[said]) for said in sorted(found))


def _name(rows: Sequence[Row]) -> Name:
    last = _last(rows)
    period = {"valid_from": min(row["valid_from"] for row in rows), "valid_to": max(row["valid_to"] for row in rows)}
    return Name(
        name=last["name"],
        kind=last["kind"],
        period=_period(period),
        language=last["language"],
        source=_source(last),
        n_sources=_n_sources(rows),
    )


def parse_identifiers(rows: Iterable[Row]) -> tuple[Identifier, ...]:
    """Return identifiers from the rows of `identifiers`, each once, from the last source."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault((row["scheme"], row["value"], row.get("valid")), []).append(row)
    return tuple(
        Identifier(scheme=scheme, value=value, valid=valid, source=_source(_last(alike)), n_sources=_n_sources(alike))
        for (scheme, value, valid), alike in found.items()
    )


def parse_facts(rows_of: Callable[[str], Sequence[Row]]) -> Iterator[Fact]:
    """Return the facts of a company, each once over all who say it; `rows_of` returns its rows of one of the tables."""
    found: dict[tuple[str, str, Period], list[Row]] = {}
    for field, value, row in _said(rows_of):
        found.setdefault((field, str(value), _period(row)), []).append(row)
    for (field, value, period), rows in found.items():
        yield Fact(field=field, value=value, period=period, source=_source(_last(rows)), n_sources=_n_sources(rows))


def _said(rows_of: Callable[[str], Sequence[Row]]) -> Iterator[tuple[str, object, Row]]:
    """Yield what each row says of a company: the fact's field, its value, and the row."""
    records = rows_of("records")
    for row in records:
        for name in COMPANY:
            if row[name] is not None:
                yield name, row[name], row
    for row in rows_of("statuses"):
        yield "status", f"{row['status']} ({row['status_text']})" if row["status_text"] else row["status"], row
    for row in _left(records):
        yield "status", f"inactive ({GONE})", row | {"valid_from": row["valid_to"], "valid_to": UNBOUNDED[1]}
    for row in rows_of("classifications"):
        yield "classification", f"{row['scheme']}: {row['code']}", row
    for row in rows_of("declarations"):
        yield f"no {row['about']} named", row["reason"], row


def _last(rows: Sequence[Row]) -> Row:
    """Return the row that was seen last, ties by dataset and record."""
    return min(rows, key=lambda row: (-row["last_seen_on"].toordinal(), row["dataset"], row["record"]))


def _n_sources(rows: Iterable[Row]) -> int:
    """Return how many records say what the rows say; a row may stand for several."""
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        whose = row["dataset"], row["record"]
        counted[whose] = max(counted.get(whose, 0), row.get("n_sources") or 1)
    return sum(counted.values())


def _left(records: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the last records of a company that is in no register any more."""
    described = [dict(row) for row in records if not row["mentioned"]]
    left = max((row["valid_to"] for row in described), default=UNBOUNDED[1])
    return [row for row in described if row["valid_to"] == left != UNBOUNDED[1]]


def identifier_ids(text: str, schemes: Iterable[str]) -> list[EntityId]:
    """Return the ids that a text can stand for: of its own scheme, else of each scheme that it fits, sorted."""
    written = split_written(text)
    pairs = [written] if written else [(scheme, text) for scheme in sorted(set(schemes))]
    values = ((scheme, normalize_identifier(scheme, value)) for scheme, value in pairs)
    ids = (make_id(scheme, value) for scheme, value in values if value is not None)
    return [one for one in ids if is_id(one)]


def source_order(source: Source) -> tuple[str, str, date]:
    """Return what sources are sorted by: dataset, record and day."""
    return source.dataset, source.record, source.observed_on or UNBOUNDED[0]


def last_of_each(sources: Collection[Source]) -> tuple[Source, ...]:
    """Return each record once, as it was seen last, by dataset and record."""
    if len(sources) == 1:
        return tuple(sources)
    last: dict[tuple[str, str], Source] = {}
    for source in sorted(sources, key=source_order):
        last[source.dataset, source.record] = source
    return tuple(last.values())


def bounded(day: object) -> date | None:
    """Return a day, None where it stands for unbounded."""
    return day if isinstance(day, date) and day not in UNBOUNDED else None


def _source(row: Row) -> Source:
    return Source(dataset=str(row["dataset"]), record=str(row["record"]), observed_on=bounded(row["last_seen_on"]))


def parse_period(valid_from: date, valid_to: date) -> Period:
    """Return a period; of what is sure of its last day alone, nobody knows the first."""
    start = None if valid_to - valid_from == timedelta(days=1) else bounded(valid_from)
    return Period(start_on=start, end_on=bounded(valid_to))


def _period(row: Row) -> Period:
    return parse_period(row["valid_from"], row["valid_to"])
