from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats.delimited import Dialect
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources
from graphleads.formats.tabular import SourceTable, TableFormat, list_tables, tell_format

ROWS = [{"id": "7", "name": "Müller"}, {"id": "8", "name": "Ødegård"}]


def write_csv(path: Path) -> None:
    path.write_text("id,name\n" + "".join(f"{row['id']},{row['name']}\n" for row in ROWS), encoding="utf-8")


def write_json(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")


def write_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path)


def write_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE list (id INTEGER, name TEXT)")
        database.executemany("INSERT INTO list VALUES (:id, :name)", ROWS)
        database.commit()


def write_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "list"
    for row in [list(ROWS[0]), *(list(row.values()) for row in ROWS)]:
        book.active.append(row)
    book.save(path)


WRITERS = {
    TableFormat.DELIMITED: write_csv,
    TableFormat.JSON: write_json,
    TableFormat.PARQUET: write_parquet,
    TableFormat.SQLITE: write_sqlite,
    TableFormat.WORKBOOK: write_workbook,
}


def read(table: SourceTable) -> list[dict[str, str | None]]:
    names = table.header(Dialect())
    blocks = table.blocks(Dialect(), report=DeliveryReport(), columns=names)
    return [row for block in blocks for row in pa.table(block.columns).to_pylist()]


def only(path: Path) -> SourceFile:
    (source,) = open_sources(path)
    return source


@pytest.mark.parametrize(("format_", "write"), WRITERS.items())
@pytest.mark.parametrize("packed", [False, True])
def test_a_format_is_told_by_its_first_bytes(
    tmp_path: Path, format_: TableFormat, write: Callable[[Path], None], packed: bool
) -> None:
    path = tmp_path / "table.csv"
    write(path)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    source = only(path)
    assert tell_format(source) is format_
    (table,) = list_tables(source)
    assert table.part == (None if format_ in (TableFormat.DELIMITED, TableFormat.JSON, TableFormat.PARQUET) else "list")
    assert read(table) == ROWS


@pytest.mark.parametrize("write", WRITERS.values())
def test_progress_counts_every_byte_once(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "table"
    write(path)
    advanced: list[int] = []
    for table in list_tables(replace(only(path), advance=advanced.append)):
        read(table)
    assert sum(advanced) == path.stat().st_size


def test_a_part_is_named_behind_its_file(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx")
    (table,) = list_tables(only(tmp_path / "a.xlsx"))
    assert table.source.name == "a.xlsx/list"


def test_a_file_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(FileUnreadable, match=r"a\.xlsx is an Excel workbook with nothing in it"):
        list_tables(only(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("head", [b"<html>", b"%PDF-1.7", b"7z\xbc\xaf\x27\x1c"])
def test_what_is_no_table_is_told(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(head + b"\n...")
    (table,) = list_tables(only(tmp_path / "a.csv"))
    with pytest.raises(FormatMismatch, match="not delimited text"):
        table.header(Dialect())


@pytest.mark.parametrize("text", ["{a},b\n1,2\n", "[id],b\n1,2\n", "{,b\n1,2\n"])
def test_brackets_alone_make_no_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert tell_format(only(tmp_path / "a.csv")) is TableFormat.DELIMITED
