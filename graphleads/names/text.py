"""Text columns as bytes: what compiled kernels read and write."""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int32]


def text_column(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column of any text type as one string array."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values if values.type == pa.string() else values.cast(pa.string())


def text_bytes(values: pa.Array) -> tuple[Bytes, Offsets]:
    """Return the UTF-8 bytes of a string array, not copied, and where each text begins.

    Args:
        values: string[n] without nulls.

    Returns:
        uint8 bytes, and int32[n + 1]: text `i` is `bytes[offsets[i]:offsets[i + 1]]`.
    """
    _, offsets, data = values.buffers()
    if len(values) == 0:
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    starts = np.frombuffer(offsets, np.int32, count=len(values) + 1, offset=4 * values.offset)
    return np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8), starts


def text_array(data: Bytes, offsets: Offsets) -> pa.Array:
    """Return the string array of `text_bytes`."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


class TextColumn:
    """A text column of which a few rows are wanted at a time; Arrow's own `take` joins all chunks first."""

    def __init__(self, values: pa.Array | pa.ChunkedArray) -> None:
        self._chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
        self._starts = np.cumsum([0, *(len(chunk) for chunk in self._chunks)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def take(self, rows: NDArray[np.int32]) -> pa.Array:
        """Return the texts, string[m], of rows, int32[m]."""
        numbers = np.searchsorted(self._starts, rows, side="right") - 1
        order = np.argsort(numbers, kind="stable")
        taken = [
            text_column(self._chunks[number].take(pa.array(rows[numbers == number] - self._starts[number])))
            for number in np.unique(numbers)
        ]
        return pa.concat_arrays([pa.array([], pa.string()), *taken]).take(pa.array(np.argsort(order)))


def with_nulls_of(values: pa.Array, texts: pa.Array) -> pa.Array:
    """Return `texts` with null wherever `values` is null."""
    return pc.if_else(values.is_valid(), texts, pa.scalar(None, pa.string())) if values.null_count else texts


@numba.njit(cache=True)
def copy_slices(data: Bytes, begins: Offsets, ends: Offsets) -> tuple[Bytes, Offsets]:
    """Return slices of the data as text of their own."""
    offsets = np.zeros(len(begins) + 1, np.int32)
    for index in range(len(begins)):
        offsets[index + 1] = offsets[index] + ends[index] - begins[index]
    copied = np.empty(offsets[-1], np.uint8)
    for index in range(len(begins)):
        copied[offsets[index] : offsets[index + 1]] = data[begins[index] : ends[index]]
    return copied, offsets
