from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph.csr import build_adjacency, build_walk

ENDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda ends: ends[0] != ends[1]), max_size=30)


@given(ENDS)
def test_the_csr_holds_every_edge_at_both_ends_and_nothing_else(ends: list[tuple[int, int]]) -> None:
    source, target = (np.array([pair[side] for pair in ends], np.int32) for side in (0, 1))
    adjacency = build_adjacency(source, target, 10)
    slots = [
        (node, int(adjacency.neighbor[slot]), int(adjacency.edge[slot]))
        for node in range(10)
        for slot in range(adjacency.indptr[node], adjacency.indptr[node + 1])
    ]
    expected = [(a, b, edge) for edge, (a, b) in enumerate(ends)] + [(b, a, edge) for edge, (a, b) in enumerate(ends)]
    assert sorted(slots) == sorted(expected)
    assert slots == sorted(slots)


def test_a_walk_follows_the_strongest_tie_in_force_between_two_nodes() -> None:
    # Edges: 0–1 three times (the second is not in force), 1–2, 0–3 where 3 is blocked.
    adjacency = build_adjacency(np.array([0, 1, 0, 1, 0], np.int32), np.array([1, 0, 1, 2, 3], np.int32), 4)
    weight = np.array([0.5, 9.0, 2.0, 1.0, 1.0], np.float32)
    in_force = np.array([True, False, True, True, True])
    through = np.array([1.0, 0.5, 1.0, 1.0], np.float32)
    walk = build_walk(adjacency, weight, in_force, blocked=np.array([False, False, False, True]), through=through)
    assert walk.indptr.tolist() == [0, 1, 3, 4, 4]
    assert walk.neighbor.tolist() == [1, 0, 2, 1]
    assert walk.edge.tolist() == [2, 2, 3, 3]
    assert walk.weight.tolist() == [2.0, 2.0, 1.0, 1.0]
    assert walk.degree.tolist() == [2.0, 3.0, 1.0, 0.0]
    assert walk.node["through"][:-1].tolist() == through.tolist()
