"""What Neo4j answers, as the nouns: nodes, statements and relationships from their properties."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.describe import PERSON, STATUSES, Day, describe_persons, is_known_on
from graphleads.graph.entity_view import companies_on
from graphleads.graph.neo4j.followed import why_ignored
from graphleads.graph.neo4j.model import SEPARATOR, STATEMENTS, TYPES
from graphleads.graph.standing import standing_on
from graphleads.graph.stores.statement import UNBOUNDED, bounded, last_of_each, parse_period
from graphleads.graph.view import TieView
from graphleads.model import Company, NodeKind, NodeRef, Person, Relationship, Source
from graphleads.tables.schema import STAGED, WORD

KINDS = tuple(NodeKind)
"""Kinds of nodes by the rank that statements return."""

_RELATION_OF = {kind: relation for relation, kind in TYPES.items()}
_SHOWN = (
    "name", "entity_type", "jurisdiction", "legal_form", "incorporated_on", "dissolved_on", "region", "locality",
    "postcode",
)  # fmt: skip
_PLACED = ("locality", "region", "postcode", "legal_form", "jurisdiction")
_BEFORE = ("valid_from", "known_from")
_AFTER = ("valid_to", "known_until")


class Statements:
    """The rows that nodes keep as JSON, by table; `node` counts the nodes."""

    def __init__(self, texts: Sequence[str | None]) -> None:
        self._tables: list[dict[str, list[dict[str, Any]]]] = [json.loads(text or "{}") for text in texts]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of one of `model.STATEMENTS`, with dates as dates and null where nothing is said."""
        missing: dict[str, Any] = dict.fromkeys(STATEMENTS[table])
        return [
            missing | row | _dates(row) | {"node": node}
            for node, tables in enumerate(self._tables)
            for row in tables.get(table, [])
        ]

    def names(self) -> list[dict[str, Any]]:
        """Return the versions of the names."""
        return [*(row for row in self.rows("names") if not row["several"]), *self.rows("name_versions")]

    def table(self, name: str, columns: Sequence[str]) -> pa.Table:
        """Return some columns of the rows of a table, beside those that say whose, where and when."""
        return to_table(self.names() if name == "names" else self.rows(name), columns)


_FIXED = (
    ("node", pa.int32()), ("dataset", WORD), ("record", pa.string()),
    *((name, pa.date32()) for name in (*_BEFORE, *_AFTER, "last_seen_on")),
)  # fmt: skip
_COLUMN_TYPES = {column.name: column.type for table in ("persons", "companies") for column in STAGED[table].own}
_COLUMN_TYPES |= {"rank": pa.int16(), "status": WORD, "kind": WORD, "mentioned": pa.bool_()}


