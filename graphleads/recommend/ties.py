"""The rows of the graph that a walk follows on one day, read by the kernels one at a time.

The rows of the snapshot's own day are mapped as they are. For any other day a row is made of the history when a walk
comes by, so that a query about last March costs what it touches, not what the register holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.history import Group, History, is_blocked, is_in_force
from graphleads.graph.kernel import part
from graphleads.graph.text_kernel import first_not_below
from graphleads.graph.view import TieView


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


class Slots(NamedTuple):
    """Room for rows.

    Attributes:
        end: int32[n_slots], the other end of a tie.
        origin: int32[n_slots], the slot of the snapshot's rows where the tie stands, or one after them; see `edges_of`.
        weight: float32[n_slots].
    """

    end: NDArray[np.int32]
    origin: NDArray[np.int32]
    weight: NDArray[np.float32]


def make_slots(n: int) -> Slots:
    """Return room for `n` ties."""
    return Slots(end=np.empty(n, np.int32), origin=np.empty(n, np.int32), weight=np.empty(n, np.float32))


def open_ties(view: TieView) -> tuple[Ties, History]:
    """Return the ties of a view, and what rows are made of where it is not baked in."""
    walk = view.snapshot.walk
    return Ties(in_view=view.is_baked, node=walk.node, tie=walk.tie, edge=walk.edge), view.history


def row_rooms(nodes: NDArray[np.int32], ties: Ties, history: History) -> NDArray[np.int64]:
    """Return how many slots the row of each node takes at most."""
    begin = ties.node["begin"] if ties.in_view else history.indptr
    added = np.searchsorted(history.laid.node, nodes, "right") - np.searchsorted(history.laid.node, nodes)
    rooms: NDArray[np.int64] = begin[nodes + 1] - begin[nodes] + added
    return rooms


def edges_of(origins: NDArray[np.int32], ties: Ties, history: History) -> NDArray[np.int32]:
    """Return the rows of the snapshot's edges that ties are; added ties have numbers after them."""
    if ties.in_view:
        return ties.edge[origins]
    if len(history.laid.node) == 0:
        return history.edge[origins]
    added = origins - len(history.edge)
    edges = history.edge[np.where(added < 0, origins, 0)]
    numbers = history.laid.tie[np.maximum(added, 0)] + np.int32(len(history.source))
    return np.where(added < 0, edges, numbers).astype(np.int32)


@part
def row_room(node: int, ties: Ties, history: History) -> int:
    """Return how many slots the row of a node takes at most."""
    if ties.in_view:
        return int(ties.node[node + 1].begin - ties.node[node].begin)
    added = 0
    if len(history.laid.node) > 0:
        added = first_not_below(history.laid.node, node + 1, 0) - first_not_below(history.laid.node, node, 0)
    return int(history.indptr[node + 1] - history.indptr[node]) + added


@part
def read_row(node: int, ties: Ties, history: History, slots: Slots, first: int, group: Group) -> int:
    """Write the row of a node, neighbours ascending, into the slots from `first` on.

    Between two nodes it has the strongest tie in force.

    Returns:
        Where the row ends; −1 if there was no room to count whom a neighbour ties together.
    """
    if not ties.in_view:
        return int(_make_row(node, history, slots, first, group))
    out = first
    for slot in range(ties.node[node].begin, ties.node[node + 1].begin):
        slots.end[out], slots.origin[out], slots.weight[out] = ties.tie[slot].neighbor, slot, ties.tie[slot].weight
        out += 1
    return out


@part
def _make_row(node: int, history: History, slots: Slots, first: int, group: Group) -> int:
    out = first
    blocked = is_blocked(node, history, group)
    if blocked != 0:
        return -1 if blocked < 0 else first
    aside = -1
    for slot in range(history.indptr[node], history.indptr[node + 1]):
        edge, other = history.edge[slot], history.neighbor[slot]
        weight = history.weight[edge]
        if other == aside or weight <= 0 or not is_in_force(edge, history):
            continue
        if out > first and slots.end[out - 1] == other:
            if weight > slots.weight[out - 1]:
                slots.origin[out - 1], slots.weight[out - 1] = slot, weight
            continue
        blocked = is_blocked(other, history, group)
        if blocked < 0:
            return -1
        if blocked:
            aside = other
            continue
        slots.end[out], slots.origin[out], slots.weight[out] = other, slot, weight
        out += 1
    if len(history.laid.node) == 0:
        return out
    return int(_add_laid(node, history, slots, (first, out), group))


@part
def _add_laid(node: int, history: History, slots: Slots, row: tuple[int, int], group: Group) -> int:
    """Put the added ties of a node into its row; return where the row ends, −1 if there was no room to count."""
    laid, (first, out) = history.laid, row
    for at in range(first_not_below(laid.node, node, 0), len(laid.node)):
        if laid.node[at] != node:
            break
        other, weight = laid.neighbor[at], history.added_weight[laid.tie[at]]
        blocked = is_blocked(other, history, group)
        if blocked < 0:
            return -1
        if blocked or weight <= 0:
            continue
        place = first
        while place < out and slots.end[place] < other:
            place += 1
        if place == out or slots.end[place] != other:
            for later in range(out, place, -1):
                slots.end[later], slots.origin[later] = slots.end[later - 1], slots.origin[later - 1]
                slots.weight[later] = slots.weight[later - 1]
            slots.weight[place] = 0
            out += 1
        if weight > slots.weight[place]:
            slots.end[place], slots.origin[place] = other, len(history.edge) + at
            slots.weight[place] = weight
    return out
