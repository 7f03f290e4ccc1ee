"""Rows of a staged table that were staged before in the same delivery, word for word."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.names.keyed import hash_texts

_BETWEEN = "\x1f"
_ABSENT = "\x00"


class StagedRows:
    """Remembers rows by 64 bits each, in sorted runs that double in size."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []

    def first_time(self, rows: pa.Table) -> NDArray[np.bool_]:
        """Return which rows have not been seen before, bool[n], and remember them."""
        hashes = hash_texts(_texts(rows))
        kept, places = np.unique(hashes, return_index=True)
        for run in self._runs:
            at = np.minimum(np.searchsorted(run, kept), len(run) - 1)
            new = run[at] != kept
            kept, places = kept[new], places[new]
        self._remember(kept)
        first = np.zeros(rows.num_rows, np.bool_)
        first[places] = True
        return first

    def _remember(self, hashes: NDArray[np.uint64]) -> None:
        if not len(hashes):
            return
        self._runs.append(hashes)
        while len(self._runs) > 1 and len(self._runs[-2]) <= len(self._runs[-1]):
            last = self._runs.pop()
            self._runs[-1] = np.sort(np.concatenate((self._runs[-1], last)), kind="stable")


def _texts(rows: pa.Table) -> pa.Array:
    """Return each row as one text."""
    columns = [pc.fill_null(rows[name].cast(pa.string()), _ABSENT).combine_chunks() for name in rows.column_names]
    return pc.binary_join_element_wise(*columns, _BETWEEN)
