"""Objects of a JSON file as blocks of columns of known types."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.json_object import NumberedObject, read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

BLOCK = 8_192
"""Objects of a block."""

_BLOCK_BYTES = 16 << 20
"""Bytes of text after which a block ends: as objects of Python they take up to thirty times as much."""

Object = Mapping[str, Any]

_KINDS = {pa.string(): "a text", pa.bool_(): "true or false"}


def read_json_blocks(
    source: SourceFile, record: pa.StructType, *, ignored: Collection[str], report: DeliveryReport
) -> Iterator[RowBlock]:
    """Yield the objects of a file block by block.

    Fields of other types than they must be are reported and left empty, and fields that nobody knows are listed.

    Args:
        source: The file: one object a line, or an array of them.
        record: The fields to read; any may be missing.
        ignored: Paths of fields that are left out on purpose with all that is in them: `data.etag`.
        report: Takes the rows read, the encoding, the issues and the unknown fields.

    Yields:
        Blocks with the record's fields as columns, named by their paths (`data.address.country`); texts are NFC,
        trimmed and null where empty.

    Raises:
        FileUnreadable: If the file is truncated.
        FormatMismatch: If it is no JSON.
    """
    yield from gather_objects(source.name, read_objects(source, report=report), record, ignored=ignored, report=report)


def gather_objects(
    file: str,
    numbered: Iterator[NumberedObject],
    record: pa.StructType,
    *,
    ignored: Collection[str],
    report: DeliveryReport,
) -> Iterator[RowBlock]:
    """Yield objects block by block as `read_json_blocks` does, whatever file they were read from."""
    while True:
        with _collector_paused():
            chunk = _take_some(numbered)
            objects = [one.content for one in chunk]
            rows = np.array([one.number for one in chunk], np.int64)
            for path in _unknown_paths(objects, record, ignored):
                report.unknown_field(path)
            array, mistyped = _to_array(objects, record)
            del chunk, objects
        if not len(rows):
            return
        for place, path, kind in mistyped:
            report.issue(_flaw(path, kind), file, row=int(rows[place]))
        yield RowBlock(file=file, columns=dict(_columns(array)), rows=rows)


def _take_some(numbered: Iterator[NumberedObject]) -> list[NumberedObject]:
    """Return the next objects, as many as make a block."""
    taken: list[NumberedObject] = []
    n_bytes = 0
    for one in islice(numbered, BLOCK):
        taken.append(one)
        n_bytes += one.size
        if n_bytes > _BLOCK_BYTES:
            break
    return taken


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles.

    Parsed JSON has none, and to look for them among so many new dictionaries takes a third of all time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _unknown_paths(
    objects: Sequence[Object], record: pa.StructType, ignored: Collection[str], above: str = ""
) -> Iterator[str]:
    """Yield the paths of fields that are neither read nor left out on purpose."""
    for name in set().union(*objects):
        place = record.get_field_index(name)
        if place < 0:
            if above + name not in ignored:
                yield above + name
            continue
        kind = record.field(place).type
        values = [one[name] for one in objects if name in one] if pa.types.is_nested(kind) else []
        if pa.types.is_list(kind):
            kind = kind.value_type
            values = (
                [one for each in values if isinstance(each, list) for one in each] if pa.types.is_struct(kind) else []
            )
        if values:
            inner = [one for one in values if isinstance(one, dict)]
            yield from _unknown_paths(inner, kind, ignored, f"{above}{name}.")


_Mistyped = tuple[int, str, pa.DataType]
"""The place of an object, the path of a field in it, and the type that the field must have."""


def _flaw(path: str, kind: pa.DataType) -> Flaw:
    what = _describe(kind)
    return Flaw(code="wrong_type", message=f"The field must be {what} and is something else: left empty.", column=path)


def _describe(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"a list, each {_describe(kind.value_type)}"
    return "an object" if pa.types.is_struct(kind) else _KINDS.get(kind, "a number")


def _to_array(objects: Sequence[Object], record: pa.StructType) -> tuple[pa.StructArray, list[_Mistyped]]:
    """Return the objects, without fields that are not of the record's types, and which fields those are."""
    lists = list(_list_paths(record))
    try:
        # Arrow takes a text where a list must stand for the list of its letters.
        if not any(_is_text_at(one, path) for one in objects for path in lists):
            return pa.array(objects, record), []
    except (pa.ArrowException, OverflowError):
        pass
    mistyped: list[_Mistyped] = []
    fitting = []
    for place, one in enumerate(objects):
        fits, paths = _fitting(one, record, "")
        fitting.append(fits)
        mistyped += ((place, path, kind) for path, kind in paths)
    return pa.array(fitting, record), mistyped


def _list_paths(record: pa.StructType) -> Iterator[tuple[str, ...]]:
    for field in record:
        if pa.types.is_list(field.type):
            yield (field.name,)
        elif pa.types.is_struct(field.type):
            yield from ((field.name, *path) for path in _list_paths(field.type))


def _is_text_at(value: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(value, dict):
            return False
        value = value.get(name)
    return isinstance(value, str)


def _fitting(value: Any, kind: pa.DataType, path: str) -> tuple[Any, list[tuple[str, pa.DataType]]]:
    """Return what of a value is of a type, and the paths of what is not, with the type that it must have."""
    if value is None:
        return None, []
    found: list[tuple[str, pa.DataType]] = []
    if pa.types.is_struct(kind) and isinstance(value, dict):
        fields = {}
        for field in kind:
            fields[field.name], wrong = _fitting(value.get(field.name), field.type, f"{path}.{field.name}".lstrip("."))
            found += wrong
        return fields, found
    if pa.types.is_list(kind) and isinstance(value, list):
        elements = []
        for one in value:
            element, wrong = _fitting(one, kind.value_type, path)
            elements.append(element)
            found += wrong
        return [one for one in elements if one is not None], found
    return (value, []) if not pa.types.is_nested(kind) and _is_of(value, kind) else (None, [(path, kind)])


def _is_of(value: Any, kind: pa.DataType) -> bool:
    try:
        pa.array([value], kind)
    except (pa.ArrowException, OverflowError):
        return False
    return True


def _columns(array: pa.StructArray, above: str = "") -> Iterator[tuple[str, pa.Array]]:
    for field, values in zip(array.type, array.flatten(), strict=True):
        if pa.types.is_struct(field.type):
            yield from _columns(values, f"{above}{field.name}.")
        else:
            yield above + field.name, clean_texts(values) if field.type == pa.string() else values


def clean_texts(texts: pa.Array) -> pa.Array:
    """Return texts in NFC without white space at the ends, null where nothing is left: string[n]."""
    texts = pc.utf8_trim_whitespace(pc.utf8_normalize(pc.replace_substring(texts, "\0", ""), "NFC"))
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
