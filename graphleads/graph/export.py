"""The graph, or the neighbourhood of an entity, for other tools: networkx, GraphML, Parquet, CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.errors import FileUnreadable, Remedy, ValueInvalid
from graphleads.graph.describe import STATUSES
from graphleads.graph.edges import RELATIONS
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.view import TieView
from graphleads.ids import EntityId
from graphleads.model import NodeKind, NodeRef, Relationship, View

FORMATS = ("graphml", "parquet", "csv")
MAX_NODES = 5_000
"""How many nodes a neighbourhood has at most: what people and graph editors can look at."""


class _Store(Protocol):
    snapshot: Snapshot

    def ties_on(self, days: View | None = None) -> TieView: ...

    def node(self, entity_id: EntityId) -> int: ...

    def ref(self, node: int) -> NodeRef: ...

    def relationship(self, edge: int) -> Relationship: ...


def to_networkx(store: _Store, *, around: EntityId, hops: int, max_nodes: int) -> nx.MultiDiGraph:
    """Return all nodes within some hops of an entity and the edges between them.

    Nodes are ids with `kind` and `name`; edges carry relation, kind, title, shares, dates, confidence and `ignored`.
    Hubs are shown, and not walked through.

    Args:
        store: The embedded store.
        around: The entity in the middle.
        hops: How far to go, 0 or more.
        max_nodes: Where to stop; the nearest nodes come first, ties by node.

    Raises:
        EntityNotFound: If there is no such entity.
        ValueInvalid: If `hops` is negative.
    """
    return _graph_of(store, nodes_around(store, around=around, hops=hops, max_nodes=max_nodes))


def _graph_of(store: _Store, nodes: NDArray[np.int64]) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for node in nodes.tolist():
        ref = store.ref(node)
        graph.add_node(ref.id, kind=ref.kind.value, name=ref.name)
    for edge in _edges_between(store.snapshot, nodes).tolist():
        tie = store.relationship(edge)
        graph.add_edge(tie.source.id, tie.target.id, **_attributes(tie))
    return graph


def nodes_around(store: _Store, *, around: EntityId, hops: int, max_nodes: int) -> NDArray[np.int64]:
    """Return the nodes within some hops of an entity, ascending; raises as `to_networkx` does."""
    if hops < 0:
        raise ValueInvalid(f"{hops} hops: ask for 0 or more.")
    adjacency, view = store.snapshot.adjacency, store.ties_on()
    middle = store.node(around)
    found, ring = {middle}, [middle]
    for _ in range(hops):
        at = np.array(ring, np.int64)
        walked = at[(at == middle) | ~view.blocked(at)]
        slots = rows_between(adjacency.indptr[walked], adjacency.indptr[walked + 1])
        reached = set(adjacency.neighbor[slots].tolist())
        ring = sorted(reached - found)[: max(max_nodes - len(found), 0)]
        found.update(ring)
    return np.array(sorted(found), np.int64)


def _edges_between(snapshot: Snapshot, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the edges with both ends among the nodes. A superseded version of a fact is no fact of today."""
    adjacency = snapshot.adjacency
    slots = np.concatenate([np.arange(adjacency.indptr[node], adjacency.indptr[node + 1]) for node in nodes.tolist()])
    inside = slots[np.isin(adjacency.neighbor[slots], nodes)]
    edges = np.unique(adjacency.edge[inside]).astype(np.int64)
    known: NDArray[np.int64] = edges[snapshot.times.known_until[edges] == FOREVER]
    return known


def _attributes(tie: Relationship) -> dict[str, Any]:
    stated = {
        "relation": tie.relation,
        "kind": tie.kind,
        "title": tie.title,
        "share_min": tie.share_min,
        "share_max": tie.share_max,
        "start_on": tie.period.start_on and tie.period.start_on.isoformat(),
        "end_on": tie.period.end_on and tie.period.end_on.isoformat(),
        "confidence": tie.confidence,
        "ignored": tie.ignored,
    }
    return {name: value for name, value in stated.items() if value is not None}


