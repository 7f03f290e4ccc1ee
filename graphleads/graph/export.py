"""The neighbourhood of an entity as a networkx graph, for analysts."""

from __future__ import annotations

from typing import Any, Protocol

import networkx as nx

from graphleads.graph.fold import FOREVER
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import EntityId
from graphleads.model import NodeRef, Relationship


class _Store(Protocol):
    snapshot: Snapshot

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
        ValueError: If `hops` is negative.
    """
    if hops < 0:
        raise ValueError("hops must not be negative")
    nodes = _within(store, store.node(around), hops, max_nodes)
    adjacency = store.snapshot.adjacency
    graph = nx.MultiDiGraph()
    for node in sorted(nodes):
        ref = store.ref(node)
        graph.add_node(ref.id, kind=ref.kind.value, name=ref.name)
    edges = {
        int(adjacency.edge[slot])
        for node in nodes
        for slot in range(adjacency.indptr[node], adjacency.indptr[node + 1])
        if int(adjacency.neighbor[slot]) in nodes
    }
    # A superseded version of a fact is history of the register, not of the world.
    known = store.snapshot.times.known_until == FOREVER
    for edge in sorted(edge for edge in edges if known[edge]):
        tie = store.relationship(edge)
        graph.add_edge(tie.source.id, tie.target.id, **_attributes(tie))
    return graph


def _within(store: _Store, middle: int, hops: int, max_nodes: int) -> set[int]:
    adjacency, blocked = store.snapshot.adjacency, store.snapshot.node_array("blocked")
    found, ring = {middle}, [middle]
    for _ in range(hops):
        walked = [node for node in ring if node == middle or not blocked[node]]
        reached = {
            int(other)
            for node in walked
            for other in adjacency.neighbor[adjacency.indptr[node] : adjacency.indptr[node + 1]]
        }
        ring = sorted(reached - found)[: max(max_nodes - len(found), 0)]
        found.update(ring)
    return found


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
