"""The ties of every day, as kernels read them: which are in force on the day that is asked for, and who ties too many.

How many companies a node ties on a day is counted when somebody comes by, and only where it may matter: the snapshot
knows of each node how many it ties at most, whatever the day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.edges import RELATIONS
from graphleads.graph.kernel import kernel, part
from graphleads.graph.overlay import Laid, is_among
from graphleads.graph.text_kernel import first_not_below

_LINK, _CONTACT, _SAME = (RELATIONS.index(relation) for relation in ("link", "contact", "same_person"))
_GOLDEN = np.uint64(11400714819323198485)
"""2⁶⁴ over the golden ratio, which scatters consecutive numbers (Knuth, The Art of Computer Programming 3, 6.4)."""
_MEMORY_BITS = 15


class Caps(NamedTuple):
    """From how many companies on a node ties nothing, by ranges of nodes, and what the others pass on.

    Attributes:
        begin: int64[n_ranges], the first node of each range, ascending; the first is 0.
        most: int32[n_ranges], how many companies a node of the range may tie.
        free: Up to so many companies a node passes everything on.
        through: float32[n], the part of a walk that a node of 0, 1, … companies passes on, in (0, 1].
    """

    begin: NDArray[np.int64]
    most: NDArray[np.int32]
    free: int
    through: NDArray[np.float32]


class History(NamedTuple):
    """All edges with their weights and times, and the two days that are asked for, in days since 1970.

    Attributes:
        indptr: int64[n_nodes + 1], see `matrix.Adjacency`.
        neighbor: int32[n_slots].
        edge: int32[n_slots].
        source: int32[n_edges], the node that an edge goes out from.
        relation: int8[n_edges], the position in `edges.RELATIONS`.
        weight: float32[n_edges].
        valid_from: int32[n_edges], as the other times.
        ever: int32[n_nodes], how many companies a node ties at most, whatever the day and the weights.
        caps: Who is a hub.
        laid: What was judged since the snapshot was built.
        added_weight: float32[n_added], of the ties that were added.
        memory: int64[a power of two], node × 2³² + the companies that it ties on the day, by hash of the node; −1 is
            free. What falls on the same place is forgotten and counted again.
    """

    indptr: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]
    source: NDArray[np.int32]
    relation: NDArray[np.int8]
    weight: NDArray[np.float32]
    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]
    ever: NDArray[np.int32]
    caps: Caps
    laid: Laid
    added_weight: NDArray[np.float32]
    memory: NDArray[np.int64]
    valid_on: int
    known_on: int


class Group(NamedTuple):
    """Room to count the companies of all records of one person.

    Attributes:
        record: int32[n], nodes.
        company: int32[n], nodes.
    """

    record: NDArray[np.int32]
    company: NDArray[np.int32]


def make_group(n: int) -> Group:
    """Return room for `n` records and as many companies."""
    return Group(record=np.empty(n, np.int32), company=np.empty(n, np.int32))


def make_memory() -> NDArray[np.int64]:
    """Return a memory in which nothing is kept yet."""
    return np.full(1 << _MEMORY_BITS, -1, np.int64)


@part
def is_in_force(edge: int, history: History) -> bool:
    """Return whether an edge is true on the one day, as known on the other, and not struck."""
    return bool(
        history.valid_from[edge] <= history.valid_on < history.valid_to[edge]
        and history.known_from[edge] <= history.known_on < history.known_until[edge]
        and not is_among(edge, history.laid.struck)
    )


@part
def cap_of(node: int, caps: Caps) -> int:
    """Return how many companies a node may tie."""
    at = len(caps.begin) - 1
    while caps.begin[at] > node:
        at -= 1
    return int(caps.most[at])


@part
def is_blocked(node: int, history: History, group: Group) -> int:
    """Return 1 if nothing leads through a node on the day, 0 if it may, −1 if there was no room to count its companies.

    It ties too many companies together, or nobody knows which company it is.
    """
    if is_among(node, history.laid.parted):
        return 1
    most = cap_of(node, history.caps)
    if history.ever[node] <= most and not is_among(node, history.laid.touched):
        return 0
    n = count_tied(node, most, history, group)
    return -1 if n < 0 else int(n > most)


@part
def passed_on(node: int, history: History, group: Group) -> float:
    """Return the part of a walk that a node passes on, which is no hub; −1 if there was no room to count."""
    if history.ever[node] <= history.caps.free and not is_among(node, history.laid.touched):
        return 1.0
    n = count_tied(node, cap_of(node, history.caps), history, group)
    return -1.0 if n < 0 else float(history.caps.through[min(n, len(history.caps.through) - 1)])


@kernel
def count_tied(node: int, most: int, history: History, group: Group) -> int:
    """Return how many companies the ties of a node lead to that a walk follows; `most` + 1 if more; −1 without room."""
    spot = np.uint64(node) * _GOLDEN >> np.uint64(64 - _MEMORY_BITS)
    kept = history.memory[spot]
    if kept >> 32 == node:
        return int(kept & 0xFFFFFFFF)
    n = count_companies(node, most, 0.0, history, group)
    if n >= 0:
        history.memory[spot] = np.int64(node) << 32 | n
    return int(n)


@kernel
def count_companies(node: int, most: int, floor: float, history: History, group: Group) -> int:
    """Return over how many companies the ties in force of a node go; `most` + 1 if more; −1 if there was no room.

    A person counts with all records that are probably the same person; a company counts those it holds or serves, and
    those at the other end of its links, whichever end it is.

    Args:
        node: The node.
        most: Where to stop.
        floor: Only ties of more than this weight count.
        history: All edges.
        group: Room to count.
    """
    group.record[0] = node
    at, n_records, n = 0, 1, 0
    while at < n_records:
        n_records, n = _count_added(group.record[at], (n_records, n), floor, history, group)
        if n < 0 or n_records < 0:
            return -1
        alone = n == 0
        last = -1
        for slot in range(history.indptr[group.record[at]], history.indptr[group.record[at] + 1]):
            edge, other = history.edge[slot], history.neighbor[slot]
            if other == last or history.weight[edge] <= floor or not is_in_force(edge, history):
                continue
            if history.relation[edge] == _SAME:
                n_records = _add(other, group.record, n_records, 0)
            elif _is_hub(group.record[at], edge, history):
                last = other
                # What one record alone has is in order, so that none is seen twice.
                n = _add(other, group.company, n, n if alone else 0)
            if n < 0 or n_records < 0:
                return -1
            if n > most:
                return most + 1
        at += 1
    return min(n, most + 1)


@part
def _count_added(
    record: int, counted: tuple[int, int], floor: float, history: History, group: Group
) -> tuple[int, int]:
    """Add what the added ties of a record lead to; return how many records and companies there are, −1 without room."""
    laid, (n_records, n) = history.laid, counted
    for at in range(first_not_below(laid.node, record, 0), len(laid.node)):
        if laid.node[at] != record or n_records < 0 or n < 0:
            break
        tie = laid.tie[at]
        if history.added_weight[tie] <= floor:
            continue
        relation, starts_here = laid.relation[tie], laid.source[tie] == record
        if relation == _SAME:
            n_records = _add(laid.neighbor[at], group.record, n_records, 0)
        elif relation == _LINK or starts_here != (relation == _CONTACT):
            n = _add(laid.neighbor[at], group.company, n, 0)
    return n_records, n


@part
def _is_hub(node: int, edge: int, history: History) -> bool:
    """Return whether it is this end of an edge that ties its neighbours together."""
    relation = history.relation[edge]
    if relation == _CONTACT:
        return bool(history.source[edge] != node)
    return bool(relation == _LINK or history.source[edge] == node)


@part
def _add(number: int, numbers: NDArray[np.int32], n: int, first: int) -> int:
    """Add a number to `n` others unless it is one of those from `first` on; return how many they are, −1 if no room."""
    for at in range(first, n):
        if numbers[at] == number:
            return n
    if n == len(numbers):
        return -1
    numbers[n] = number
    return n + 1


@kernel
def count_each(nodes: NDArray[np.int32], floor: float, history: History, group: Group, into: NDArray[np.int32]) -> bool:
    """Write over how many companies the ties in force of each node go; return whether there was room to count them."""
    for at in range(len(nodes)):
        into[at] = count_companies(nodes[at], 2**31 - 2, floor, history, group)
        if into[at] < 0:
            return False
    return True


@kernel
def find_hubs(nodes: NDArray[np.int32], history: History, group: Group, into: NDArray[np.bool_]) -> bool:
    """Write whether each node ties too many companies; return whether there was room to count them."""
    for at in range(len(nodes)):
        found = is_blocked(nodes[at], history, group)
        if found < 0:
            return False
        into[at] = found == 1
    return True


@kernel
def read_through(nodes: NDArray[np.int32], history: History, group: Group, into: NDArray[np.float32]) -> bool:
    """Write the part of a walk that each node passes on, hubs too; return whether there was room to count."""
    for at in range(len(nodes)):
        into[at] = passed_on(nodes[at], history, group)
        if into[at] < 0:
            return False
    return True
