"""JSON objects as rows of texts, a column for every field.

A field of an object inside is `outer.inner`; the values of a list are joined by `|`, and a list of anything but plain
values stays JSON. The columns are those of all objects, so a file is read twice: JSON leaves out what it has no value
for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson

from graphleads.errors import FormatMismatch
from graphleads.formats.cell import Record, cell_text, gather_blocks
from graphleads.formats.delimited import RowBlock, check_width
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile

LIST_SEPARATOR = "|"

MAX_DEPTH = 32
"""Objects in objects of one record."""


class NestedTooDeeply(ValueError):
    """An object has more levels than a record can need."""


_TOO_DEEP = Flaw(code="nested_too_deeply", message="The object is nested too deeply: it is left out.")


def read_json_header(source: SourceFile, encoding: str | None = None) -> tuple[str, ...]:
    """Return the fields of all objects, in the order of their first appearance.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON or has no object.
    """
    names: dict[str, None] = {}
    quiet = replace(source, advance=None)
    for _, fields in _read_flat(quiet, DeliveryReport(), encoding):
        names.update(dict.fromkeys(fields))
        check_width(source.name, len(names))
    if not names:
        raise FormatMismatch(f"{source.name} has no JSON object with a field: check that it is the right file.")
    return tuple(names)


def read_json_rows(
    source: SourceFile, *, report: DeliveryReport, columns: Sequence[str], encoding: str | None = None
) -> Iterator[RowBlock]:
    """Yield the objects block by block, numbered from 1.

    Args:
        source: The file.
        report: Takes the rows read, the encoding and the issues.
        columns: The fields to read.
        encoding: The file's encoding; None: UTF-8 if the bytes are, otherwise guessed.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON.
    """
    records = _records(_read_flat(source, report, encoding), columns)
    yield from gather_blocks(source.name, columns, records, report)


def _records(objects: Iterator[tuple[int, Mapping[str, object]]], columns: Sequence[str]) -> Iterator[Record]:
    for number, fields in objects:
        yield number, [fields.get(column) for column in columns]


def _read_flat(
    source: SourceFile, report: DeliveryReport, encoding: str | None
) -> Iterator[tuple[int, Mapping[str, object]]]:
    for one in read_objects(source, report=report, encoding=encoding):
        try:
            yield one.number, dict(_flatten(one.content, "", MAX_DEPTH))
        except NestedTooDeeply:
            report.bad_rows(_TOO_DEEP, source.name, rows=np.array([one.number], np.int64))


def _flatten(content: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    if not depth:
        raise NestedTooDeeply
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.", depth - 1)
        else:
            yield f"{prefix}{name}", list_text(value) if isinstance(value, list) else value


def list_text(values: Sequence[Any]) -> str:
    """Return the values of a list joined by `|`, as JSON if there are lists or objects among them.

    Raises:
        NestedTooDeeply: If the list is nested too deeply to be written.
    """
    if not any(isinstance(value, dict | list | tuple) for value in values):
        return LIST_SEPARATOR.join(filter(None, map(cell_text, values)))
    try:
        return orjson.dumps(values, default=str).decode()
    except orjson.JSONEncodeError as error:
        raise NestedTooDeeply from error
