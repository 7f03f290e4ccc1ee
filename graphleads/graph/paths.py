"""How two entities are connected: simple paths of ties in force, the shortest first, whatever engine holds the ties."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol, TypeVar

from graphleads.errors import ValueInvalid
from graphleads.graph.store import EntityPath, PathQuery
from graphleads.ids import EntityId

MOST_NODES = 50_000
"""How many nodes a search looks at before it gives up: enough for companies that mean something to each other."""


class _Sortable(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Node = TypeVar("Node", bound=_Sortable)
Edge = TypeVar("Edge")
Ties = Mapping[Node, Mapping[Node, Edge]]
"""Of some nodes the neighbours that a path may go on to, each with the strongest tie to it."""


class _Paths(Protocol):
    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> Sequence[EntityPath]: ...


def paths_among(store: _Paths, entities: Sequence[EntityId], query: PathQuery) -> list[EntityPath]:
    """Return paths between each two of some entities, the shortest first, then in the order of the pairs."""
    found = [path for one, other in combinations(entities, 2) for path in store.paths(one, other, query)]
    return sorted(found, key=len)[: query.limit]


def refuse_one_end(start: EntityId, end: EntityId, *, is_one: bool) -> None:
    """Refuse a path whose two ends are one entity.

    Raises:
        ValueInvalid: If they are.
    """
    if is_one:
        raise ValueInvalid(f"{start} and {end} are the same: a path has two ends.")


def find_paths(
    ends: tuple[Node, Node], read_ties: Callable[[Sequence[Node]], Ties[Node, Edge]], query: PathQuery
) -> list[list[tuple[Node, Node, Edge]]]:
    """Return simple paths between two nodes as steps (from, to, tie), the shortest first, ties by node.

    Args:
        ends: Two nodes.
        read_ties: Returns the ties of nodes, which are asked for in rings around both ends.
        query: How far to go.
    """
    ties = _between(ends, read_ties, query.max_hops)
    distance = _distances(ties, ends[1])
    found: list[list[tuple[Node, Node, Edge]]] = []
    for length in range(distance.get(ends[0], query.max_hops + 1), query.max_hops + 1):
        for path in _of_length(ends, length, (ties, distance), ()):
            found.append(path)
            if len(found) == query.limit:
                return found
    return found


def _between(
    ends: tuple[Node, Node], read_ties: Callable[[Sequence[Node]], Ties[Node, Edge]], hops: int
) -> dict[Node, dict[Node, Edge]]:
    """Return the ties, both ways, of which every path of so many hops is made: the rings around the ends meet."""
    ties: dict[Node, dict[Node, Edge]] = {end: {} for end in ends}
    rings, seen = [[ends[0]], [ends[1]]], [{ends[0]}, {ends[1]}]
    for _ in range(hops):
        if len(ties) > MOST_NODES:
            break
        side = int(len(rings[1]) < len(rings[0]))
        reached: set[Node] = set()
        for node, others in read_ties(rings[side]).items():
            reached.update(others)
            for other, edge in others.items():
                ties.setdefault(node, {})[other] = ties.setdefault(other, {})[node] = edge
        rings[side] = sorted(reached - seen[side] - {ends[1 - side]})
        seen[side].update(rings[side])
    return ties


def _distances(ties: Ties[Node, Edge], middle: Node) -> dict[Node, int]:
    distance: dict[Node, int] = {middle: 0}
    ring: Iterable[Node] = [middle]
    while ring:
        reached = {other for node in ring for other in ties[node]} - distance.keys()
        distance.update(dict.fromkeys(reached, 1 + max(distance.values())))
        ring = reached
    return distance


def _of_length(
    ends: tuple[Node, Node], left: int, graph: tuple[Ties[Node, Edge], Mapping[Node, int]], before: tuple[Node, ...]
) -> Iterator[list[tuple[Node, Node, Edge]]]:
    (node, last), (ties, distance) = ends, graph
    if node == last:
        if left == 0:
            yield []
        return
    for other in sorted(ties[node]):
        if other in before or distance.get(other, left) > left - 1:
            continue
        for rest in _of_length((other, last), left - 1, graph, (*before, node)):
            yield [(node, other, ties[node][other]), *rest]
