"""The paths that a lead's score came by: of all ties into a lead, those that carried most, each back to a customer."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.history import History
from graphleads.graph.kernel import kernel, part
from graphleads.recommend.base import ScorePath
from graphleads.recommend.neighborhood import Neighborhood, find
from graphleads.recommend.ties import Slots, Ties, edges_of, make_slots, read_row, row_rooms


class Trails(NamedTuple):
    """The most probable way from the seeds to every place that a walk came by.

    Attributes:
        parent: int32[n_places], the place before; −1 at a seed.
        origin: int32[n_places], the tie from there; see `ties.edges_of`.
        hops: int32[n_places], how many steps; −1 where no way is short enough.
    """

    parent: NDArray[np.int32]
    origin: NDArray[np.int32]
    hops: NDArray[np.int32]


class Found(NamedTuple):
    """Paths to leads, backwards: from the lead to a customer.

    Attributes:
        nodes: int32[n_paths, max_hops + 1].
        origins: int32[n_paths, max_hops], the ties; see `ties.edges_of`.
        hops: int32[n_paths], how many ties each has.
        mass: float64[n_paths].
    """

    nodes: NDArray[np.int32]
    origins: NDArray[np.int32]
    hops: NDArray[np.int32]
    mass: NDArray[np.float64]


class Evidence:
    """The paths to the leads of one walk; to be asked before its work space is used again."""

    def __init__(
        self,
        ties: Ties,
        history: History,
        near: Neighborhood,
        *,
        seeds: NDArray[np.int32],
        damping: float,
        max_hops: int,
    ) -> None:
        self._ties, self._history, self._near = ties, history, near
        self._damping, self._max_hops = damping, max_hops
        self._trails = _most_probable(near, np.sort(seeds), damping, max_hops)

    def paths(self, leads: NDArray[np.int32], scores: NDArray[np.float64], limit: int) -> list[list[ScorePath]]:
        """Return up to `limit` paths to each of some touched nodes, those that carried most first, ties by node.

        All ties into a lead are counted: what came over a tie whose path only repeats another one belongs to that
        one, and what no path tells (the lead itself sent it out and got it back, or its way is too long) belongs to
        all in proportion. So the points of all paths sum to the lead's score, and what is missing came by paths that
        are not shown.

        Args:
            leads: int32[n_leads].
            scores: float64[n_leads], what the walk made of each. What came over the ties into a lead does not sum to
                it, since a walk stops with a part of the mass unspread.
            limit: How many paths of a lead at most.
        """
        room = row_rooms(leads, self._ties, self._history)
        first = np.cumsum(room) - room
        found = Found(
            nodes=np.zeros((room.sum(), self._max_hops + 1), np.int32),
            origins=np.zeros((room.sum(), self._max_hops), np.int32),
            hops=np.zeros(room.sum(), np.int32),
            mass=np.zeros(room.sum(), np.float64),
        )
        n_found = np.zeros(len(leads), np.int64)
        row, graph = make_slots(int(room.max(initial=0))), (self._ties, self._history, self._damping)
        _paths(leads, graph, self._near, (row, self._trails), found, (first, n_found))
        edges = edges_of(found.origins, self._ties, self._history)
        return [
            _shown(found, edges, slice(begin, begin + n), score, limit)
            for begin, n, score in zip(first.tolist(), n_found.tolist(), scores.tolist(), strict=True)
        ]


def _shown(found: Found, edges: NDArray[np.int32], rows: slice, score: float, limit: int) -> list[ScorePath]:
    """Return the paths to one lead, with its score shared among them by what came over each."""
    came = float(found.mass[rows].sum())
    scale = score / came if came else 0.0
    paths = [
        ScorePath(nodes=tuple(nodes[hops::-1]), edges=tuple(over[hops - 1 :: -1]), points=mass * scale)
        for nodes, over, hops, mass in zip(
            *(column[rows].tolist() for column in (found.nodes, edges, found.hops, found.mass)), strict=True
        )
    ]
    return sorted(paths, key=lambda path: (-path.points, path.nodes))[:limit]


@njit(cache=True, nogil=True)
def _most_probable(near: Neighborhood, seeds: NDArray[np.int32], damping: float, max_hops: int) -> Trails:
    """Return the trails over the rows that were followed: Dijkstra over −log of a step's probability, ties by node."""
    n = near.used[0]
    node, begin, end, linked, degree = near.node, near.begin, near.end, near.linked, near.degree
    through = near.through
    ends, origins, weight = near.slots.end, near.slots.origin, near.slots.weight
    parent, origin, hops = np.full(n, -1, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    cost, settled = np.full(n, np.inf), np.zeros(n, np.bool_)
    heap = [(0.0, np.int64(0), np.int64(0)) for _ in range(0)]
    for seed in seeds:
        place = find(seed, near)
        cost[place], hops[place] = 0.0, 0
        heapq.heappush(heap, (0.0, np.int64(seed), np.int64(place)))
    while len(heap) > 0:
        reached, _, at = heapq.heappop(heap)
        if settled[at]:
            continue
        settled[at] = True
        if hops[at] >= max_hops or not linked[at] or degree[at] <= 0:
            continue
        leaves = damping * through[at] / degree[at]
        for slot in range(begin[at], end[at]):
            other = ends[slot]
            step = reached - np.log(leaves * weight[slot])
            if step < cost[other]:
                cost[other], parent[other], origin[other], hops[other] = step, at, origins[slot], hops[at] + 1
                heapq.heappush(heap, (step, np.int64(node[other]), np.int64(other)))
    return Trails(parent, origin, hops)


@kernel
def _paths(
    leads: NDArray[np.int32], graph: tuple[Ties, History, float], near: Neighborhood,
    aids: tuple[Slots, Trails], found: Found, of_leads: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:  # fmt: skip
    """Write the paths to each lead from its first row on, and how many they are."""
    ties, history, damping = graph
    row, trails = aids
    first, n_found = of_leads
    for at in range(len(leads)):
        n_ties = read_row(leads[at], ties, history, row, 0, near.group)
        _carried(row, n_ties, near, damping)
        n = first[at]
        for slot in range(n_ties):
            if row.weight[slot] <= 0:
                break
            if not _follow_back(leads[at], (row.end[slot], row.origin[slot]), near.node, trails, found, n):
                continue
            repeated = _repeated(found, first[at], n)
            found.mass[repeated] += row.weight[slot]
            n += repeated == n
        n_found[at] = n - first[at]


@part
def _carried(row: Slots, n_ties: int, near: Neighborhood, damping: float) -> None:
    """Make ends places and weights the mass that came over a tie, the largest first, ties by node."""
    for slot in range(n_ties):
        place, origin, came = find(row.end[slot], near), row.origin[slot], np.float32(0)
        if place >= 0 and near.degree[place] > 0:
            leaves = damping * near.through[place] / near.degree[place]
            came = np.float32(leaves * near.mass[place] * row.weight[slot])
        into = slot
        while into > 0 and row.weight[into - 1] < came:
            row.end[into], row.origin[into] = row.end[into - 1], row.origin[into - 1]
            row.weight[into] = row.weight[into - 1]
            into -= 1
        row.end[into], row.origin[into], row.weight[into] = place, origin, came


@part
def _follow_back(
    lead: int, last: tuple[int, int], node: NDArray[np.int32], trails: Trails, found: Found, n: int
) -> bool:
    """Write the path that ends with a tie into the lead; False if it is too long or comes by the lead itself."""
    place, origin = last
    if trails.hops[place] < 0 or trails.hops[place] >= found.origins.shape[1]:
        return False
    found.nodes[n, 0] = lead
    hops = 0
    while place >= 0:
        if node[place] == lead:
            return False
        found.origins[n, hops] = origin
        hops += 1
        found.nodes[n, hops] = node[place]
        place, origin = trails.parent[place], trails.origin[place]
    found.hops[n] = hops
    return True


@part
def _repeated(found: Found, first: int, n: int) -> int:
    """Return which path the n-th only leads through the whole of, so that it says nothing new; itself if none."""
    for other in range(first, n):
        for at in range(found.hops[other] + 1):
            met = False
            for place in range(found.hops[n] + 1):
                met = met or found.nodes[n, place] == found.nodes[other, at]
            if not met:
                break
        else:
            return other
    return n
