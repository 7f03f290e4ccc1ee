from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphleads.errors import FileUnreadable, FormatMismatch, ValueInvalid
from graphleads.formats import delimited
from graphleads.formats.delimited import Dialect, read_delimited, read_header, resolve_dialect
from graphleads.formats.encoding import read_utf8
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile, open_sources

Rows = list[dict[str, Any]]


@contextmanager
def source_of(content: bytes | str) -> Iterator[SourceFile]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        yield open_sources(path)[0]


def read(
    content: bytes | str, dialect: Dialect | None = None, columns: list[str] | None = None
) -> tuple[Rows, DeliveryReport]:
    """Return the rows with their numbers, and the report."""
    report = DeliveryReport()
    rows: Rows = []
    with source_of(content) as source:
        for block in read_delimited(source, dialect or Dialect(), report=report, columns=columns):
            rows += pa.table({**block.columns, "#": pa.array(block.rows)}).to_pylist()
    return rows, report


def issues(report: DeliveryReport) -> list[tuple[str, int | None, str | None]]:
    return [(one["code"], one["row"], one["sample"]) for one in report.issue_table().to_pylist()]


def test_values_are_trimmed_and_null_where_empty() -> None:
    rows, report = read('id,name\n1,  Alfa \n2,""\n3,\u00a0\n')
    assert rows == [
        {"id": "1", "name": "Alfa", "#": 2},
        {"id": "2", "name": None, "#": 3},
        {"id": "3", "name": None, "#": 4},
    ]
    assert report.n_rows_read == {"a.csv": 3}
    assert report.encodings == {"a.csv": "utf-8"}
    assert issues(report) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_from_the_header(delimiter: str) -> None:
    text = f'id{delimiter}"name, first; last"{delimiter}town\n1{delimiter}x{delimiter}y\n'
    with source_of(text) as source:
        assert resolve_dialect(source, Dialect()).delimiter == delimiter
        assert read_header(source, Dialect()) == ("id", "name, first; last", "town")


