from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from graphleads.formats.cell import cell_text, clean_texts, gather_blocks
from graphleads.formats.report import DeliveryReport


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        ("007", "007"),
        (7, "7"),
        (7.0, "7"),
        (0.0000001, "0.0000001"),
        (45.1, "45.1"),
        (2.0**53, "9007199254740992"),
        (9.1e15, "9.1e+15"),
        (876000000123456001.0, "8.76000000123456e+17"),
        (876000000123456001, "876000000123456001"),
        (True, "true"),
        (False, "false"),
        (Decimal("1.50"), "1.50"),
        (date(2024, 3, 31), "2024-03-31"),
        (datetime(2024, 3, 31), "2024-03-31"),
        (datetime(2024, 3, 31, 13, 5), "2024-03-31 13:05:00"),
        (b"S\xc3\xa3o", "São"),
        (b"S\xff", "S\ufffd"),
    ],
)
def test_cells_are_texts_as_a_delimited_file_has_them(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


def test_texts_are_composed_trimmed_and_null_where_empty() -> None:
    given = pa.array([" Sa\u0303o ", "\u00a0", "", "a\0b", None])
    assert clean_texts(given).to_pylist() == ["São", None, None, "ab", None]


def test_records_become_rows_and_empty_ones_are_passed_over() -> None:
    records = [(2, ("a", 1)), (3, (None, None)), (5, ("b", None))]
    (block,) = gather_blocks("f", ("x", "y"), records, DeliveryReport())
    assert {name: column.to_pylist() for name, column in block.columns.items()} == {"x": ["a", "b"], "y": ["1", None]}
    assert block.rows.tolist() == [2, 5]


def test_a_record_of_more_than_a_mebibyte_is_left_out() -> None:
    report = DeliveryReport()
    (block,) = gather_blocks("f", ("x",), [(2, ("x" * (1 << 20) + "y",)), (3, ("b",))], report)
    assert block.columns["x"].to_pylist() == ["b"]
    assert [(one["code"], one["row"]) for one in report.issue_table().to_pylist()] == [("record_too_long", 2)]


def test_blocks_end_when_they_are_large() -> None:
    records = ((number, ("x" * (1 << 19),)) for number in range(40))
    assert [block.n_rows for block in gather_blocks("f", ("x",), records, DeliveryReport())] == [33, 7]
