from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphleads.recommend.barred import BARRED_AS, bar

WHY = st.dictionaries(st.integers(0, 20), st.integers(-1, len(BARRED_AS) - 1))


@given(st.lists(WHY))
def test_what_is_changed_a_few_at_a_time_is_what_all_changes_give(changes: list[dict[int, int]]) -> None:
    expected: dict[int, int] = {}
    barred = bar()
    for change in changes:
        nodes, why = np.array(list(change), np.int32), np.array(list(change.values()), np.int8)
        before, held = barred, (barred.nodes.copy(), barred.why.copy())
        barred = barred.changed(nodes, why)
        expected |= change
        assert (before.nodes == held[0]).all()
        assert (before.why == held[1]).all()

    expected = {node: why for node, why in sorted(expected.items()) if why >= 0}
    assert barred.nodes.tolist() == list(expected)
    assert barred.why.tolist() == list(expected.values())
    assert (barred.nodes.dtype, barred.why.dtype) == (np.int32, np.int8)


def test_of_several_reasons_the_first_counts() -> None:
    barred = bar(np.array([3, 5], np.int32), np.array([1, 5], np.int32), np.array([1, 3, 9], np.int32))

    assert barred.nodes.tolist() == [1, 3, 5, 9]
    assert [BARRED_AS[why] for why in barred.why] == ["withheld", "customer", "customer", "excluded"]
    assert barred.customers.tolist() == [3, 5]


def test_customers_among_few_nodes_are_found_without_the_others() -> None:
    barred = bar(np.array([3, 5, 8], np.int32), np.array([4], np.int32), np.array([9], np.int32))

    assert barred.customers_among(np.array([0, 3, 4, 8, 9, 20], np.int32)).tolist() == [3, 8]
    assert bar().customers_among(np.array([3], np.int32)).tolist() == []
