"""Rows of a file as columns: what every format is read as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.formats.report import MAX_SAMPLES, DeliveryReport, Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBlock:
    """Some rows of a file as columns.

    Attributes:
        file: The file's name.
        columns: string[n] by column name, in the file's order; NFC, trimmed, null where empty.
        rows: int64[n], each record's number in the file with the header as row 1; blank lines are no records.
    """

    file: str
    columns: dict[str, pa.Array]
    rows: NDArray[np.int64]

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def flag(self, report: DeliveryReport, flaw: Flaw, mask: pa.Array) -> None:
        """Report the rows where `mask` (bool[n], null is false) holds; they stay in the block."""
        places = _places(mask)
        report.issues(flaw, self.file, rows=self.rows[places], samples=self._samples(flaw, places))

    def drop(self, report: DeliveryReport, flaw: Flaw, mask: pa.Array) -> RowBlock:
        """Report the rows where `mask` (bool[n], null is false) holds as bad, and return the block without them."""
        places = _places(mask)
        if not len(places):
            return self
        report.bad_rows(flaw, self.file, rows=self.rows[places], samples=self._samples(flaw, places))
        return self.filter(pc.invert(pc.fill_null(mask, False)))

    def filter(self, mask: pa.Array) -> RowBlock:
        """Return the rows where `mask` (bool[n], null is false) holds; nothing is reported."""
        places = _places(mask)
        columns = {name: column.take(pa.array(places)) for name, column in self.columns.items()}
        return RowBlock(file=self.file, columns=columns, rows=self.rows[places])

    def _samples(self, flaw: Flaw, places: NDArray[np.int64]) -> list[str | None] | None:
        if flaw.private or flaw.column not in self.columns:
            return None
        samples: list[str | None] = self.columns[flaw.column].take(pa.array(places[:MAX_SAMPLES])).to_pylist()
        return samples


def _places(mask: pa.Array) -> NDArray[np.int64]:
    places: NDArray[np.int64] = np.flatnonzero(np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False)))
    return places