def to_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> pa.Table:
    """Return rows of statements as columns: whose, where, when, and some others."""
    schema = pa.schema([*_FIXED, *((name, _COLUMN_TYPES[name]) for name in columns)])
    arrays = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        dated = [_day(value) for value in values] if field.type == pa.date32() else values
        arrays.append(pa.array(dated, pa.string() if field.type == WORD else field.type).cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _dates(row: Mapping[str, Any]) -> dict[str, date | None]:
    bounds = {name: _day(row.get(name)) or UNBOUNDED[0] for name in _BEFORE}
    bounds |= {name: _day(row.get(name)) or UNBOUNDED[1] for name in _AFTER}
    return {**bounds, "last_seen_on": _day(row.get("last_seen_on")) or UNBOUNDED[0]}


def _day(value: Any) -> date | None:
    """Return a day from ISO 8601, or from what the driver makes of a date."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) else value.to_native()


class Asked:
    """The days of a question, and what is told of them from what nodes and relationships keep."""

    def __init__(self, ties: TieView, *, is_own: bool) -> None:
        """Take the ties as the ranking follows them on the days, and whether the nodes are described as on these."""
        self.ties = ties
        self.is_own = is_own
        self.day = Day(ties.valid_on, ties.known_on)
        self._sightings = ties.snapshot.sightings

    def seen_on(self, rows: pa.Table) -> NDArray[np.int32]:
        """Return int32[n_rows]: when each version was last seen, as far as that was known."""
        return self._sightings.seen_on(rows, self.day.known_on)

    def known(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows that were known on the day, each with when it was last seen until then."""
        table = to_table(rows)
        kept = np.flatnonzero(is_known_on(table, self.day))
        seen = pa.array(self.seen_on(table.take(pa.array(kept))), pa.int32()).cast(pa.date32()).to_pylist()
        return [{**rows[at], "last_seen_on": on} for at, on in zip(kept.tolist(), seen, strict=True)]

    def companies(self, ids: Sequence[str], said: Statements) -> list[dict[str, Any]]:
        """Return companies as they were described on the day, with their statuses."""
        records = said.table("records", ["mentioned", "rank", *_SHOWN])
        names = said.table("names", ["name", "kind"])
        found = companies_on(
            pa.array(ids, pa.string()), records, names, self.day, columns=_SHOWN, seen_on=self.seen_on
        ).to_pylist()
        standing = standing_on(said.table("statuses", ["status"]), records, len(ids), self.day, seen_on=self.seen_on)
        return [row | {"status": STATUSES[code]} for row, code in zip(found, standing.status.tolist(), strict=True)]

    def persons(self, ids: Sequence[str], said: Statements) -> list[dict[str, Any] | None]:
        """Return persons as they were described on the day, None for those who are described alike on any."""
        versions = said.table("person_versions", PERSON)
        changed = set(versions["node"].to_pylist())
        found = describe_persons(versions, pa.array(ids, pa.string()), self.day, seen_on=self.seen_on).to_pylist()
        return [row if at in changed else None for at, row in enumerate(found)]

    def refs(self, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[list[NodeRef]]:
        """Return the nodes of each row that some columns begin with the name of, as they were called on the day."""
        refs = [[parse_ref(row, name) for name in names] for row in rows]
        if self.is_own:
            return refs
        said = {ref.id: row[f"{name}_statements"] for row, of in zip(rows, refs, strict=True)
                for ref, name in zip(of, names, strict=True)}  # fmt: skip
        kinds = {ref.id: ref.kind for of in refs for ref in of}
        called = self._called(kinds, said)
        return [[replace(ref, name=called.get(ref.id) or ref.name) for ref in of] for of in refs]

    def _called(self, kinds: Mapping[str, NodeKind], said: Mapping[str, str | None]) -> dict[str, str]:
        found: dict[str, str] = {}
        for kind, describe in ((NodeKind.COMPANY, self.companies), (NodeKind.PERSON, self.persons)):
            ids = [one for one, of in kinds.items() if of is kind]
            described = describe(ids, Statements([said[one] for one in ids]))
            found |= {one: row["name"] for one, row in zip(ids, described, strict=True) if row is not None}
        return found

    def sources(self, same: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
        """Return where ties that say the same stand, each record once, as it was seen last by the day."""
        rows = [
            _said(text) | {"known_from": _day(one.get("known_from")) or UNBOUNDED[0]}
            for one in same
            for text in one["sources"]
        ]
        table = to_table([dict.fromkeys(("valid_from", "valid_to", "known_until", "node")) | row for row in rows])
        seen = pa.array(self.seen_on(table), pa.int32()).cast(pa.date32()).to_pylist()
        return last_of_each(
            [
                Source(dataset=row["dataset"], record=row["record"], observed_on=bounded(on))
                for row, on in zip(rows, seen, strict=True)
            ]
        )


def parse_ref(row: Mapping[str, Any], name: str) -> NodeRef:
    """Return a node from the three columns of a row that begin with a name."""
    return NodeRef(id=row[f"{name}_id"], kind=KINDS[row[f"{name}_rank"]], name=row[f"{name}_name"])


def parse_company(said: Mapping[str, Any]) -> Company:
    """Return a company from the properties of its node: without names, identifiers and facts."""
    plain: dict[str, Any] = {name: said.get(name) for name in _PLACED}
    return Company(
        id=said["id"], name=said["name"], entity_type=said.get("entity_type") or "unknown", mentioned=said["mentioned"],
        status=said["status"], incorporated_on=_day(said.get("incorporated_on")),
        dissolved_on=_day(said.get("dissolved_on")), **plain,
    )  # fmt: skip


def parse_person(said: Mapping[str, Any], sources: tuple[Source, ...]) -> Person:
    """Return a person from the properties of its node."""
    plain = ("birth_year", "birth_month", "nationality")
    kind = said.get("kind") or "known"
    return Person(
        id=said["id"], name=said["name"], kind=kind, sources=sources, **{name: said.get(name) for name in plain}
    )


def _said(text: str) -> dict[str, Any]:
    """Return a source from a text of the property `sources`."""
    dataset, rest = text.split(SEPARATOR, 1)
    record, day = rest.rsplit(SEPARATOR, 1)
    return {"dataset": dataset, "record": record, "last_seen_on": _day(day or None) or UNBOUNDED[0]}


def parse_relationships(rows: Sequence[Mapping[str, Any]], asked: Asked) -> list[Relationship]:
    """Return relationships from rows of `query`, as they were told on the day."""
    refs, ignored = asked.refs(rows, ("source", "target")), why_ignored(rows, asked.ties)
    return [_relationship(row, ends, why, asked) for row, ends, why in zip(rows, refs, ignored, strict=True)]


def _relationship(row: Mapping[str, Any], ends: Sequence[NodeRef], ignored: str | None, asked: Asked) -> Relationship:
    says, (source, target) = row["says"], ends
    plain = ("kind", "title", "share_min", "share_max")
    return Relationship(
        source=source, target=target, relation=_RELATION_OF[row["type"]],
        period=parse_period(
            _day(says.get("valid_from")) or UNBOUNDED[0], _day(says.get("valid_to")) or UNBOUNDED[1]
        ),
        confidence=round(max(one["confidence"] for one in row["same"]), 6), sources=asked.sources(row["same"]),
        ignored=ignored, **{name: says.get(name) for name in plain},
    )  # fmt: skip
