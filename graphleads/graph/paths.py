"""How two entities are connected: simple paths of ties in force, the shortest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from graphleads.errors import ValueInvalid
from graphleads.graph.order import days_since_1970
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import PathStep

MAX_HOPS = 8
MAX_PATHS = 100
MOST_NODES = 50_000
"""How many nodes a search looks at before it gives up: enough for companies that mean something to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathQuery:
    """How far a search for paths goes.

    Attributes:
        valid_on: The day whose ties count.
        known_on: The day up to which ties were known.
        max_hops: The most steps of a path, 1 to `MAX_HOPS`.
        limit: The most paths, 1 to `MAX_PATHS`.
    """

    valid_on: date
    known_on: date
    max_hops: int = 4
    limit: int = 10

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if not 1 <= self.max_hops <= MAX_HOPS:
            raise ValueInvalid(f"A path of {self.max_hops:,} steps: ask for 1 to {MAX_HOPS}.")
        if not 1 <= self.limit <= MAX_PATHS:
            raise ValueInvalid(f"{self.limit:,} paths: ask for 1 to {MAX_PATHS}.")


def find_paths(store: EmbeddedStore, start: EntityId, end: EntityId, query: PathQuery) -> list[tuple[PathStep, ...]]:
    """Return simple paths between two entities, the shortest first, ties by node.

    Only ties that the ranking follows count, and nothing leads through a hub: a nominee or an agent's address would
    connect everything to everything. Between two nodes the strongest tie is shown.

    Args:
        store: The graph.
        start: One entity.
        end: The other.
        query: How far to go.

    Raises:
        EntityNotFound: If one of them is not there.
        ValueInvalid: If both are the same.
    """
    first, last = store.node(start), store.node(end)
    if first == last:
        raise ValueInvalid(f"{start} and {end} are the same: a path has two ends.")
    search = _Search(store, query, ends=(first, last))
    return [
        tuple(
            PathStep(start=store.ref(before), end=store.ref(after), relationship=store.relationship(edge))
            for before, after, edge in path
        )
        for path in search.paths(first, last)
    ]


_Step = tuple[int, int, int]


class _Search:
    def __init__(self, store: EmbeddedStore, query: PathQuery, *, ends: tuple[int, int]) -> None:
        snapshot = store.snapshot
        self._query, self._ends = query, ends
        self._adjacency, self._blocked = snapshot.adjacency, snapshot.node_array("blocked")
        self._weight, self._times = snapshot.node_array("edge_weight"), snapshot.times
        self._days = (days_since_1970(query.valid_on), days_since_1970(query.known_on))
        self.ties = cache(self._ties)

    def paths(self, first: int, last: int) -> list[list[_Step]]:
        distance = self._distances(last, first)
        found: list[list[_Step]] = []
        for length in range(distance.get(first, MAX_HOPS + 1), self._query.max_hops + 1):
            for path in self._of_length(first, last, length, distance, ()):
                found.append(path)
                if len(found) == self._query.limit:
                    return found
        return found

    def _ties(self, node: int) -> list[tuple[int, int]]:
        """Return (neighbour, strongest edge) of a node, by neighbour."""
        row = slice(self._adjacency.indptr[node], self._adjacency.indptr[node + 1])
        edges, others = self._adjacency.edge[row], self._adjacency.neighbor[row]
        kept = self._times.in_force(*self._days, edges)
        kept &= (self._weight[edges] > 0) & (~self._blocked[others] | np.isin(others, self._ends))
        edges, others = edges[kept], others[kept]
        order = np.lexsort((edges, -self._weight[edges], others))
        new = np.diff(others[order], prepend=-1) != 0
        return list(zip(others[order][new].tolist(), edges[order][new].tolist(), strict=True))

    def _distances(self, middle: int, wanted: int) -> dict[int, int]:
        """Return how far nodes are from one end, as far as paths may go; the search is bounded."""
        distance, ring = {middle: 0}, [middle]
        for hops in range(1, self._query.max_hops + 1):
            through = [node for node in ring if node != wanted]
            ring = sorted({other for node in through for other, _ in self.ties(node)} - distance.keys())
            distance.update(dict.fromkeys(ring, hops))
            if len(distance) > MOST_NODES:
                break
        return distance

    def _of_length(
        self, node: int, last: int, left: int, distance: dict[int, int], before: tuple[int, ...]
    ) -> Iterator[list[_Step]]:
        if node == last:
            if left == 0:
                yield []
            return
        for other, edge in self.ties(node):
            if other in before or distance.get(other, MAX_HOPS) > left - 1:
                continue
            for rest in self._of_length(other, last, left - 1, distance, (*before, node)):
                yield [(node, other, edge), *rest]
