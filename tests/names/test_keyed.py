from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.names.keyed import build_keyed_rows, find_rows, hash_texts


def test_hashes_are_fnv_1a() -> None:
    hashes = hash_texts(pa.array(["", "a", "foobar"]))
    assert [hex(int(value)) for value in hashes] == ["0xcbf29ce484222325", "0xaf63dc4c8601ec8c", "0x85944171f73967e8"]


@given(st.lists(st.sampled_from(["", "a", "b", "示"])), st.sampled_from(["", "a", "b", "示", "c"]))
def test_rows_are_found_by_their_key(keys: list[str], key: str) -> None:
    keyed = build_keyed_rows(hash_texts(pa.array(keys, pa.string())))
    assert find_rows(keyed, key).tolist() == [row for row, one in enumerate(keys) if one == key]
