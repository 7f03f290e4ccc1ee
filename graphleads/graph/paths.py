"""How two entities are connected: simple paths of ties in force, whatever engine holds the ties.

The shortest come first, but those through an address that two share come after all others: an address says little, and
there are many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol, TypeVar

from graphleads.errors import ValueInvalid
from graphleads.graph.nodes import CONTACT_SCHEMES
from graphleads.graph.store import Direction, EntityPath, PathQuery
from graphleads.ids import EntityId, split_id

MOST_NODES = 50_000
"""How many nodes a search looks at before it gives up: enough for companies that mean something to each other."""


class _Sortable(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Node = TypeVar("Node", bound=_Sortable)
Edge = TypeVar("Edge")
Ties = Mapping[Node, Mapping[Node, Edge]]
"""Of some nodes the neighbours that a path may go on to, each with the strongest tie to it."""

ReadTies = Callable[[Sequence[Node], bool | None], Ties[Node, Edge]]
"""Returns the ties of some nodes: those that go out from them, those that come in, or both where it is None."""

Step = tuple[Node, Node, Edge]

_Layered = tuple[Node, bool]
"""A node, and whether it lies behind an address."""


class _Paths(Protocol):
    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> Sequence[EntityPath]: ...


def paths_among(store: _Paths, entities: Sequence[EntityId], query: PathQuery) -> list[EntityPath]:
    """Return paths between each two of some entities, in the order of paths, then in that of the pairs."""
    found = [path for one, other in combinations(entities, 2) for path in store.paths(one, other, query)]
    return sorted(found, key=_rank)[: query.limit]


def _rank(path: EntityPath) -> tuple[bool, int]:
    return any(step.relationship.kind == "address" for step in path[:-1]), len(path)


def refuse_one_end(start: EntityId, end: EntityId, *, is_one: bool) -> None:
    """Refuse a path whose two ends are one entity.

    Raises:
        ValueInvalid: If they are.
    """
    if is_one:
        raise ValueInvalid(f"{start} and {end} are the same: a path has two ends.")


def find_paths(
    ends: tuple[Node, Node],
    read_ties: ReadTies[Node, Edge],
    query: PathQuery,
    *,
    id_of: Callable[[Node], EntityId],
) -> list[list[Step[Node, Edge]]]:
    """Return simple paths between two nodes as steps (from, to, tie), ties by node.

    Args:
        ends: Two nodes.
        read_ties: Returns the ties of nodes, which are asked for in rings around both ends.
        query: How far to go, and which way.
        id_of: Returns the id of a node.
    """
    ties = _in_two_layers(_between(ends, read_ties, query), ends, id_of)
    start, found = (ends[0], False), list[list[Step[Node, Edge]]]()
    for by_address in (False, True):
        end = (ends[1], by_address)
        distance = _distances(ties, end)
        for length in range(distance.get(start, query.max_hops + 1), query.max_hops + 1):
            for path in _of_length((start, end), length, (ties, distance), ()):
                found.append([(before, after, edge) for (before, _), (after, _), edge in path])
                if len(found) == query.limit:
                    return found
    return found


def _between(
    ends: tuple[Node, Node], read_ties: ReadTies[Node, Edge], query: PathQuery
) -> dict[Node, dict[Node, Edge]]:
    """Return the ties, as they may be walked, of which every such path is made: the rings around the ends meet."""
    ties: dict[Node, dict[Node, Edge]] = {end: {} for end in ends}
    rings, seen = [[ends[0]], [ends[1]]], [{ends[0]}, {ends[1]}]
    anyhow = query.direction is Direction.ANY
    for _ in range(query.max_hops):
        if len(ties) > MOST_NODES:
            break
        side = int(len(rings[1]) < len(rings[0]))
        outward = None if anyhow else (side == 0) == (query.direction is Direction.FORWARD)
        reached: set[Node] = set()
        for node, others in read_ties(rings[side], outward).items():
            reached.update(others)
            for other, edge in others.items():
                onward, back = ties.setdefault(node, {}), ties.setdefault(other, {})
                if anyhow or side == 0:
                    onward[other] = edge
                if anyhow or side == 1:
                    back[node] = edge
        rings[side] = sorted(reached - seen[side] - {ends[1 - side]})
        seen[side].update(rings[side])
    return ties


def _in_two_layers(
    ties: Ties[Node, Edge], ends: tuple[Node, Node], id_of: Callable[[Node], EntityId]
) -> Ties[_Layered[Node], Edge]:
    """Return the ties between nodes in two layers: the second holds whatever lies behind an address."""
    addresses = {node for node in ties if node not in ends and split_id(id_of(node))[0] == CONTACT_SCHEMES["address"]}
    return {
        (node, behind): {(other, behind or other in addresses): edge for other, edge in others.items()}
        for node, others in ties.items()
        for behind in (False, True)
    }


def _distances(ties: Ties[Node, Edge], end: Node) -> dict[Node, int]:
    """Return how many steps away the end is from each node from which it is reached."""
    back: dict[Node, list[Node]] = {}
    for node, others in ties.items():
        for other in others:
            back.setdefault(other, []).append(node)
    distance: dict[Node, int] = {end: 0}
    ring: Iterable[Node] = [end]
    while ring:
        reached = {other for node in ring for other in back.get(node, ())} - distance.keys()
        distance.update(dict.fromkeys(reached, 1 + max(distance.values())))
        ring = reached
    return distance


def _of_length(
    ends: tuple[_Layered[Node], _Layered[Node]],
    left: int,
    graph: tuple[Ties[_Layered[Node], Edge], Mapping[_Layered[Node], int]],
    before: tuple[Node, ...],
) -> Iterator[list[Step[_Layered[Node], Edge]]]:
    (node, last), (ties, distance) = ends, graph
    if node[0] == last[0]:
        if left == 0:
            yield []
        return
    for other in sorted(ties[node]):
        if other[0] in before or distance.get(other, left) > left - 1:
            continue
        for rest in _of_length((other, last), left - 1, graph, (*before, node[0])):
            yield [(node, other, ties[node][other]), *rest]
