"""Tables as CSV files, in blocks of rows so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphleads.testing.synthetic.arrays import Register
from graphleads.testing.synthetic.columns import TABLES, Columns

BLOCK = 1 << 17
"""Rows that are text at one time."""


def write_register(directory: Path, register: Register) -> tuple[Path, ...]:
    """Write the six files of the plain layout into a directory that is there, and return them."""
    n_rows = {
        "companies": len(register.companies),
        "persons": len(register.people),
        "interests": len(register.interests),
        "roles": len(register.roles),
        "links": len(register.links),
        "contact_points": len(register.contacts),
    }
    for name, render in TABLES.items():
        _write_blocks(directory / f"{name}.csv", n_rows[name], partial(render, register))
    return tuple(directory / f"{name}.csv" for name in TABLES)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table whole."""
    pa_csv.write_csv(table, path)


def write_rows(path: Path, rows: Sequence[Mapping[str, str | int | None]]) -> None:
    """Write a small table of at least one row."""
    write_table(path, pa.Table.from_pylist(list(rows)))


def _write_blocks(path: Path, n_rows: int, render: Callable[[slice], Columns]) -> None:
    blocks = (pa.table(render(slice(start, start + BLOCK))) for start in range(0, n_rows, BLOCK))
    first = next(blocks)
    with pa_csv.CSVWriter(path, first.schema) as writer:
        for block in chain((first,), blocks):
            writer.write_table(block)
