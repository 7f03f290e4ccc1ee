"""The edges of a snapshot: what several statements say of the same two nodes in the same period, said once.

Every edge goes from the holder, person or company to the company or contact point that it has to do with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.facts import Facts
from graphleads.graph.fold import BEGINNING, FOREVER, TIMES
from graphleads.graph.nodes import Nodes, contact_ids
from graphleads.graph.order import sortable
from graphleads.tables.schema import WORD

RELATIONS = ("interest", "role", "link", "contact", "same_person")
"""What an edge is, by its code."""

_ENDS = (("source", pa.int32()), ("target", pa.int32()), ("relation", pa.int8()))
_WHAT = (
    ("kind", WORD), ("title", pa.string()), ("share_min", pa.float64()), ("share_max", pa.float64()),
    ("min_exclusive", pa.bool_()), ("max_exclusive", pa.bool_()), ("directness", WORD), ("held_as", WORD),
)  # fmt: skip
_TIMES = tuple((name, pa.date32()) for name in TIMES)
STATED = pa.schema([*_ENDS, *_WHAT, *_TIMES, ("confidence", pa.float32()), ("dataset", WORD), ("record", pa.string())])
"""A statement of an edge, before those that say the same are joined."""

EDGES = pa.schema([*_ENDS, *_WHAT, *_TIMES, ("confidence", pa.float32()), ("n_statements", pa.int32())])
"""An edge; unbounded dates are 0001-01-01 and 9999-12-31."""

STATEMENTS = pa.schema(
    [("edge", pa.int32()), ("dataset", WORD), ("record", pa.large_string()), ("last_seen_on", pa.date32())]
)
"""Where each edge stands, sorted by edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The edges, where each of them stands, and how many statements had an end that is no node."""

    edges: pa.Table
    statements: pa.Table
    n_dangling: int


def join_edges(facts: Facts, same_as: pa.Table, nodes: Nodes) -> Edges:
    """Return one edge for each (ends, kind, period) of the facts, sorted by its ends.

    Args:
        facts: Folded facts.
        same_as: Pairs as `tables.SAME_AS`; person pairs become `same_person` edges.
        nodes: The numbered nodes.
    """
    interests, roles, links, points = (facts[name] for name in ("interests", "roles", "links", "contact_points"))
    contact = contact_ids(points["kind"], points["key"])
    points = points.append_column("title", points["purpose"].cast(pa.string()))
    company, holder = nodes.company_of, nodes.holder_of
    stated = pa.concat_tables(
        [
            _stated(interests, "interest", holder(interests["holder"]), company(interests["subject"])),
            _stated(roles, "role", holder(roles["holder"]), company(roles["company"])),
            _stated(links, "link", company(links["source"]), company(links["target"])),
            _stated(points, "contact", company(points["id"]), nodes.contact_of(contact)),
            _same_persons(same_as, nodes),
        ]
    ).unify_dictionaries()
    whole = pc.and_(pc.greater_equal(stated["source"], 0), pc.greater_equal(stated["target"], 0))
    # Two records that were merged into one company can hold or own each other: nothing is its own neighbour.
    whole = pc.and_(whole, pc.not_equal(stated["source"], stated["target"]))
    joined = stated.filter(whole)
    edges, statements = _join(joined)
    return Edges(edges=edges, statements=statements, n_dangling=stated.num_rows - joined.num_rows)


def _stated(facts: pa.Table, relation: str, source: NDArray[np.int32], target: NDArray[np.int32]) -> pa.Table:
    n = facts.num_rows
    columns = {
        "source": pa.array(source),
        "target": pa.array(target),
        "relation": pa.array(np.full(n, RELATIONS.index(relation), np.int8)),
        "confidence": pa.array(np.ones(n, np.float32)),
    }
    if "share" in facts.column_names:
        columns |= {"share_min": facts["share"], "share_max": facts["share"]}
    return _select(facts, columns)


def _select(facts: pa.Table, columns: dict[str, pa.Array | pa.ChunkedArray | None]) -> pa.Table:
    arrays = []
    for field in STATED:
        column = columns.get(field.name)
        if column is None:
            column = facts[field.name] if field.name in facts.column_names else pa.nulls(facts.num_rows, field.type)
        arrays.append(column.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=STATED)


def _same_persons(same_as: pa.Table, nodes: Nodes) -> pa.Table:
    pairs = same_as.filter(pc.equal(same_as["kind"], "person"))
    n = pairs.num_rows
    always = {name: pa.array(np.full(n, day, np.int32)).cast(pa.date32()) for name, day in _UNBOUNDED.items()}
    columns = {
        "source": pa.array(nodes.holder_of(pairs["left"])),
        "target": pa.array(nodes.holder_of(pairs["right"])),
        "relation": pa.array(np.full(n, RELATIONS.index("same_person"), np.int8)),
        "kind": pa.array(["same_person"]).dictionary_encode().take(pa.array(np.zeros(n, np.int32))),
        "title": pairs["method"].cast(pa.string()),
        "confidence": pairs["probability"],
        "dataset": pairs["evidence"].dictionary_encode(),
        "record": pairs["left"],
        **always,
    }
    return _select(pairs, columns)


_UNBOUNDED = {
    "valid_from": BEGINNING,
    "valid_to": FOREVER,
    "known_from": BEGINNING,
    "known_until": FOREVER,
    "last_seen_on": BEGINNING,
}


def _join(stated: pa.Table) -> tuple[pa.Table, pa.Table]:
    same = [name for name in STATED.names if name not in ("last_seen_on", "confidence", "dataset", "record")]
    by = [sortable(stated[name]) for name in same]
    order = np.lexsort([sortable(stated["record"]), sortable(stated["dataset"]), *reversed(by)])
    new = np.zeros(len(order), bool)
    for column in by:
        new[1:] |= column[order][1:] != column[order][:-1]
    if len(new):
        new[0] = True
    starts = np.flatnonzero(new)
    ordered = stated.take(pa.array(order))
    edge_of = np.cumsum(new) - 1
    edges = ordered.select([*same]).take(pa.array(starts))
    edges = _with_totals(edges, ordered, starts, len(order))
    statements = pa.table(
        {
            "edge": pa.array(edge_of, pa.int32()),
            "dataset": ordered["dataset"],
            "record": ordered["record"].cast(pa.large_string()),
            "last_seen_on": ordered["last_seen_on"],
        },
        schema=STATEMENTS,
    )
    return edges.select(EDGES.names), statements


def _with_totals(edges: pa.Table, ordered: pa.Table, starts: NDArray[np.int64], n: int) -> pa.Table:
    seen = ordered["last_seen_on"].cast(pa.int32()).to_numpy()
    confidence = ordered["confidence"].to_numpy()
    last_seen = np.maximum.reduceat(seen, starts) if len(starts) else seen
    surest = np.maximum.reduceat(confidence, starts) if len(starts) else confidence
    counts = np.diff(np.append(starts, n)).astype(np.int32)
    edges = edges.append_column("last_seen_on", pa.array(last_seen, pa.int32()).cast(pa.date32()))
    edges = edges.append_column("confidence", pa.array(surest, pa.float32()))
    return edges.append_column("n_statements", pa.array(counts))
