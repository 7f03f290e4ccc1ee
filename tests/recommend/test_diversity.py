from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphleads.recommend.diversity import choose_page


def greedy(scores: list[int], family: list[int], k: int, most: int) -> list[int]:
    taken: Counter[int] = Counter()
    allowed: list[int] = []
    beyond: list[int] = []
    for place in sorted(range(len(scores)), key=lambda place: (-scores[place], place)):
        (allowed if taken[family[place]] < most else beyond).append(place)
        taken[family[place]] += 1
    return [*allowed, *beyond][:k]


@given(
    companies=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=60),
    k=st.integers(1, 12),
    most=st.integers(1, 3),
)
def test_the_page_is_what_taking_one_after_the_other_gives(companies: list[tuple[int, int]], k: int, most: int) -> None:
    scores, family = [one for one, _ in companies], [one for _, one in companies]
    nodes = np.arange(len(companies), dtype=np.int32)
    page = choose_page(np.array(scores, float), nodes, np.array(family, np.int32).__getitem__, k=k, most=most)
    assert page.tolist() == greedy(scores, family, k, most)
