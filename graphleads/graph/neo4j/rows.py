"""What each row of a snapshot becomes in Neo4j: tables whose columns are properties, null where there is none."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import STATUSES
from graphleads.graph.edges import RELATIONS
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.lookup import rows_between
from graphleads.graph.neo4j.fingerprint import edge_prints, fact_prints, family_ids, node_prints
from graphleads.graph.neo4j.json_text import json_members, json_objects, list_of
from graphleads.graph.neo4j.model import (
    COMPANY_COLUMNS,
    CONTACT_POINT_COLUMNS,
    PERSON_COLUMNS,
    RELATIONSHIP_COLUMNS,
    SAID,
    SEPARATOR,
    STATEMENTS,
)
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind

_TEXT, _WORD, _LIST = pa.string(), pa.dictionary(pa.int32(), pa.string()), pa.list_(pa.string())
_DAY, _NUMBER, _FLOAT, _FLAG = pa.date32(), pa.int64(), pa.float64(), pa.bool_()

_TYPES = {
    "entity_type": _WORD, "mentioned": _FLAG, "jurisdiction": _WORD, "legal_form": _WORD, "size_class": _WORD,
    "incorporated_on": _DAY, "dissolved_on": _DAY, "capital": _FLOAT, "capital_currency": _WORD,
    "n_employees_min": _NUMBER, "n_employees_max": _NUMBER, "region": _WORD, "locality": _WORD, "status": _WORD,
    "birth_year": _NUMBER, "birth_month": _NUMBER, "nationality": _WORD, "residence": _WORD, "kind": _WORD,
    "n_companies": _NUMBER, "hub": _FLAG, "row": _NUMBER, "names": _LIST, "identifiers": _LIST, "former_ids": _LIST,
    "title": _WORD, "share_min": _FLOAT, "share_max": _FLOAT, "min_exclusive": _FLAG, "max_exclusive": _FLAG,
    "directness": _WORD, "held_as": _WORD, "valid_from": _DAY, "valid_to": _DAY, "known_from": _DAY,
    "known_until": _DAY, "last_seen_on": _DAY, "confidence": _FLOAT, "n_statements": _NUMBER, "weight": _FLOAT,
    "sources": _LIST,
}  # fmt: skip
"""Types of properties; what is not here is text. A word is one of few in a batch."""


def _schema(*names: str) -> pa.Schema:
    return pa.schema([(name, _TYPES.get(name, _TEXT)) for name in names])


_OF_NODES = ("n_companies", "hub", "known_from", "row")
_STATED = ("names", "identifiers", "statements")
NODE_SCHEMAS: Mapping[NodeKind, pa.Schema] = {
    NodeKind.COMPANY: _schema(*COMPANY_COLUMNS, "status", "family", "former_ids", *_STATED, *_OF_NODES),
    NodeKind.PERSON: _schema(*PERSON_COLUMNS, *_STATED, *_OF_NODES),
    NodeKind.CONTACT_POINT: _schema(*CONTACT_POINT_COLUMNS, *_OF_NODES),
}
"""The properties of a node of each kind, `ended_in` apart."""

RELATIONSHIP_SCHEMA = _schema("key", "fact", *RELATIONSHIP_COLUMNS, "weight", "sources", "row")
"""The properties of a relationship, `ended_in` apart."""


class Relationships(NamedTuple):
    """Relationships of one type.

    Attributes:
        source: int64[n], the nodes that they go out from.
        target: int64[n], the nodes that they go to.
        table: Their properties, as `RELATIONSHIP_SCHEMA`.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    table: pa.Table


