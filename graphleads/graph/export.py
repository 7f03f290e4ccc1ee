"""The graph, or the neighbourhood of an entity, for other tools: networkx, GraphML, Parquet, CSV."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.errors import FileUnreadable, ValueInvalid
from graphleads.graph.describe import STATUSES
from graphleads.graph.edges import RELATIONS
from graphleads.graph.entity_view import EntityView
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days
from graphleads.graph.parts import one_chunk
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.view import TieView
from graphleads.ids import EntityId
from graphleads.model import NodeKind, NodeRef, Relationship, View
from graphleads.remedy import Remedy

if TYPE_CHECKING:
    import networkx as nx

FORMATS = ("graphml", "parquet", "csv")
MAX_NODES = 5_000
"""How many nodes a neighbourhood has at most: what people and graph editors can look at."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for. https://www.w3.org/TR/xml/#charsets"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Which part of a graph is written.

    Attributes:
        around: The entity in the middle; None takes the whole graph, for Parquet and CSV only.
        hops: How far to go from it, 0 or more.
        max_nodes: Where to stop; the nearest nodes come first, ties by node.
        view: The days whose ties and names count; None takes all ties that are not superseded, those of old too.
        kinds: The kinds of tie; empty takes all.
    """

    around: EntityId | None = None
    hops: int = 2
    max_nodes: int = MAX_NODES
    view: View | None = None
    kinds: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if self.hops < 0:
            raise ValueInvalid(f"{self.hops} hops: ask for 0 or more.")


class _Store(Protocol):
    snapshot: Snapshot

    def ties_on(self, days: View | None = None) -> TieView: ...

    def node(self, entity_id: EntityId) -> int: ...

    def refs(self, nodes: Iterable[int], view: View | None = None) -> dict[int, NodeRef]: ...

    def read_relationships(self, edges: Iterable[int], view: TieView | None = None) -> dict[int, Relationship]: ...


def to_networkx(store: _Store, extent: Extent) -> nx.MultiDiGraph:
    """Return all nodes within some hops of an entity and the edges between them.

    Nodes are ids with `kind`, `name` and `label`; edges carry relation, kind, label, title, shares, dates, confidence,
    sources and `ignored`, and each has a key of its own. Hubs are shown, and not walked through.

    Args:
        store: The embedded store.
        extent: Which part; around an entity.

    Raises:
        EntityNotFound: If there is no such entity.
    """
    import networkx as nx

    nodes, edges = read_extent(store, extent)
    view = store.ties_on(extent.view)
    graph = nx.MultiDiGraph()
    for ref in store.refs(nodes.tolist(), view.days).values():
        graph.add_node(ref.id, kind=ref.kind.value, name=ref.name, label=ref.name)
    for number, tie in enumerate(store.read_relationships(edges.tolist(), view).values()):
        # Readers take an edge's key for its id, and keep the last of those that share one.
        graph.add_edge(tie.source.id, tie.target.id, key=f"e{number}", **_attributes(tie))
    return graph


def read_extent(store: _Store, extent: Extent) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the nodes and the edges of a part of a graph, ascending; raises as `to_networkx` does."""
    snapshot = store.snapshot
    if extent.around is None:
        return np.arange(snapshot.n_nodes), _chosen(store, np.arange(snapshot.edges.num_rows), extent)
    nodes = _nodes_around(store, extent)
    adjacency = snapshot.adjacency
    slots = rows_between(adjacency.indptr[nodes], adjacency.indptr[nodes + 1])
    inside = slots[np.isin(adjacency.neighbor[slots], nodes)]
    return nodes, _chosen(store, np.unique(adjacency.edge[inside]).astype(np.int64), extent)


def _nodes_around(store: _Store, extent: Extent) -> NDArray[np.int64]:
    adjacency, view = store.snapshot.adjacency, store.ties_on(extent.view)
    middle = store.node(extent.around or "")
    found, ring = {middle}, [middle]
    for _ in range(extent.hops):
        at = np.array(ring, np.int64)
        walked = at[(at == middle) | ~view.blocked(at)]
        slots = rows_between(adjacency.indptr[walked], adjacency.indptr[walked + 1])
        followed = np.isin(adjacency.edge[slots], _chosen(store, adjacency.edge[slots].astype(np.int64), extent))
        reached = set(adjacency.neighbor[slots[followed]].tolist())
        ring = sorted(reached - found)[: max(extent.max_nodes - len(found), 0)]
        found.update(ring)
    return np.array(sorted(found), np.int64)


