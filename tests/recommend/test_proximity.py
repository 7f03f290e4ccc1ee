from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph.matrix import build_adjacency, build_walk
from graphleads.recommend.proximity import Proximity, make_scratch, personalized_pagerank
from graphleads.recommend.ties import History, Ties, make_row

N = 30
EDGES = st.lists(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1), st.integers(1, 8)).filter(lambda edge: edge[0] != edge[1]),
    max_size=60,
)
ALWAYS = (-(10**6), 10**6)


def arrays(edges: list[tuple[int, int, int]], through: np.ndarray, *, dated: bool = False) -> tuple[Ties, History]:
    source, target = (np.array([edge[side] for edge in edges], np.int32) for side in (0, 1))
    weight = np.array([edge[2] for edge in edges], np.float32)
    adjacency = build_adjacency(source, target, N)
    blocked = np.zeros(N, bool)
    first, last = (np.full(len(edges), day, np.int32) for day in ALWAYS)
    history = History(
        adjacency.indptr, adjacency.neighbor, adjacency.edge, weight, first, last, first, last, blocked, 0, 0
    )
    free = np.zeros(1, np.int64)
    if dated:
        n = len(adjacency.edge)
        slots = (np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.float32))
        rows = (np.zeros(N, np.int64), np.zeros(N, np.int64))
        return Ties(*rows, *slots, np.zeros(N, np.float32), through, np.zeros(N, np.uint8), free), history
    walk = build_walk(adjacency, weight, np.ones(len(edges), bool), blocked)
    rows = (walk.indptr[:-1], walk.indptr[1:])
    made = np.empty(0, np.uint8)
    return Ties(*rows, walk.neighbor, walk.edge, walk.weight, walk.degree, through, made, free), history


def reference(edges: list[tuple[int, int, int]], through: np.ndarray, seeds: list[int]) -> np.ndarray:
    """networkx's PageRank; what a node does not pass on goes to a sink, which starts again like a dangling node."""
    graph = nx.Graph()
    graph.add_nodes_from(range(N))
    for a, b, weight in edges:
        if not graph.has_edge(a, b) or graph[a][b]["weight"] < weight:
            graph.add_edge(a, b, weight=weight)
    directed = graph.to_directed()
    for node in range(N):
        degree = graph.degree(node, weight="weight")
        if through[node] < 1 and degree:
            directed.add_edge(node, "sink", weight=degree * (1 - through[node]) / through[node])
    restart = dict.fromkeys(seeds, 1.0)
    ranks = nx.pagerank(directed, alpha=0.85, personalization=restart, weight="weight", tol=1e-12, max_iter=1000)
    masses = np.array([ranks[node] for node in range(N)])
    return masses / masses.sum()


def dense(found: Proximity) -> np.ndarray:
    masses = np.zeros(N)
    masses[found.nodes] = found.mass
    return masses


@given(edges=EDGES, seeds=st.sets(st.integers(0, N - 1), min_size=1, max_size=5), hub=st.integers(0, N - 1))
def test_the_push_agrees_with_networkx(edges: list[tuple[int, int, int]], seeds: set[int], hub: int) -> None:
    through = np.ones(N, np.float32)
    through[hub] = 0.25
    ties, history = arrays(edges, through)
    wanted = np.array(sorted(seeds), np.int32)
    masses = dense(personalized_pagerank(ties, history, seeds=wanted, tolerance=1e-9))
    expected = reference(edges, through, sorted(seeds))
    np.testing.assert_allclose(masses / masses.sum(), expected, atol=1e-6)


@given(edges=EDGES, seed=st.integers(0, N - 1))
def test_dated_rows_give_the_same_as_the_mapped_ones(edges: list[tuple[int, int, int]], seed: int) -> None:
    through = np.ones(N, np.float32)
    seeds = np.array([seed], np.int32)
    current = personalized_pagerank(*arrays(edges, through), seeds=seeds)
    dated = personalized_pagerank(*arrays(edges, through, dated=True), seeds=seeds)
    assert current.nodes.tolist() == dated.nodes.tolist()
    assert current.mass.tolist() == dated.mass.tolist()


@given(edges=EDGES, seed=st.integers(0, N - 1))
def test_mass_is_a_probability(edges: list[tuple[int, int, int]], seed: int) -> None:
    found = personalized_pagerank(*arrays(edges, np.ones(N, np.float32)), seeds=np.array([seed], np.int32))
    assert (found.mass >= 0).all()
    assert found.mass.sum() <= 1 + 1e-9


def test_work_space_is_clean_for_the_next_query() -> None:
    ties, history = arrays([(0, 1, 1), (1, 2, 1), (5, 6, 1)], np.ones(N, np.float32))
    scratch = make_scratch(N)
    seeds = np.array([0], np.int32)
    first = personalized_pagerank(ties, history, seeds=seeds, scratch=scratch)
    personalized_pagerank(ties, history, seeds=np.array([5], np.int32), scratch=scratch)
    again = personalized_pagerank(ties, history, seeds=seeds, scratch=scratch)
    assert first.mass.tolist() == again.mass.tolist()
    assert not scratch.mass.any()
    assert not scratch.residual.any()


def test_a_tie_that_is_not_in_force_is_no_tie() -> None:
    ties, history = arrays([(0, 1, 1)], np.ones(N, np.float32), dated=True)
    ended = history._replace(valid_to=np.zeros(1, np.int32))
    make_row(0, ties, ended)
    assert ties.degree[0] == 0
    assert personalized_pagerank(ties, ended, seeds=np.array([0], np.int32)).nodes.tolist() == [0]


def test_no_seed_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="at least one seed"):
        personalized_pagerank(*arrays([], np.ones(N, np.float32)), seeds=np.array([], np.int32))
