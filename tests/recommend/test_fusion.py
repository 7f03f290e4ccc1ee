from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.recommend.base import Candidates
from graphleads.recommend.fusion import FusionConfig, fuse

SCORES = st.dictionaries(st.integers(0, 9), st.floats(0, 1), max_size=8)


def candidates(scores: dict[int, float], name: str) -> Candidates:
    nodes = np.array(sorted(scores), np.int32)
    found = np.array([scores[node] for node in sorted(scores)], np.float64)
    return Candidates(nodes=nodes, scores=found, components={name: found})


def test_one_recommender_stays_as_it_is() -> None:
    alone = candidates({3: 0.5, 7: 0.25}, "proximity")
    assert fuse({"proximity": alone}, FusionConfig()) is alone


def test_scores_are_added_by_weight_and_each_component_keeps_its_part() -> None:
    near = candidates({1: 0.5, 2: 0.25}, "near")
    alike = Candidates(
        nodes=np.array([2, 5], np.int32),
        scores=np.array([1.0, 2.0]),
        components={"trade": np.array([0.5, 1.5]), "size": np.array([0.5, 0.5])},
    )
    fused = fuse({"near": near, "alike": alike}, FusionConfig(weights={"alike": 0.5}))
    assert fused.nodes.tolist() == [1, 2, 5]
    assert fused.nodes.dtype == np.int32
    assert fused.scores.tolist() == [0.5, 0.75, 1.0]
    assert {name: part.tolist() for name, part in fused.components.items()} == {
        "near": [0.5, 0.25, 0.0],
        "alike.trade": [0.0, 0.25, 0.75],
        "alike.size": [0.0, 0.25, 0.25],
    }


def test_reciprocal_ranks_are_added_and_equal_scores_share_a_rank() -> None:
    near = candidates({1: 0.5, 2: 0.25, 3: 0.25}, "near")
    alike = candidates({3: 9.0, 4: 1.0}, "alike")
    fused = fuse({"near": near, "alike": alike}, FusionConfig(rule="reciprocal_rank", rank_constant=1))
    assert fused.nodes.tolist() == [1, 2, 3, 4]
    assert fused.scores.tolist() == [1 / 2, 1 / 3, 1 / 3 + 1 / 2, 1 / 3]


@pytest.mark.parametrize("rule", ["weighted_sum", "reciprocal_rank"])
@given(parts=st.dictionaries(st.sampled_from("abcd"), SCORES, max_size=4), data=st.data())
def test_the_order_of_the_list_changes_nothing(
    rule: str, parts: dict[str, dict[int, float]], data: st.DataObject
) -> None:
    names = data.draw(st.permutations(sorted(parts)))
    config = FusionConfig(rule=rule, weights={"a": 0.3})
    one = fuse({name: candidates(parts[name], name) for name in sorted(parts)}, config)
    other = fuse({name: candidates(parts[name], name) for name in names}, config)
    assert one.nodes.tolist() == other.nodes.tolist() == sorted({node for part in parts.values() for node in part})
    assert one.scores.tobytes() == other.scores.tobytes()
    np.testing.assert_allclose(np.sum([np.zeros(len(one.nodes)), *one.components.values()], axis=0), one.scores)
