from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph import lookup
from graphleads.graph.lookup import find_places, find_texts, rows_between, texts_at, texts_of

TEXTS = st.sets(st.text(max_size=6), max_size=30)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@given(held=TEXTS, wanted=st.lists(st.text(max_size=6), max_size=10))
def test_texts_are_found_where_they_stand(kind: pa.DataType, held: set[str], wanted: list[str]) -> None:
    column = sorted(held, key=str.encode)
    sought = [*wanted, *column]
    expected = [column.index(text) if text in held else -1 for text in sought]
    assert find_texts(texts_of(pa.array(column, kind)), sought).tolist() == expected


def test_a_slice_of_a_column_has_rows_of_its_own() -> None:
    texts = texts_of(pa.array(["a", "b", "c", "d"]).slice(1, 2))
    assert find_texts(texts, ["a", "b", "c", "d"]).tolist() == [-1, 0, 1, -1]


def test_rows_between_are_all_ranges_one_after_the_other() -> None:
    begin, end = np.array([3, 7, 7, 0]), np.array([5, 7, 8, 2])
    assert rows_between(begin, end).tolist() == [3, 4, 7, 0, 1]


@given(held=TEXTS, wanted=st.lists(st.text(max_size=6), max_size=10))
def test_a_few_texts_are_found_without_compiled_code_where_they_are_found_with_it(
    held: set[str], wanted: list[str]
) -> None:
    texts, sought = texts_of(pa.array(sorted(held, key=str.encode), pa.string())), [*wanted, *held]
    compiled = find_places(texts, sought)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(lookup, "_KERNEL", "not imported")
        assert find_places(texts, sought).tolist() == compiled.tolist()


@pytest.mark.parametrize("few", [0, 10])
def test_texts_of_rows_are_read_one_by_one_or_all_at_once(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_FEW", few)
    assert texts_at(pa.array(["a", "b", "c"]), np.array([2, 0, 2])) == ["c", "a", "c"]
