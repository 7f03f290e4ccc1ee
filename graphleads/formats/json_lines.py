"""JSON objects as rows of texts, a column for every field.

A field of an object inside is `outer.inner`; the values of a list are joined by `|`, and a list of anything but plain
values stays JSON. The columns are those of all objects, so a file is read twice: JSON leaves out what it has no value
for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import orjson

from graphleads.errors import FormatMismatch
from graphleads.formats.cell import Record, cell_text, gather_blocks
from graphleads.formats.delimited import check_width
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

LIST_SEPARATOR = "|"

MAX_DEPTH = 32
"""Objects in objects of one record."""


_DEPTH_OF_ROWS = 4


class NestedTooDeeply(ValueError):
    """An object has more levels than a record can need."""


_NO_OBJECT = Flaw(code="no_object", message="This element of the list is no JSON object: it is left out.")
_TOO_DEEP = Flaw(code="nested_too_deeply", message="The object is nested too deeply: it is left out.")


def read_json_header(source: SourceFile, encoding: str | None = None, rows: str | None = None) -> tuple[str, ...]:
    """Return the fields of all objects, in the order of their first appearance.

    Args:
        source: The file.
        encoding: The file's encoding; None: UTF-8 if the bytes are, otherwise guessed.
        rows: Where each object of the file has the list of those that are rows: `result.items`; None: it is one itself.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON or has no object.
    """
    names: dict[str, None] = {}
    quiet = replace(source, advance=None)
    for _, fields in _read_flat(quiet, DeliveryReport(), encoding, rows):
        names.update(dict.fromkeys(fields))
        check_width(source.name, len(names))
    if not names and rows is not None:
        raise FormatMismatch(
            f"{source.name} has no list of JSON objects at {rows!r}: mend `rows` in the mapping, or leave it out where "
            "every object is a row."
        )
    if not names:
        raise FormatMismatch(f"{source.name} has no JSON object with a field: check that it is the right file.")
    return tuple(names)


def find_rows(source: SourceFile) -> str | None:
    """Return where a file of one object has its longest list of objects: `result.items`; None where it has none.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON.
    """
    first = list(islice(read_objects(replace(source, advance=None), report=DeliveryReport()), 2))
    if len(first) != 1:
        return None
    lists = dict(_lists_of_objects(first[0].content, "", _DEPTH_OF_ROWS))
    return max(lists, key=lambda path: lists[path], default=None)


def _lists_of_objects(content: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, int]]:
    """Yield the path and the length of every list of objects that is not within another."""
    for name, value in content.items():
        if isinstance(value, dict) and depth:
            yield from _lists_of_objects(value, f"{prefix}{name}.", depth - 1)
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value) and "." not in name:
            yield f"{prefix}{name}", len(value)


def read_json_rows(
    source: SourceFile,
    *,
    report: DeliveryReport,
    columns: Sequence[str],
    encoding: str | None = None,
    rows: str | None = None,
) -> Iterator[RowBlock]:
    """Yield the objects block by block, numbered from 1.

    Args:
        source: The file.
        report: Takes the rows read, the encoding and the issues.
        columns: The fields to read.
        encoding: The file's encoding; None: UTF-8 if the bytes are, otherwise guessed.
        rows: As `read_json_header` takes it.

    Raises:
        FileUnreadable: If the file is truncated, or its encoding cannot be told.
        FormatMismatch: If it is no JSON.
    """
    records = _records(_read_flat(source, report, encoding, rows), columns)
    yield from gather_blocks(source.name, columns, records, report)


def _records(objects: Iterator[tuple[int, Mapping[str, object]]], columns: Sequence[str]) -> Iterator[Record]:
    for number, fields in objects:
        yield number, [fields.get(column) for column in columns]


def _read_flat(
    source: SourceFile, report: DeliveryReport, encoding: str | None, rows: str | None
) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, content in _read_rows(source, report, encoding, rows):
        try:
            yield number, flatten_object(content)
        except NestedTooDeeply:
            report.bad_rows(_TOO_DEEP, source.name, rows=np.array([number], np.int64))


def _read_rows(
    source: SourceFile, report: DeliveryReport, encoding: str | None, path: str | None
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects that are rows, numbered from 1, each with the fields of the object around its list."""
    objects = read_objects(source, report=report, encoding=encoding)
    if path is None:
        yield from ((one.number, one.content) for one in objects)
        return
    number = 0
    for one in objects:
        listed = _take_list(one.content, path.split("."))
        report.rows_read(source.name, len(listed) - 1)
        for element in listed:
            number += 1
            if isinstance(element, dict):
                yield number, {**one.content, **element}
            else:
                report.bad_rows(_NO_OBJECT, source.name, rows=np.array([number], np.int64))


def _take_list(content: dict[str, Any], path: Sequence[str]) -> Sequence[Any]:
    """Take the list at a path out of an object: nothing, if there is none."""
    for name in path[:-1]:
        inner = content.get(name)
        content = inner if isinstance(inner, dict) else {}
    listed = content.pop(path[-1], None)
    return listed if isinstance(listed, list) else []


def flatten_object(content: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """Return the fields of an object, a field of an object inside as `outer.inner`.

    Raises:
        NestedTooDeeply: If it has more levels than a record can need.
    """
    return dict(_flatten(content, prefix, MAX_DEPTH))


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
