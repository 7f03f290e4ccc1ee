"""The paths that a lead's score came by: of all ties into a lead, those that carried most, each back to a customer."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.recommend.proximity import Proximity
from graphleads.recommend.ties import History, Ties, make_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A way from a customer to a lead.

    Attributes:
        nodes: From the customer to the lead.
        edges: Rows of the snapshot's edges, one between each two nodes.
        mass: The part of the lead's mass that came over the last edge.
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    mass: float


class Evidence:
    """The most probable way from the seeds to every touched node, and the paths to a lead that are made of them."""

    def __init__(
        self,
        ties: Ties,
        history: History,
        proximity: Proximity,
        *,
        seeds: NDArray[np.int32],
        damping: float,
        max_hops: int,
    ) -> None:
        self._ties, self._history = ties, history
        self._proximity, self._damping, self._max_hops = proximity, damping, max_hops
        self._parent, self._edge, self._hops = _most_probable(
            ties, history, proximity.nodes, np.sort(seeds), damping, max_hops
        )

    def paths(self, lead: int, limit: int) -> list[Path]:
        """Return up to `limit` paths to a touched node, the one that carried most first, ties by node.

        All ties into the lead are counted: what came over a tie whose path only repeats another one belongs to that
        one, and what the lead itself sent out and got back belongs to all in proportion. So the masses of all paths
        sum to the lead's, and what is missing came by paths that are not shown.
        """
        make_row(lead, self._ties, self._history)
        row = slice(self._ties.begin[lead], self._ties.end[lead])
        at = self._places(self._ties.neighbor[row])
        before, edges, weights = at[at >= 0], self._ties.edge[row][at >= 0], self._ties.weight[row][at >= 0]
        nodes = self._proximity.nodes[before]
        mass = (
            self._damping
            * self._ties.through[nodes]
            * self._proximity.mass[before]
            * weights
            / self._ties.degree[nodes]
        )
        found: list[Path] = []
        echo = 0.0
        for position in np.lexsort((nodes, -mass)):
            came = float(mass[position])
            way = self._way(int(before[position]))
            if way is None or lead in way[0] or len(way[1]) >= self._max_hops:
                echo += came
                continue
            path = Path(nodes=(*way[0], lead), edges=(*way[1], int(edges[position])), mass=came)
            repeated = _repeated(path, found)
            if repeated is None:
                found.append(path)
            else:
                found[repeated] = replace(found[repeated], mass=found[repeated].mass + came)
        direct = sum(path.mass for path in found)
        scale = 1 + echo / direct if direct else 1.0
        found = [replace(path, mass=path.mass * scale) for path in found]
        return sorted(found, key=lambda path: (-path.mass, path.nodes))[:limit]

    def _places(self, nodes: NDArray[np.int32]) -> NDArray[np.int64]:
        touched = self._proximity.nodes
        at = np.minimum(np.searchsorted(touched, nodes), len(touched) - 1)
        return np.where(touched[at] == nodes, at, -1)

    def _way(self, place: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """Return nodes and edges from a seed to a touched node, None if no way is short enough."""
        if self._hops[place] < 0:
            return None
        nodes, edges = [int(self._proximity.nodes[place])], []
        while self._parent[place] >= 0:
            edges.append(int(self._edge[place]))
            place = int(self._parent[place])
            nodes.append(int(self._proximity.nodes[place]))
        return tuple(reversed(nodes)), tuple(reversed(edges))


def _repeated(path: Path, others: list[Path]) -> int | None:
    """Return which path another one only leads through the whole of: nothing new is said by it."""
    nodes = set(path.nodes)
    return next((at for at, other in enumerate(others) if nodes.issuperset(other.nodes)), None)


@njit(cache=True)
def _most_probable(
    ties: Ties, history: History, nodes: NDArray[np.int32],
    seeds: NDArray[np.int32], damping: float, max_hops: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Return, by touched node: the place of the node before it, the edge between, and how many steps (-1: too many).

    Dijkstra over −log of the probability that a walk takes a step; ties by node.
    """
    n = len(nodes)
    parent = np.full(n, -1, np.int32)
    edge = np.full(n, -1, np.int32)
    hops = np.full(n, -1, np.int32)
    cost = np.full(n, np.inf)
    settled = np.zeros(n, np.bool_)
    heap = [(0.0, np.int64(0)) for _ in range(0)]
    for seed in seeds:
        place = np.searchsorted(nodes, seed)
        cost[place], hops[place] = 0.0, 0
        heapq.heappush(heap, (0.0, np.int64(place)))
    while len(heap) > 0:
        reached, at = heapq.heappop(heap)
        if settled[at]:
            continue
        settled[at] = True
        node = nodes[at]
        make_row(node, ties, history)
        if hops[at] >= max_hops or ties.degree[node] <= 0:
            continue
        for slot in range(ties.begin[node], ties.end[node]):
            other = np.searchsorted(nodes, ties.neighbor[slot])
            if other >= n or nodes[other] != ties.neighbor[slot] or settled[other]:
                continue
            step = reached - np.log(damping * ties.through[node] * ties.weight[slot] / ties.degree[node])
            if step < cost[other]:
                cost[other], parent[other], edge[other] = step, at, ties.edge[slot]
                hops[other] = hops[at] + 1
                heapq.heappush(heap, (step, np.int64(other)))
    return parent, edge, hops
