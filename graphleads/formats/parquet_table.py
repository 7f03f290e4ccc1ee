"""Parquet files as rows of texts, a column for every field; a field of a struct is `outer.inner`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphleads.errors import FileUnreadable
from graphleads.formats.cell import cell_text, clean_texts
from graphleads.formats.delimited import RECORD_TOO_LONG, check_width
from graphleads.formats.json_lines import list_text
from graphleads.formats.record import MAX_RECORD
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

_BATCH = 16_384
_MAX_BATCH_BYTES = 1 << 30
_FIRST_ROW = 2
"""The header counts as row 1, as in a delimited file."""


def read_parquet_header(source: SourceFile) -> tuple[str, ...]:
    """Return the fields of a Parquet file.

    Raises:
        FileUnreadable: If it is damaged.
        FormatMismatch: If it has absurdly many fields.
    """
    with _opened(source) as file:
        names = tuple(_flatten(file.schema_arrow.empty_table()).column_names)
    check_width(source.name, len(names))
    return names


def read_parquet(source: SourceFile, *, report: DeliveryReport, columns: Sequence[str]) -> Iterator[RowBlock]:
    """Yield the rows of a Parquet file block by block.

    Args:
        source: The file.
        report: Takes the rows read and the issues.
        columns: The fields to read.

    Raises:
        FileUnreadable: If it is damaged, or has values of absurd size.
    """
    row = _FIRST_ROW
    with _opened(source) as file:
        fields = [name for name in file.schema_arrow.names if any(_is_of(column, name) for column in columns)]
        for batch in file.iter_batches(_BATCH, columns=fields):
            table = _flatten(pa.Table.from_batches([batch]))
            texts = {name: clean_texts(_texts(source.name, table[name])) for name in columns}
            block = RowBlock(file=source.name, columns=texts, rows=np.arange(row, row + len(batch), dtype=np.int64))
            report.rows_read(source.name, len(batch))
            yield block.drop(report, RECORD_TOO_LONG, pc.greater(_sizes(block), MAX_RECORD))
            row += len(batch)


@contextmanager
def _opened(source: SourceFile) -> Iterator[Any]:
    """Yield the file, its texts as dictionaries, so that a long text that is repeated is held once."""
    with source.on_disk() as path:
        try:
            schema = pq.read_schema(path)
            texts = [field.name for field in schema if pa.types.is_binary(field.type) or pa.types.is_string(field.type)]
            with pq.ParquetFile(path, read_dictionary=texts) as file:
                yield file
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            reason = " ".join(str(error).split())[:200]
            raise FileUnreadable(f"{source.name} is a damaged Parquet file ({reason}): download it again.") from error


def _is_of(column: str, field: str) -> bool:
    return column == field or column.startswith(f"{field}.")


def _flatten(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _texts(name: str, column: pa.ChunkedArray) -> pa.Array:
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = _decode(name, values)
    if isinstance(values, pa.StringArray | pa.LargeStringArray | pa.BinaryArray | pa.LargeBinaryArray | pa.NullArray):
        return values.cast(pa.string())
    if pa.types.is_nested(values.type):
        return pa.array([None if value is None else list_text(value) for value in values.to_pylist()], pa.string())
    encoded = values.dictionary_encode()
    return pa.array([cell_text(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _decode(name: str, values: pa.Array) -> pa.Array:
    if pa.types.is_binary(values.type.value_type) or pa.types.is_string(values.type.value_type):
        size = pc.sum(pc.binary_length(values.dictionary).take(values.indices)).as_py() or 0
        if size > _MAX_BATCH_BYTES:
            raise FileUnreadable(f"{name} has values of absurd size, and is not read: check that it is the right file.")
    return values.cast(values.type.value_type)


def _sizes(block: RowBlock) -> pa.Array:
    """int64[n]: the bytes of each row."""
    sizes = np.zeros(block.n_rows, np.int64)
    for column in block.columns.values():
        sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
    return pa.array(sizes)
