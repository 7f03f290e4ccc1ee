"""The edges of a snapshot: what several statements say of the same two nodes in the same period, said once.

Every edge goes from the holder, person or company to the company or contact point that it has to do with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.ended import Ends, Spans, end_with
from graphleads.graph.facts import Facts
from graphleads.graph.fold import BEGINNING, FOREVER, TIMES
from graphleads.graph.nodes import Nodes
from graphleads.graph.order import Numbers, by_node, days, sortable
from graphleads.graph.parts import one_chunk
from graphleads.graph.succession import find_successions
from graphleads.tables.delivery import DeliveryManifest
from graphleads.tables.schema import WORD

RELATIONS = ("interest", "role", "link", "contact", "same_person")
"""What an edge is, by its code."""

_ENDS = (("source", pa.int32()), ("target", pa.int32()), ("relation", pa.int8()))
_WHAT = (
    ("kind", WORD), ("title", pa.string()), ("share_min", pa.float64()), ("share_max", pa.float64()),
    ("min_exclusive", pa.bool_()), ("max_exclusive", pa.bool_()), ("directness", WORD), ("held_as", WORD),
)  # fmt: skip
_TIMES = tuple((name, pa.date32()) for name in TIMES)
_KNOWN = ("known_from", "known_until")
_OUTLAST = ("succeeded_by", "merged_into")
"""What begins where a company ends."""
_STATED = pa.schema([("relation", pa.int8()), *_WHAT, *_TIMES, ("confidence", pa.float32())])
"""What a statement says of its two ends, before those that say the same are joined."""

EDGES = pa.schema(
    [*_ENDS, *_WHAT, *_TIMES, ("confidence", pa.float32()), ("n_statements", pa.int32()), ("fact", pa.int32())]
)
"""An edge; unbounded dates are 0001-01-01 and 9999-12-31. Edges of one `fact` follow each other, and say the same but
for when that was known: whatever reads them as of a day reads those that were known then as one."""

STATEMENTS = pa.schema(
    [("edge", pa.int32()), ("dataset", WORD), ("record", pa.large_string()), ("last_seen_on", pa.date32())]
)
"""Where each edge stands, sorted by edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of fact that ties two nodes: what the edge is, the columns of its ends, and where what it says stands."""

    relation: str
    source: str
    target: str
    says: Mapping[str, str]


_SHARES = ("kind", "share_min", "share_max", "min_exclusive", "max_exclusive", "directness", "held_as")
_KINDS = {
    "interests": _Kind(relation="interest", source="holder", target="subject", says={name: name for name in _SHARES}),
    "roles": _Kind(relation="role", source="holder", target="company", says={"kind": "kind", "title": "title"}),
    "links": _Kind(
        relation="link", source="source", target="target",
        says={"kind": "kind", "share_min": "share", "share_max": "share"},
    ),
    "contact_points": _Kind(
        relation="contact", source="id", target="key", says={"kind": "kind", "title": "purpose"}
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Statements in the order of the edges that they make, and where each edge begins among them.

    Attributes:
        order: int64[n_joined], the statements with two ends, by edge, dataset and record; one may make several edges.
        starts: int64[n_edges], where the statements of an edge begin in `order`.
        last_seen: int32[n_joined], when each of `order` was last seen, in days since 1970.
        same_persons: Pairs of persons who are probably one, as `tables.SAME_AS`.
        n_dangling: How many statements had an end that is no node, or tie a company to itself.
        n_outlived: How many say that something began when a company that has it had ended.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    last_seen: NDArray[np.int32]
    same_persons: pa.Table
    n_dangling: int
    n_outlived: int


def join_edges(
    facts: Facts, same_as: pa.Table, nodes: Nodes, ends: Ends, manifests: Sequence[DeliveryManifest] = ()
) -> tuple[pa.Table, Joined]:
    """Return one edge for each (ends, kind, period) of the facts, sorted by its ends, as `EDGES`.

    Args:
        facts: Folded facts.
        same_as: Pairs as `tables.SAME_AS`; person pairs become `same_person` edges.
        nodes: The numbered nodes.
        ends: When companies ended, with whatever ties them.
        manifests: The deliveries' manifests, in order, which say what has one holder at a time.
    """
    pairs = same_as.filter(pc.equal(same_as["kind"], "person"))
    stated = _stated(facts, pairs)
    source, target = _ends(nodes, pairs)
    # Two records that were merged into one company can hold or own each other: nothing is its own neighbour.
    whole = np.flatnonzero((source >= 0) & (target >= 0) & (source != target))
    n_dangling = len(source) - len(whole)
    spans = _spans(stated, whole, (source, target), ends, find_successions(facts, manifests, tuple(_KINDS)))
    true = spans.valid_to > days(stated["valid_from"])[spans.row]
    n_outlived = len(np.unique(spans.row[~true]))
    stated, source, target = _over(stated, spans.take(true)), source[spans.row[true]], target[spans.row[true]]
    stands_in = spans.row[true]
    order = by_node(source, target, n=len(nodes))
    same = [name for name in _STATED.names if name not in (*_KNOWN, "last_seen_on", "confidence")]
    for name in same:
        order.refine(stated[name])
    facts_begin = order.new.copy()
    for name in _KNOWN:
        order.refine(stated[name])
    starts = order.starts()
    edges = stated.select([*same, *_KNOWN]).take(pa.array(order.rows[starts]))
    for position, nodes_at in enumerate((source, target)):
        edges = edges.add_column(position, _ENDS[position][0], pa.array(nodes_at[order.rows[starts]]))
    edges = _with_totals(edges, stated, order.rows, starts)
    edges = edges.append_column("fact", pa.array((np.cumsum(facts_begin)[starts] - 1).astype(np.int32)))
    for name in ("dataset", "record"):
        order.refine(partial(_provenance_of, facts, pairs, name, stands_in))
    joined = Joined(
        order=stands_in[order.rows],
        starts=starts,
        last_seen=days(stated["last_seen_on"])[order.rows],
        same_persons=pairs,
        n_dangling=n_dangling,
        n_outlived=n_outlived,
    )
    return edges.select(EDGES.names), joined


def read_statements(facts: Facts, joined: Joined) -> pa.Table:
    """Return where each edge stands, as `STATEMENTS`."""
    order = pa.array(joined.order)
    edge = np.zeros(len(joined.order), np.int32)
    edge[joined.starts[1:]] = 1
    taken = [_provenance(facts, joined.same_persons, name).take(order) for name in ("dataset", "record")]
    last_seen = pa.array(joined.last_seen).cast(pa.date32())
    return pa.Table.from_arrays([pa.array(np.cumsum(edge, dtype=np.int32)), *taken, last_seen], schema=STATEMENTS)


def _ends(nodes: Nodes, pairs: pa.Table) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes that every statement ties, in the order of `_stated`."""
    source = [nodes.ends[name, kind.source] for name, kind in _KINDS.items()]
    target = [nodes.ends[name, kind.target] for name, kind in _KINDS.items()]
    left, right = np.split(
        nodes.holder_of(pa.chunked_array([*pairs["left"].chunks, *pairs["right"].chunks], pa.string())), 2
    )
    return np.concatenate([*source, left]), np.concatenate([*target, right])


