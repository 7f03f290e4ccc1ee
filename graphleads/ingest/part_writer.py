"""Writes the parts of a delivery: row groups as they fill up, a new file when one is large, all on disk at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from graphleads.ingest.reader import StagedBatch
from graphleads.tables.schema import STAGED

ROW_GROUP = 250_000
"""Rows of a row group, the unit that later steps read."""

PART = 1_000_000
"""Rows after which a new part begins."""

_COMPRESSION = "zstd"


class PartWriter:
    """Takes batches of any staged table in any order and keeps no more than a row group of each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, _TableWriter] = {}

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for table in self._tables.values():
            with nullcontext() if kind is None else suppress(OSError):
                table.close(whole=kind is None)

    def write(self, batch: StagedBatch) -> None:
        """Take a batch.

        Raises:
            ValueError: If there is no such table, or the rows are not in its schema.
        """
        if batch.table not in STAGED or batch.rows.schema != STAGED[batch.table].schema:
            raise ValueError(f"a batch of {batch.table!r} is not in that staged table's schema")
        if not batch.rows.num_rows:
            return
        if batch.table not in self._tables:
            self._tables[batch.table] = _TableWriter(self._folder / batch.table, batch.rows.schema)
        self._tables[batch.table].write(batch.rows)

    def n_rows(self) -> dict[str, int]:
        """Return how many rows each table has, by name."""
        return {name: self._tables[name].n_rows for name in sorted(self._tables)}


class _TableWriter:
    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir()
        self.n_rows = 0
        self._folder = folder
        self._schema = schema
        self._held: list[pa.Table] = []
        self._n_held = 0
        self._part: pq.ParquetWriter | None = None
        self._n_parts = 0
        self._n_in_part = 0

    def write(self, rows: pa.Table) -> None:
        self.n_rows += rows.num_rows
        self._held.append(rows)
        self._n_held += rows.num_rows
        if self._n_held >= ROW_GROUP:
            self._flush()

    def close(self, *, whole: bool) -> None:
        if whole and self._n_held:
            self._flush()
        self._close_part()

    def _flush(self) -> None:
        rows = pa.concat_tables(self._held).unify_dictionaries().combine_chunks()
        self._held, self._n_held = [], 0
        if self._part is None:
            path = self._folder / f"part-{self._n_parts:05}.parquet"
            self._part = pq.ParquetWriter(path, self._schema, compression=_COMPRESSION)
            self._n_parts += 1
        with _named(self._folder):
            self._part.write_table(rows, row_group_size=rows.num_rows)
        self._n_in_part += rows.num_rows
        if self._n_in_part >= PART:
            self._close_part()

    def _close_part(self) -> None:
        part, self._part, self._n_in_part = self._part, None, 0
        if part is not None:
            with _named(self._folder):
                part.close()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say where writing failed, which Arrow leaves out."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def write_table(path: Path, rows: pa.Table) -> None:
    """Write a table that fits into memory as one file."""
    with _named(path):
        pq.write_table(rows, path, compression=_COMPRESSION)
