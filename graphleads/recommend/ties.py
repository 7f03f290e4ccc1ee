"""The rows of the graph that a walk follows on one day, as arrays for the kernels.

The rows of the snapshot's own day are mapped as they are. For any other day a row is made the first time that a walk
comes by, so that a query about last March costs what it touches, not what the register holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.snapshot import Snapshot


class Ties(NamedTuple):
    """The ties in force: those of node *i* are the slots `begin[i]` to `end[i]`, neighbours ascending.

    Attributes:
        begin: int64[n_nodes].
        end: int64[n_nodes].
        neighbor: int32[n_slots].
        edge: int32[n_slots], rows of the snapshot's edges.
        weight: float32[n_slots].
        degree: float32[n_nodes], the sum of a node's weights.
        through: float32[n_nodes] in (0, 1], the part of a walk that a node passes on; the rest ends there.
        made: uint8[n_nodes], whether a dated row is there; empty where every row is.
        free: int64[1], the first slot that no dated row uses.
    """

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]
    weight: NDArray[np.float32]
    degree: NDArray[np.float32]
    through: NDArray[np.float32]
    made: NDArray[np.uint8]
    free: NDArray[np.int64]


class History(NamedTuple):
    """What dated rows are made of: all edges with their weights and times, and the two days that are asked for."""

    indptr: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]
    weight: NDArray[np.float32]
    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]
    blocked: NDArray[np.bool_]
    valid_on: int
    known_on: int


def open_ties(snapshot: Snapshot, *, valid_on: int, known_on: int) -> tuple[Ties, History]:
    """Return the ties in force on a day, as known on another; days are counted since 1970."""
    adjacency, times = snapshot.adjacency, snapshot.times
    history = History(
        indptr=adjacency.indptr,
        neighbor=adjacency.neighbor,
        edge=adjacency.edge,
        weight=snapshot.node_array("edge_weight"),
        valid_from=times.valid_from,
        valid_to=times.valid_to,
        known_from=times.known_from,
        known_until=times.known_until,
        blocked=snapshot.node_array("blocked"),
        valid_on=valid_on,
        known_on=known_on,
    )
    in_view = all(snapshot.view_on <= day < snapshot.view_until for day in (valid_on, known_on))
    return _current(snapshot) if in_view else _unmade(snapshot), history


def _current(snapshot: Snapshot) -> Ties:
    walk = snapshot.walk
    return Ties(
        begin=walk.indptr[:-1],
        end=walk.indptr[1:],
        neighbor=walk.neighbor,
        edge=walk.edge,
        weight=walk.weight,
        degree=walk.degree,
        through=snapshot.node_array("through"),
        made=np.empty(0, np.uint8),
        free=np.zeros(1, np.int64),
    )


def _unmade(snapshot: Snapshot) -> Ties:
    n_nodes, n_slots = snapshot.n_nodes, len(snapshot.adjacency.edge)
    # Untouched pages of fresh arrays cost no memory, so these may be as large as the graph.
    return Ties(
        begin=np.zeros(n_nodes, np.int64),
        end=np.zeros(n_nodes, np.int64),
        neighbor=np.empty(n_slots, np.int32),
        edge=np.empty(n_slots, np.int32),
        weight=np.empty(n_slots, np.float32),
        degree=np.zeros(n_nodes, np.float32),
        through=snapshot.node_array("through"),
        made=np.zeros(n_nodes, np.uint8),
        free=np.zeros(1, np.int64),
    )


@njit(cache=True)
def make_row(node: int, ties: Ties, history: History) -> None:
    """See that the row of a node is there: between two nodes the strongest tie that was in force."""
    if len(ties.made) == 0 or ties.made[node] == 1:
        return
    ties.made[node] = 1
    first = ties.free[0]
    out = first
    if not history.blocked[node]:
        for slot in range(history.indptr[node], history.indptr[node + 1]):
            e, other = history.edge[slot], history.neighbor[slot]
            weight = history.weight[e]
            if weight <= 0 or history.blocked[other] or not _in_force(e, history):
                continue
            if out > first and ties.neighbor[out - 1] == other:
                if weight > ties.weight[out - 1]:
                    ties.weight[out - 1], ties.edge[out - 1] = weight, e
                continue
            ties.neighbor[out], ties.edge[out], ties.weight[out] = other, e, weight
            out += 1
    ties.begin[node], ties.end[node], ties.free[0] = first, out, out
    for slot in range(first, out):
        ties.degree[node] += ties.weight[slot]


@njit(cache=True)
def _in_force(edge: int, history: History) -> bool:
    return bool(
        history.valid_from[edge] <= history.valid_on < history.valid_to[edge]
        and history.known_from[edge] <= history.known_on < history.known_until[edge]
    )
