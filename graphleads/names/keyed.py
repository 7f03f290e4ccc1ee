"""Rows by the hash of a key: sorted 64-bit hashes beside their rows."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.names.text import Bytes, Offsets, text_bytes

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


class KeyedRows(NamedTuple):
    """Rows by the hash of their key.

    Attributes:
        hashes: uint64[n], ascending.
        rows: int32[n], the row of each hash; ascending among equal hashes.
    """

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int32]


def build_keyed_rows(hashes: NDArray[np.uint64]) -> KeyedRows:
    """Return the rows by hash, given the hash of every row, uint64[n]."""
    order = np.argsort(hashes, kind="stable")
    return KeyedRows(hashes[order], order.astype(np.int32))


def find_rows(keyed: KeyedRows, key: str) -> NDArray[np.int32]:
    """Return the rows, int32 ascending, whose key has the hash of this one; their text is still to be compared."""
    wanted = hash_texts(pa.array([key], pa.string()))[0]
    first, behind = np.searchsorted(keyed.hashes, wanted, "left"), np.searchsorted(keyed.hashes, wanted, "right")
    return np.array(keyed.rows[first:behind], np.int32)


def hash_texts(texts: pa.Array) -> NDArray[np.uint64]:
    """Return the FNV-1a hashes, uint64[n], of a column of texts without nulls."""
    return np.asarray(_hash_texts(*text_bytes(texts)))


@numba.njit(cache=True)
def _hash_texts(data: Bytes, offsets: Offsets) -> NDArray[np.uint64]:
    hashes = np.empty(len(offsets) - 1, np.uint64)
    for index in range(len(hashes)):
        value = _FNV_OFFSET
        for at in range(offsets[index], offsets[index + 1]):
            value = (value ^ np.uint64(data[at])) * _FNV_PRIME
        hashes[index] = value
    return hashes
