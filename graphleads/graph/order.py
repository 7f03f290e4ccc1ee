"""How rows are put in order: by node in linear time, then by whatever tells the rows of one node apart.

Most nodes have a row or two of a kind, so that what is compared as text is a small part of a table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

_Columns = TypeVar("_Columns", bound=NamedTuple)


def encode(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """Return int64 codes that are equal exactly where the values are; null is -1."""
    codes: NDArray[np.int64] = pc.fill_null(_encoded(column).indices.cast(pa.int64()), -1).to_numpy()
    return codes


Numbers = NDArray[np.int32] | NDArray[np.int64]


class RowOrder:
    """Rows in the order of their nodes, and within a node of the columns that it is refined by, one after the other.

    Attributes:
        rows: int64[n_rows], the rows in order.
        new: bool[n_rows], whether a row differs, in what it was sorted by so far, from the one before it.
    """

    def __init__(self, rows: NDArray[np.int64], new: NDArray[np.bool_]) -> None:
        self.rows = rows
        self.new = new

    def refine(self, column: pa.ChunkedArray | NDArray[Any] | Callable[[NDArray[np.int64]], Numbers]) -> None:
        """Sort the rows that are still alike by a column, null first; equal rows stay in the order they came in.

        Args:
            column: Values or numbers of all rows, or what returns numbers that sort the rows it is given.
        """
        tied = np.flatnonzero(~(self.new & np.append(self.new[1:], True)))
        if not len(tied):
            return
        rows = self.rows[tied]
        key = column(rows) if callable(column) else _numbers(column, rows)
        group = np.cumsum(self.new[tied])
        order = np.lexsort((key, group))
        self.rows[tied] = rows[order]
        self.new[tied[1:]] |= np.diff(key[order]) != 0

    def starts(self) -> NDArray[np.int64]:
        """Return int64, the places in `rows` where a new combination of the columns so far begins."""
        return np.flatnonzero(self.new)


def _numbers(column: pa.ChunkedArray | NDArray[Any], rows: NDArray[np.int64]) -> Numbers:
    return column[rows] if isinstance(column, np.ndarray) else sortable(column.take(pa.array(rows)))


def by_node(*keys: NDArray[np.int32], n: int) -> RowOrder:
    """Return the order of rows by one or several keys, the first the most significant; equal rows as they came.

    Args:
        keys: int32[n_rows] each, numbers from 0 to `n` - 1.
        n: How many numbers there are.
    """
    rows = np.arange(len(keys[0]))
    for key in reversed(keys):
        rows = _counting_sort(key, rows, n)
    new = np.zeros(len(rows), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= np.diff(key[rows]) != 0
    return RowOrder(rows, new)


@njit(cache=True, nogil=True)
def _counting_sort(key: NDArray[np.int32], rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    free = np.zeros(n + 1, np.int64)
    for row in rows:
        free[key[row] + 1] += 1
    for number in range(n):
        free[number + 1] += free[number]
    ordered = np.empty(len(rows), np.int64)
    for row in rows:
        ordered[free[key[row]]] = row
        free[key[row]] += 1
    return ordered


def keep(rows: pa.Table, wanted: NDArray[np.bool_]) -> pa.Table:
    """Return the rows that are wanted; where all of them are, nothing is copied."""
    return rows if wanted.all() else rows.filter(pa.array(wanted))


def take(rows: pa.Table, order: NDArray[np.int64]) -> pa.Table:
    """Return rows in an order. What lies under a null is then the same in whatever order they came."""
    return rows.combine_chunks().take(pa.array(order))


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


def take_places(columns: _Columns, places: NDArray[Any]) -> _Columns:
    """Return a named tuple of arrays of one length with some places of each."""
    return columns._make(column[places] for column in columns)