def _chosen(store: _Store, edges: NDArray[np.int64], extent: Extent) -> NDArray[np.int64]:
    """Return those of some edges that belong to an extent. A superseded version of a fact is no fact of today."""
    snapshot = store.snapshot
    if extent.view is None:
        edges = edges[snapshot.times.known_until[edges] == FOREVER]
    else:
        edges = edges[store.ties_on(extent.view).in_force(edges)]
    if extent.kinds:
        kinds = snapshot.edges["kind"].chunk(0).take(pa.array(edges)).cast(pa.string())
        edges = edges[pc.is_in(kinds, pa.array(sorted(extent.kinds))).to_numpy(zero_copy_only=False)]
    return edges


def _attributes(tie: Relationship) -> dict[str, Any]:
    stated = {
        "relation": tie.relation,
        "kind": tie.kind,
        "label": tie.kind.replace("_", " "),
        "title": tie.title,
        "share_min": tie.share_min,
        "share_max": tie.share_max,
        "start_on": tie.period.start_on and tie.period.start_on.isoformat(),
        "end_on": tie.period.end_on and tie.period.end_on.isoformat(),
        "confidence": tie.confidence,
        "sources": "; ".join(f"{one.dataset} {one.record}" for one in tie.sources),
        "ignored": tie.ignored,
    }
    return {name: value for name, value in stated.items() if value is not None}


def write_graph(store: _Store, target: Path, *, form: str, extent: Extent, bom: bool = True) -> list[Path]:
    """Write nodes and edges into files, and return them.

    Args:
        store: The embedded store.
        target: A file for GraphML; a folder for Parquet and CSV, which are two files, `nodes` and `edges`.
        form: One of `FORMATS`.
        extent: Which part of the graph.
        bom: Whether CSV begins with a byte order mark, by which Excel knows that it is UTF-8.

    Raises:
        EntityNotFound: If the entity in the middle is not there.
        ValueInvalid: If the form is unknown, or GraphML is asked for without an entity.
        FileUnreadable: If it cannot be written there.
    """
    if form not in FORMATS:
        raise ValueInvalid(f"There is no export format {form!r}: use one of {', '.join(FORMATS)}.")
    if form == "graphml" and extent.around is None:
        raise ValueInvalid("GraphML is for neighbourhoods.", Remedy.EXPORT_AROUND)
    try:
        if form == "graphml":
            return [_write_graphml(store, target, extent)]
        return _write_tables(store, target, form, extent, bom=bom)
    except OSError as error:
        raise FileUnreadable(f"{target} cannot be written: {error.strerror or error}.") from error


def _write_graphml(store: _Store, target: Path, extent: Extent) -> Path:
    import networkx as nx

    graph = to_networkx(store, extent)
    held = [data for _, data in graph.nodes(data=True)] + [data for *_, data in graph.edges(data=True)]
    for data in held:
        data.update({name: _NO_XML.sub("", value) for name, value in data.items() if isinstance(value, str)})
    nx.write_graphml(graph, target)
    return target


def _write_tables(store: _Store, target: Path, form: str, extent: Extent, *, bom: bool) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    nodes, edges = read_extent(store, extent)
    view = store.ties_on(extent.view)
    written = []
    for name, table in (("nodes", node_table(view, nodes)), ("edges", edge_table(view, edges))):
        path = target / f"{name}.{form}"
        if form == "parquet":
            pq.write_table(table, path)
        else:
            _write_csv(table, path, bom=bom)
        written.append(path)
    return written


def _write_csv(table: pa.Table, path: Path, *, bom: bool) -> None:
    guarded = [guard_formulas(column) if pa.types.is_string(column.type) else column for column in table.itercolumns()]
    with path.open("wb") as file:
        file.write(BOM_UTF8 if bom else b"")
        pyarrow.csv.write_csv(pa.table(guarded, names=table.column_names), file)


