"""Cells that have types (numbers, days, truth values) as the texts that a delimited file would have for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.delimited import RECORD_TOO_LONG
from graphleads.formats.record import MAX_RECORD
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock

Record = tuple[int, Sequence[object]]
"""A record's number in its file, and its cells."""

_BLOCK_ROWS = 20_000
_BLOCK_LETTERS = 16 << 20
_MIDNIGHT = time()

MOST_EXACT = 2**53
"""Above it a floating-point number stands for several whole ones, and its digits are not those that somebody wrote."""


def cell_text(cell: object) -> str | None:
    """Return a cell as text: numbers without a needless `.0`, days in ISO 8601, truth as `true` and `false`.

    A floating-point number above 2^53 has its power of ten in it: the last digits are nobody's.
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == _MIDNIGHT else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(cell)


def _number_text(number: float) -> str:
    if abs(number) > MOST_EXACT:
        return f"{Decimal(repr(number)).normalize():e}"
    return str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")


def clean_texts(values: pa.Array) -> pa.Array:
    """Return texts in NFC, without NUL and white space at the ends, null where nothing is left."""
    normal = pc.utf8_normalize(pc.replace_substring(values, "\0", ""), "NFC")
    trimmed = pc.utf8_trim_whitespace(normal)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def gather_blocks(
    file: str, names: Sequence[str], records: Iterable[Record], report: DeliveryReport
) -> Iterator[RowBlock]:
    """Yield records as rows like those of a delimited file.

    Records without a value are passed over; those over 1 MiB are reported and left out.

    Args:
        file: How the file is called.
        names: The columns.
        records: As many cells each as there are columns.
        report: Takes the issues; whoever makes the records counts them.
    """
    numbers: list[int] = []
    texts: list[list[str | None]] = []
    n_letters = 0
    for number, cells in records:
        row = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        size = sum(map(len, filter(None, row)))
        if not size:
            continue
        if size > MAX_RECORD:
            report.bad_rows(RECORD_TOO_LONG, file, rows=np.array([number], np.int64))
            continue
        numbers.append(number)
        texts.append(row)
        n_letters += size
        if len(texts) == _BLOCK_ROWS or n_letters > _BLOCK_LETTERS:
            yield _make_block(file, names, numbers, texts)
            numbers, texts, n_letters = [], [], 0
    if texts:
        yield _make_block(file, names, numbers, texts)


def _make_block(
    file: str, names: Sequence[str], numbers: Sequence[int], texts: Sequence[Sequence[str | None]]
) -> RowBlock:
    columns = zip(*texts, strict=True)
    cleaned = {name: clean_texts(pa.array(column, pa.string())) for name, column in zip(names, columns, strict=True)}
    return RowBlock(file=file, columns=cleaned, rows=np.array(numbers, np.int64))
