from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphleads.names.postings import (
    Postings,
    add_credits,
    add_credits_of,
    build_postings,
    count_groups,
    sum_by_row,
)


def ints(*values: int) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def rows_of(postings: Postings, word: int) -> list[int]:
    return list(postings.rows[postings.starts[word] : postings.starts[word + 1]].tolist())


POSTINGS = build_postings(ints(0, 1, 1, 0, 2, 0), ints(0, 0, 0, 1, 1, 3), 4)


def test_rows_by_word_without_repetition() -> None:
    assert [rows_of(POSTINGS, word) for word in range(4)] == [[0, 1, 3], [0], [1], []]


def test_credits_are_added_until_the_budget_is_spent() -> None:
    sums = np.zeros(4, np.int32)
    found, n_read = add_credits(POSTINGS, ints(1, 2, 0), ints(5, 4, 1), 2, sums)
    assert (found.tolist(), n_read, sums.tolist()) == ([0, 1], 2, [5, 4, 0, 0])
    assert add_credits_of(POSTINGS, ints(0), ints(1), ints(0, 1, 2)).tolist() == [1, 1, 0]


def test_of_the_first_word_a_part_is_read() -> None:
    sums = np.zeros(4, np.int32)
    found, n_read = add_credits(POSTINGS, ints(0, 1), ints(2, 1), 2, sums)
    assert (found.tolist(), n_read, sums.tolist()) == ([0, 1], 1, [2, 2, 0, 0])


def test_words_are_counted_by_node_and_summed_by_name() -> None:
    assert count_groups(POSTINGS, ints(7, 7, 8, 9)).tolist() == [2, 1, 1, 0]
    assert sum_by_row(POSTINGS, np.array([1, 10, 100, 1000], np.uint16), 4).tolist() == [11, 101, 0, 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=30))
def test_postings_hold_exactly_the_pairs(pairs: list[tuple[int, int]]) -> None:
    pairs.sort(key=lambda pair: pair[1])
    postings = build_postings(ints(*(word for word, _ in pairs)), ints(*(row for _, row in pairs)), 5)
    assert {(word, row) for word in range(5) for row in rows_of(postings, word)} == set(pairs)
    assert len(postings.rows) == len(set(pairs))
    assert all(rows_of(postings, word) == sorted(rows_of(postings, word)) for word in range(5))
