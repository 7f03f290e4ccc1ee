"""The same questions to Neo4j and to the snapshot: neighbours, paths, personalised PageRank."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.place import Place
from benchmarks.speed.process import StepFailed
from benchmarks.speed.row import Limit, Peer, Row
from benchmarks.speed.tasks.seeds import draw_seeds
from benchmarks.speed.tasks.transition import transitions
from benchmarks.speed.tasks.walk import N_SEEDS, TOP, load_graphleads
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import GraphStore, PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.recommend.config import ProximityConfig

_PAGERANK = "personalised PageRank, 10 seeds"
_MAX_ITERATIONS, _TOLERANCE = 100, 1e-7
_EXACT = 1e-12
"""Where our power iteration stops: the sum of all changes of one round."""
_CLOSE = {"iterations": 300, "tolerance": 1e-11}
"""Settings with which Graph Data Science stops late. A node passes on no change below the tolerance, so that what it
says at the asked one is too small, by more the more neighbours a node has: what differs by less than that is a tie."""

_PROJECT = """
MATCH (a:Entity)-[r:HOLDS|HAS_ROLE|LINKED_TO|REACHED_AT|SAME_PERSON]->(b:Entity)
WHERE r.weight > 0 AND r.ended_in IS NULL AND NOT a.hub AND NOT b.hub
  AND coalesce(r.valid_from <= $day, true) AND coalesce($day < r.valid_to, true)
  AND coalesce(r.known_from <= $day, true) AND coalesce($day < r.known_until, true)
WITH CASE WHEN a.id < b.id THEN a ELSE b END AS one, CASE WHEN a.id < b.id THEN b ELSE a END AS other,
  max(r.weight) AS weight
WITH gds.graph.project('walk', one, other, {relationshipProperties: {weight: weight}},
  {undirectedRelationshipTypes: ['*']}) AS projected
RETURN projected.nodeCount AS n_nodes, projected.relationshipCount AS n_relationships
"""
"""The walk's graph: between two nodes the strongest tie in force, hubs left out."""

_DROP = "CALL gds.graph.drop('walk') YIELD graphName RETURN graphName AS name"
"""The server's memory is for what is measured next."""

_SETTINGS = (
    "{sourceNodes: sources, relationshipWeightProperty: 'weight', dampingFactor: $damping, "
    "maxIterations: $iterations, tolerance: $tolerance}"
)
_SOURCES = "MATCH (n:Company) WHERE n.id IN $ids WITH collect(n) AS sources "
_STATS = (
    f"{_SOURCES} CALL gds.pageRank.stats('walk', {_SETTINGS}) YIELD computeMillis, ranIterations "
    "RETURN computeMillis AS milliseconds, ranIterations AS iterations"
)
_STREAM = (
    f"{_SOURCES} CALL gds.pageRank.stream('walk', {_SETTINGS}) YIELD nodeId, score "
    "WITH gds.util.asNode(nodeId) AS node, score WHERE score > 0 AND NOT node.id IN $ids "
    "RETURN node.id AS id, score ORDER BY score DESC, id LIMIT $most"
)


def measure_questions(server: Neo4jServer, snapshot: Snapshot, place: Place) -> list[Row]:
    """Ask both stores for neighbours and paths, and see that the answers are equal."""
    stores: dict[str, GraphStore] = {
        "ours": EmbeddedStore(snapshot),
        "Neo4j": Neo4jStore(server, snapshot),
    }
    drawn = [[snapshot.id_of(int(node)) for node in pair] for pair in draw_seeds(snapshot, place.repeat(300), 2)]
    day = snapshot.observed_on
    query = PathQuery(valid_on=day, known_on=day, max_hops=4, limit=10)
    questions: Mapping[str, Callable[[GraphStore, Sequence[str]], Any]] = {
        "neighbours of a company": lambda store, ids: store.relationships(ids[0], valid_on=day, known_on=day),
        "paths between two companies, 4 steps": lambda store, ids: store.paths(ids[0], ids[1], query),
    }
    return [row for name, ask in questions.items() for row in _ask_both(name, ask, stores, drawn)]


def _ask_both(
    name: str, ask: Callable[[GraphStore, Sequence[str]], Any], stores: Mapping[str, GraphStore], drawn: Any
) -> list[Row]:
    times: dict[str, list[float]] = {store: [] for store in stores}
    n_equal = 0
    for at, ids in enumerate([drawn[0], *drawn]):
        answers = []
        for store, asked in stores.items():
            start = time.perf_counter()
            answers.append(ask(asked, ids))
            times[store].append(time.perf_counter() - start)
        n_equal += at > 0 and list(answers[0]) == list(answers[1])
    rows = []
    for percent in (50, 99):
        ours, theirs = (float(np.percentile(times[store][1:], percent)) for store in stores)
        peer = Peer(name="Neo4j", seconds=theirs, ratio=theirs / ours, note=f"{theirs * 1e3:.2f} ms")
        note = f"{n_equal:,} of {len(drawn):,} answers are equal"
        rows.append(Row(step=f"{name}: p{percent}", value=ours * 1e3, unit="ms", peers=(peer,), note=note))
    return rows


