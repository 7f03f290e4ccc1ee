"""Tables in files, whatever their format: all of them are read as blocks of texts.

A format is told by the file's first bytes and not by its name: delimited text, JSON, Excel workbooks, Parquet files,
SQLite databases. A workbook holds its sheets and a database its tables; every other file is one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from graphleads.errors import FileUnreadable
from graphleads.formats.delimited import Dialect, read_delimited, read_header
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile


class TableFormat(StrEnum):
    """How a file keeps its tables."""

    DELIMITED = "delimited text"
    JSON = "JSON"
    PARQUET = "a Parquet file"
    SQLITE = "an SQLite database"
    WORKBOOK = "an Excel workbook"


_BEGINNINGS = (
    (re.compile(rb"PAR1"), TableFormat.PARQUET),
    (re.compile(rb"SQLite format 3\x00"), TableFormat.SQLITE),
    (re.compile(rb"PK\x03\x04"), TableFormat.WORKBOOK),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[\[{\]])"), TableFormat.JSON),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """A table in a file.

    Attributes:
        source: The file; its name is followed by the part's, as that of a zip archive is by its member's.
        format: How the file keeps it.
        part: The sheet or table, None in a file that is one table.
    """

    source: SourceFile
    format: TableFormat
    part: str | None = None

    def header(self, dialect: Dialect) -> tuple[str, ...]:
        """Return the columns' names: trimmed, a blank one `column N`, a second `name` `name (2)`.

        Args:
            dialect: How delimited text is written; of other formats' only the encoding counts, and only in JSON.

        Raises:
            FileUnreadable: If the file is empty or damaged.
            FormatMismatch: If it is something else than its first bytes say, or has no header.
        """
        match self.format:
            case TableFormat.WORKBOOK:
                from graphleads.formats.sheet import read_sheet_header

                return read_sheet_header(self.source, self.part or "")
            case TableFormat.SQLITE:
                from graphleads.formats.sqlite_table import read_table_header

                return read_table_header(self.source, self.part or "")
            case TableFormat.PARQUET:
                from graphleads.formats.parquet_table import read_parquet_header

                return read_parquet_header(self.source)
            case TableFormat.JSON:
                from graphleads.formats.json_lines import read_json_header

                return read_json_header(self.source, dialect.encoding, dialect.rows)
        return read_header(self.source, dialect)

    def blocks(self, dialect: Dialect, *, report: DeliveryReport, columns: Sequence[str]) -> Iterator[RowBlock]:
        """Yield the rows block by block, all as texts: trimmed, in NFC, null where empty.

        Args:
            dialect: As `header` takes it.
            report: Takes the rows read and the issues.
            columns: The columns to read, as `header` names them.

        Raises:
            FileUnreadable: If the file is truncated or damaged.
            FormatMismatch: If it is something else than its first bytes say.
        """
        yield from self._blocks(dialect, report, columns)
        if self.source.advance and self.source.member is None and self.format not in _STREAMED:
            self.source.advance(self.source.path.stat().st_size)

    def _blocks(self, dialect: Dialect, report: DeliveryReport, columns: Sequence[str]) -> Iterator[RowBlock]:
        match self.format:
            case TableFormat.WORKBOOK:
                from graphleads.formats.sheet import read_sheet

                return read_sheet(self.source, self.part or "", report=report, columns=columns)
            case TableFormat.SQLITE:
                from graphleads.formats.sqlite_table import read_table

                return read_table(self.source, self.part or "", report=report, columns=columns)
            case TableFormat.PARQUET:
                from graphleads.formats.parquet_table import read_parquet

                return read_parquet(self.source, report=report, columns=columns)
            case TableFormat.JSON:
                from graphleads.formats.json_lines import read_json_rows

                rows, encoding = dialect.rows, dialect.encoding
                return read_json_rows(self.source, report=report, columns=columns, encoding=encoding, rows=rows)
        return read_delimited(self.source, dialect, report=report, columns=columns)


_STREAMED = (TableFormat.DELIMITED, TableFormat.JSON)
"""Formats that say how far they were read while they are."""


def list_tables(source: SourceFile) -> list[SourceTable]:
    """Return the tables of a file that have something in them.

    Raises:
        FileUnreadable: If the file is damaged, or a workbook or database without a table.
        FormatMismatch: If it is an archive in an archive.
    """
    format_ = tell_format(source)
    if format_ is TableFormat.WORKBOOK:
        from graphleads.formats.sheet import sheet_names

        names = sheet_names(source)
    elif format_ is TableFormat.SQLITE:
        from graphleads.formats.sqlite_table import table_names

        names = table_names(source)
    else:
        return [SourceTable(source=source, format=format_)]
    if not names:
        raise FileUnreadable(f"{source.name} is {format_} with nothing in it: check that it is the right file.")
    return [SourceTable(source=_named(source, name), format=format_, part=name) for name in names]


def hidden_tables(source: SourceFile) -> frozenset[str]:
    """Return the names of a workbook's sheets that whoever opens it does not see; raises as `list_tables`."""
    if tell_format(source) is not TableFormat.WORKBOOK:
        return frozenset()
    from graphleads.formats.sheet import hidden_sheets

    return frozenset(hidden_sheets(source))


def tell_format(source: SourceFile) -> TableFormat:
    """Return how a file keeps its tables, delimited text if its first bytes are nothing else's."""
    head = source.head()
    return next((format_ for beginning, format_ in _BEGINNINGS if beginning.match(head)), TableFormat.DELIMITED)


def _named(source: SourceFile, part: str) -> SourceFile:
    shown = "".join(letter if letter.isprintable() else "?" for letter in part)
    return replace(source, name=f"{source.name}/{shown[:100]}")
