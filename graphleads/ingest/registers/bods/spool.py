"""Statements kept on disk between their two readings, so that JSON is parsed once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType

import numpy as np
import pyarrow as pa

from graphleads.formats.row_block import RowBlock

_ROW = "row number"


class StatementSpool:
    """Takes blocks of one set of columns and gives them back, in order, from a temporary file."""

    def __init__(self) -> None:
        self._file = NamedTemporaryFile(prefix="graphleads-")  # noqa: SIM115 - closed with the spool
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._names: list[str] = []

    def __enter__(self) -> StatementSpool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, block: RowBlock) -> None:
        """Take a block."""
        batch = pa.record_batch({**block.columns, _ROW: pa.array(block.rows)})
        if self._writer is None:
            self._writer = pa.ipc.new_stream(self._file, batch.schema)
        self._writer.write_batch(batch)
        self._names.append(block.file)

    def read(self) -> Iterator[RowBlock]:
        """Yield the blocks."""
        if self._writer is None:
            return
        self._writer.close()
        self._file.flush()
        with pa.memory_map(str(Path(self._file.name))) as mapped, pa.ipc.open_stream(mapped) as stream:
            for name, batch in zip(self._names, stream, strict=True):
                columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                rows = columns.pop(_ROW).to_numpy().astype(np.int64)
                yield RowBlock(file=name, columns=columns, rows=rows)
