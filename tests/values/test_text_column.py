from __future__ import annotations

import pyarrow as pa

from graphleads.values.text_column import hash_texts, join_present, without_ending


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def test_what_is_there_is_joined() -> None:
    joined = join_present(", ", texts("a", None, "c", None), texts("1", "2", None, None))
    assert joined.to_pylist() == ["a, 1", "2", "c", None]


def test_nothing_at_all_is_null() -> None:
    assert join_present("-", texts(None, None), texts(None, None)).to_pylist() == [None, None]


def test_endings_are_cut_off_at_words() -> None:
    cut = without_ending(
        texts("3 waldweg ort", "3 waldweg", "ort", "vorort ort ort", None, "a b"),
        texts("ort", "weg", "ort", "ort", "x", None),
    )
    assert cut.to_pylist() == ["3 waldweg", "3 waldweg", "ort", "vorort ort", None, "a b"]


def test_hashes_are_the_first_digits_of_sha256() -> None:
    assert hash_texts(texts("abc", None, "abc"), 12).to_pylist() == ["ba7816bf8f01", None, "ba7816bf8f01"]
