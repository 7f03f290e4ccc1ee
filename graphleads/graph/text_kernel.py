"""Rows found in sorted columns by compiled code; importing it takes longer than finding a few texts without."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.kernel import part


@njit(cache=True, nogil=True)
def find_all(
    offsets: NDArray[Any], data: NDArray[np.uint8], sought_offsets: NDArray[np.int32], sought: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Return int64[n_sought], what `graphleads.graph.lookup.find_places` does, of two columns given by their memory."""
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