def test_one_column_needs_no_delimiter() -> None:
    assert read("name\nAlfa\n\nBeta\n")[0] == [{"name": "Alfa", "#": 2}, {"name": "Beta", "#": 3}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert read(f"a,b{end}1,2{end}{end}3,4")[0] == [{"a": "1", "b": "2", "#": 2}, {"a": "3", "b": "4", "#": 3}]


def test_headers_are_trimmed_and_numbered() -> None:
    with source_of("\ufeff name ,,name,\n1,2,3,4\n") as source:
        assert read_header(source, Dialect()) == ("name", "column 2", "name (2)", "column 4")
    rows, report = read("\ufeff name ,,name,\n1,2,3,4\n")
    assert rows == [{"name": "1", "column 2": "2", "name (2)": "3", "column 4": "4", "#": 2}]
    assert issues(report) == [("duplicate_column", 1, "name")]


def test_a_file_without_header_has_numbered_columns() -> None:
    rows, report = read("1,2\n3,4\n", Dialect(header=False))
    assert rows == [{"column 1": "1", "column 2": "2", "#": 1}, {"column 1": "3", "column 2": "4", "#": 2}]
    assert report.n_rows_read["a.csv"] == 2


def test_columns_of_a_file_without_header_can_be_named() -> None:
    dialect = Dialect(header=False, names=("id", "name"))
    assert read("1,Amber\n2,Birch\n", dialect)[0] == [
        {"id": "1", "name": "Amber", "#": 1},
        {"id": "2", "name": "Birch", "#": 2},
    ]
    with pytest.raises(
        FormatMismatch, match=r"a\.csv has 3 columns and the mapping names 2: check .* or mend `header`"
    ):
        read("1,Amber,x\n", dialect)


def test_columns_can_be_chosen() -> None:
    assert read("a,b,c\n1,2,3\n", columns=["c", "a"])[0] == [{"a": "1", "c": "3", "#": 2}]


def test_a_header_alone_is_a_file_without_rows() -> None:
    rows, report = read("a,b\n")
    assert rows == []
    assert report.n_rows_read == {"a.csv": 0}


def test_bad_rows_are_reported_and_the_rest_goes_on() -> None:
    long = "x" * (1 << 21)
    rows, report = read(f'a,b\n1,2\n3\n4,5,6\n7,{long}\n"8,9\n10,11\n')
    assert rows == [{"a": "1", "b": "2", "#": 2}, {"a": "10", "b": "11", "#": 7}]
    assert sorted(issues(report), key=lambda one: one[1] or 0) == [
        ("wrong_field_count", 3, None),
        ("wrong_field_count", 4, None),
        ("record_too_long", 5, None),
        ("unclosed_quote", 6, None),
    ]
    assert report.n_rows_read == {"a.csv": 6}


def test_a_quote_inside_a_value_is_reported_and_costs_no_row() -> None:
    rows, report = read('a,b\n"Amber "Inn" Ltd",1\n"Birch ""Inn"" Ltd",2\n12" Pipe,3\nCedar,"4\n4"\nDogwood,"5"x')
    assert [(row["b"], row["#"]) for row in rows] == [("1", 2), ("2", 3), ("3", 4), ("4\n4", 5), ("5x", 6)]
    assert (rows[1]["a"], rows[2]["a"]) == ('Birch "Inn" Ltd', '12" Pipe')
    assert issues(report) == [("stray_quote", 2, None), ("stray_quote", 4, None), ("stray_quote", 6, None)]


def test_a_quote_is_a_character_where_nothing_is_quoted() -> None:
    rows, report = read('a,b\n12" Pipe,3\n', Dialect(delimiter=",", quote=None))
    assert rows == [{"a": '12" Pipe', "b": "3", "#": 2}]
    assert issues(report) == []


def test_nul_bytes_are_removed_and_reported() -> None:
    rows, report = read(b"a,b\n1,x\x00\x00y\n2,z\n\x00,\x00\n")
    assert rows == [{"a": "1", "b": "xy", "#": 2}, {"a": "2", "b": "z", "#": 3}, {"a": None, "b": None, "#": 4}]
    assert issues(report) == [("nul_bytes", 2, None), ("nul_bytes", 4, None)]


def test_a_column_of_nul_bytes_keeps_its_rows() -> None:
    assert read(b"a\n\x00\nx\n")[0] == [{"a": None, "#": 2}, {"a": "x", "#": 3}]


def test_undecodable_bytes_become_replacement_characters() -> None:
    rows, report = read("a,b\n1,S\u00e3o\n".encode() + b"2,S\xe3o\n3,\xef\xbf\xbd\n", Dialect(encoding="utf-8"))
    assert [row["b"] for row in rows] == ["São", "S\ufffdo", "\ufffd"]
    assert issues(report) == [("undecodable_bytes", 3, None)]


@pytest.mark.parametrize("quoted", ["{}", '"{}"', '"x ""{}"""'])
def test_a_row_in_another_encoding_is_read_and_reported(quoted: str) -> None:
    name = quoted.format("Éclair")
    rows, report = read(f"a,b\n1,São\n2,{name}\n".encode() + f"{name},É\n4,São\n".encode("latin-1"))
    shown = next(csv.reader([name]))[0]
    assert [(row["a"], row["b"]) for row in rows] == [("1", "São"), ("2", shown), (shown, "É"), ("4", "São")]
    assert issues(report) == [("other_encoding", 4, None), ("other_encoding", 5, None)]
    assert report.encodings == {"a.csv": "utf-8"}


def test_a_header_in_another_encoding_is_read() -> None:
    rows, report = read("município\n".encode("latin-1") + "São\nGoiânia\n".encode())
    assert rows == [{"município": "São", "#": 2}, {"município": "Goiânia", "#": 3}]
    assert issues(report) == [("other_encoding", 1, None)]


def test_a_decomposed_letter_is_composed() -> None:
    assert read("a\nSa\u0303o\n")[0] == [{"a": "São", "#": 2}]


def test_a_script_is_a_name() -> None:
    assert read('a,b\n1,"<script>alert(1)</script>"\n')[0][0]["b"] == "<script>alert(1)</script>"


def test_rows_are_counted_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "read_utf8", partial(read_utf8, block_size=64))
    rows, report = read("a,b\n" + "".join(f"{n},x\n" if n % 10 else "bad\n" for n in range(1, 101)))
    assert [(row["a"], row["#"]) for row in rows] == [(str(n), n + 1) for n in range(1, 101) if n % 10]
    assert [row for _, row, _ in issues(report)] == [11, 21, 31, 41, 51, 61, 71, 81, 91, 101]


