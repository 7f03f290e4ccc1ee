"""Corporate groups on any day: who is joined by majority holdings, branches and consolidations in force.

A group is found by walking it from a company of it, so that it costs what it holds, not what the register holds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.edges import RELATIONS
from graphleads.graph.history import History, is_in_force
from graphleads.graph.kernel import kernel, part
from graphleads.graph.weigh import GROUPING, VOTING

_INTEREST, _LINK = RELATIONS.index("interest"), RELATIONS.index("link")
_GOLDEN = np.uint32(2654435769)
_FIRST_ROOM = 1 << 11


class Control(NamedTuple):
    """What says of an edge whether it makes one group of two companies; see `weigh.controlling`.

    Attributes:
        n_companies: Their nodes come first.
        kind: int32[n_edges], into the words of kinds.
        voting: bool[n_words], the kinds of interests that give control.
        grouping: bool[n_words], the kinds of links that make a group.
        held_as: int32[n_edges], into the words of how something is held.
        has_held_as: uint8[n_bytes], whether that is said, one bit an edge, the lowest of a byte first; none: always.
        nominee: The word of what is held for others; −1 if there is none.
        share: float64[n_edges], the least share.
        has_share: uint8[n_bytes], whether that is said.
        majority: From which share on a holding gives control.
    """

    n_companies: int
    kind: NDArray[np.int32]
    voting: NDArray[np.bool_]
    grouping: NDArray[np.bool_]
    held_as: NDArray[np.int32]
    has_held_as: NDArray[np.uint8]
    nominee: int
    share: NDArray[np.float64]
    has_share: NDArray[np.uint8]
    majority: float


class _Reached(NamedTuple):
    """The companies that were reached, found by open addressing.

    Attributes:
        used: int64[1], how many.
        table: int32[a power of two], place + 1 by hash of the node; 0 is free.
        node: int32[n_places], in the order in which they were reached.
        family: int32[n_places], the same number for all of a group.
    """

    used: NDArray[np.int64]
    table: NDArray[np.int32]
    node: NDArray[np.int32]
    family: NDArray[np.int32]


def open_control(edges: pa.Table, n_companies: int, majority: float) -> Control:
    """Return what says which edges make groups, over the memory of the edges."""
    kind, held_as, share = (edges[name].chunk(0) for name in ("kind", "held_as", "share_min"))
    kinds, ways = kind.dictionary.to_pylist(), held_as.dictionary.to_pylist()
    return Control(
        n_companies=n_companies,
        kind=_memory(kind.indices, 1, np.int32),
        voting=np.array([word in VOTING for word in kinds], bool),
        grouping=np.array([word in GROUPING for word in kinds], bool),
        held_as=_memory(held_as.indices, 1, np.int32),
        has_held_as=_memory(held_as.indices, 0, np.uint8),
        nominee=ways.index("nominee") if "nominee" in ways else -1,
        share=_memory(share, 1, np.float64),
        has_share=_memory(share, 0, np.uint8),
        majority=majority,
    )


def _memory(column: pa.Array, at: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return one of a column's buffers; a column of a snapshot begins where its buffers do."""
    buffer = column.buffers()[at]
    return np.empty(0, kind) if buffer is None else np.frombuffer(buffer, kind)


def find_groups(
    companies: NDArray[np.int32], history: History, control: Control
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return all companies of the groups that some are in, int32[n] ascending, and int32[n], a number for each group.

    Args:
        companies: int32[n], company nodes.
        history: All edges, and the day.
        control: Which of them make groups.
    """
    n_places = _FIRST_ROOM
    while True:
        reached = _Reached(
            used=np.zeros(1, np.int64),
            table=np.zeros(2 * n_places, np.int32),
            node=np.empty(n_places, np.int32),
            family=np.empty(n_places, np.int32),
        )
        if _reach_all(companies, history, control, reached):
            nodes = reached.node[: reached.used[0]]
            order = np.argsort(nodes)
            return nodes[order], reached.family[order]
        n_places *= 4


@kernel
def _reach_all(companies: NDArray[np.int32], history: History, control: Control, reached: _Reached) -> bool:
    """Walk the groups of some companies; return whether there was room for all."""
    for family in range(len(companies)):
        at = int(reached.used[0])
        if not _reach(companies[family], family, reached):
            return False
        while at < reached.used[0]:
            node = reached.node[at]
            for slot in range(history.indptr[node], history.indptr[node + 1]):
                other, edge = history.neighbor[slot], history.edge[slot]
                # Neighbours are ascending, and companies come first.
                if other >= control.n_companies:
                    break
                one_group = _controls(edge, history, control) and is_in_force(edge, history)
                if one_group and not _reach(other, family, reached):
                    return False
            at += 1
    return True


@part
def _reach(node: int, family: int, reached: _Reached) -> bool:
    """Take a node in unless it is there already; False if there is no room."""
    last = len(reached.table) - 1
    spot = (np.uint32(node) * _GOLDEN >> np.uint32(7)) & last
    while reached.table[spot] != 0:
        if reached.node[reached.table[spot] - 1] == node:
            return True
        spot = (spot + 1) & last
    place = reached.used[0]
    if place == len(reached.node):
        return False
    reached.used[0] += 1
    reached.table[spot], reached.node[place], reached.family[place] = place + 1, node, family
    return True


@part
def _controls(edge: int, history: History, control: Control) -> bool:
    """Return whether an edge between companies makes them one group while it is in force."""
    relation, kind = history.relation[edge], control.kind[edge]
    if relation == _LINK:
        return bool(control.grouping[kind])
    if relation != _INTEREST or not control.voting[kind]:
        return False
    if control.held_as[edge] == control.nominee and _is_said(edge, control.has_held_as):
        return False
    return bool(control.share[edge] >= control.majority and _is_said(edge, control.has_share))


@part
def _is_said(row: int, there: NDArray[np.uint8]) -> bool:
    """Return whether a row has a value; of a column without nulls nothing is kept of that."""
    return bool(len(there) == 0 or there[row >> 3] >> (row & 7) & 1)
