"""Judgements laid over a snapshot: ties that were struck, and ties that were added, so that a decision acts at once.

The snapshot stays as it is. Whatever reads ties reads them through a `TieView`, and that through an overlay; the next
build takes the judgements in, and then they are in no overlay any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.edges import RELATIONS
from graphleads.graph.kernel import part
from graphleads.graph.lookup import rows_between
from graphleads.graph.matrix import Adjacency
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.text_kernel import first_not_below
from graphleads.ids import EntityId
from graphleads.model import Source

_SAME = RELATIONS.index("same_person")


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckTie:
    """Relationships that are none: all of a relation between two entities, whichever way they go."""

    source: EntityId
    target: EntityId
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedTie:
    """A relationship that no register has, in force on any day.

    Attributes:
        source: The entity that it goes out from.
        target: The entity that it goes to.
        relation: One of `edges.RELATIONS`.
        kind: The relation's own kind.
        confidence: Probability that it is real, in (0, 1].
        said_by: Where that stands.
    """

    source: EntityId
    target: EntityId
    relation: str
    kind: str
    confidence: float
    said_by: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What was judged since the snapshot was built.

    Attributes:
        struck: Ties that are none.
        different: Pairs of companies, or of persons, that are not the same.
        added: Ties that were found.
    """

    struck: frozenset[StruckTie] = frozenset()
    different: frozenset[tuple[EntityId, EntityId]] = frozenset()
    added: tuple[AddedTie, ...] = ()


NOTHING = Overlay()


class Laid(NamedTuple):
    """An overlay on one snapshot, as kernels read it. Entities that the snapshot does not have are left out.

    Attributes:
        struck: int32[n_struck], rows of the edges, ascending.
        parted: int32[n_parted], companies that were made of two that are different, ascending: nobody knows whose a tie
            of theirs is, so that nothing is followed through them.
        touched: int32[n_touched], nodes that may tie more companies than the snapshot knows of, ascending.
        node: int32[n_added_ends], the ends of added ties, ascending.
        neighbor: int32[n_added_ends], the other end.
        tie: int32[n_added_ends], which of the added ties.
        source: int32[n_added], the node that an added tie goes out from.
        target: int32[n_added], the node that it goes to.
        relation: int8[n_added], the position in `edges.RELATIONS`.
        place: int32[n_added], which tie of the overlay it is.
    """

    struck: NDArray[np.int32]
    parted: NDArray[np.int32]
    touched: NDArray[np.int32]
    node: NDArray[np.int32]
    neighbor: NDArray[np.int32]
    tie: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    relation: NDArray[np.int8]
    place: NDArray[np.int32]


def lay(overlay: Overlay, snapshot: Snapshot) -> Laid:
    """Return an overlay by the numbers that a snapshot gives nodes and edges."""
    left, right = _nodes_of(snapshot, [(tie.source, tie.target) for tie in overlay.added])
    there = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
    relation = np.array([RELATIONS.index(tie.relation) for tie in overlay.added], np.int8)
    source, target = left[there], right[there]
    ends, others = np.concatenate([source, target]), np.concatenate([target, source])
    order = np.lexsort((others, ends))
    return Laid(
        struck=_struck(overlay, snapshot),
        parted=_parted(overlay, snapshot),
        touched=_touched(snapshot, source, target, relation[there]),
        node=ends[order],
        neighbor=others[order],
        tie=np.tile(np.arange(len(there), dtype=np.int32), 2)[order],
        source=source,
        target=target,
        relation=relation[there],
        place=there.astype(np.int32),
    )


def as_edges(overlay: Overlay, laid: Laid) -> pa.Table:
    """Return the added ties that a snapshot has both ends of as far as `weigh.edge_weights` reads edges."""
    ties, n = [overlay.added[place] for place in laid.place.tolist()], len(laid.place)
    return pa.table(
        {
            "relation": laid.relation,
            "kind": pa.array([tie.kind for tie in ties], pa.string()).dictionary_encode(),
            "share_min": pa.nulls(n, pa.float64()),
            "share_max": pa.nulls(n, pa.float64()),
            "held_as": pa.nulls(n, pa.string()),
            "confidence": np.array([tie.confidence for tie in ties], np.float32),
        }
    )


