"""Numbers that stand for the values of a column: equal where they are equal, sorted as they sort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def encode(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """Return int64 codes that are equal exactly where the values are; null is -1."""
    codes: NDArray[np.int64] = pc.fill_null(_encoded(column).indices.cast(pa.int64()), -1).to_numpy()
    return codes


Numbers = NDArray[np.int32] | NDArray[np.int64]


def starts(keys: Sequence[Numbers]) -> NDArray[np.int64]:
    """Return where a new combination of sorted keys begins."""
    new = np.zeros(len(keys[0]), bool)
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    new[:1] = True
    return np.flatnonzero(new)


def days(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Return dates without nulls as int32 days since 1970."""
    numbers: NDArray[np.int32] = column.cast(pa.int32()).to_numpy()
    return numbers


def _encoded(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(combined, pa.ChunkedArray):
        # Arrow keeps a dictionary column of no chunks chunked.
        combined = pa.concat_arrays(combined.chunks) if combined.num_chunks else pa.array([], combined.type)
    return combined if isinstance(combined, pa.DictionaryArray) else combined.dictionary_encode()


def sortable(column: pa.ChunkedArray) -> Numbers:
    """Return integers that sort and differ as the values do, whatever order they came in; null comes first."""
    if column.null_count == 0 and (pa.types.is_signed_integer(column.type) or column.type == pa.date32()):
        numbers: Numbers = (column.cast(pa.int32()) if column.type == pa.date32() else column).to_numpy()
        return numbers
    encoded = _encoded(column)
    ranks = np.empty(len(encoded.dictionary) + 1, np.int64)
    ranks[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(encoded.dictionary))
    ranks[-1] = -1
    return ranks[encode(encoded)]


def days_since_1970(day: date) -> int:
    """Return a date as arrays of days count it."""
    return int(np.datetime64(day, "D").astype(np.int64))
