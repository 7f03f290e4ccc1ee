from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph.csr import build_adjacency, build_walk
from graphleads.graph.history import Caps, History, make_group, make_memory
from graphleads.graph.overlay import Laid
from graphleads.recommend import proximity
from graphleads.recommend.proximity import Proximity, Walker, personalized_pagerank
from graphleads.recommend.ties import Ties, make_slots, read_row

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
    roomy = Caps(np.zeros(1, np.int64), np.full(1, N, np.int32), N, np.ones(N + 1, np.float32))
    none = np.zeros(0, np.int32)
    nothing = Laid(none, none, none, none, none, none, none, none, none.astype(np.int8), none)
    history = History(
        adjacency.indptr, adjacency.neighbor, adjacency.edge, source, np.zeros(len(edges), np.int8), weight,
        first, last, first, last, np.zeros(N, np.int32), roomy, nothing, np.zeros(0, np.float32), make_memory(), 0, 0,
    )  # fmt: skip
    walk = build_walk(adjacency, weight, np.ones(len(edges), bool), blocked=blocked, through=through)
    return Ties(not dated, walk.node, walk.tie, walk.edge), history


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
    shares: np.ndarray = masses / masses.sum()
    return shares


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


def exact(ties: Ties, seeds: list[int]) -> np.ndarray:
    """The stationary mass by solving the linear system."""
    onward = np.zeros((N, N))
    for node in range(N):
        for slot in range(ties.node["begin"][node], ties.node["begin"][node + 1]):
            leaves = ties.node["through"][node] / ties.node["degree"][node]
            onward[ties.tie["neighbor"][slot], node] = leaves * ties.tie["weight"][slot]
    start = np.zeros(N)
    start[seeds] = 1 / len(seeds)
    return np.linalg.solve(np.eye(N) - 0.85 * onward, 0.15 * start)


@given(
    edges=EDGES,
    seeds=st.sets(st.integers(0, N - 1), min_size=1, max_size=5),
    hub=st.integers(0, N - 1),
    tolerance=st.sampled_from([1e-2, 1e-3, 1e-5]),
)
def test_no_mass_is_further_off_than_the_tolerance_allows(
    edges: list[tuple[int, int, int]], seeds: set[int], hub: int, tolerance: float
) -> None:
    through = np.ones(N, np.float32)
    through[hub] = 0.25
    ties, history = arrays(edges, through)
    found = personalized_pagerank(ties, history, seeds=np.array(sorted(seeds), np.int32), tolerance=tolerance)
    allowed = tolerance * ties.node["degree"][:-1] / through
    assert (abs(dense(found) - exact(ties, sorted(seeds))) <= allowed + 1e-7).all()


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
    assert found.mass.sum() <= 1 + 1e-4


def test_work_space_is_clean_for_the_next_walk() -> None:
    ties, history = arrays([(0, 1, 1), (1, 2, 1), (5, 6, 1)], np.ones(N, np.float32))
    walker = Walker()

    def walk(seed: int) -> dict[int, float]:
        found = walker.walk(ties, history, seeds=np.array([seed], np.int32), damping=0.85, tolerance=1e-6)
        return dict(zip(found.nodes.tolist(), found.mass.tolist(), strict=True))

    first = walk(0)
    assert set(walk(5)) == {5, 6}
    assert walk(0) == first


def test_work_space_grows_until_a_walk_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = [(a, b, 1) for a in range(N) for b in range(a)]
    ties, history = arrays(edges, np.ones(N, np.float32))
    seeds = np.array([3], np.int32)
    roomy = personalized_pagerank(ties, history, seeds=seeds)
    monkeypatch.setattr(proximity, "_FIRST_PLACES", 1)
    tight = personalized_pagerank(ties, history, seeds=seeds)
    assert tight.nodes.tolist() == list(range(N))
    assert tight.mass.tolist() == roomy.mass.tolist()


def test_a_tie_that_is_not_in_force_is_no_tie() -> None:
    ties, history = arrays([(0, 1, 1)], np.ones(N, np.float32), dated=True)
    ended = history._replace(valid_to=np.zeros(1, np.int32))
    assert read_row.py_func(0, ties, ended, make_slots(1), 0, make_group(1)) == 0
    assert personalized_pagerank(ties, ended, seeds=np.array([0], np.int32)).nodes.tolist() == [0]


def test_no_seed_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="at least one seed"):
        personalized_pagerank(*arrays([], np.ones(N, np.float32)), seeds=np.array([], np.int32))
