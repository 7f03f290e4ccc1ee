"""A CRM export as a table of texts, whether it is a file of any format or a DataFrame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.crm.external_id import are_whole_numbers
from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats.cell import cell_text
from graphleads.formats.delimited import Dialect, skip_titles
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile, open_sources
from graphleads.formats.tabular import SourceTable, TableFormat, hidden_tables, list_tables
from graphleads.remedy import Remedy
from graphleads.values.text_column import clean_texts

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 2_000_000
"""Rows of the largest export that is read: more than any sales team has customers."""

MAX_CELL = 1 << 16
"""Bytes of the longest cell that is read."""

_BLOCK = 50_000
_HALVES = re.compile("[\ud800-\udfff]")

_LONG = Flaw(code="long_cell", message=f"It is longer than {MAX_CELL:,} bytes.")
_KEPT = ("other_encoding", "undecodable_bytes", "nul_bytes", "duplicate_column")
"""Flaws of a file that leave no row out."""

_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """An export as texts.

    Attributes:
        name: How messages call it.
        headers: The columns' names.
        blocks: The rows, block by block: texts clean as `clean_text` has them, null where empty.
        report: What was wrong with rows that are not among them.
        unread: Rows, by column, whose cell is empty here and is not empty: it says what could not be read.
        numeric: Headers of columns that hold numbers, whose texts have a decimal point.
    """

    name: str
    headers: tuple[str, ...]
    blocks: tuple[RowBlock, ...]
    report: DeliveryReport
    unread: Mapping[str, frozenset[int]] = field(default_factory=dict)
    numeric: frozenset[str] = frozenset()

    def column(self, header: str) -> pa.ChunkedArray:
        """Return a column: string[n], null where a cell is empty."""
        return pa.chunked_array([block.columns[header] for block in self.blocks], pa.string())

    def says_anything(self, header: str) -> bool:
        """Return whether any cell of a column is filled."""
        return any(block.columns[header].null_count < block.n_rows for block in self.blocks)

    def cells(self, header: str) -> Iterator[str | None]:
        """Yield the cells of a column."""
        for block in self.blocks:
            yield from block.columns[header].to_pylist()

    def bad_rows(self) -> list[tuple[int, str]]:
        """Return the rows that were left out, the first hundred of each flaw, with the reason."""
        return [(one["row"], one["message"]) for one in self._issues() if one["code"] not in self._kept]

    def notes(self) -> list[str]:
        """Return what else was wrong, a sentence each."""
        guessed = [
            f"{file} is not UTF-8 and was read as {encoding}: if names look wrong, say `encoding` in a mapping."
            for file, encoding in self.report.encodings.items()
            if not encoding.startswith("utf")
        ]
        kept = {one["code"]: one["message"] for one in self._issues() if one["code"] in _KEPT}
        flaws = [f"{message} ({self.report.issue_counts[code]:,} times)" for code, message in kept.items()]
        n_bad = sum(n for code, n in self.report.issue_counts.items() if code not in self._kept)
        n_unlisted = n_bad - len(self.bad_rows())
        unlisted = [f"{n_unlisted:,} further rows were left out for the same reasons."] if n_unlisted else []
        return [*guessed, *flaws, *self._unread_notes(), *unlisted]

    def _unread_notes(self) -> Iterator[str]:
        for (column, flaw), rows in self.report.unread_cells.items():
            shown = ", ".join(map(str, rows[:_SHOWN_ROWS])) + (", …" if len(rows) > _SHOWN_ROWS else "")
            yield f"Column {column!r}, row {shown} ({len(rows):,} times): {flaw.message} What is stored stays."

    @property
    def _kept(self) -> frozenset[str]:
        """The codes of what leaves no row out."""
        return frozenset([*_KEPT, *(flaw.code for _, flaw in self.report.unread_cells)])

    def _issues(self) -> list[dict[str, Any]]:
        issues: list[dict[str, Any]] = self.report.issue_table().to_pylist()
        return issues


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that was left out, and why.

    Attributes:
        row: Its number: in a file with the header as row 1, in a frame from 1.
        external_id: The customer's id, None if the row has none or could not be read.
        reason: What is wrong with it, in one sentence.
    """

    row: int
    external_id: str | None
    reason: str


def read_cells(
    path: Path,
    encoding: str | None = None,
    *,
    sheet: str | None = None,
    is_header: Callable[[Sequence[str]], bool] = lambda values: len(values) > 1,
) -> CellTable:
    """Return an export as texts.

    Args:
        path: The file, plain or compressed: CSV, TSV, an Excel workbook, Parquet, or another that `tabular` reads.
        encoding: Its encoding; None: UTF-8 if the bytes are, otherwise guessed.
        sheet: The sheet of a workbook, or table of a database; None: the only one that is not hidden.
        is_header: Tells from its values whether a line is the header: titles may stand above it.

    Raises:
        FileUnreadable: If it cannot be read, is an archive of several files, or has more than two million rows.
        FormatMismatch: If it is something else, or holds several tables.
    """
    table = _choose_table(_only_source(path), sheet)
    dialect = Dialect(encoding=encoding)
    if table.format is TableFormat.DELIMITED:
        dialect = skip_titles(table.source, dialect, is_header)
    headers = table.header(dialect)
    report = DeliveryReport()
    blocks = _limit(table.source.name, table.blocks(dialect, report=report, columns=headers))
    return _make_table(table.source.name, headers, blocks, report)