def test_gzip_is_read_like_plain_text() -> None:
    assert read(gzip.compress(b"a\n1\n"))[0] == [{"a": "1", "#": 2}]


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"\n\n", FileUnreadable, r"a\.csv has nothing but blank lines"),
        (b"<html>\n<body>Not found</body>", FormatMismatch, r"a\.csv is an HTML page, not delimited text"),
        (b'"' + b"x" * (1 << 21), FormatMismatch, r"a\.csv has a first line that cannot be read"),
        (gzip.compress(bytes(range(256)) * 99, mtime=0)[:80], FileUnreadable, r"a\.csv is truncated or damaged"),
    ],
)
def test_files_that_are_no_delimited_text(content: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(content)


def test_an_unknown_encoding_is_told() -> None:
    with pytest.raises(FileUnreadable, match="nobody knows an encoding 'klingon-8'"):
        read("a\n1\n", Dialect(encoding="klingon-8"))


@pytest.mark.parametrize("delimiter", ["ab", "é", "\n"])
def test_delimiters_are_one_ascii_character(delimiter: str) -> None:
    with pytest.raises(ValueInvalid, match="can be no delimiter or quote"):
        read("a\n1\n", Dialect(delimiter=delimiter))


FLAW = Flaw(code="odd", message="The value is odd.", column="a")
SECRET = Flaw(code="secret", message="The value is secret.", column="a", private=True)


@pytest.fixture
def block() -> RowBlock:
    with source_of("a,b\n1,x\nbad\n2,y\n3,z\n") as source:
        (block,) = read_delimited(source, Dialect(), report=DeliveryReport())
    return block


def test_flagged_rows_stay(block: RowBlock) -> None:
    report = DeliveryReport()
    block.flag(report, FLAW, pa.array([True, None, True]))
    block.flag(report, SECRET, pa.array([False, True, False]))
    assert issues(report) == [("odd", 2, "1"), ("odd", 5, "3"), ("secret", 4, None)]
    assert block.n_rows == 3


def test_dropped_rows_go_and_keep_their_numbers(block: RowBlock) -> None:
    report = DeliveryReport()
    report.rows_read("a.csv", 3)
    rest = block.drop(report, FLAW, pc.equal(block.columns["a"], "2"))
    assert (rest.columns["b"].to_pylist(), rest.rows.tolist()) == (["x", "z"], [2, 5])
    assert issues(report) == [("odd", 4, "2")]
    assert block.filter(pa.array([False, False, True])).rows.tolist() == [5]


CELLS = st.text(st.sampled_from(list('ab,;"\né \t')), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_what_python_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b", "c"), *rows])
    found, report = read(text.getvalue(), Dialect(delimiter=","))
    assert [tuple(row[name] for name in "abc") for row in found] == [
        tuple(cell.strip() or None for cell in row) for row in rows
    ]
    assert issues(report) == []


@given(st.lists(st.sampled_from(["a", '"', ",", "\n", "\r", "\0", "é", "\ufffd", "x,y,z\n"]), max_size=40).map("".join))
@example('\0"x,y')
@example('"a"\0"b,c",d')
def test_nothing_makes_it_fall_over(text: str) -> None:
    rows, report = read("a,b,c\n" + text, Dialect(delimiter=",", encoding="utf-8"))
    n_bad = sum(report.issue_counts[code] for code in ("wrong_field_count", "unclosed_quote"))
    assert len(rows) + n_bad == report.n_rows_read["a.csv"]


def test_a_quote_behind_a_nul_byte_opens_nothing() -> None:
    rows, report = read('a,b\n\0"x,y\n"x"\0"y,z"\n')
    assert [(row["a"], row["b"]) for row in rows] == [('"x', "y"), ('x "y', 'z"')]
    assert report.issue_counts == {"nul_bytes": 2, "stray_quote": 2}


def test_absurdly_wide_files_are_refused() -> None:
    assert len(read("," * 16_383 + "\n")[1].encodings) == 1
    with pytest.raises(FormatMismatch, match=r"^a\.csv has more than 16,384 columns: check that it is the right file"):
        read("," * 16_384 + "\n")
