from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.formats.record import (
    GOOD,
    MAX_RECORD,
    STRAY_QUOTE,
    TOO_LONG,
    UNCLOSED_QUOTE,
    WRONG_FIELDS,
    scan_records,
)

Scanned = list[tuple[int, str, int]]


def scan(text: str, *, quote: str | None = '"', n_fields: int | None = None) -> Scanned:
    """Return row, text and state of every record."""
    return [(row, record.decode(), state) for row, record, state in scan_blocks([text.encode()], quote, n_fields)]


def scan_blocks(
    blocks: Iterable[bytes], quote: str | None = '"', n_fields: int | None = None
) -> list[tuple[int, bytes, int]]:
    found = []
    for block in scan_records(blocks, delimiter=",", quote=quote, n_fields=n_fields):
        for row, start, end, state in zip(block.rows, block.starts, block.ends, block.states, strict=True):
            found.append((int(row), block.data[start:end].tobytes(), int(state)))
    return found


def test_lines_are_records_and_blank_lines_are_none() -> None:
    assert scan("a,b\n\n1,2\n\n\n3,4") == [(1, "a,b", GOOD), (2, "1,2", GOOD), (3, "3,4", GOOD)]


def test_quoted_values_hold_delimiters_line_ends_and_quotes() -> None:
    text = 'a,b\n"1,\n1","2""2"\n3,"4"\n'
    assert scan(text) == [(1, "a,b", GOOD), (2, '"1,\n1","2""2"', GOOD), (3, '3,"4"', GOOD)]


def test_without_quoting_a_quote_is_a_character() -> None:
    assert scan('a,b\n"1,2\n3,4"\n', quote=None) == [(1, "a,b", GOOD), (2, '"1,2', GOOD), (3, '3,4"', GOOD)]


def test_a_quote_inside_a_value_is_told() -> None:
    assert scan('a,b\n5" pipe,"x"y\n3,4\n') == [(1, "a,b", GOOD), (2, '5" pipe,"x"y', STRAY_QUOTE), (3, "3,4", GOOD)]


def test_wrong_numbers_of_fields_are_told() -> None:
    assert scan("a,b\n1\n1,2,3\n1,2\n") == [
        (1, "a,b", GOOD),
        (2, "1", WRONG_FIELDS),
        (3, "1,2,3", WRONG_FIELDS),
        (4, "1,2", GOOD),
    ]


def test_the_number_of_fields_may_be_given() -> None:
    assert scan("a,b\n1,2,3\n", n_fields=3) == [(1, "a,b", WRONG_FIELDS), (2, "1,2,3", GOOD)]


@pytest.mark.parametrize(
    "stray",
    [
        pytest.param('"1,x\n2,y\n3,z\n', id="never closed"),
        pytest.param('"1,x\n2,y\n3,"z, z"\n', id="closed by the next opening quote"),
        pytest.param('"1,x\n2,y\n"3",z\n', id="closed by one in the same column"),
    ],
)
def test_a_stray_quote_costs_its_line_only(stray: str) -> None:
    records = scan("a,b\n" + stray)
    assert records[1] == (2, '"1,x', UNCLOSED_QUOTE)
    assert [state for _, _, state in records[2:]] == [GOOD, GOOD]
    assert [row for row, _, _ in records] == [1, 2, 3, 4]


def test_a_long_field_costs_its_record_only() -> None:
    long = "x" * (10 << 20)
    assert [(row, len(text), state) for row, text, state in scan(f"a,b\n1,{long}\n2,3\n")] == [
        (1, 3, GOOD),
        (2, len(long) + 2, TOO_LONG),
        (3, 3, GOOD),
    ]


def test_a_long_field_in_quotes_costs_its_record_only() -> None:
    blocks = [b'a,b\n1,"', *[b"x" * (1 << 20)] * 10, b'"\n2,3\n']
    found = scan_blocks(blocks)
    assert [(row, state) for row, _, state in found] == [(1, GOOD), (2, TOO_LONG), (3, GOOD)]


def test_memory_is_bounded_while_a_long_field_is_skipped() -> None:
    blocks = (b"x" * (1 << 20) for _ in range(64))
    sizes = [len(block.data) for block in scan_records(blocks, delimiter=",", quote='"')]
    assert max(sizes) <= MAX_RECORD + (1 << 20) + 1


def test_a_long_unclosed_quote_costs_its_line_only() -> None:
    lines = "".join(f"{n},some value\n" for n in range(100_000))
    found = scan('a,b\n"1,2\n' + lines)
    assert found[1][2] in (TOO_LONG, UNCLOSED_QUOTE)
    assert len(found) == 100_002
    assert all(state == GOOD for _, _, state in found[2:])


TEXTS = st.lists(st.sampled_from(["a", "é", ",", '"', "\n", "bb"]), max_size=40).map("".join)


@given(TEXTS, st.integers(1, 5), st.sampled_from(['"', None]))
def test_blocks_cut_anywhere_give_the_same_records(text: str, size: int, quote: str | None) -> None:
    data = text.encode()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    whole = scan_blocks([data], quote, 2)
    assert scan_blocks(pieces, quote, 2) == whole
    assert [row for row, _, _ in whole] == list(range(1, len(whole) + 1))


@given(TEXTS)
def test_no_line_is_lost(text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    records = scan(text, n_fields=2)
    assert [line for _, record, _ in records for line in record.split("\n") if line] == lines


def test_kept_records_are_the_text_of_the_good_ones() -> None:
    (block,) = scan_records([b"a,b\n1\n\n1,2\n3,4"], delimiter=",", quote=None)
    assert block.text(block.states == GOOD) == b"a,b\n1,2\n3,4\n"
    assert block.text(np.zeros(4, dtype=bool)) == b""


def test_offsets_are_told_as_rows() -> None:
    (block,) = scan_records([b"a,b\n1,2\n3,4\n"], delimiter=",", quote=None)
    assert block.records_at(np.array([0, 1, 8, 9])).tolist() == [1, 3]
