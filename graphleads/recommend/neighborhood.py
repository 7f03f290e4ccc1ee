"""The part of the graph that a walk comes by, with numbers of its own: what is touched stays close together in memory.

A node is found by open addressing (Knuth, The Art of Computer Programming 3, 6.4), and its number here is its *place*,
given in the order in which nodes are reached.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.history import Group, History, make_group, passed_on
from graphleads.graph.kernel import part, prefetch
from graphleads.recommend.ties import Slots, Ties, make_slots, read_row, row_room

_SLOTS_A_PLACE = 4
_GOLDEN = np.uint32(2654435769)
"""2³² over the golden ratio, which scatters consecutive numbers."""


class Neighborhood(NamedTuple):
    """Work space of a walk; one a thread, used again by the next query.

    Attributes:
        used: int64[2], how many places and slots are in use.
        table: int32[a power of two], place + 1 by hash of the node; 0 is free.
        node: int32[n_places].
        at: int32[n_places], where in `table` a place stands.
        mass: float64[n_places], spread so far.
        residual: float64[n_places], still to be spread.
        degree: float32[n_places], the sum of the weights of a node's row.
        through: float32[n_places], the part of a walk that a node passes on.
        begin: int32[n_places], the first slot of the row; −1 where it was not read yet.
        end: int32[n_places].
        linked: bool[n_places], whether the ends in the row are places already, and not nodes.
        queued: bool[n_places].
        queue: int32[n_places], a ring.
        slots: The rows.
        group: Where the companies of a node are counted.
    """

    used: NDArray[np.int64]
    table: NDArray[np.int32]
    node: NDArray[np.int32]
    at: NDArray[np.int32]
    mass: NDArray[np.float64]
    residual: NDArray[np.float64]
    degree: NDArray[np.float32]
    through: NDArray[np.float32]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    linked: NDArray[np.bool_]
    queued: NDArray[np.bool_]
    queue: NDArray[np.int32]
    slots: Slots
    group: Group


def make_neighborhood(n_places: int) -> Neighborhood:
    """Return clean work space for as many nodes, a power of two, and four times as many ties."""
    return Neighborhood(
        used=np.zeros(2, np.int64),
        table=np.zeros(2 * n_places, np.int32),
        node=np.empty(n_places, np.int32),
        at=np.empty(n_places, np.int32),
        mass=np.empty(n_places, np.float64),
        residual=np.empty(n_places, np.float64),
        degree=np.empty(n_places, np.float32),
        through=np.empty(n_places, np.float32),
        begin=np.empty(n_places, np.int32),
        end=np.empty(n_places, np.int32),
        linked=np.empty(n_places, np.bool_),
        queued=np.empty(n_places, np.bool_),
        queue=np.empty(n_places, np.int32),
        slots=make_slots(_SLOTS_A_PLACE * n_places),
        group=make_group(n_places),
    )


@part
def clear(near: Neighborhood) -> None:
    """Forget what the last walk came by."""
    for place in range(near.used[0]):
        near.table[near.at[place]] = 0
    near.used[:] = 0


@part
def find(node: int, near: Neighborhood) -> int:
    """Return the place of a node, or −1 − the free spot of the table that it would take."""
    last = len(near.table) - 1
    spot = (np.uint32(node) * _GOLDEN >> np.uint32(7)) & last
    while near.table[spot] != 0:
        place = near.table[spot] - 1
        if near.node[place] == node:
            return int(place)
        spot = (spot + 1) & last
    return int(-1 - spot)


@part
def reach(node: int, near: Neighborhood, ties: Ties, history: History) -> int:
    """Return the place of a node, a new one where it has none; −1 if there is no room."""
    found = int(find(node, near))
    if found >= 0:
        return found
    place, first = int(near.used[0]), int(near.used[1])
    if place == len(near.node) or (not ties.in_view and first + row_room(node, ties, history) > len(near.slots.end)):
        return -1
    near.used[0] += 1
    near.table[-1 - found], near.at[place], near.node[place] = place + 1, -1 - found, node
    near.mass[place], near.residual[place], near.queued[place] = 0.0, 0.0, False
    near.begin[place], near.linked[place] = -1, False
    if ties.in_view:
        near.degree[place], near.through[place] = ties.node[node].degree, ties.node[node].through
    elif not _measure(place, near, ties, history):
        return -1
    return place


@part
def _measure(place: int, near: Neighborhood, ties: Ties, history: History) -> bool:
    """Read a place's row and take its degree and what it passes on from the history; False if there is no room."""
    if not _read(place, near, ties, history):
        return False
    near.through[place] = passed_on(near.node[place], history, near.group)
    # Summed as the snapshot's own are, in the order of the row and in single precision.
    degree = np.float32(0)
    for slot in range(near.begin[place], near.end[place]):
        degree += near.slots.weight[slot]
    near.degree[place] = degree
    return bool(near.through[place] >= 0)


@part
def link_row(place: int, near: Neighborhood, ties: Ties, history: History) -> bool:
    """See that a place's row is there and names its ends by their places; False if there is no room."""
    if near.linked[place]:
        return True
    if near.begin[place] < 0:
        if near.used[1] + row_room(near.node[place], ties, history) > len(near.slots.end):
            return False
        if not _read(place, near, ties, history):
            return False
    if ties.in_view:
        for slot in range(near.begin[place], near.end[place]):
            prefetch(ties.node, near.slots.end[slot])
    for slot in range(near.begin[place], near.end[place]):
        end = reach(near.slots.end[slot], near, ties, history)
        if end < 0:
            return False
        near.slots.end[slot] = end
    near.linked[place] = True
    return True


@part
def _read(place: int, near: Neighborhood, ties: Ties, history: History) -> bool:
    end = read_row(near.node[place], ties, history, near.slots, near.used[1], near.group)
    near.begin[place], near.end[place] = near.used[1], end
    near.used[1] = max(end, near.used[1])
    return bool(end >= 0)