def _nodes_of(
    snapshot: Snapshot, pairs: list[tuple[EntityId, EntityId]]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes of both sides of some pairs; −1 where there is none."""
    nodes = snapshot.nodes_of([one for pair in pairs for one in pair]).astype(np.int32)
    return nodes[::2], nodes[1::2]


def _struck(overlay: Overlay, snapshot: Snapshot) -> NDArray[np.int32]:
    adjacency, relations = snapshot.adjacency, snapshot.numbers("edges", "relation")
    struck = sorted(overlay.struck, key=lambda tie: (tie.source, tie.target, tie.relation))
    found = [np.zeros(0, np.int32)]
    ends = zip(*_nodes_of(snapshot, [(tie.source, tie.target) for tie in struck]), struck, strict=True)
    for left, right, tie in ends:
        edges = _edges_between(adjacency, left, right)
        found.append(edges[relations[edges] == RELATIONS.index(tie.relation)])
    for left, right in zip(*_nodes_of(snapshot, sorted(overlay.different)), strict=True):
        # Where a third is probably both of two that are different, nobody knows which of them it is.
        thirds = np.intersect1d(_same_as(snapshot, left), _same_as(snapshot, right))
        for one, other in [(left, right), *((end, third) for third in thirds for end in (left, right))]:
            edges = _edges_between(adjacency, one, other)
            found.append(edges[relations[edges] == _SAME])
    return np.unique(np.concatenate(found))


def _edges_between(adjacency: Adjacency, left: int, right: int) -> NDArray[np.int32]:
    if min(left, right) < 0:
        return np.zeros(0, np.int32)
    row = slice(adjacency.indptr[left], adjacency.indptr[left + 1])
    edges: NDArray[np.int32] = adjacency.edge[row][adjacency.neighbor[row] == right]
    return edges


def _same_as(snapshot: Snapshot, node: int) -> NDArray[np.int32]:
    """Return the persons that one is probably the same as, on any day."""
    return _reached(snapshot, np.array([node], np.int32)) if node >= 0 else np.zeros(0, np.int32)


def _reached(snapshot: Snapshot, nodes: NDArray[np.int32]) -> NDArray[np.int32]:
    adjacency = snapshot.adjacency
    slots = rows_between(adjacency.indptr[nodes], adjacency.indptr[nodes + 1])
    same = snapshot.numbers("edges", "relation")[adjacency.edge[slots]] == _SAME
    return np.unique(adjacency.neighbor[slots[same]])


def _parted(overlay: Overlay, snapshot: Snapshot) -> NDArray[np.int32]:
    left, right = _nodes_of(snapshot, sorted(overlay.different))
    return np.unique(left[(left == right) & (left >= 0) & (left < snapshot.n_companies)])


def _touched(
    snapshot: Snapshot, source: NDArray[np.int32], target: NDArray[np.int32], relation: NDArray[np.int8]
) -> NDArray[np.int32]:
    """Return the ends of added ties with all records of the persons among them."""
    touched = ring = np.unique(np.concatenate([source, target]))
    same = relation == _SAME
    joined = np.concatenate([source[same], target[same]]), np.concatenate([target[same], source[same]])
    while len(ring):
        beyond = np.union1d(_reached(snapshot, ring), joined[1][np.isin(joined[0], ring)])
        ring = np.setdiff1d(beyond, touched).astype(np.int32)
        touched = np.union1d(touched, ring)
    return touched.astype(np.int32)


@part
def is_among(number: int, numbers: NDArray[np.int32]) -> bool:
    """Return whether a number is one of some ascending ones."""
    if len(numbers) == 0:
        return False
    place = first_not_below(numbers, number, 0)
    return bool(place < len(numbers) and numbers[place] == number)
