"""The graph as arrays: an undirected CSR over all edges, and the compact one that a walk of the current day follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphleads.graph.config import WalkConfig
from graphleads.graph.edges import RELATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjacency:
    """An undirected CSR graph: the edges of node *i* are the slots `indptr[i]` to `indptr[i + 1]`.

    Attributes:
        indptr: int64[n_nodes + 1].
        neighbor: int32[n_slots], ascending within a node.
        edge: int32[n_slots], the row of `edges`.
    """

    indptr: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk of one day follows: between two nodes the strongest tie in force, nothing through a blocked node.

    Attributes:
        indptr: int64[n_nodes + 1].
        neighbor: int32[n_slots], ascending within a node.
        edge: int32[n_slots], the row of `edges` that is the strongest tie.
        weight: float32[n_slots], above 0.
        degree: float32[n_nodes], the sum of a node's weights.
    """

    indptr: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]
    weight: NDArray[np.float32]
    degree: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The two times of every edge, int32[n_edges] each, days since 1970."""

    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]

    def in_force(
        self, valid_on: int, known_on: int, edges: NDArray[np.int32] | slice = slice(None)
    ) -> NDArray[np.bool_]:
        """Return bool[n_edges], of all edges or of some: true on one day, as known on another."""
        mask: NDArray[np.bool_] = self.valid_from[edges] <= valid_on
        mask &= valid_on < self.valid_to[edges]
        mask &= self.known_from[edges] <= known_on
        mask &= known_on < self.known_until[edges]
        return mask


def times_of(edges: pa.Table) -> Times:
    """Return the times of the edges as arrays over the same memory."""
    names = ("valid_from", "valid_to", "known_from", "known_until")
    return Times(**{name: edges[name].chunk(0).view(pa.int32()).to_numpy() for name in names})


def build_adjacency(source: NDArray[np.int32], target: NDArray[np.int32], n_nodes: int) -> Adjacency:
    """Return the undirected CSR of edges given by their ends, by two counting sorts: linear in nodes and edges.

    Args:
        source: int32[n_edges], node of one end.
        target: int32[n_edges], node of the other end.
        n_nodes: How many nodes there are.
    """
    indptr, neighbor, edge = _counting_sort(source, target, n_nodes)
    return Adjacency(indptr=indptr, neighbor=neighbor, edge=edge)


@njit(cache=True)
def _counting_sort(
    source: NDArray[np.int32], target: NDArray[np.int32], n_nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    n_edges = len(source)
    indptr = np.zeros(n_nodes + 1, np.int64)
    for e in range(n_edges):
        indptr[source[e] + 1] += 1
        indptr[target[e] + 1] += 1
    for v in range(n_nodes):
        indptr[v + 1] += indptr[v]
    by_end = np.empty(2 * n_edges, np.int32)
    free = indptr[:-1].copy()
    for e in range(n_edges):
        by_end[free[source[e]]] = e
        free[source[e]] += 1
        by_end[free[target[e]]] = e
        free[target[e]] += 1
    # The same edges once more, in the order of their other end: every node's neighbours come out ascending.
    neighbor = np.empty(2 * n_edges, np.int32)
    edge = np.empty(2 * n_edges, np.int32)
    free[:] = indptr[:-1]
    for v in range(n_nodes):
        for slot in range(indptr[v], indptr[v + 1]):
            e = by_end[slot]
            other = target[e] if source[e] == v else source[e]
            neighbor[free[other]] = v
            edge[free[other]] = e
            free[other] += 1
    return indptr, neighbor, edge


def edge_weights(edges: pa.Table, config: WalkConfig) -> NDArray[np.float32]:
    """Return float32[n_edges], kind × share × confidence: what a tie weighs while it is in force.

    An interest weighs at least `share_floor` of its kind; one held as nominee weighs nothing.
    """
    weight = _kind_weights(edges, config) * edges["confidence"].to_numpy()
    share = _middle_share(edges, config.unknown_share)
    interest = edges["relation"].to_numpy() == RELATIONS.index("interest")
    weight[interest] *= (config.share_floor + (1 - config.share_floor) * share)[interest]
    weight[pc.fill_null(pc.equal(edges["held_as"], "nominee"), False).to_numpy(zero_copy_only=False)] = 0
    result: NDArray[np.float32] = weight.astype(np.float32)
    return result


def _kind_weights(edges: pa.Table, config: WalkConfig) -> NDArray[np.float64]:
    by_relation = {
        "interest": config.interest,
        "role": config.role,
        "link": config.link,
        "contact": config.contact,
        "same_person": {"same_person": config.same_person},
    }
    kinds = edges["kind"].combine_chunks()
    words = kinds.dictionary.to_pylist()
    table = np.array([[by_relation[relation].get(word, config.other) for word in words] for relation in RELATIONS])
    weights: NDArray[np.float64] = table.reshape(len(RELATIONS), -1)[
        edges["relation"].to_numpy(), kinds.indices.to_numpy()
    ]
    return weights


def _middle_share(edges: pa.Table, unknown: float) -> NDArray[np.float64]:
    low, high = edges["share_min"], edges["share_max"]
    middle = pc.divide(pc.add(pc.coalesce(low, high), pc.coalesce(high, low)), 2.0)
    share: NDArray[np.float64] = np.clip(pc.fill_null(middle, unknown).to_numpy(), 0, 1)
    return share


def build_walk(
    adjacency: Adjacency, weight: NDArray[np.float32], in_force: NDArray[np.bool_], blocked: NDArray[np.bool_]
) -> Walk:
    """Return what a walk follows.

    Args:
        adjacency: All edges.
        weight: float32[n_edges].
        in_force: bool[n_edges].
        blocked: bool[n_nodes], nodes that no walk enters or leaves.
    """
    indptr, neighbor, edge, kept, degree = _strongest(
        adjacency.indptr, adjacency.neighbor, adjacency.edge, np.where(in_force, weight, np.float32(0)), blocked
    )
    return Walk(indptr=indptr, neighbor=neighbor, edge=edge, weight=kept, degree=degree)


_Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]


@njit(cache=True)
def _strongest(
    indptr: NDArray[np.int64], neighbor: NDArray[np.int32], edge: NDArray[np.int32],
    weight: NDArray[np.float32], blocked: NDArray[np.bool_],
) -> _Rows:  # fmt: skip
    n_nodes = len(indptr) - 1
    out_indptr = np.zeros(n_nodes + 1, np.int64)
    out_neighbor = np.empty(len(neighbor), np.int32)
    out_edge = np.empty(len(neighbor), np.int32)
    out_weight = np.empty(len(neighbor), np.float32)
    degree = np.zeros(n_nodes, np.float32)
    out = 0
    for v in range(n_nodes):
        if not blocked[v]:
            first = out
            for slot in range(indptr[v], indptr[v + 1]):
                u, w = neighbor[slot], weight[edge[slot]]
                if w <= 0 or blocked[u]:
                    continue
                if out > first and out_neighbor[out - 1] == u:
                    if w > out_weight[out - 1]:
                        out_weight[out - 1], out_edge[out - 1] = w, edge[slot]
                    continue
                out_neighbor[out], out_edge[out], out_weight[out] = u, edge[slot], w
                out += 1
            for slot in range(first, out):
                degree[v] += out_weight[slot]
        out_indptr[v + 1] = out
    return out_indptr, out_neighbor[:out].copy(), out_edge[:out].copy(), out_weight[:out].copy(), degree


def count_companies(edges: pa.Table, counted: NDArray[np.bool_], n_companies: int, n_nodes: int) -> NDArray[np.int32]:
    """Return int32[n_nodes]: how many companies each node ties together.

    A person counts with all records that are probably the same person; a company counts those it holds or serves.

    Args:
        edges: All edges.
        counted: bool[n_edges], those that count: in force, or probable identities of persons.
        n_companies: How many companies there are; their nodes come first.
        n_nodes: How many nodes there are.
    """
    source, target, relation = (edges[name].to_numpy() for name in ("source", "target", "relation"))
    same = counted & (relation == RELATIONS.index("same_person"))
    identity = coo_array((np.ones(same.sum(), np.int8), (source[same], target[same])), shape=(n_nodes, n_nodes))
    label = connected_components(identity, directed=False)[1] if same.any() else np.arange(n_nodes)
    contact = relation == RELATIONS.index("contact")
    link = relation == RELATIONS.index("link")
    tied = counted & ~same & ~link
    hub = np.where(contact, target, source)[tied]
    company = np.where(contact, source, target)[tied]
    pairs = np.unique(label[hub].astype(np.int64) * n_companies + company)
    counts: NDArray[np.int32] = np.bincount(pairs // max(n_companies, 1), minlength=n_nodes).astype(np.int32)[label]
    return counts


def families(edges: pa.Table, controlling: NDArray[np.bool_], n_companies: int) -> NDArray[np.int32]:
    """Return int32[n_companies]: a number that the companies of one corporate group share.

    Args:
        edges: All edges.
        controlling: bool[n_edges], the majority holdings and branches between companies.
        n_companies: How many companies there are.
    """
    source, target = (edges[name].to_numpy()[controlling] for name in ("source", "target"))
    graph = coo_array((np.ones(len(source), np.int8), (source, target)), shape=(n_companies, n_companies))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels.astype(np.int32)
