from __future__ import annotations

import pyarrow as pa

from graphleads.names.words import is_unspaced, split_words


def test_words_and_pairs() -> None:
    words, rows = split_words(pa.array(["nor wind", "", "示例中国", "a 示"]))
    assert words.to_pylist() == ["nor", "wind", "示例", "例中", "中国", "国", "a", "示"]
    assert rows.tolist() == [0, 0, 2, 2, 2, 2, 3, 3]


def test_scripts_without_spaces() -> None:
    assert is_unspaced("示")
    assert is_unspaced("𠀀")
    assert is_unspaced("예시")
    assert not is_unspaced("wind")
