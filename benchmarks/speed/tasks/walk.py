"""The walk alone: personalised PageRank from ten companies, by the product's kernel and by others.

Everybody gets the same undirected graph with the same weights. The product's damping of hubs, which no other program
has, is turned off here.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.process import peak_bytes, reset_peak, resident_bytes
from benchmarks.speed.tasks.seeds import draw_seeds
from benchmarks.speed.tasks.transition import transitions
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.recommend.config import ProximityConfig

N_SEEDS, TOP = 10, 100
N_COMPARED = 3
"""Of how many walks the nearest nodes are kept."""

PEER_TOLERANCE = 1e-6
"""Where the iterations of scipy and networkx stop: the sum of all changes of one round."""

Seeds = NDArray[np.int32]
Program = Callable[[Seeds], tuple[NDArray[Any], NDArray[Any]]]
"""From seeds to nodes and their probabilities."""


def walk(*, program: str, snapshots: str, n_sets: int) -> dict[str, Any]:
    """Walk from sets of seeds with one program: the times, the nearest nodes, the memory above the mapped graph."""
    snapshot = open_snapshot(Path(snapshots))
    sets = draw_seeds(snapshot, n_sets, N_SEEDS)
    before = resident_bytes()
    reset_peak()
    start = time.perf_counter()
    try:
        walk_from = _PROGRAMS[program](snapshot)
    except ImportError:
        return {"missing": program}
    loaded = time.perf_counter() - start
    times: list[float] = []
    tops: list[list[int]] = []
    for seeds in sets:
        start = time.perf_counter()
        nodes, mass = walk_from(seeds)
        times.append(time.perf_counter() - start)
        if len(tops) < N_COMPARED:
            tops.append(_nearest(nodes, mass, seeds))
    return {
        "load_seconds": loaded,
        "seconds": statistics.median(times),
        "p99": float(np.quantile(times, 0.99)),
        "peak_bytes": peak_bytes() - before,
        "tops": tops,
    }


def _nearest(nodes: NDArray[Any], mass: NDArray[Any], seeds: Seeds) -> list[int]:
    """Return the nodes with the highest probabilities but for the seeds, and those without any."""
    kept = (mass > 0) & ~np.isin(nodes, seeds)
    nodes, mass = nodes[kept], mass[kept]
    return [int(node) for node in nodes[np.lexsort((nodes, -mass))][:TOP]]


def load_graphleads(snapshot: Snapshot) -> Program:
    """Return our kernel over the walk's graph, with the damping of hubs turned off."""
    from graphleads.recommend.proximity import Walker
    from graphleads.recommend.ties import open_ties

    ties, history = open_ties(EmbeddedStore(snapshot).ties_on())
    node = ties.node.copy()
    node["through"] = 1
    undamped = ties._replace(node=node)
    walker, tolerance = Walker(), ProximityConfig().tolerance

    def walk_from(seeds: Seeds) -> tuple[NDArray[Any], NDArray[Any]]:
        near = walker.walk(undamped, history, seeds=seeds, damping=_damping(), tolerance=tolerance)
        return near.nodes, near.mass

    walk_from(draw_seeds(snapshot, 1, N_SEEDS, seed=2)[0])
    return walk_from


def _load_igraph(snapshot: Snapshot) -> Program:
    import igraph

    source, target, weight = _edges(snapshot)
    graph = igraph.Graph(n=snapshot.n_nodes, edges=np.column_stack([source, target]))
    weights = weight.astype(np.float64).tolist()
    nodes = np.arange(snapshot.n_nodes)

    def walk_from(seeds: Seeds) -> tuple[NDArray[Any], NDArray[Any]]:
        ranks = graph.personalized_pagerank(
            reset_vertices=seeds.tolist(), directed=False, damping=_damping(), weights=weights
        )
        return nodes, np.array(ranks)

    return walk_from


def _load_networkx(snapshot: Snapshot) -> Program:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(snapshot.n_nodes))
    graph.add_weighted_edges_from(_triples(snapshot))
    nodes = np.arange(snapshot.n_nodes)

    def walk_from(seeds: Seeds) -> tuple[NDArray[Any], NDArray[Any]]:
        # Its tolerance is per node.
        ranks = nx.pagerank(
            graph, alpha=_damping(), personalization=dict.fromkeys(seeds.tolist(), 1.0), max_iter=1_000,
            tol=PEER_TOLERANCE / snapshot.n_nodes,
        )  # fmt: skip
        return nodes, np.fromiter(ranks.values(), np.float64, snapshot.n_nodes)

    return walk_from


def _load_scipy(snapshot: Snapshot) -> Program:
    onward = transitions(snapshot, through=1.0).T.tocsr()
    nodes = np.arange(snapshot.n_nodes)

    def walk_from(seeds: Seeds) -> tuple[NDArray[Any], NDArray[Any]]:
        start = np.zeros(snapshot.n_nodes)
        start[seeds] = 1 / len(seeds)
        mass, change = start, 1.0
        while change > PEER_TOLERANCE:
            last, mass = mass, (1 - _damping()) * start + _damping() * (onward @ mass)
            change = float(np.abs(mass - last).sum())
        return nodes, mass

    return walk_from


def _damping() -> float:
    return ProximityConfig().damping


def _edges(snapshot: Snapshot) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return the ends and weights of the walk's ties, each once."""
    walk = snapshot.walk
    source = np.repeat(np.arange(snapshot.n_nodes, dtype=np.int32), np.diff(walk.indptr))
    once = source < walk.neighbor
    return source[once], walk.neighbor[once], walk.weight[once]


def _triples(snapshot: Snapshot) -> Iterator[tuple[int, int, float]]:
    source, target, weight = _edges(snapshot)
    return zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)


_PROGRAMS: dict[str, Callable[[Snapshot], Program]] = {
    "graphleads": load_graphleads,
    "igraph": _load_igraph,
    "networkx": _load_networkx,
    "scipy": _load_scipy,
}
