"""Rows found in sorted columns, many at once, and texts without making a Python text of any row."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_FEW = 2000
"""Texts that are found, and read, before compiled code and what Arrow computes with could be imported."""

_KERNEL = "graphleads.graph.text_kernel"


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
    if len(texts.offsets) == 1:
        return np.full(len(wanted), -1, np.int64)
    if len(wanted) <= _FEW and _KERNEL not in sys.modules:
        return np.array([_find_place(texts, one.encode()) for one in wanted], np.int64)
    from graphleads.graph.text_kernel import find_all

    sought = texts_of(pa.array(wanted, pa.string()))
    return find_all(texts.offsets, texts.data, sought.offsets, sought.data)  # type: ignore[no-any-return]


def _find_place(texts: Texts, wanted: bytes) -> int:
    offsets, data = texts.offsets, texts.data

    def text(row: int) -> bytes:
        return data[offsets[row] : offsets[row + 1]].tobytes()

    row = bisect_left(range(len(offsets) - 1), wanted, key=text)
    return row if row < len(offsets) - 1 and text(row) == wanted else -1 - row


def texts_at(column: pa.Array, rows: NDArray[np.int64]) -> list[str]:
    """Return the texts of some rows of a column without nulls."""
    if len(rows) <= _FEW:
        return [column[row].as_py() for row in rows.tolist()]
    texts: list[str] = column.take(pa.array(rows)).to_pylist()
    return texts


def rows_between(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows from each beginning up to each end, one range after the other."""
    counts = end - begin
    before = np.cumsum(counts) - counts
    rows: NDArray[np.int64] = np.repeat(begin - before, counts) + np.arange(counts.sum())
    return rows
