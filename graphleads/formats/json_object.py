"""Objects of a JSON file, one after the other: one a line in a file of any size, or a document that holds them.

Text is UTF-8, or whatever else the file is in. The parser stops at 1,024 levels, long before a file that is nested to
do harm costs anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import orjson

from graphleads.errors import FormatMismatch
from graphleads.formats.encoding import Encoding, choose_encoding, read_utf8, settle
from graphleads.formats.json_array import ArrayBroken, split_array
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile

MAX_LINE = 16 << 20
"""Bytes of one object on a line of its own."""

MAX_DOCUMENT = 128 << 20
"""Bytes of a document that is read as a whole."""

_BAD_LINE = Flaw(code="bad_json", message="The line is no JSON that can be read: it is left out.")
_CUT_SHORT = Flaw(
    code="cut_short", message="The last line breaks off: it is left out, and the file is not whole.", cuts=True
)
_NO_OBJECT = Flaw(code="no_object", message="This is no JSON object: it is left out.")
_TOO_LONG = Flaw(code="record_too_long", message=f"The line is longer than {MAX_LINE >> 20} MiB: it is left out.")
_GLANCE = 64 << 10

_LARGE = 8 << 20
"""Bytes of an array from which on it is cut up instead of being parsed as a whole."""


@dataclass(frozen=True, slots=True)
class NumberedObject:
    """A JSON object, its number in the file from 1, and the bytes of its text."""

    number: int
    content: dict[str, Any]
    size: int


def read_objects(
    source: SourceFile, *, report: DeliveryReport, encoding: str | None = None
) -> Iterator[NumberedObject]:
    """Yield the objects of a file.

    If the first line is an object, every line is one. Otherwise the whole file is one document: an object, or an array
    of objects. A large array is cut up as it is read, and one of its elements that is no JSON costs itself only.

    Args:
        source: The file.
        report: Takes the objects read, the encoding, and what is no object.
        encoding: The encoding that is known; None: UTF-8 if the bytes are, otherwise guessed.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON, nested too deeply, or a document of more than 128 MiB that is no array.
    """
    chosen = choose_encoding(source, given=encoding)
    report.encoding(source.name, chosen.name)
    read = _read_lines if _begins_with_object(source, chosen) else _read_document
    for number, parsed in enumerate(read(source, chosen), start=1):
        report.rows_read(source.name, 1)
        for flaw in parsed.flaws:
            report.issue(flaw, source.name, row=number)
        if isinstance(parsed.value, dict):
            yield NumberedObject(number, parsed.value, parsed.size)
        else:
            bad = parsed.value if isinstance(parsed.value, Flaw) else _NO_OBJECT
            report.bad_rows(bad, source.name, rows=np.array([number], np.int64))


class _Parsed(NamedTuple):
    """A value or the flaw that it is left out for, the bytes of its text, and what was wrong in them."""

    value: Any
    size: int = 0
    flaws: Sequence[Flaw] = ()


def _begins_with_object(source: SourceFile, encoding: Encoding) -> bool:
    """Return whether the first line that is not blank is an object."""
    quiet = replace(source, advance=None)
    lines = _lines(read_utf8(quiet, encoding, block_size=_GLANCE))
    line = next((line for line, _ in lines if line != b""), None)
    return line is not None and isinstance(_parse(line).value, dict)


def _read_lines(source: SourceFile, encoding: Encoding) -> Iterator[_Parsed]:
    """Yield every line that is not blank."""
    for line, is_ended in _lines(read_utf8(source, encoding)):
        if line != b"":
            parsed = _parse(line)
            yield parsed if is_ended or parsed.value is not _BAD_LINE else parsed._replace(value=_CUT_SHORT)


def _parse(text: bytes | None) -> _Parsed:
    if text is None:
        return _Parsed(_TOO_LONG)
    settled, flaws = settle(text)
    try:
        return _Parsed(orjson.loads(settled), len(text), flaws)
    except orjson.JSONDecodeError:
        return _Parsed(_BAD_LINE, len(text))


def _lines(blocks: Iterator[bytes]) -> Iterator[tuple[bytes | None, bool]]:
    """Yield the lines without white space at the ends, None for one that is too long, and whether it is ended."""
    held = b""
    too_long = False
    for block in blocks:
        *whole, held = (held + block).split(b"\n")
        for line in whole:
            yield None if too_long or len(line) > MAX_LINE else line.strip(), True
            too_long = False
        if len(held) > MAX_LINE:
            held, too_long = b"", True
    yield None if too_long else held.strip(), False


def _read_document(source: SourceFile, encoding: Encoding) -> Iterator[_Parsed]:
    blocks = read_utf8(source, encoding)
    parts, size = [], 0
    for block in blocks:
        parts.append(block)
        size += len(block)
        if size > _LARGE and parts[0].lstrip().startswith(b"["):
            yield from _read_array(source, chain(parts, blocks))
            return
        if size > MAX_DOCUMENT:
            raise FormatMismatch(
                f"{source.name} is one JSON document of more than {MAX_DOCUMENT >> 20} MiB, or its first line is "
                "damaged: write one object a line."
            )
    text, flaws = settle(b"".join(parts))
    if flaws and text.lstrip().startswith(b"["):
        yield from _read_array(source, iter(parts))
        return
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FormatMismatch(
            f"{source.name} is no JSON that can be read ({error}): download it again, or mend it there."
        ) from None
    values = content if isinstance(content, list) else [content]
    yield from (_Parsed(value, size // len(values), flaws) for value in values)


def _read_array(source: SourceFile, blocks: Iterator[bytes]) -> Iterator[_Parsed]:
    """Yield every element."""
    try:
        yield from map(_parse, split_array(blocks, max_element=MAX_LINE))
    except ArrayBroken as error:
        raise FormatMismatch(
            f"{source.name} is no JSON that can be read ({error}): download it again, or mend it there."
        ) from None
