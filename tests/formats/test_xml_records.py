"""XML as blocks of columns: types, paths, what is refused."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats import xml_records
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources
from graphleads.formats.xml_records import is_xml, read_xml_blocks, read_xml_start

NAME = pa.struct([("text", pa.string()), ("xmllang", pa.string())])
RECORD = pa.struct(
    [("id", pa.string()), ("inner", pa.struct([("name", pa.list_(NAME))])), ("line", pa.list_(pa.string()))]
)


def source(folder: Path, text: str | bytes) -> SourceFile:
    path = folder / "file.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_sources(path)[0]


def read(one: SourceFile, ignored: tuple[str, ...] = ()) -> tuple[list[dict[str, Any]], DeliveryReport]:
    report = DeliveryReport()
    blocks = list(read_xml_blocks(one, "r", RECORD, ignored=ignored, report=report))
    return [row for block in blocks for row in pa.table(block.columns).to_pylist()], report


def test_elements_attributes_and_repetitions(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?><x:all xmlns:x="u"><head><id>no record</id></head><x:r>
      <x:id> 1 </x:id><inner><name xml:lang="fr">Cafe\u0301 &amp; Co</name><name>B</name></inner><line>a</line></x:r>
      <r xmlns="v"><id/><line>b</line><line/><line>c</line></r></x:all>"""
    rows, report = read(source(tmp_path, text))
    assert rows == [
        {
            "id": "1",
            "inner.name": [{"text": "Café & Co", "xmllang": "fr"}, {"text": "B", "xmllang": None}],
            "line": ["a"],
        },
        {"id": None, "inner.name": None, "line": ["b", "c"]},
    ]
    assert report.unknown_fields == set()
    assert report.n_rows_read == {"file.xml": 2}
    assert report.encodings == {"file.xml": "utf-8"}


def test_fields_are_listed_unless_they_are_left_out_on_purpose(tmp_path: Path) -> None:
    text = '<all><r><id no="1">1</id><more><id>2</id></more><inner><deep/></inner></r></all>'
    rows, report = read(source(tmp_path, text))
    assert rows == [{"id": "1", "inner.name": None, "line": None}]
    assert report.unknown_fields == {"id.no", "more", "inner.deep"}
    assert read(source(tmp_path, text), ("id.no", "more", "inner.deep"))[1].unknown_fields == set()


def test_many_records_come_in_blocks_and_packed(tmp_path: Path) -> None:
    text = "<all>" + "".join(f"<r><id>{number}</id></r>" for number in range(20_000)) + "</all>"
    rows, report = read(source(tmp_path, gzip.compress(text.encode())))
    assert [row["id"] for row in rows] == [str(number) for number in range(20_000)]
    assert report.n_rows_read == {"file.xml": 20_000}


def test_other_encodings(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="{}"?><all><r><id>Ä</id></r></all>'
    for encoding in ("iso-8859-1", "utf-16"):
        one = source(tmp_path, text.format(encoding).encode(encoding))
        assert is_xml(one)
        assert read(one)[0][0]["id"] == "Ä"
        assert read(one)[1].encodings == {"file.xml": encoding}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("<!DOCTYPE html><html></html>", "document type declaration"),
        ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "document type declaration"),
        ("<all><r></all>", "no well-formed XML"),
        ("<all>&nbsp;</all>", "no well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><all/>', "no well-formed XML"),
    ],
)
def test_what_is_no_register_is_refused(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(FormatMismatch, match=match):
        read(source(tmp_path, text))


@pytest.mark.parametrize("text", ["<all><r><id>1</id></r>", "<all><r", "<all><r><id>1"])
def test_a_truncated_file_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileUnreadable, match="truncated"):
        read(source(tmp_path, text))


def test_a_record_that_is_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "MAX_RECORD", 100)
    rows, report = read(source(tmp_path, f"<all><r><id>{'x' * 101}</id></r><r><id>2</id></r></all>"))
    assert [row["id"] for row in rows] == ["2"]
    assert report.issue_counts == {"record_too_long": 1}


def test_a_tag_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "_MAX_TOKEN", 1 << 20)
    with pytest.raises(FormatMismatch, match="has a tag of more than 1 MiB"):
        read(source(tmp_path, f"<all><r a='{'x' * (3 << 20)}'/></all>"))


def test_the_start_has_root_and_texts(tmp_path: Path) -> None:
    start = read_xml_start(source(tmp_path, "<l:all xmlns:l='u'><l:head><l:day> 2024 </l:day></l:head><r><day>1</day>"))
    assert start.root == "all"
    assert start.texts["day"] == "2024"


@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes, framed: bool) -> None:
    one = source(tmp_path_factory.mktemp("xml"), b"<all><r>" + data + b"</r></all>" if framed else data or b" ")
    with suppress(FileUnreadable, FormatMismatch):
        read(one)
