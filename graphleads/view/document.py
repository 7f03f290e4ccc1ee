"""Answers as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import orjson

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def render_json(answer: object) -> str:
    """Return an answer as indented JSON: dates in ISO 8601, UTF-8, NaN as null.

    Args:
        answer: Mappings, sequences, dataclasses, dates, enumerations, paths, decimals and numpy numbers.
    """
    return orjson.dumps(answer, default=_simpler, option=_OPTIONS | orjson.OPT_INDENT_2).decode()


def render_compact(answer: object) -> bytes:
    """Return an answer as JSON in UTF-8 without spaces; otherwise as `render_json`."""
    return orjson.dumps(answer, default=_simpler, option=_OPTIONS)


def _simpler(value: object) -> object:
    match value:
        case Path() | Decimal():
            return str(value)
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
