"""What Neo4j answers, as the nouns: nodes, statements and relationships from their properties."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from graphleads.graph.describe import status_on
from graphleads.graph.neo4j.model import SEPARATOR, STATEMENTS, TYPES
from graphleads.graph.order import days_since_1970
from graphleads.graph.stores.statement import UNBOUNDED
from graphleads.model import Company, NodeKind, NodeRef, Period, Person, Relationship, Source
from graphleads.tables.schema import WORD

KINDS = tuple(NodeKind)
"""Kinds of nodes by the rank that statements return."""

_RELATION_OF = {kind: relation for relation, kind in TYPES.items()}
_PLACED = ("locality", "region", "postcode", "legal_form", "jurisdiction")
_BEFORE = ("valid_from", "known_from")
_AFTER = ("valid_to", "known_until")


class Statements:
    """The rows that a node keeps as JSON, by table."""

    def __init__(self, text: str | None) -> None:
        self._tables: dict[str, list[dict[str, Any]]] = json.loads(text or "{}")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of one of `model.STATEMENTS`, with dates as dates and null where nothing is said."""
        missing: dict[str, Any] = dict.fromkeys(STATEMENTS[table])
        return [missing | row | _dates(row) for row in self._tables.get(table, [])]


def _dates(row: Mapping[str, Any]) -> dict[str, date | None]:
    bounds = {name: _day(row.get(name)) or UNBOUNDED[0] for name in _BEFORE}
    bounds |= {name: _day(row.get(name)) or UNBOUNDED[1] for name in _AFTER}
    return {**bounds, "last_seen_on": _day(row.get("last_seen_on"))}


def _day(value: Any) -> date | None:
    """Return a day from ISO 8601, or from what the driver makes of a date."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) else value.to_native()


def status_of_day(rows: Sequence[Mapping[str, Any]], *, valid_on: date, known_on: date) -> int:
    """Return the position in `describe.STATUSES` of the status that rows of `statuses` give one company on a day."""
    words = pa.schema([("dataset", WORD), ("record", pa.string()), ("status", WORD)])
    fields = [*words, *(pa.field(name, pa.date32()) for name in (*_BEFORE, *_AFTER))]
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in fields]
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    table = table.append_column("node", pa.array(np.zeros(len(rows), np.int32)))
    return int(status_on(table, 1, valid_on=days_since_1970(valid_on), known_on=days_since_1970(known_on))[0])


def parse_ref(row: Mapping[str, Any], name: str) -> NodeRef:
    """Return a node from the three columns of a row that begin with a name."""
    return NodeRef(id=row[f"{name}_id"], kind=KINDS[row[f"{name}_rank"]], name=row[f"{name}_name"])


def parse_company(said: Mapping[str, Any]) -> Company:
    """Return a company from the properties of its node: without names, identifiers and facts."""
    plain: dict[str, Any] = {name: said.get(name) for name in _PLACED}
    return Company(
        id=said["id"], name=said["name"], entity_type=said.get("entity_type", "unknown"), mentioned=said["mentioned"],
        status=said["status"], incorporated_on=_day(said.get("incorporated_on")),
        dissolved_on=_day(said.get("dissolved_on")), **plain,
    )  # fmt: skip


def parse_person(said: Mapping[str, Any], sources: tuple[Source, ...]) -> Person:
    """Return a person from the properties of its node."""
    plain = ("birth_year", "birth_month", "nationality")
    kind = said.get("kind", "known")
    return Person(
        id=said["id"], name=said["name"], kind=kind, sources=sources, **{name: said.get(name) for name in plain}
    )


def parse_source(text: str) -> Source:
    """Return a source from a text of the property `sources`."""
    dataset, rest = text.split(SEPARATOR, 1)
    record, day = rest.rsplit(SEPARATOR, 1)
    return Source(dataset=dataset, record=record, observed_on=date.fromisoformat(day) if day else None)


def parse_relationship(row: Mapping[str, Any]) -> Relationship:
    """Return a relationship from a row of `query`."""
    says = row["says"]
    plain = ("kind", "title", "share_min", "share_max")
    return Relationship(
        source=parse_ref(row, "source"), target=parse_ref(row, "target"), relation=_RELATION_OF[row["type"]],
        period=Period(start_on=_day(says.get("valid_from")), end_on=_day(says.get("valid_to"))),
        confidence=round(says["confidence"], 6), sources=tuple(parse_source(text) for text in says["sources"]),
        ignored=_why_ignored(row, says), **{name: says.get(name) for name in plain},
    )  # fmt: skip


def _why_ignored(row: Mapping[str, Any], says: Mapping[str, Any]) -> str | None:
    if says["weight"] == 0:
        held = "nominee" if says.get("held_as") == "nominee" else "weightless"
        return "auditor" if says["kind"] == "auditor" else held
    return "hub" if row["source_hub"] or row["target_hub"] else None
