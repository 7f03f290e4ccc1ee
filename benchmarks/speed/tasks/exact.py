"""Which share of the exact nearest companies the walk finds at its own tolerance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from benchmarks.speed.tasks.seeds import draw_seeds
from benchmarks.speed.tasks.transition import transitions
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.recommend.config import ProximityConfig
from graphleads.recommend.proximity import personalized_pagerank
from graphleads.recommend.ties import open_ties

TOP = 100
EXACT = 1e-10
"""Where the power iteration stops: the sum of all changes of one round."""


def exact(*, snapshots: str, n_sets: int, n_seeds: int) -> dict[str, Any]:
    """Return the mean and the least share of the exact top 100 companies that the walk has in its own."""
    snapshot = open_snapshot(Path(snapshots))
    iterate = _Exact(snapshot)
    shares, sizes = [], []
    for seeds in draw_seeds(snapshot, n_sets, n_seeds):
        wanted = _top(snapshot, *iterate.walk(seeds), seeds)
        found = _top(snapshot, *_walk(snapshot, seeds), seeds)
        sizes.append(len(wanted))
        if len(wanted):
            shares.append(len(np.intersect1d(wanted, found)) / len(wanted))
    return {"mean": float(np.mean(shares)), "least": float(np.min(shares)), "n_wanted": float(np.mean(sizes))}


def _top(
    snapshot: Snapshot, nodes: NDArray[Any], mass: NDArray[np.float64], seeds: NDArray[np.int32]
) -> NDArray[np.int64]:
    kept = (nodes < snapshot.n_companies) & (mass > 0) & ~np.isin(nodes, seeds)
    nodes, mass = nodes[kept], mass[kept]
    top: NDArray[np.int64] = nodes[np.lexsort((nodes, -mass))][:TOP].astype(np.int64)
    return top


def _walk(snapshot: Snapshot, seeds: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    config = ProximityConfig()
    ties, history = open_ties(EmbeddedStore(snapshot).ties_on())
    near = personalized_pagerank(
        ties, history, seeds=seeds, damping=config.damping, tolerance=config.tolerance_around(len(seeds))
    )
    return near.nodes, near.mass


class _Exact:
    """Power iteration over the parts of the graph that the seeds can reach."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._damping = ProximityConfig().damping
        self._spread = transitions(snapshot, through=snapshot.walk.node["through"][:-1])
        self._part = connected_components(self._spread, directed=False)[1]

    def walk(self, seeds: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the nodes that can be reached, and the probability that the walk is there."""
        nodes = np.flatnonzero(np.isin(self._part, np.unique(self._part[seeds])))
        onward = self._spread[nodes][:, nodes].T.tocsr() if len(nodes) < len(self._part) else self._spread.T.tocsr()
        start = np.zeros(len(nodes))
        start[np.searchsorted(nodes, seeds)] = 1 / len(seeds)
        mass, change = start, 1.0
        while change > EXACT:
            last, mass = mass, (1 - self._damping) * start + self._damping * (onward @ mass)
            change = float(np.abs(mass - last).sum())
        return nodes, mass
