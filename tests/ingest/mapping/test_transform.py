from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.ingest.mapping.transform import apply_step, split_parts


@pytest.mark.parametrize(
    ("name", "argument", "before", "after"),
    [
        ("upper", None, ["ab", None], ["AB", None]),
        ("lower", None, ["ÄB"], ["äb"]),
        ("pad", 6, ["2", "600999", "1234567", None], ["000002", "600999", "1234567", None]),
        ("prefix", "A-", ["1", None], ["A-1", None]),
        ("suffix", ".SH", ["1", None], ["1.SH", None]),
        ("replace", {"pattern": r"\D", "with": ""}, ["+1 (2)", "x", None], ["12", None, None]),
        ("replace", {"pattern": r"^(\w+), (\w+)$", "with": r"\2 \1"}, ["Sample, Ada"], ["Ada Sample"]),
        ("match", {"b": "first", "a": "second"}, ["ab", "a", "c", None], ["first", "second", None, None]),
        ("map", {"A": "active", "": "x"}, ["A", "a", None], ["active", None, None]),
        ("default", "x", ["a", None], ["a", "x"]),
        ("split", {"separator": "/", "part": 1}, ["a / b", "c", None], ["a", "c", None]),
        ("split", {"separator": "/", "part": 2}, ["a / b", "c", None, "d/"], ["b", None, None, None]),
        ("split", {"separator": "/", "part": -1}, ["a/b/c", "d", None], ["c", "d", None]),
        ("split", {"separator": "/", "part": -2}, ["a/b/c", "d"], ["b", None]),
        ("country", None, ["Brazil", "de", "us-de", "XX-1", "nowhere", None], ["BR", "DE", "US-DE", None, None, None]),
        (
            "email_domain",
            None,
            ["a@B.example", "b.example", "a@gmail.com", "a"],
            ["b.example", "b.example", None, None],
        ),
        ("name_key", None, ["Émile & Co.", None], ["emile and co", None]),
        ("scheme", "GB-COH", ["1234567", "SC 12345", "?", None], ["GB-COH:01234567", "GB-COH:SC012345", None, None]),
        ("scheme", "X-OWN", ["a:b", None], ["X-OWN:a:b", None]),
        ("scheme", "X-OWN", ["x" * 600], [None]),
        (
            "default_scheme",
            "X-OWN",
            ["7", "GB-COH:1234567", "gb:7", "GB-COH:", None],
            ["X-OWN:7", "GB-COH:01234567", "X-OWN:gb:7", None, None],
        ),
    ],
)
def test_steps(name: str, argument: Any, before: list[str | None], after: list[str | None]) -> None:
    assert apply_step(pa.array(before, pa.string()), name, argument).to_pylist() == after


def test_hash_is_the_beginning_of_the_sha256() -> None:
    digest = hashlib.sha256(b"Ada").hexdigest()
    assert apply_step(pa.array(["Ada", None, "Ada"]), "hash", 16).to_pylist() == [digest[:16], None, digest[:16]]


@pytest.mark.parametrize("name", ["upper", "name_key", "country", "email_domain", "website"])
def test_no_rows_give_no_rows(name: str) -> None:
    assert apply_step(pa.array([], pa.string()), name, None).to_pylist() == []


def test_parts_know_where_they_come_from() -> None:
    parts, parents, positions = split_parts(pa.array(["a| b |", None, "", "|c"]), "|")
    assert parts.to_pylist() == ["a", "b", "c"]
    assert parents.tolist() == [0, 0, 3]
    assert positions.tolist() == [1, 2, 1]


WORDS = st.lists(st.text("ab c", max_size=4), max_size=4)


@given(st.lists(st.none() | WORDS, max_size=8))
def test_parts_and_split_agree(rows: list[list[str] | None]) -> None:
    texts = pa.array([None if words is None else "/".join(words) for words in rows], pa.string())
    wanted = [word.strip() for words in rows for word in words or () if word.strip()]
    assert split_parts(texts, "/")[0].to_pylist() == wanted
    first = apply_step(texts, "split", {"separator": "/", "part": 1}).to_pylist()
    assert first == [(words[0].strip() or None) if words else None for words in rows]


@pytest.mark.parametrize(
    ("name", "argument", "value", "result"),
    [
        ("extract", r"\((\d+)\)", "Amber (77) and (88)", "77"),
        ("extract", "^(..)", "GB123", "GB"),
        ("extract", r"\((\d+)\)", "Amber", None),
        ("address", None, "17 King Street, Inventon, XA26 1AB, United Kingdom", "17 xa26 1ab"),
        ("website", None, "HTTPS://www.Amber.example/shop?x=1", "amber.example"),
        ("clean", None, "Müller &amp; Söhne\u200b\n GmbH", "Müller & Söhne GmbH"),
        ("clean", None, "NULL", None),
        ("whole", None, "123.0", "123"),
        ("whole", None, "007,00", "007"),
        ("whole", None, "12.5", "12.5"),
        ("amount", None, "1,000万美元", "10000000.00"),
        ("amount", None, "US$ 2.5 million", "2500000.00"),
        ("amount", None, "1,000", None),
        ("amount", "万元", "1,000", "10000000.00"),
        ("amount", "万元", "1,000元", "1000.00"),
        ("amount", None, "500万什么", None),
        ("currency", None, "1,000万美元", "USD"),
        ("currency", None, "500万元", "CNY"),
        ("currency", None, "£5m", "GBP"),
        ("currency", None, "1,000", None),
        ("phone", "GB", "020 7946 0958", "442079460958"),
        ("phone", "GB", "7946 0958", None),
        ("phone", None, "7946 0958", "79460958"),
        ("phone", None, "+44 (0)20 7946 0958", "442079460958"),
    ],
)
def test_steps_that_readers_have_too(name: str, argument: str | None, value: str, result: str | None) -> None:
    assert apply_step(pa.array([value, None]), name, argument).to_pylist() == [result, None]
