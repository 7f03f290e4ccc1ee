from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphleads.names.text import TextColumn, copy_slices, text_array, text_bytes, text_column


def test_bytes_of_a_slice_are_those_of_its_texts() -> None:
    data, offsets = text_bytes(pa.array(["one", "two", "three"]).slice(1))
    assert [bytes(data[offsets[i] : offsets[i + 1]]) for i in range(2)] == [b"two", b"three"]


def test_bytes_and_back() -> None:
    texts = pa.array(["one", "", "三"])
    assert text_array(*text_bytes(texts)).equals(texts)
    assert text_array(*text_bytes(pa.array([], pa.string()))).to_pylist() == []


def test_every_text_type_becomes_string() -> None:
    for values in (pa.array(["a"], pa.large_string()), pa.array(["a"]).dictionary_encode(), pa.chunked_array([["a"]])):
        assert text_column(values).equals(pa.array(["a"]))


@pytest.mark.parametrize("rows", [[3, 0, 2, 0], [], [1]])
def test_rows_are_taken_across_chunks(rows: list[int]) -> None:
    column = TextColumn(pa.chunked_array([["a", "b"], [], ["c", None]], pa.string()))
    assert len(column) == 4
    assert column.take(np.array(rows, np.int32)).to_pylist() == [["a", "b", "c", None][row] for row in rows]


def test_slices_are_copied() -> None:
    data, offsets = text_bytes(pa.array(["abcdef"]))
    copied = text_array(*copy_slices(data, np.array([0, 4], np.int32), np.array([2, 6], np.int32)))
    assert copied.to_pylist() == ["ab", "ef"]
    assert offsets[-1] == 6