def guard_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts with a quote in front of what a spreadsheet would run as a formula; a number is none.

    Source: OWASP, CSV injection.
    """
    lines = pc.replace_substring_regex(column, r"[\t\n\r\v\f]", " ")
    runs = pc.match_substring_regex(lines, r"^[=+\-@]")
    number = pc.match_substring_regex(lines, r"^[+\-]?(\d+\.?\d*|\.\d+)([eE][+\-]?\d+)?$")
    runs = pc.fill_null(pc.and_not(runs, number), False)
    return pc.if_else(runs, pc.binary_join_element_wise("'", lines, ""), lines)


def node_table(view: TieView, nodes: NDArray[np.int64]) -> pa.Table:
    """Return nodes as a table of a day: id, kind, name; of companies jurisdiction, locality and status."""
    snapshot, entities = view.snapshot, EntityView(view.snapshot, view.days)
    n_companies, first_contact = snapshot.n_companies, snapshot.n_companies + snapshot.n_persons
    kinds = np.searchsorted([n_companies, first_contact], nodes, side="right")
    company, person, contact = (nodes[kinds == kind] for kind in range(3))
    described = entities.companies(company, ["name", "jurisdiction", "locality"])
    status = pa.array(STATUSES).take(pa.array(entities.statuses(company).astype(np.int32)))
    n_others = len(nodes) - len(company)
    place = {name: described[name].cast(pa.string()) for name in ("jurisdiction", "locality")}
    names = [described["name"], entities.persons(person, ["name"])["name"]]
    names.append(snapshot.contact_points["display"].take(pa.array(contact - first_contact)))
    return pa.table(
        {
            "id": _ids(snapshot).take(pa.array(nodes)),
            "kind": pa.array([kind.value for kind in NodeKind]).take(pa.array(kinds)),
            "name": pa.chunked_array([chunk for column in names for chunk in column.chunks], pa.string()),
            **{
                name: pa.chunked_array([*column.chunks, pa.nulls(n_others, pa.string())])
                for name, column in place.items()
            },
            "status": pa.chunked_array([status, pa.nulls(n_others, pa.string())]),
        }
    )


def edge_table(view: TieView, edges: NDArray[np.int64]) -> pa.Table:
    """Return edges as a table: both ends, what ties them, shares, dates, confidence, the ranking's weight, sources."""
    snapshot = view.snapshot
    rows = snapshot.edges.take(pa.array(edges))
    ids = _ids(snapshot)
    plain = {name: rows[name] for name in ("title", "share_min", "share_max", "confidence", "n_statements")}
    return pa.table(
        {
            "source": ids.take(rows["source"]),
            "target": ids.take(rows["target"]),
            "relation": pa.array(RELATIONS).take(rows["relation"]),
            "kind": rows["kind"].cast(pa.string()),
            **plain,
            "start_on": _bounded(rows["valid_from"], BEGINNING, days(rows["valid_to"]) - 1),
            "end_on": _bounded(rows["valid_to"], FOREVER),
            "known_from": _bounded(rows["known_from"], BEGINNING),
            "weight": pa.array(view.weight[edges]),
            "sources": _sources(snapshot, edges),
        }
    )


def _sources(snapshot: Snapshot, edges: NDArray[np.int64]) -> pa.Array:
    """Return of each edge the datasets and records that it stands in, as one text."""
    begin, end = snapshot.rows_of("statements", "edge", edges)
    rows = snapshot.table("statements").select(["dataset", "record"]).take(pa.array(rows_between(begin, end)))
    told = pc.binary_join_element_wise(
        *(one_chunk(rows)[name].chunk(0).cast(pa.string()) for name in rows.column_names), " "
    )
    offsets = pa.array(np.concatenate([[0], np.cumsum(end - begin)]), pa.int64())
    return pc.binary_join(pa.LargeListArray.from_arrays(offsets, told), "; ")


def _ids(snapshot: Snapshot) -> pa.ChunkedArray:
    columns = [table["id"] for table in snapshot.node_tables]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())


def _bounded(column: pa.ChunkedArray, unbounded: int, last: NDArray[np.int32] | None = None) -> pa.Array:
    """Return days, null where nothing bounds them, or where they are the one day that is sure of what has ended."""
    numbers = days(column)
    unknown = numbers == unbounded if last is None else (numbers == unbounded) | (numbers == last)
    return pa.array(numbers, pa.int32(), mask=unknown).cast(pa.date32())
