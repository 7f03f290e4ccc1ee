"""Rows found in sorted columns, many at once, and texts without making a Python text of any row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.kernel import part


class Texts(NamedTuple):
    """The memory of a text column: text *i* is the UTF-8 bytes `data[offsets[i]:offsets[i + 1]]`.

    Attributes:
        offsets: int32[n + 1], int64 for large texts.
        data: uint8[n_bytes].
    """

    offsets: NDArray[Any]
    data: NDArray[np.uint8]


def texts_of(column: pa.Array) -> Texts:
    """Return the memory of a column of type string or large_string, not a copy of it."""
    width = np.int64 if pa.types.is_large_string(column.type) else np.int32
    _, offsets, data = column.buffers()
    if len(column) == 0 or offsets is None:
        return Texts(offsets=np.zeros(1, width), data=np.empty(0, np.uint8))
    bounds = np.frombuffer(offsets, width)[column.offset : column.offset + len(column) + 1]
    return Texts(offsets=bounds, data=np.frombuffer(data or b"", np.uint8))


def find_texts(texts: Texts, wanted: Sequence[str]) -> NDArray[np.int64]:
    """Return int64[n_wanted], the row of each text in a column sorted by UTF-8 bytes; −1 where there is none."""
    return np.maximum(find_places(texts, wanted), -1)


def find_places(texts: Texts, wanted: Sequence[str]) -> NDArray[np.int64]:
    """Return what `find_texts` does, but where there is none −1 − the row that it would stand at."""
    sought = texts_of(pa.array(wanted, pa.string()))
    return _find(texts.offsets, texts.data, sought.offsets, sought.data)  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)
def _find(
    offsets: NDArray[Any], data: NDArray[np.uint8], sought_offsets: NDArray[np.int32], sought: NDArray[np.uint8]
) -> NDArray[np.int64]:
    rows = np.zeros(len(sought_offsets) - 1, np.int64)
    for at in range(len(rows)):
        begin, end = sought_offsets[at], sought_offsets[at + 1]
        low, high, found = 0, len(offsets) - 1, False
        # Whatever lies between two texts begins with what both of them share.
        shared_low, shared_high = 0, 0
        while low < high:
            middle = (low + high) // 2
            shared = min(shared_low, shared_high)
            shared += _shared(data, offsets[middle] + shared, offsets[middle + 1], sought, begin + shared, end)
            length = offsets[middle + 1] - offsets[middle]
            if shared == end - begin and shared == length:
                rows[at], found = middle, True
                break
            if shared < end - begin and (shared == length or data[offsets[middle] + shared] < sought[begin + shared]):
                low, shared_low = middle + 1, shared
            else:
                high, shared_high = middle, shared
        if not found:
            rows[at] = -1 - low
    return rows


@njit(cache=True, nogil=True)
def _shared(
    data: NDArray[np.uint8], begin: int, end: int, other: NDArray[np.uint8], other_begin: int, other_end: int
) -> int:
    """Return with how many equal bytes two texts begin."""
    n = 0
    while begin + n < end and other_begin + n < other_end and data[begin + n] == other[other_begin + n]:
        n += 1
    return n


def rows_between(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows from each beginning up to each end, one range after the other."""
    counts = end - begin
    before = np.cumsum(counts) - counts
    rows: NDArray[np.int64] = np.repeat(begin - before, counts) + np.arange(counts.sum())
    return rows


@part
def first_not_below(numbers: NDArray[np.int32], wanted: int, low: int) -> int:
    """Return the first place from `low` on of a number that is not below the wanted one, in ascending numbers."""
    high = len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
