from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graphleads.errors import FileUnreadable
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources
from graphleads.formats.sqlite_table import read_table, read_table_header, table_names

Rows = list[tuple[object, ...]]


def database(path: Path, script: str) -> SourceFile:
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(script)
    return open_sources(path)[0]


def read(source: SourceFile, table: str) -> tuple[Rows, DeliveryReport]:
    report = DeliveryReport()
    names = read_table_header(source, table)
    blocks = read_table(source, table, report=report, columns=names)
    return [
        row
        for block in blocks
        for row in zip(block.rows.tolist(), *(block.columns[name].to_pylist() for name in names), strict=True)
    ], report


def test_tables_with_rows_are_listed(tmp_path: Path) -> None:
    script = """
        CREATE TABLE b (x); CREATE TABLE a (x); CREATE TABLE empty (x);
        INSERT INTO a VALUES (1); INSERT INTO b VALUES (2);
        CREATE VIEW v AS SELECT * FROM a; CREATE VIRTUAL TABLE words USING fts5(x); INSERT INTO words VALUES ('w');
    """
    names = table_names(database(tmp_path / "a.db", script))
    assert [name for name in names if not name.startswith("words_")] == ["a", "b"]


def test_values_of_every_type_become_text(tmp_path: Path) -> None:
    script = """
        CREATE TABLE "a ""b" (id, "odd name", share FLOAT);
        INSERT INTO "a ""b" VALUES (7, ' São ', 0.255), ('07', x'41c3a3', 1.0), (NULL, NULL, NULL), (NULL, 'x', NULL);
    """
    source = database(tmp_path / "odd #name?.db", script)
    assert read_table_header(source, 'a "b') == ("id", "odd name", "share")
    rows, report = read(source, 'a "b')
    assert rows == [(2, "7", "São", "0.255"), (3, "07", "Aã", "1"), (5, None, "x", None)]
    assert report.n_rows_read == {"odd #name?.db": 4}


def test_the_delivered_file_is_neither_written_nor_locked(tmp_path: Path) -> None:
    source = database(tmp_path / "a.db", "PRAGMA journal_mode=WAL; CREATE TABLE a (x); INSERT INTO a VALUES (1)")
    source.path.chmod(0o444)
    before = source.path.read_bytes()
    blocks = read_table(source, "a", report=DeliveryReport(), columns=("x",))
    next(blocks)
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    assert source.path.read_bytes() == before


def test_text_that_is_no_utf8_is_read_with_replacements(tmp_path: Path) -> None:
    source = database(tmp_path / "a.db", "CREATE TABLE a (x); INSERT INTO a VALUES (CAST(x'53e36f' AS TEXT))")
    assert read(source, "a")[0] == [(2, "S\ufffdo")]


def test_a_value_of_more_than_a_mebibyte_costs_its_row_only(tmp_path: Path) -> None:
    script = "CREATE TABLE a (x); INSERT INTO a VALUES ('a'), (hex(zeroblob(1000000))), ('b')"
    rows, report = read(database(tmp_path / "a.db", script), "a")
    assert rows == [(2, "a"), (4, "b")]
    assert report.issue_counts == {"record_too_long": 1}


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    script = """
        CREATE TABLE a (x);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
        INSERT INTO a SELECT hex(randomblob(20)) FROM n
    """
    source = database(tmp_path / "a.db", script)
    source.path.write_bytes(source.path.read_bytes()[:100_000])
    with pytest.raises(FileUnreadable, match=r"a\.db is a damaged SQLite database \(.*\): download it again"):
        read(source, "a")
