"""The rows of the graph that a walk follows on one day, read by the kernels one at a time.

The rows of the snapshot's own day are mapped as they are. For any other day a row is made of the history when a walk
comes by, so that a query about last March costs what it touches, not what the register holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.snapshot import Snapshot
from graphleads.recommend.kernel import part


class Ties(NamedTuple):
    """The ties in force on the day of the snapshot.

    Attributes:
        in_view: Whether the day that is asked for is that day; if not, rows are made of the history.
        node: NODE[n_nodes + 1], see `matrix.Walk`.
        tie: TIE[n_slots].
        edge: int32[n_slots], rows of the snapshot's edges.
    """

    in_view: bool
    node: NDArray[np.void]
    tie: NDArray[np.void]
    edge: NDArray[np.int32]


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


class Slots(NamedTuple):
    """Room for rows.

    Attributes:
        end: int32[n_slots], the other end of a tie.
        origin: int32[n_slots], the slot of the snapshot's rows where the tie stands, see `edges_of`.
        weight: float32[n_slots].
    """

    end: NDArray[np.int32]
    origin: NDArray[np.int32]
    weight: NDArray[np.float32]


def make_slots(n: int) -> Slots:
    """Return room for `n` ties."""
    return Slots(end=np.empty(n, np.int32), origin=np.empty(n, np.int32), weight=np.empty(n, np.float32))


def open_ties(snapshot: Snapshot, *, valid_on: int, known_on: int) -> tuple[Ties, History]:
    """Return the ties in force on a day, as known on another; days are counted since 1970."""
    adjacency, times, walk = snapshot.adjacency, snapshot.times, snapshot.walk
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
    view = in_view(snapshot, valid_on=valid_on, known_on=known_on)
    return Ties(in_view=view, node=walk.node, tie=walk.tie, edge=walk.edge), history


def row_rooms(nodes: NDArray[np.int32], ties: Ties, history: History) -> NDArray[np.int64]:
    """Return how many slots the row of each node takes at most."""
    begin = ties.node["begin"] if ties.in_view else history.indptr
    rooms: NDArray[np.int64] = begin[nodes + 1] - begin[nodes]
    return rooms


def edges_of(origins: NDArray[np.int32], ties: Ties, history: History) -> NDArray[np.int32]:
    """Return the rows of the snapshot's edges that ties are."""
    return (ties.edge if ties.in_view else history.edge)[origins]


def in_view(snapshot: Snapshot, *, valid_on: int, known_on: int) -> bool:
    """Return whether nothing begins or ends by itself between the day of the snapshot and both days."""
    return all(snapshot.view_on <= day < snapshot.view_until for day in (valid_on, known_on))


@part
def row_room(node: int, ties: Ties, history: History) -> int:
    """Return how many slots the row of a node takes at most."""
    if ties.in_view:
        return int(ties.node[node + 1].begin - ties.node[node].begin)
    return 0 if history.blocked[node] else int(history.indptr[node + 1] - history.indptr[node])


@part
def read_row(node: int, ties: Ties, history: History, slots: Slots, first: int) -> int:
    """Write the row of a node, neighbours ascending, into the slots from `first` on; return where it ends.

    Between two nodes it has the strongest tie in force.
    """
    out = first
    if ties.in_view:
        for slot in range(ties.node[node].begin, ties.node[node + 1].begin):
            slots.end[out], slots.origin[out], slots.weight[out] = ties.tie[slot].neighbor, slot, ties.tie[slot].weight
            out += 1
        return out
    if history.blocked[node]:
        return out
    for slot in range(history.indptr[node], history.indptr[node + 1]):
        edge, other = history.edge[slot], history.neighbor[slot]
        weight = history.weight[edge]
        if weight <= 0 or not is_in_force(edge, history) or history.blocked[other]:
            continue
        if out > first and slots.end[out - 1] == other:
            if weight > slots.weight[out - 1]:
                slots.origin[out - 1], slots.weight[out - 1] = slot, weight
            continue
        slots.end[out], slots.origin[out], slots.weight[out] = other, slot, weight
        out += 1
    return out


@part
def is_in_force(edge: int, history: History) -> bool:
    """Return whether an edge is true on the one day, as known on the other."""
    return bool(
        history.valid_from[edge] <= history.valid_on < history.valid_to[edge]
        and history.known_from[edge] <= history.known_on < history.known_until[edge]
    )
