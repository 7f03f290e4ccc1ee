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
from numpy.typing import NDArray

from graphleads.formats.delimited import RowBlock
from graphleads.formats.json_object import NumberedObject, read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile

BLOCK = 8_192
"""Objects of a block."""

_BLOCK_BYTES = 16 << 20
"""Bytes of text after which a block ends: as objects of Python they take up to thirty times as much."""

Object = Mapping[str, Any]

_MISTYPED = Flaw(code="wrong_type", message="A field of the row is of another JSON type than it must be: left out.")


def read_json_blocks(
    source: SourceFile, record: pa.StructType, *, ignored: Collection[str], report: DeliveryReport
) -> Iterator[RowBlock]:
    """Yield the objects of a file block by block.

    Objects of other types than they must be are reported and left out, and fields that nobody knows are listed.

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
            array, fits = _to_array(objects, record)
            del chunk, objects
        if not len(rows):
            return
        report.bad_rows(_MISTYPED, file, rows=rows[~fits])
        yield RowBlock(file=file, columns=dict(_columns(array)), rows=rows[fits])


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


def _to_array(objects: Sequence[Object], record: pa.StructType) -> tuple[pa.StructArray, NDArray[np.bool_]]:
    """Return the objects that are of the record's types, and which ones are."""
    try:
        return pa.array(objects, record), np.ones(len(objects), np.bool_)
    except (pa.ArrowException, OverflowError):
        fits = np.array([_fits(one, record) for one in objects], np.bool_)
        return pa.array([one for one, fit in zip(objects, fits, strict=True) if fit], record), fits


def _fits(one: Object, record: pa.StructType) -> bool:
    if not _is_shaped(one, record):
        return False
    try:
        pa.array([one], record)
    except (pa.ArrowException, OverflowError):
        return False
    return True


def _is_shaped(value: object, kind: pa.DataType) -> bool:
    """Return whether objects stand where they must; Arrow takes a list of pairs too, but not beside objects."""
    if pa.types.is_list(kind) and isinstance(value, list):
        return all(_is_shaped(one, kind.value_type) for one in value)
    if not pa.types.is_struct(kind) or value is None:
        return True
    return isinstance(value, dict) and all(_is_shaped(value.get(field.name), field.type) for field in kind)


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
