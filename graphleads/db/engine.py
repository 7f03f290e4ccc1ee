"""How both databases are spoken to: what a JSON value is, whatever holds it."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import URL, Engine, create_engine

from graphleads.errors import ValueInvalid


def make_engine(url: URL, **options: Any) -> Engine:
    """Return an engine for a URL, which connects to nothing yet; `options` are those of `create_engine`."""
    return create_engine(url, json_serializer=_dump_json, json_deserializer=_load_json, **options)


def _load_json(value: object) -> object:
    # SQLite takes a text that is a number for a number.
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _dump_json(value: object) -> str:
    # Scores come as NumPy's numbers.
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    except orjson.JSONEncodeError as error:
        raise ValueInvalid(f"A value cannot be kept as JSON: {error}.") from error
