"""What a column holds, the same in both databases: texts, moments, and JSON that is kept packed."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, LargeBinary, Text, TypeDecorator

from graphleads.errors import ValueInvalid


class PlainText(TypeDecorator[str]):
    """A text of Unicode characters without NUL, sorted by code point: PostgreSQL keeps and SQLite sorts no others."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Text:
        """Return the column's type: a server's own collation sorts otherwise, and with a new release once more."""
        return Text(collation="C" if dialect.name == "postgresql" else None)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text.

        Raises:
            ValueInvalid: If it holds NUL, or half of a surrogate pair.
        """
        if value is None or (value.isascii() and "\0" not in value):
            return value
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueInvalid(f"{value[:50]!a} holds half a character: send the text anew, in UTF-8.") from error
        if "\0" in value:
            raise ValueInvalid(f"{value[:50]!a} holds the character NUL, which no text can keep: take it out.")
        return value


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, which in SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC.

        Raises:
            ValueError: If it has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PackedJson(TypeDecorator[Any]):
    """JSON values that are kept and never searched, compressed: what a ranking says repeats itself ten times over.

    What was written before it was compressed is read as it is.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002
        """Return the compressed text of whatever orjson makes JSON of."""
        return zlib.compress(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), 1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the JSON values."""
        if value is None:
            return None
        return orjson.loads(zlib.decompress(value) if value.startswith(_ZLIB) else value)


_ZLIB = b"\x78"
"""The first byte of what zlib compressed, and of no JSON text."""
