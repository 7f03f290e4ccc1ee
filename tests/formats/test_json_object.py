from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphleads.errors import FormatMismatch
from graphleads.formats import json_object
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources


def read(tmp_path: Path, content: bytes | str) -> tuple[list[tuple[int, dict[str, Any]]], DeliveryReport]:
    path = tmp_path / "a.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    report = DeliveryReport()
    objects = read_objects(open_sources(path)[0], report=report)
    return [(one.number, one.content) for one in objects], report


def issues(report: DeliveryReport) -> list[tuple[str, int]]:
    return [(one["code"], one["row"]) for one in report.issue_table().to_pylist()]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"a": 2}\n',
        '\ufeff{"a": 1}\r\n\r\n  {"a": 2}',
        '[{"a": 1}, {"a": 2}]',
        '[\n  {\n    "a": 1\n  },\n  {"a": 2}\n]\n',
    ],
)
def test_objects_come_by_line_or_in_an_array(tmp_path: Path, text: str) -> None:
    objects, report = read(tmp_path, text)
    assert objects == [(1, {"a": 1}), (2, {"a": 2})]
    assert report.n_rows_read == {"a.json": 2}
    assert issues(report) == []


def test_one_document_is_one_object(tmp_path: Path) -> None:
    assert read(tmp_path, '{\n "a": {"b": [1]}\n}\n')[0] == [(1, {"a": {"b": [1]}})]


def test_chinese_encodings_are_told(tmp_path: Path) -> None:
    objects, report = read(tmp_path, '{"企业名称": "样本贸易有限公司"}\n'.encode("gb18030"))
    assert objects == [(1, {"企业名称": "样本贸易有限公司"})]
    assert report.encodings == {"a.json": "gb18030"}


@pytest.mark.parametrize("shape", ["{}\n{}\n{}\n{}\n", "[{},\n{},\n{},\n{}]\n"])
def test_damaged_and_other_encodings_cost_no_object(tmp_path: Path, shape: str) -> None:
    whole, other = '{"n": "São"}', '{"n": "Jo\udce3o"}'
    damaged = '{"n": "São\udcc3"}'
    content = shape.format(whole, other, damaged, whole).encode("utf-8", "surrogateescape")
    objects, report = read(tmp_path, content)
    assert [one["n"] for _, one in objects] == ["São", "João", "São\ufffd", "São"]
    assert issues(report) == [("other_encoding", 2), ("undecodable_bytes", 3)]


def test_lines_that_are_no_objects_are_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    objects, report = read(tmp_path, '{"a": 1}\n{"a":\n[1]\n7\n{"a": 2}\n')
    assert objects == [(1, {"a": 1}), (5, {"a": 2})]
    assert issues(report) == [("bad_json", 2), ("no_object", 3), ("no_object", 4)]
    assert report.n_rows_read == {"a.json": 5}


def test_a_line_of_absurd_length_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_object, "MAX_LINE", 1_000)
    objects, report = read(tmp_path, '{"a": 1}\n{"a": "' + "x" * 2_000 + '"}\n{"a": 2}')
    assert objects == [(1, {"a": 1}), (3, {"a": 2})]
    assert issues(report) == [("record_too_long", 2)]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_100_000_deep_is_told(tmp_path: Path, opening: str, closing: str) -> None:
    deep = opening * 100_000 + "1" + closing * 100_000
    with pytest.raises(FormatMismatch, match=r"a\.json is no JSON that can be read \(depth limit exceeded"):
        read(tmp_path, deep)
    objects, report = read(tmp_path, f'{{"b": 1}}\n{deep}\n{{"b": 2}}\n')
    assert objects == [(1, {"b": 1}), (3, {"b": 2})]
    assert issues(report) == [("bad_json", 2)]


def test_a_damaged_document_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch, match=r"a\.json is no JSON that can be read .*: download it again"):
        read(tmp_path, '[{"a": 1},\n {"a": ')


def test_a_document_is_not_read_to_absurd_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_object, "MAX_DOCUMENT", 1_000)
    with pytest.raises(FormatMismatch, match="write one object a line"):
        read(tmp_path, "[" + "\n".join(['{"a": 1},'] * 200))