def _stated(facts: Facts, pairs: pa.Table) -> pa.Table:
    """Return what every statement says, as `_STATED`, one chunk a column."""
    tables = [_of_kind(facts, name, kind) for name, kind in _KINDS.items()]
    return one_chunk(pa.concat_tables([*tables, _of_pairs(pairs)]).unify_dictionaries())


def _spans(
    stated: pa.Table,
    rows: NDArray[np.int64],
    at: tuple[NDArray[np.int32], NDArray[np.int32]],
    ends: Ends,
    successions: Ends,
) -> Spans:
    """Return some statements over known time, each as it ends by itself, with its successor and its companies."""
    spans = Spans(rows, *(days(stated[name])[rows] for name in ("valid_to", *_KNOWN)))
    same = stated["relation"].to_numpy()[rows] == RELATIONS.index("same_person")
    lasts = same | pc.fill_null(pc.is_in(stated["kind"].cast(pa.string()), pa.array(_OUTLAST)), False).to_numpy()[rows]
    kept, ended = spans.take(lasts), spans.take(~lasts)
    ended = end_with(ended, ended.row.astype(np.int32), successions)
    for nodes in at:
        ended = end_with(ended, nodes[ended.row], ends)
    spans = kept.joined(ended)
    return spans.take(np.lexsort((spans.known_from, spans.row)))