class GraphRows:
    """A snapshot as rows of Neo4j, for several threads.

    Attributes:
        snapshot: The snapshot.
        first: The number of the first node of each kind.
        n_nodes: How many nodes there are of each kind.
        nodes_printed: The prints of the nodes, by kind.
        edges_printed: The prints of the edges.
        edges_of: By relation, int64[n], the edges that are of it, ascending.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        counts = [table.num_rows for table in snapshot.node_tables]
        relation = snapshot.numbers("edges", "relation")
        self.snapshot = snapshot
        self.first = dict(zip(NodeKind, np.cumsum([0, *counts[:-1]]).tolist(), strict=True))
        self.n_nodes = dict(zip(NodeKind, counts, strict=True))
        self.nodes_printed = node_prints(snapshot)
        self.edges_printed = edge_prints(snapshot)
        self.edges_of = {name: np.flatnonzero(relation == code) for code, name in enumerate(RELATIONS)}
        self._families = family_ids(snapshot)
        self._former = _merged(snapshot)

    @cached_property
    def facts_printed(self) -> NDArray[np.uint64]:
        """uint64[n_edges], what each edge says, whenever that was known."""
        return fact_prints(self.snapshot)

    def nodes(self, kind: NodeKind, rows: NDArray[np.int64]) -> pa.Table:
        """Return nodes of one kind, as `NODE_SCHEMAS` has them.

        Args:
            kind: Which.
            rows: int64[n], ascending rows of the table of that kind.
        """
        schema, node = NODE_SCHEMAS[kind], rows + self.first[kind]
        table = dict(zip(NodeKind, self.snapshot.node_tables, strict=True))[kind]
        stated = table.select([name for name in schema.names if name in table.column_names]).take(pa.array(rows))
        columns = {name: _property(stated[name]) for name in stated.column_names}
        columns["n_companies"] = pa.array(self.snapshot.node_array("n_companies")[node])
        columns["hub"] = pa.array(self.snapshot.node_array("blocked")[node].astype(bool))
        columns["known_from"] = pa.array(self.snapshot.node_array("known_from")[node]).cast(pa.date32())
        columns["row"] = pa.array(self.nodes_printed[kind].row[rows])
        if kind is not NodeKind.CONTACT_POINT:
            columns |= self._stated_of(node)
        if kind is NodeKind.COMPANY:
            columns |= self._of_companies(rows)
        return pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)

    def relationships(self, edges: NDArray[np.int64]) -> Relationships:
        """Return some edges, int64[n] and ascending, as relationships."""
        stated = self.snapshot.edges.select(RELATIONSHIP_COLUMNS).take(pa.array(edges))
        columns = {name: _property(stated[name]) for name in RELATIONSHIP_COLUMNS}
        columns["key"] = hex_texts(self.edges_printed.key[edges])
        columns["fact"] = hex_texts(self.facts_printed[edges])
        columns["row"] = pa.array(self.edges_printed.row[edges])
        columns["weight"] = _shortest(pa.array(self.snapshot.node_array("edge_weight")[edges]))
        columns["sources"] = self._sources(edges)
        source, target = (self.snapshot.numbers("edges", end)[edges].astype(np.int64) for end in ("source", "target"))
        schema = RELATIONSHIP_SCHEMA
        table = pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)
        return Relationships(source=source, target=target, table=table)

    def ids(self, nodes: NDArray[np.int64]) -> pa.Array:
        """Return the ids of nodes of any kind."""
        columns = [chunk for table in self.snapshot.node_tables for chunk in table["id"].chunks]
        return _one_chunk(pa.chunked_array(columns, pa.string()).take(pa.array(nodes)))

    def schemes(self) -> list[str]:
        """Return the identifier schemes that a search has to try."""
        borne = self.snapshot.identifiers["scheme"].chunk(0).dictionary.to_pylist()
        return sorted({*borne, *self.snapshot.manifest["schemes"]})

    def _of_companies(self, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        merged, ids = self._former
        begin, end = np.searchsorted(merged, rows), np.searchsorted(merged, rows, side="right")
        owner = np.repeat(np.arange(len(rows)), end - begin)
        status = self.snapshot.node_array("status")[rows].astype(np.int32)
        return {
            "status": pa.DictionaryArray.from_arrays(pa.array(status), pa.array(STATUSES)),
            "family": self._families.take(pa.array(rows)),
            "former_ids": list_of(ids.take(pa.array(rows_between(begin, end))), owner, len(rows)),
        }

    def _stated_of(self, nodes: NDArray[np.int64]) -> dict[str, pa.Array]:
        """Return the names and identifiers of nodes, and all that is said of them."""
        found: dict[str, pa.Array] = {}
        objects: dict[str, pa.ListArray] = {}
        for name, columns in STATEMENTS.items():
            begin, end = self.snapshot.rows_of(name, "node", nodes)
            owner = np.repeat(np.arange(len(nodes)), end - begin)
            rows = self.snapshot.table(name).take(pa.array(rows_between(begin, end)))
            objects[name] = list_of(json_objects(rows, columns), owner, len(nodes))
            if name == "names":
                found[name] = _distinct(_one_chunk(rows["name"]), owner, len(nodes))
            if name == "identifiers":
                scheme, value = _one_chunk(rows["scheme"]).cast(pa.string()), _one_chunk(rows["value"])
                borne = pc.binary_join_element_wise(scheme, value, ":")
                found[name] = _distinct(borne, owner, len(nodes))
        return found | {"statements": json_members(objects)}

    def _sources(self, edges: NDArray[np.int64]) -> pa.ListArray:
        begin, end = self.snapshot.rows_of("statements", "edge", edges)
        rows = self.snapshot.table("statements").select(SAID).take(pa.array(rows_between(begin, end)))
        dataset, record, day = (_property(rows[name]).cast(pa.string()) for name in SAID)
        texts = pc.binary_join_element_wise(
            dataset, record, day, SEPARATOR, null_handling="replace", null_replacement=""
        )
        return list_of(texts, np.repeat(np.arange(len(edges)), end - begin), len(edges))


def _merged(snapshot: Snapshot) -> tuple[NDArray[np.int64], pa.Array]:
    """Return the companies that ids were merged into, sorted, and those ids."""
    moved = snapshot.table("redirects")
    node = snapshot.nodes_of(moved["company"].to_pylist())
    order = np.argsort(node, kind="stable")
    return node[order], _one_chunk(moved["id"]).take(pa.array(order))


def hex_texts(numbers: NDArray[np.uint64]) -> pa.Array:
    """Return each number as a text of 16 hex digits."""
    digits = binascii.hexlify(numbers.astype(">u8").tobytes())
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * 16
    return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(digits)])


def _property(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of a snapshot as a property has it: unbounded days are null, floats of the shortest text."""
    values = _one_chunk(column)
    if pa.types.is_date32(values.type):
        days = values.cast(pa.int32())
        return pc.if_else(pc.is_in(days, value_set=pa.array([BEGINNING, FOREVER], pa.int32())), None, values)
    return _shortest(values) if pa.types.is_float32(values.type) else values


def _shortest(values: pa.Array) -> pa.Array:
    """Return float32 as float64 of the same shortest text, so that 0.9 is 0.9."""
    return values.cast(pa.string()).cast(pa.float64())


def _distinct(texts: pa.Array, owner: NDArray[np.int64], n: int) -> pa.ListArray:
    """Return the texts of each owner from 0 to `n` - 1, each once, in the order in which they come."""
    encoded = texts.dictionary_encode()
    codes = owner * max(len(encoded.dictionary), 1) + encoded.indices.to_numpy()
    _, first = np.unique(codes, return_index=True)
    kept = np.sort(first)
    return list_of(texts.take(pa.array(kept)), owner[kept], n)


def _one_chunk(column: pa.ChunkedArray | pa.Array) -> Any:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not isinstance(combined, pa.ChunkedArray):
        return combined
    return pa.concat_arrays(combined.chunks) if combined.num_chunks else pa.array([], combined.type)
