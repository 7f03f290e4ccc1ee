"""The parts of a snapshot as files that a process maps without loading: Arrow IPC tables and numpy arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as one Arrow IPC record batch, so that row *i* is found without looking for its batch.

    Dictionaries are sorted and hold what is used, so that equal tables give equal bytes.
    """
    columns = [_canonical(column) for column in table.combine_chunks().unify_dictionaries().columns]
    table = pa.Table.from_arrays(columns, schema=table.schema)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _canonical(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type) or column.num_chunks == 0:
        return column
    import pyarrow.compute as pc  # of no use to whoever only reads tables

    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    used = pc.unique(array.indices.drop_null())
    words = array.dictionary.take(used)
    words = words.take(pc.sort_indices(words))
    place = pc.index_in(array.dictionary, value_set=words)
    return pa.DictionaryArray.from_arrays(place.take(array.indices), words)


def open_table(path: Path) -> pa.Table:
    """Return a table over the mapped file, one chunk a column; nothing is read until it is touched."""
    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    return table if table.num_rows else one_chunk(table)


def one_chunk(table: pa.Table) -> pa.Table:
    """Return a table with exactly one chunk a column, which Arrow leaves out where there are no rows."""
    if table.num_rows == 0:
        return pa.Table.from_arrays([pa.nulls(0, field.type) for field in table.schema], schema=table.schema)
    return table.combine_chunks()


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array as `.npy`."""
    np.save(path, np.ascontiguousarray(array), allow_pickle=False)


def open_array(path: Path) -> NDArray[Any]:
    """Return an array over the mapped file.

    It is mapped copy-on-write: nothing reaches the file, and kernels compile once for mapped and for made arrays.
    """
    array: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False)
    return array.view(np.ndarray)