def write_graph(store: _Store, target: Path, *, form: str, nodes: NDArray[np.int64] | None = None) -> list[Path]:
    """Write nodes and edges into files, and return them.

    Args:
        store: The embedded store.
        target: A file for GraphML; a folder for Parquet and CSV, which are two files, `nodes` and `edges`.
        form: One of `FORMATS`.
        nodes: Which nodes; None takes the whole graph, for Parquet and CSV only.

    Raises:
        ValueInvalid: If the form is unknown, or GraphML is asked for without nodes.
        FileUnreadable: If it cannot be written there.
    """
    if form not in FORMATS:
        raise ValueInvalid(f"There is no export format {form!r}: use one of {', '.join(FORMATS)}.")
    if form == "graphml" and nodes is None:
        raise ValueInvalid("GraphML is for neighbourhoods.", Remedy.EXPORT_AROUND)
    try:
        if form == "graphml" and nodes is not None:
            return [_write_graphml(store, target, nodes)]
        return _write_tables(store, target, form, nodes)
    except OSError as error:
        raise FileUnreadable(f"{target} cannot be written: {error.strerror or error}.") from error


def _write_graphml(store: _Store, target: Path, nodes: NDArray[np.int64]) -> Path:
    graph = _graph_of(store, nodes)
    held = [data for _, data in graph.nodes(data=True)] + [data for *_, data in graph.edges(data=True)]
    for data in held:
        # XML cannot hold control characters.
        data.update({name: _printable(value) for name, value in data.items()})
    nx.write_graphml(graph, target)
    return target


def _printable(value: Any) -> Any:
    return "".join(letter for letter in value if letter.isprintable()) if isinstance(value, str) else value


def _write_tables(store: _Store, target: Path, form: str, nodes: NDArray[np.int64] | None) -> list[Path]:
    snapshot = store.snapshot
    target.mkdir(parents=True, exist_ok=True)
    if nodes is None:
        nodes = np.arange(snapshot.n_nodes)
        edges = np.flatnonzero(snapshot.times.known_until == FOREVER)
    else:
        edges = _edges_between(snapshot, nodes)
    write = pq.write_table if form == "parquet" else pyarrow.csv.write_csv
    written = []
    for name, table in (("nodes", node_table(snapshot, nodes)), ("edges", edge_table(store.ties_on(), edges))):
        path = target / f"{name}.{form}"
        write(table, path)
        written.append(path)
    return written


def node_table(snapshot: Snapshot, nodes: NDArray[np.int64]) -> pa.Table:
    """Return nodes as a table: id, kind, name; of companies jurisdiction, locality and status."""
    n_companies = snapshot.n_companies
    kinds = np.searchsorted([n_companies, n_companies + snapshot.n_persons], nodes, side="right")
    company = pa.array(np.where(kinds == 0, nodes, 0), mask=kinds != 0)
    status = pa.array(STATUSES).take(pa.array(snapshot.node_array("status").astype(np.int32)))
    columns = {name: snapshot.companies[name].cast(pa.string()).take(company) for name in ("jurisdiction", "locality")}
    return pa.table(
        {
            "id": _by_node(snapshot, "id", "id").take(pa.array(nodes)),
            "kind": pa.array([kind.value for kind in NodeKind]).take(pa.array(kinds)),
            "name": _by_node(snapshot, "name", "display").take(pa.array(nodes)),
            **columns,
            "status": status.take(company),
        }
    )


def edge_table(view: TieView, edges: NDArray[np.int64]) -> pa.Table:
    """Return edges as a table: ids of both ends, what ties them, shares, dates, confidence and the ranking's weight."""
    snapshot = view.snapshot
    rows = snapshot.edges.take(pa.array(edges))
    ids = _by_node(snapshot, "id", "id")
    plain = {name: rows[name] for name in ("title", "share_min", "share_max", "confidence", "n_statements")}
    return pa.table(
        {
            "source": ids.take(rows["source"]),
            "target": ids.take(rows["target"]),
            "relation": pa.array(RELATIONS).take(rows["relation"]),
            "kind": rows["kind"].cast(pa.string()),
            **plain,
            "start_on": _bounded(rows["valid_from"], BEGINNING),
            "end_on": _bounded(rows["valid_to"], FOREVER),
            "known_from": _bounded(rows["known_from"], BEGINNING),
            "weight": pa.array(view.weight[edges]),
        }
    )


def _by_node(snapshot: Snapshot, of_entity: str, of_contact: str) -> pa.ChunkedArray:
    columns = [snapshot.companies[of_entity], snapshot.persons[of_entity], snapshot.contact_points[of_contact]]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())


def _bounded(column: pa.ChunkedArray, unbounded: int) -> pa.Array:
    numbers = days(column)
    return pa.array(numbers, pa.int32(), mask=numbers == unbounded).cast(pa.date32())
