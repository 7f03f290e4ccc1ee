"""Values of properties as JSON, and what kind each is.

JSON knows texts, numbers, truth and lists. Whatever else Neo4j has is an object with one key, its kind: a day is
`{"date": "2024-03-31"}`, and so is a moment, by its day; a point is `{"point": "POINT(1.0 2.0)"}`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from graphleads.formats.cell import cell_text

TEXT, NUMBER, TRUTH, DATE, LIST = "text", "number", "truth value", "date", "list"

_DAY = len("2024-03-31")
_KINDS = {str: TEXT, bool: TRUTH, int: NUMBER, float: NUMBER, list: LIST}


def encode(value: object) -> object:
    """Return a property's value, as the driver has it, as JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"infinite number": str(value)}
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Sequence) and type(value) in {list, tuple}:
        return [encode(one) for one in value]
    kind = type(value).__name__
    if kind in {"Date", "DateTime"}:
        return {DATE: str(value)[:_DAY]}
    if kind.endswith("Point") and isinstance(value, tuple):
        return {"point": f"POINT({' '.join(map(str, value))})"}
    return {kind.lower(): str(value)}


def kind_of(encoded: object) -> str:
    """Return the kind of an encoded value."""
    if isinstance(encoded, Mapping):
        return next((str(kind) for kind in encoded), "nothing")
    return _KINDS.get(type(encoded), "nothing")


def text_of(encoded: Any) -> str | None:
    """Return an encoded value as text: a day in ISO 8601, a number without a needless `.0`, a list's values by `|`."""
    if isinstance(encoded, Mapping):
        return cell_text(next(iter(encoded.values()), None))
    if isinstance(encoded, list):
        return "|".join(filter(None, map(text_of, encoded)))
    return cell_text(encoded)