def measure_pagerank(server: Neo4jServer, snapshot: Snapshot, place: Place) -> list[Row]:
    """Walk from ten companies by our kernel and by Graph Data Science, on the same graph in the same run."""
    ties = len(snapshot.walk.neighbor)
    start = time.perf_counter()
    (graph,) = server.write(lambda run: run(_PROJECT, day=snapshot.observed_on))
    projected = time.perf_counter() - start
    if graph["n_relationships"] != ties:
        raise StepFailed(f"the projection has {graph['n_relationships']:,} ties, and the walk's graph {ties:,}")
    sets = draw_seeds(snapshot, place.repeat(50), N_SEEDS)
    walk_from = load_graphleads(snapshot)
    ours = statistics.median(_time(lambda seeds=seeds: walk_from(seeds)) for seeds in sets)  # type: ignore[misc]
    found = [_ask_gds(server, snapshot, seeds, _STATS)[0] for seeds in sets[: place.repeat(10)]]
    theirs = statistics.median(one["milliseconds"] for one in found) / 1e3
    alike, apart = zip(*(_compare_top(server, snapshot, seeds) for seeds in sets[: place.repeat(10)]), strict=True)
    server.write(lambda run: run(_DROP))
    note = f"projection apart: {projected:.1f} s; {found[0]['iterations']} iterations; undirected, the same weights"
    peer = Peer(name="Graph Data Science", seconds=theirs, ratio=theirs / ours, note=note)
    undamped = f"{ties // 2:,} ties; damping of hubs off"
    compared = f"{sum(alike)} of {len(alike)} sets of seeds; tolerance {_TOLERANCE:g}, {_MAX_ITERATIONS} iterations"
    return [
        Row(step=_PAGERANK, value=ours * 1e3, unit="ms", peers=(peer,), note=undamped),
        Row(step=f"{_PAGERANK}: its time by ours", value=theirs / ours, unit="×",
            limit=Limit(must=1_000, at_least=True), note="asked for at 1 million nodes"),
        Row(step=f"{_PAGERANK}: top {TOP} of our power iteration as its, but for ties", value=sum(alike) / len(alike),
            unit="", limit=Limit(must=1, at_least=True), note=compared),
        Row(step=f"{_PAGERANK}: the furthest of these scores from its, stopped late", value=max(apart) * 1e6,
            unit="ppm", note=f"tolerance {_CLOSE['tolerance']:g}, {_CLOSE['iterations']} iterations"),
    ]  # fmt: skip


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ask_gds(
    server: Neo4jServer, snapshot: Snapshot, seeds: NDArray[np.int32], statement: str, **more: object
) -> list[dict[str, Any]]:
    given = {
        "ids": [snapshot.id_of(int(node)) for node in seeds],
        "damping": ProximityConfig().damping,
        "iterations": _MAX_ITERATIONS,
        "tolerance": _TOLERANCE,
    }
    return server.read(lambda run: run(statement, **given | more))


def _compare_top(server: Neo4jServer, snapshot: Snapshot, seeds: NDArray[np.int32]) -> tuple[bool, float]:
    """Return whether both have the same nearest nodes but for ties, and how far our scores are from exact ones of its.

    A tie is what differs by less than the scores that Graph Data Science finds at the two tolerances.
    """
    mass = _iterate(snapshot, seeds) * len(seeds)  # it begins with 1 at each of them
    mass[seeds] = 0
    top = np.argsort(-mass, kind="stable")[: min(TOP, int((mass > 0).sum()))]
    ids = [snapshot.id_of(int(node)) for node in top]
    asked, close = (
        {row["id"]: row["score"] for row in _ask_gds(server, snapshot, seeds, _STREAM, most=2 * TOP, **more)}
        for more in ({}, _CLOSE)
    )
    tie = max(abs(asked[one] - close[one]) for one in asked.keys() & close.keys())
    last = sorted(asked.values(), reverse=True)[len(top) - 1]
    same = all(asked.get(one, 0.0) >= last - tie for one in ids)
    return same, max(abs(close.get(one, 0.0) / score - 1) for one, score in zip(ids, mass[top].tolist(), strict=True))


def _iterate(snapshot: Snapshot, seeds: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return how likely the walk is at each node, by power iteration over all of them."""
    damping = ProximityConfig().damping
    onward = transitions(snapshot, through=1.0).T.tocsr()
    start = np.zeros(snapshot.n_nodes)
    start[seeds] = 1 / len(seeds)
    mass, change = start, 1.0
    while change > _EXACT:
        last, mass = mass, (1 - damping) * start + damping * (onward @ mass)
        change = float(np.abs(mass - last).sum())
    result: NDArray[np.float64] = mass.copy()
    return result
