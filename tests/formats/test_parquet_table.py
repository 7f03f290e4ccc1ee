from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphleads.errors import FileUnreadable
from graphleads.formats import parquet_table
from graphleads.formats.parquet_table import read_parquet, read_parquet_header
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources


def write(tmp_path: Path, table: pa.Table) -> SourceFile:
    pq.write_table(table, tmp_path / "a.parquet")
    return open_sources(tmp_path / "a.parquet")[0]


def read(source: SourceFile) -> tuple[dict[str, list[str | None]], list[int], DeliveryReport]:
    report = DeliveryReport()
    names = read_parquet_header(source)
    blocks = list(read_parquet(source, report=report, columns=names))
    columns = {name: [text for block in blocks for text in block.columns[name].to_pylist()] for name in names}
    return columns, [row for block in blocks for row in block.rows.tolist()], report


def test_every_type_becomes_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["  Mu\u0308ller ", ""],
            "whole": [7, None],
            "float": [45.1, 6765.0],
            "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "day": [date(2024, 3, 31), None],
            "time": [datetime(2024, 3, 31), datetime(2024, 3, 31, 9, 30)],
            "alive": [True, None],
            "list": [["a", "b"], []],
            "at": [{"city": "Ulm", "zip": 89073}, None],
            "lists": [[["a"], ["b"]], None],
            "bytes": [b"S\xc3\xa3o", None],
            "word": pa.array(["x", None]).dictionary_encode(),
            "none": pa.nulls(2),
        }
    )
    columns, rows, report = read(write(tmp_path, table))
    assert columns == {
        "text": ["Müller", None],
        "whole": ["7", None],
        "float": ["45.1", "6765"],
        "money": ["1.50", None],
        "day": ["2024-03-31", None],
        "time": ["2024-03-31", "2024-03-31 09:30:00"],
        "alive": ["true", None],
        "list": ["a|b", None],
        "at.city": ["Ulm", None],
        "at.zip": ["89073", None],
        "lists": ['[["a"],["b"]]', None],
        "bytes": ["São", None],
        "word": ["x", None],
        "none": [None, None],
    }
    assert rows == [2, 3]
    assert report.n_rows_read == {"a.parquet": 2}


def test_only_the_columns_that_are_asked_for_are_read(tmp_path: Path) -> None:
    source = write(tmp_path, pa.table({"a": ["1"], "a.b": ["2"], "c": [{"d": "3", "e": "4"}]}))
    (block,) = read_parquet(source, report=DeliveryReport(), columns=("c.e", "a"))
    assert {name: column.to_pylist() for name, column in block.columns.items()} == {"c.e": ["4"], "a": ["1"]}


def test_rows_are_numbered_across_blocks(tmp_path: Path) -> None:
    source = write(tmp_path, pa.table({"a": pa.array(range(40_000))}))
    assert read(source)[1] == list(range(2, 40_002))


def test_a_row_of_more_than_a_mebibyte_is_left_out(tmp_path: Path) -> None:
    columns, rows, report = read(write(tmp_path, pa.table({"a": ["x", "y" * (2 << 20), "z"]})))
    assert (columns, rows) == ({"a": ["x", "z"]}, [2, 4])
    assert report.issue_counts == {"record_too_long": 1}


def test_a_long_text_that_is_repeated_is_not_unfolded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_table, "_MAX_BATCH_BYTES", 1 << 20)
    source = write(tmp_path, pa.table({"a": pa.array(["x" * 1_000] * 10_000)}))
    with pytest.raises(FileUnreadable, match=r"a\.parquet has values of absurd size"):
        read(source)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    source = write(tmp_path, pa.table({"a": ["x"] * 1_000}))
    source.path.write_bytes(source.path.read_bytes()[:-20])
    with pytest.raises(FileUnreadable, match=r"a\.parquet is a damaged Parquet file .*: download it again"):
        read(source)
