from __future__ import annotations

from typing import Any

import pytest

from graphleads.ingest.registers.neo4j.value import encode, kind_of, text_of

time = pytest.importorskip("neo4j.time", reason="the driver is not installed")
spatial = pytest.importorskip("neo4j.spatial", reason="the driver is not installed")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("a", "text", "a"),
        (True, "truth value", "true"),
        (3, "number", "3"),
        (2.0, "number", "2"),
        (float("inf"), "infinite number", "inf"),
        (time.Date(2024, 3, 31), "date", "2024-03-31"),
        (time.DateTime(2024, 3, 31, 23, 59), "date", "2024-03-31"),
        (time.Time(1, 2, 3), "time", "01:02:03.000000000"),
        (["a", 1, time.Date(2024, 1, 1)], "list", "a|1|2024-01-01"),
        (spatial.CartesianPoint((1.0, 2.0)), "point", "POINT(1.0 2.0)"),
        (b"\0", "bytes", "b'\\x00'"),
    ],
)
def test_a_value_keeps_its_kind_and_text(value: Any, kind: str, text: str) -> None:
    encoded = encode(value)
    assert (kind_of(encoded), text_of(encoded)) == (kind, text)
