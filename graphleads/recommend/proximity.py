"""Personalised PageRank from the won customers by local push: it costs what it touches, not what the register holds."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.history import History
from graphleads.graph.kernel import kernel, part, prefetch
from graphleads.graph.view import TieView
from graphleads.recommend.base import Candidates, ScorePath, distinct_seeds
from graphleads.recommend.config import ProximityConfig
from graphleads.recommend.evidence import Evidence
from graphleads.recommend.neighborhood import Neighborhood, clear, link_row, make_neighborhood, reach
from graphleads.recommend.ties import Ties, open_ties

_FIRST_PLACES = 1 << 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Proximity:
    """How near each touched node is to the seeds.

    Attributes:
        nodes: int32[n_touched], ascending.
        mass: float64[n_touched], the probability that the walk is at the node; they sum to at most 1.
    """

    nodes: NDArray[np.int32]
    mass: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked(Candidates):
    """The companies that a walk came by, and what their paths are found in."""

    ties: Ties
    history: History
    near: Neighborhood
    seeds: NDArray[np.int32]


class ProximityRecommender:
    """Ranks companies by how often a walk from the seeds, which starts again and again at one of them, comes by."""

    name = "proximity"
    citation = "Andersen, Chung, Lang. Local graph partitioning using PageRank vectors. FOCS 2006."

    def __init__(self, config: ProximityConfig | None = None, *, max_hops: int = 6) -> None:
        self.config = config or ProximityConfig()
        self._max_hops = max_hops
        self._local = threading.local()

    def recommend(self, seeds: NDArray[np.int32], view: TieView) -> Candidates:
        """Return the companies that the walk comes by, the seeds among them; see `base.Recommender`."""
        n_companies = view.snapshot.n_companies
        seeds = distinct_seeds(seeds, n_companies)
        ties, history = open_ties(view)
        walker, config = self._walker(), self.config
        walked = walker.walk(
            ties, history, seeds=seeds, damping=config.damping, tolerance=config.tolerance_around(len(seeds))
        )
        # The nodes are ascending, and companies come first.
        n = int(np.searchsorted(walked.nodes, n_companies))
        scores = walked.mass[:n]
        return Walked(
            nodes=walked.nodes[:n], scores=scores, components={self.name: scores},
            ties=ties, history=history, near=walker.near, seeds=seeds,
        )  # fmt: skip

    def paths(self, candidates: Candidates, companies: NDArray[np.int32], limit: int) -> list[list[ScorePath]]:
        """Return the paths that carried most to some candidates; see `base.PathRecommender`."""
        if not isinstance(candidates, Walked):
            raise ValueError("paths are found in what this recommender returned")
        walked = candidates
        reached = np.isin(companies, walked.nodes)
        leads = companies[reached]
        evidence = Evidence(
            walked.ties, walked.history, walked.near,
            seeds=walked.seeds, damping=self.config.damping, max_hops=self._max_hops,
        )  # fmt: skip
        found = iter(evidence.paths(leads, walked.scores[np.searchsorted(walked.nodes, leads)], limit))
        return [next(found) if one else [] for one in reached.tolist()]

    def _walker(self) -> Walker:
        if not hasattr(self._local, "walker"):
            self._local.walker = Walker()
        walker: Walker = self._local.walker
        return walker


class Walker:
    """Walks from seeds, each time in the same work space, which grows until a walk fits. One a thread.

    Attributes:
        near: What the last walk came by.
    """

    def __init__(self) -> None:
        self.near = make_neighborhood(_FIRST_PLACES)

    def walk(
        self, ties: Ties, history: History, *, seeds: NDArray[np.int32], damping: float, tolerance: float
    ) -> Proximity:
        """Return how near the nodes around the seeds are; see `personalized_pagerank`."""
        if len(seeds) == 0:
            raise ValueError("at least one seed is needed")
        seeds = np.sort(seeds)
        while not _push(ties, history, seeds, damping, tolerance, self.near):
            self.near = make_neighborhood(2 * len(self.near.node))
        n = self.near.used[0]
        nodes = self.near.node[:n]
        order = np.argsort(nodes)
        # What was not spread yet stands where it is: a node keeps 1 − damping of its residual at least.
        mass = self.near.mass[:n]
        mass += (1 - damping) * self.near.residual[:n]
        np.maximum(mass, 0, out=mass)
        return Proximity(nodes=nodes[order], mass=mass[order])


def personalized_pagerank(
    ties: Ties, history: History, *, seeds: NDArray[np.int32], damping: float = 0.85, tolerance: float = 1e-6
) -> Proximity:
    """Return how often a random walk that restarts at the seeds visits each node near them.

    Args:
        ties: The ties in force.
        history: What dated rows are made of.
        seeds: int32[n_seeds], distinct nodes; each restart takes one of them, all alike.
        damping: Probability of following a tie instead of restarting, in (0, 1).
        tolerance: Stop when no node holds more than `tolerance × weighted degree` of unspread mass.

    Returns:
        The touched nodes, each with its mass give or take `tolerance × weighted degree`. What is missing to a sum of 1
        is what hubs did not pass on.

    Raises:
        ValueError: If there are no seeds.

    Reference:
        Andersen, Chung, Lang. Local graph partitioning using PageRank vectors. FOCS 2006.
        Young. Iterative solution of large linear systems, 1971, chapter 6: a push that goes too far by the right part
        needs a third of the pushes. It converges because the system is symmetric and positive definite once a node's
        mass is divided by its weighted degree.
    """
    return Walker().walk(ties, history, seeds=seeds, damping=damping, tolerance=tolerance)


@kernel
def _push(
    ties: Ties, history: History, seeds: NDArray[np.int32], damping: float, tolerance: float, near: Neighborhood
) -> bool:
    """Spread the mass of the seeds; return whether there was room for all that the walk came by."""
    clear(near)
    relaxation = 2 / (1 + np.sqrt(1 - damping * damping))
    ring = len(near.queue) - 1
    head, n_queued = 0, 0
    for seed in seeds:
        place = reach(seed, near, ties, history)
        if place < 0:
            return False
        near.residual[place] = 1.0 / len(seeds)
        n_queued = _enqueue(place, head, n_queued, near)
    while n_queued > 0:
        place = near.queue[head]
        head, n_queued = (head + 1) & ring, n_queued - 1
        near.queued[place] = False
        if not near.linked[place] and not link_row(place, near, ties, history):
            return False
        degree = near.degree[place]
        spread = near.residual[place] * (relaxation if degree > 0 else 1.0)
        near.mass[place] += (1 - damping) * spread
        near.residual[place] -= spread
        passed = damping * near.through[place] * spread / degree if degree > 0 else 0.0
        for slot in range(near.begin[place], near.end[place]):
            end = near.slots.end[slot]
            near.residual[end] += passed * near.slots.weight[slot]
            if not near.queued[end] and abs(near.residual[end]) > tolerance * near.degree[end]:
                n_queued = _enqueue(end, head, n_queued, near)
                if ties.in_view and not near.linked[end]:
                    prefetch(ties.tie, ties.node[near.node[end]].begin)
        if not near.queued[place] and abs(near.residual[place]) > tolerance * degree:
            n_queued = _enqueue(place, head, n_queued, near)
    return True


@part
def _enqueue(place: int, head: int, n_queued: int, near: Neighborhood) -> int:
    near.queued[place] = True
    near.queue[(head + n_queued) & (len(near.queue) - 1)] = place
    return n_queued + 1
