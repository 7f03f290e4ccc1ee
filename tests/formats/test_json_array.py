"""Arrays cut up give what the parser gives, wherever the blocks end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.errors import FormatMismatch
from graphleads.formats import json_object
from graphleads.formats.json_array import ArrayBroken, split_array
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources

VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(alphabet='a"\\,[]{}é\n', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='k"]', max_size=2), inner, max_size=3),
    max_leaves=8,
)


def blocks(text: bytes, size: int) -> Iterator[bytes]:
    return (text[at : at + size] for at in range(0, len(text), size))


@given(values=st.lists(VALUES, max_size=5), size=st.integers(1, 40), indent=st.sampled_from([None, 1]))
def test_elements_are_those_of_the_array(values: list[object], size: int, indent: int | None) -> None:
    text = b" \n" + json.dumps(values, indent=indent).encode() + b"\n "
    parts = list(split_array(blocks(text, size), max_element=1_000))
    assert [orjson.loads(part) for part in parts if part is not None] == values


@pytest.mark.parametrize("text", [b"", b"  ", b"[1, 2", b'["a]', b"[1] 2", b"[1]]", b"[1], [2]"])
def test_a_broken_array_is_told(text: bytes) -> None:
    with pytest.raises(ArrayBroken):
        list(split_array(blocks(text, 2), max_element=100))


def test_an_element_that_is_too_long_costs_itself() -> None:
    text = json.dumps(["a", "b" * 50, "c"]).encode()
    assert list(split_array(blocks(text, 4), max_element=20)) == [b'"a"', None, b'"c"']


def test_a_large_array_is_read_like_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "array.json"
    path.write_text('[{"a": 1}, {"b": nothing}, 3,\n {"c": 2}]', encoding="utf-8")
    (source,) = open_sources(path)
    with pytest.raises(FormatMismatch, match="no JSON"):
        list(read_objects(source, report=DeliveryReport()))
    monkeypatch.setattr(json_object, "_LARGE", 8)
    report = DeliveryReport()
    assert [(one.number, one.content) for one in read_objects(source, report=report)] == [(1, {"a": 1}), (4, {"c": 2})]
    assert report.issue_counts == {"bad_json": 1, "no_object": 1}
    path.write_text('[{"a": 1}, {"b"', encoding="utf-8")
    with pytest.raises(FormatMismatch, match="the array is not closed"):
        list(read_objects(source, report=DeliveryReport()))
