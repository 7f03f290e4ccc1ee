from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graphleads.errors import FormatMismatch
from graphleads.formats import json_block
from graphleads.formats.json_block import read_json_blocks
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources

RECORD = pa.struct(
    [
        ("name", pa.string()),
        ("birth", pa.struct([("year", pa.int64())])),
        ("periods", pa.list_(pa.struct([("from", pa.string())]))),
    ]
)


def read(path: Path, content: str) -> tuple[dict[str, list[Any]], list[int], DeliveryReport]:
    path.write_text(content, encoding="utf-8")
    report = DeliveryReport()
    columns: dict[str, list[Any]] = {"name": [], "birth.year": [], "periods": []}
    rows: list[int] = []
    for block in read_json_blocks(open_sources(path)[0], RECORD, ignored=("tag", "birth.place"), report=report):
        rows += block.rows.tolist()
        for name, values in block.columns.items():
            columns[name] += values.to_pylist()
    return columns, rows, report


def test_fields_become_columns_by_their_path(tmp_path: Path) -> None:
    lines = ['{"name": " Zoe\\u0308 ", "birth": {"year": 1961}, "periods": [{"from": "x"}]}', '{"name": "\\u0000"}']
    columns, rows, report = read(tmp_path / "a.json", "\n".join(lines))
    assert columns == {"name": ["Zoë", None], "birth.year": [1961, None], "periods": [[{"from": "x"}], None]}
    assert rows == [1, 2]
    assert report.issue_counts == {}


def test_an_array_is_read_like_lines(tmp_path: Path) -> None:
    objects = [{"name": f"n{number}", "birth": {"year": number}} for number in range(5)]
    lines = read(tmp_path / "lines.json", "\n".join(json.dumps(one) for one in objects))
    array = read(tmp_path / "array.json", json.dumps(objects, indent=2))
    assert array[:2] == lines[:2]


def test_fields_that_nobody_knows_are_listed_wherever_they_stand(tmp_path: Path) -> None:
    line = {"new": 1, "tag": {"any": 1}, "birth": {"day": 1, "place": "x"}, "periods": [{"to": "x"}, None]}
    _, _, report = read(tmp_path / "a.json", json.dumps(line))
    assert report.unknown_fields == {"new", "birth.day", "periods.to"}


@pytest.mark.parametrize(
    ("bad", "path", "kind"),
    [
        ('{"name": 1}', "name", "a text"),
        ('{"birth": {"year": "1961"}}', "birth.year", "a number"),
        ('{"birth": {"year": 1e30}}', "birth.year", "a number"),
        ('{"birth": "1961"}', "birth", "an object"),
        ('{"periods": 1}', "periods", "a list, each an object"),
        ('{"periods": "since 1961"}', "periods", "a list, each an object"),
        ('{"periods": ["since 1961"]}', "periods", "an object"),
    ],
)
def test_a_field_of_another_type_costs_itself_only(tmp_path: Path, bad: str, path: str, kind: str) -> None:
    columns, rows, report = read(tmp_path / "a.json", f'{{"name": "a"}}\n{bad}\n{{"name": "b"}}\n')
    assert columns["name"] == ["a", None, "b"]
    assert rows == [1, 2, 3]
    assert report.issue_table().to_pylist() == [
        {
            "file": "a.json", "row": 2, "column": path, "code": "wrong_type", "sample": None,
            "message": f"The field must be {kind} and is something else: left empty.",
        }
    ]  # fmt: skip


def test_a_text_is_no_list_of_its_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    lines = ['{"names": "Fermentcat"}', '{"names": ["Alpha", 7, null]}', '{"in": {"names": "Fermentcat"}}']
    path.write_text("\n".join(lines), encoding="utf-8")
    report = DeliveryReport()
    names = ("names", pa.list_(pa.string()))
    record = pa.struct([names, ("in", pa.struct([names]))])
    (block,) = read_json_blocks(open_sources(path)[0], record, ignored=(), report=report)
    assert block.columns["names"].to_pylist() == [None, ["Alpha"], None]
    assert block.columns["in.names"].to_pylist() == [None, None, None]
    assert report.issue_counts == {"wrong_type": 3}


@pytest.mark.parametrize("bad", ['{"name": "a"', "[1, 2]", '{"birth":' * 100_000, "no record at all", '"text"'])
def test_a_line_that_is_no_object_costs_itself_only(tmp_path: Path, bad: str) -> None:
    columns, rows, report = read(tmp_path / "a.json", f'{{"name": "a"}}\n{bad}\n{{"name": "b"}}\n')
    assert columns["name"] == ["a", "b"]
    assert rows == [1, 3]
    assert report.issue_counts.total() == 1


def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_block, "BLOCK", 2)
    columns, rows, _ = read(tmp_path / "a.json", "\n".join(f'{{"name": "{number}"}}' for number in range(5)))
    assert columns["name"] == ["0", "1", "2", "3", "4"]
    assert rows == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("content", ["<html></html>", '[{"name": "a"', "name;birth\na;1\n"])
def test_another_format_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(FormatMismatch):
        read(tmp_path / "a.json", content)


def test_a_list_in_the_place_of_an_object_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "objects.json"
    path.write_text('[{"a": {"b": []}}, {"a": {"b": {"c": "x"}}}]', encoding="utf-8")
    record = pa.struct([("a", pa.struct([("b", pa.struct([("c", pa.string())]))]))])
    report = DeliveryReport()
    (source,) = open_sources(path)
    (block,) = read_json_blocks(source, record, ignored=(), report=report)
    assert block.columns["a.b.c"].to_pylist() == [None, "x"]
    assert report.issue_counts == {"wrong_type": 1}


def test_a_block_ends_when_its_text_is_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_block, "_BLOCK_BYTES", 40)
    for name, joined in (("lines", "\n".join), ("array", lambda texts: f"[{', '.join(texts)}]")):
        path = tmp_path / name
        path.write_text(joined([f'{{"name": "{"n" * 20}"}}'] * 5), encoding="utf-8")
        blocks = read_json_blocks(open_sources(path)[0], RECORD, ignored=(), report=DeliveryReport())
        assert [block.n_rows for block in blocks] == [2, 2, 1]
