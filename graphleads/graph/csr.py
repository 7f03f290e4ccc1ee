"""The arrays of a graph made: edges counted into rows, and the strongest ties between nodes."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.matrix import NODE, TIE, Adjacency, Walk


def build_adjacency(source: NDArray[np.int32], target: NDArray[np.int32], n_nodes: int) -> Adjacency:
    """Return the undirected CSR of edges given by their ends: counted into rows, and each row sorted where it lies.

    Args:
        source: int32[n_edges], node of one end.
        target: int32[n_edges], node of the other end.
        n_nodes: How many nodes there are.
    """
    indptr, slots = _count_into_rows(source, target, n_nodes)
    edge = np.empty(len(slots), np.int32)
    # The neighbours stay in the first half of the memory that the slots had.
    neighbor = slots.view(np.int32)[: len(slots)]
    _split(slots, neighbor, edge)
    return Adjacency(indptr=indptr, neighbor=neighbor, edge=edge)


@njit(cache=True, nogil=True)
def _count_into_rows(
    source: NDArray[np.int32], target: NDArray[np.int32], n_nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where rows begin, and by slot `neighbour × 2³² + edge`, ascending within a row.

    One number a slot costs one cache miss where two arrays cost two, and sorts by neighbour and edge at once.
    """
    indptr = np.zeros(n_nodes + 1, np.int64)
    for ends in (source, target):
        for v in ends:
            indptr[v + 1] += 1
    for v in range(n_nodes):
        indptr[v + 1] += indptr[v]
    slots = np.empty(2 * len(source), np.int64)
    for e in range(len(source)):
        u, v = source[e], target[e]
        slots[indptr[u]] = np.int64(v) << 32 | e
        indptr[u] += 1
        slots[indptr[v]] = np.int64(u) << 32 | e
        indptr[v] += 1
    # What was the beginning of each row is its end now, which is the beginning of the next one.
    for v in range(n_nodes, 0, -1):
        indptr[v] = indptr[v - 1]
    indptr[0] = 0
    for v in range(n_nodes):
        _sort_row(slots[indptr[v] : indptr[v + 1]])
    return indptr, slots


@njit(cache=True, nogil=True)
def _split(slots: NDArray[np.int64], neighbor: NDArray[np.int32], edge: NDArray[np.int32]) -> None:
    """Take slots apart; `neighbor` may lie where the slots begin, since it is written behind what is read."""
    for at in range(len(slots)):
        slot = slots[at]
        edge[at] = np.int32(slot)
        neighbor[at] = np.int32(slot >> 32)


@njit(cache=True, nogil=True)
def _sort_row(row: NDArray[np.int64]) -> None:
    """Sort a row where it lies; most rows are short, and a few have a hundred thousand slots."""
    if len(row) > 32:
        row.sort()
        return
    for i in range(1, len(row)):
        slot, j = row[i], i
        while j > 0 and row[j - 1] > slot:
            row[j] = row[j - 1]
            j -= 1
        row[j] = slot


def build_walk(
    adjacency: Adjacency, weight: NDArray[np.float32], in_force: NDArray[np.bool_],
    *, blocked: NDArray[np.bool_], through: NDArray[np.float32],
) -> Walk:  # fmt: skip
    """Return what a walk follows.

    Args:
        adjacency: All edges.
        weight: float32[n_edges].
        in_force: bool[n_edges].
        blocked: bool[n_nodes], nodes that no walk enters or leaves.
        through: float32[n_nodes] in (0, 1], the part of a walk that a node passes on.
    """
    indptr, neighbor, edge, kept, degree = _strongest(
        adjacency.indptr, adjacency.neighbor, adjacency.edge, np.where(in_force, weight, np.float32(0)), blocked
    )
    node, tie = np.zeros(len(indptr), NODE), np.empty(len(edge), TIE)
    node["begin"], node["degree"][:-1], node["through"][:-1] = indptr, degree, through
    tie["neighbor"], tie["weight"] = neighbor, kept
    return Walk(node=node, tie=tie, edge=edge)


_Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]


@njit(cache=True, nogil=True)
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