def convert_frame(frame: pd.DataFrame) -> CellTable:
    """Return a DataFrame as texts: numbers without a needless `.0`, days in ISO 8601, missing values null.

    Raises:
        FileUnreadable: If it has more than two million rows.
    """
    name = "the DataFrame"
    headers = _number_repeated([str(column).strip() for column in frame.columns])
    columns = {header: _column(frame.iloc[:, place]) for place, header in enumerate(headers)}
    whole = RowBlock(file=name, columns=columns, rows=np.arange(1, len(frame) + 1, dtype=np.int64))
    table = _make_table(name, headers, _limit(name, [whole]), DeliveryReport())
    kinds = zip(headers, frame.dtypes, strict=True)
    return replace(table, numeric=frozenset(header for header, dtype in kinds if dtype.kind in "iuf"))


def plain_ids(table: CellTable, headers: Iterable[str | None]) -> CellTable:
    """Return an export with the ids in some columns as they were before `1001` became `1001.0`."""
    numbers = {header for header in headers if header is not None and are_whole_numbers(table.cells(header))}
    if not numbers:
        return table
    blocks = tuple(
        replace(
            block,
            columns={
                header: pc.replace_substring_regex(column, r"\.0+$", "") if header in numbers else column
                for header, column in block.columns.items()
            },
        )
        for block in table.blocks
    )
    return replace(table, blocks=blocks)


def _only_source(path: Path) -> SourceFile:
    sources = open_sources(path)
    if len(sources) > 1:
        names = ", ".join(source.bare_name for source in sources[:5])
        raise FileUnreadable(f"{path.name} holds {len(sources)} files ({names}): unpack it and name one.")
    return sources[0]


def _choose_table(source: SourceFile, sheet: str | None) -> SourceTable:
    tables = list_tables(source)
    if sheet is None:
        hidden = hidden_tables(source) if len(tables) > 1 else frozenset()
        tables = [table for table in tables if table.part not in hidden] or tables
    names = ", ".join(table.part or "the only one, without a name" for table in tables[:5])
    if sheet is not None:
        tables = [table for table in tables if table.part == sheet]
    if not tables:
        raise FormatMismatch(f"{source.name} has no sheet {sheet!r}, only {names}.")
    if len(tables) > 1:
        raise FormatMismatch(f"{source.name} holds {len(tables)} tables ({names}).", Remedy.NAME_SHEET)
    return tables[0]


def _limit(name: str, blocks: Iterable[RowBlock]) -> Iterator[RowBlock]:
    n_rows = 0
    for block in blocks:
        n_rows += block.n_rows
        if n_rows > MAX_ROWS:
            raise FileUnreadable(
                f"{name} has more than {MAX_ROWS:,} rows, too many for customers.", Remedy.INGEST_REGISTERS
            )
        yield block


def _make_table(name: str, headers: Sequence[str], blocks: Iterable[RowBlock], report: DeliveryReport) -> CellTable:
    cleaned = tuple(_empty_long(_clean(block), report) for block in blocks)
    unread: dict[str, frozenset[int]] = {}
    for (column, _), rows in report.unread_cells.items():
        unread[column] = unread.get(column, frozenset()).union(rows)
    return CellTable(name=name, headers=tuple(headers), blocks=cleaned, report=report, unread=unread)


def _clean(block: RowBlock) -> RowBlock:
    columns = {header: clean_texts(column) for header, column in block.columns.items()}
    cleaned = RowBlock(file=block.file, columns=columns, rows=block.rows)
    # A spreadsheet's empty last rows are delimiters and nothing else.
    filled = np.zeros(block.n_rows, dtype=np.bool_)
    for column in columns.values():
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    return cleaned if filled.all() else cleaned.filter(pa.array(filled))


def _empty_long(block: RowBlock, report: DeliveryReport) -> RowBlock:
    """Return the block with cells that are too long left empty: a row is not lost for its description."""
    columns = dict(block.columns)
    for header, column in block.columns.items():
        is_long = pc.greater(pc.binary_length(column), MAX_CELL)
        if pc.any(is_long).as_py():
            for row in block.rows[is_long.fill_null(False).to_numpy(zero_copy_only=False)].tolist():
                report.unread_cell(_LONG, block.file, row=row, column=header)
            columns[header] = pc.if_else(is_long, pa.scalar(None, pa.string()), column)
    return replace(block, columns=columns)


def _number_repeated(names: Sequence[str]) -> list[str]:
    counts: dict[str, int] = {}
    numbered = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        numbered.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return numbered


def _column(cells: pd.Series[Any]) -> pa.Array:
    missing = cells.isna().to_numpy()
    texts = [None if gone else cell_text(cell) for cell, gone in zip(cells.tolist(), missing, strict=True)]
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        # Halves of characters, which Python's texts may hold.
        return pa.array([_HALVES.sub("\ufffd", text) if text else text for text in texts], pa.string())