def _over(stated: pa.Table, spans: Spans) -> pa.Table:
    """Return the statements over spans of known time."""
    rows = stated.take(pa.array(spans.row))
    for name in ("valid_to", *_KNOWN):
        times = pa.array(getattr(spans, name), pa.int32()).cast(pa.date32())
        rows = rows.set_column(rows.column_names.index(name), name, times)
    return rows


def _of_kind(facts: Facts, name: str, kind: _Kind) -> pa.Table:
    rows = facts.read(name, [*sorted(set(kind.says.values())), *TIMES])
    columns = {column: rows[stated] for column, stated in kind.says.items()} | {time: rows[time] for time in TIMES}
    return _table(columns, kind.relation, rows.num_rows)


def _of_pairs(pairs: pa.Table) -> pa.Table:
    n = pairs.num_rows
    kind = pa.array(["same_person"]).dictionary_encode().take(pa.array(np.zeros(n, np.int32)))
    always = {name: pa.array(np.full(n, day, np.int32)).cast(pa.date32()) for name, day in _UNBOUNDED.items()}
    said = {"kind": kind, "title": pairs["method"], "confidence": pairs["probability"]}
    said |= {name: pairs[name] for name in ("known_from", "known_until")}
    return _table(said | always, "same_person", n)


def _table(columns: Mapping[str, pa.Array | pa.ChunkedArray], relation: str, n: int) -> pa.Table:
    fixed = {
        "relation": pa.array(np.full(n, RELATIONS.index(relation), np.int8)),
        "confidence": pa.array(np.ones(n, np.float32)),
    }
    columns = {**fixed, **columns}
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(n, field.type) for field in _STATED
    ]
    return pa.Table.from_arrays(arrays, schema=_STATED)


def _provenance(facts: Facts, pairs: pa.Table, name: str) -> pa.ChunkedArray:
    """Return who says every statement, in the order of `_stated`: its `dataset` or `record`."""
    of_pairs = {"dataset": pairs["evidence"].cast(WORD), "record": pairs["left"]}
    column_type = STATEMENTS.field(name).type
    columns = [*(facts.read(kind, [name])[name] for kind in _KINDS), of_pairs[name]]
    tables = [pa.table({name: column.cast(column_type)}) for column in columns]
    return one_chunk(pa.concat_tables(tables).unify_dictionaries())[name]


def _provenance_of(
    facts: Facts, pairs: pa.Table, name: str, stands_in: NDArray[np.int64], rows: NDArray[np.int64]
) -> Numbers:
    """Return numbers that sort some rows by who says the statement that each stands in."""
    return sortable(_provenance(facts, pairs, name).take(pa.array(stands_in[rows])))


_UNBOUNDED = {
    "valid_from": BEGINNING,
    "valid_to": FOREVER,
    "last_seen_on": BEGINNING,
}


def _with_totals(edges: pa.Table, stated: pa.Table, order: NDArray[np.int64], starts: NDArray[np.int64]) -> pa.Table:
    """Return the edges with when any statement was last seen, the surest confidence, and how many there are."""
    last_seen, surest = days(stated["last_seen_on"])[order], stated["confidence"].to_numpy()[order]
    if len(starts):
        last_seen, surest = np.maximum.reduceat(last_seen, starts), np.maximum.reduceat(surest, starts)
    edges = edges.append_column("last_seen_on", pa.array(last_seen, pa.int32()).cast(pa.date32()))
    edges = edges.append_column("confidence", pa.array(surest, pa.float32()))
    return edges.append_column("n_statements", pa.array(np.diff(np.append(starts, len(order))).astype(np.int32)))
