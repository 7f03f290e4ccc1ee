from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.text import clean_text
from graphleads.values.text_column import clean_texts, hash_texts, join_present, without_ending

WRITTEN = st.lists(st.sampled_from([*"aé&;#\u0301\u200b\u200c\u00a0\u3000\t\x85 ", "NULL", "amp", "中", "ب"])).map(
    "".join
)


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


@given(st.lists(st.none() | st.text() | WRITTEN))
def test_columns_are_cleaned_as_texts_are(cells: list[str | None]) -> None:
    expected = [None if cell is None else clean_text(cell) or None for cell in cells]
    assert clean_texts(texts(*cells)).to_pylist() == expected


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
