from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphleads.errors import FormatMismatch
from graphleads.formats.json_lines import read_json_header, read_json_rows
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources


def write(tmp_path: Path, *objects: Any) -> SourceFile:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in objects), encoding="utf-8")
    return open_sources(path)[0]


def read(source: SourceFile) -> tuple[list[tuple[str | None, ...]], DeliveryReport]:
    report = DeliveryReport()
    names = read_json_header(source)
    blocks = read_json_rows(source, report=report, columns=names)
    rows = [zip(*(block.columns[name].to_pylist() for name in names), strict=True) for block in blocks]
    return [row for block in rows for row in block], report


def test_fields_are_columns_and_inner_ones_have_paths(tmp_path: Path) -> None:
    source = write(tmp_path, {"id": 7, "at": {"city": "Ulm", "geo": {"x": 1.5}}}, {"id": "8", "tags": ["a", None, 2]})
    assert read_json_header(source) == ("id", "at.city", "at.geo.x", "tags")
    rows, report = read(source)
    assert rows == [("7", "Ulm", "1.5", None), ("8", None, None, "a|2")]
    assert report.n_rows_read == {"a.jsonl": 2}


def test_a_field_that_only_the_last_object_has_is_a_column(tmp_path: Path) -> None:
    source = write(tmp_path, *({"id": n} for n in range(30_000)), {"late": True})
    assert read_json_header(source) == ("id", "late")
    rows, _ = read(source)
    assert (len(rows), rows[-1]) == (30_001, (None, "true"))


def test_lists_of_objects_stay_json(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, {"a": [{"b": 1}, [2]]}))
    assert rows == [('[{"b":1},[2]]',)]


@pytest.mark.parametrize("deep", ['{"a":' * 40 + "1" + "}" * 40, '{"a":' + "[" * 600 + "]" * 600 + "}"])
def test_an_object_that_is_nested_too_deeply_is_left_out(tmp_path: Path, deep: str) -> None:
    rows, report = read(write(tmp_path, {"id": 1}, deep))
    assert rows == [("1",)]
    assert [(one["code"], one["row"]) for one in report.issue_table().to_pylist()] == [("nested_too_deeply", 2)]


def test_absurdly_many_fields_are_refused(tmp_path: Path) -> None:
    source = write(tmp_path, {f"f{n}": n for n in range(20_000)})
    with pytest.raises(FormatMismatch, match=r"a\.jsonl has more than 16,384 columns"):
        read_json_header(source)


def test_objects_without_fields_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch, match=r"a\.jsonl has no JSON object with a field"):
        read_json_header(write(tmp_path, {}, {}))
