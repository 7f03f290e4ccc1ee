"""Sheets of Excel workbooks (`.xlsx`) as rows of texts.

A workbook is a zip archive of XML, so it can be made to harm: defusedxml refuses entities, what it unpacks to is
limited, and rows and columns are counted before anything is held in memory. Cells are read as the file shows them:
results instead of formulas, days in ISO 8601, percentages with their sign.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice, repeat
from typing import Any

import numpy as np
import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from graphleads.errors import FileUnreadable, FormatMismatch, InputError
from graphleads.formats.cell import MOST_EXACT, Record, cell_text, gather_blocks
from graphleads.formats.delimited import MAX_COLUMNS, WRONG_FIELD_COUNT, name_columns
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

MAX_ROWS = 1_048_576
"""Rows of the longest sheet, Excel's own limit."""

MAX_UNPACKED = 512 << 20
"""Bytes that a workbook may unpack to; a larger table is better off as CSV."""

HEADER_WITHIN = 100
"""Rows among which the header is looked for."""

_PARSED = 200
_TAGS_A_CELL = 8
_CHUNK = 1 << 20
_OVERLAP = 32
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_UNREAD = {
    "e": Flaw(code="cell_error", message="A formula in the row came to an error: its cell is left empty."),
    "f": Flaw(
        code="formula_without_result",
        message="A formula in the row has no result in the file: its cell is left empty. "
        "Open the workbook in Excel and save it, which stores the results.",
    ),
}
"""Cells that are not empty and cannot be read, by the type that they are given."""

# openpyxl lets through whatever its parsing of a damaged part runs into.
_DAMAGE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError, SyntaxError,
    NotImplementedError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def sheet_names(source: SourceFile) -> list[str]:
    """Return the names of a workbook's sheets that have cells, in its order.

    Raises:
        FileUnreadable: If it is damaged or unpacks to absurd size.
        FormatMismatch: If it is no workbook, or has entities or absurdly many columns.
    """
    with _opened(source) as reader:
        return [name for name, part in _sheets(reader) if _has_cells(reader, part)]


def hidden_sheets(source: SourceFile) -> list[str]:
    """Return the names of a workbook's sheets that whoever opens it does not see; raises as `sheet_names`."""
    with _opened(source) as reader:
        return [sheet.name for sheet, _ in reader.parser.find_sheets() if sheet.state != "visible"]


def read_sheet_header(source: SourceFile, sheet: str) -> tuple[str, ...]:
    """Return the column names of a sheet, named as those of a delimited file are.

    The header is the first of the sheet's first hundred rows that has several cells, otherwise the first that has
    any: a title above the table is passed over.

    Raises:
        FileUnreadable: If it is damaged or unpacks to absurd size.
        FormatMismatch: If there is no header.
    """
    with _opened(source) as reader:
        return _header(_load(reader, sheet), source.name)[1]


def read_sheet(
    source: SourceFile, sheet: str, *, report: DeliveryReport, columns: Sequence[str] | None = None
) -> Iterator[RowBlock]:
    """Yield the rows of a sheet block by block, numbered as the sheet numbers them.

    Args:
        source: The workbook.
        sheet: The sheet's name.
        report: Takes the rows read and the issues.
        columns: The columns to read; None reads all.

    Raises:
        FileUnreadable: If it is damaged or unpacks to absurd size.
        FormatMismatch: If there is no header, or more than Excel's 1,048,576 rows.
    """
    with _opened(source) as reader:
        worksheet = _load(reader, sheet)
        first, names = _header(worksheet, source.name)
        wanted = [place for place, name in enumerate(names) if columns is None or name in set(columns)]
        records = _records(worksheet, (first, names), name=source.name, report=report)
        chosen = ((number, [cells[place] for place in wanted]) for number, cells in records)
        yield from gather_blocks(source.name, [names[place] for place in wanted], chosen, report)


@contextmanager
def _opened(source: SourceFile) -> Iterator[Any]:
    """Yield openpyxl's reader of a workbook whose parts and sizes were looked at."""
    if not openpyxl.DEFUSEDXML:
        raise FormatMismatch(f"{source.name} is not read without defusedxml: unset OPENPYXL_DEFUSEDXML.")
    with source.on_disk() as path, path.open("rb") as file:
        try:
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            _check_size(source.name, reader.archive)
            reader.read_manifest()
            reader.read_workbook()
            for _, part in _sheets(reader):
                _check_rows(source.name, reader, part)
            yield reader
        except _DAMAGE as error:
            raise _failure(source.name, error) from error


def _failure(name: str, error: BaseException) -> InputError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return FormatMismatch(f"{name} has XML entities, which no workbook needs, and is not read: save it anew.")
        cause = cause.__cause__
    reason = " ".join(str(error).split())[:200]
    return FileUnreadable(f"{name} is no workbook, or a damaged one ({reason}): open it in Excel and save it anew.")


def _check_size(name: str, archive: zipfile.ZipFile) -> None:
    if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
        raise FileUnreadable(
            f"{name} unpacks to more than {MAX_UNPACKED >> 20} MiB and is not read: save the sheet as CSV."
        )


def _check_rows(name: str, reader: Any, part: str) -> None:
    """Check that no row of a sheet has absurdly many cells: a row is held in memory as a whole."""
    n_tags = 0
    for chunk in _chunks(reader, part):
        for place, piece in enumerate(_ROW_END.split(chunk)):
            n_tags = piece.count(b"<") + (n_tags if place == 0 else 0)
            if n_tags > MAX_COLUMNS * _TAGS_A_CELL:
                raise FormatMismatch(
                    f"{name} has a row of more than {MAX_COLUMNS:,} columns: delete the empty columns and save it anew."
                )


def _has_cells(reader: Any, part: str) -> bool:
    return any(_CELL.search(chunk) for chunk in _chunks(reader, part))


def _chunks(reader: Any, part: str) -> Iterator[bytes]:
    """Yield a part of the archive in chunks that overlap by the length of a tag."""
    held = b""
    with reader.archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield held + chunk
            held = chunk[-_OVERLAP:]


def _sheets(reader: Any) -> list[tuple[str, str]]:
    """Return the sheets that hold cells, not charts: name and part of the archive."""
    return [
        (sheet.name, relation.target)
        for sheet, relation in reader.parser.find_sheets()
        if "worksheet" in relation.Type and relation.target in reader.valid_files
    ]


class _ResultParser(WorkSheetParser):  # type: ignore[misc]  # openpyxl carries no types
    """Reads the results of formulas, and says where there is none."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        # An empty text is a result, of type `str`; programs write formulas without a result, which Excel stores.
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["data_type"] = "f"
        return cell


class _UnsizedSheet(ReadOnlyWorksheet):  # type: ignore[misc]  # openpyxl carries no types
    """A sheet that is read to its end, whatever it says of its own size, which may be wrong or take long to find."""

    def _get_size(self) -> None:
        self._max_row = self._max_column = None

    def _cells_by_row(
        self, min_col: int, min_row: int, max_col: int | None, max_row: int | None, values_only: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, those that are missing too, with cells that say where a formula has no result."""
        missing = (None if values_only else EMPTY_CELL,) * ((max_col or 0) + 1 - min_col)
        book = self.parent
        with self._get_source() as source:
            parser = _ResultParser(
                source,
                self._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            expected = min_row
            for number, row in parser.parse():
                if max_row is not None and number > max_row:
                    return
                if number >= expected:
                    yield from repeat(missing, number - expected)
                    yield self._get_row(row, min_col, max_col, values_only)
                    expected = number + 1


def _load(reader: Any, sheet: str) -> Any:
    """Return a sheet with the texts and formats that its cells refer to."""
    part = dict(_sheets(reader))[sheet]
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions, which no cell's value depends on.
        warnings.simplefilter("ignore")
        reader.read_strings()
        apply_stylesheet(reader.archive, reader.wb)
        return _UnsizedSheet(reader.wb, sheet, part, reader.shared_strings)


def _header(worksheet: Any, name: str) -> tuple[int, tuple[str, ...]]:
    """Return the number of the header row and the columns' names."""
    found: tuple[int, list[str]] | None = None
    rows = worksheet.iter_rows(max_row=HEADER_WITHIN, max_col=MAX_COLUMNS, values_only=True)
    for number, row in enumerate(rows, start=1):
        values = [(cell_text(cell) or "").strip() for cell in row]
        n_filled = sum(map(bool, values))
        if n_filled and (found is None or n_filled > 1):
            found = (number, values)
        if n_filled > 1:
            break
    if found is None:
        raise FormatMismatch(f"{name} has no header in its first {HEADER_WITHIN} rows: check that it is the right one.")
    width = max(place for place, value in enumerate(found[1], start=1) if value)
    return found[0], tuple(name_columns(found[1][:width]))


def _records(
    worksheet: Any, header: tuple[int, Sequence[str]], *, name: str, report: DeliveryReport
) -> Iterator[Record]:
    """Yield the rows below a header (its row and names) that fit it; others are reported."""
    first, names = header
    percent: dict[int, bool] = {}
    rows = _without_warnings(worksheet.iter_rows(min_row=first + 1, max_col=len(names) + 1))
    for number, row in enumerate(rows, start=first + 1):
        if number > MAX_ROWS:
            raise FormatMismatch(f"{name} has more than {MAX_ROWS:,} rows: check that it is the right file.")
        if all(cell.value is None and cell.data_type not in _UNREAD for cell in row):
            continue
        report.rows_read(name, 1)
        if row[-1].value is not None:
            report.bad_rows(WRONG_FIELD_COUNT, name, rows=np.array([number], np.int64))
            continue
        for column, cell in zip(names, row, strict=False):
            if cell.data_type in _UNREAD:
                report.unread_cell(_UNREAD[cell.data_type], name, row=number, column=column)
        yield number, [_shown(cell, percent) for cell in row[:-1]]


def _without_warnings(rows: Iterator[Any]) -> Iterator[Any]:
    """Yield the rows; a day that openpyxl warns of is an error in its cell."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            some = list(islice(rows, _PARSED))
        if not some:
            return
        yield from some


def _shown(cell: Any, percent: dict[int, bool]) -> object:
    value = cell.value
    if value is None or cell.data_type in _UNREAD:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and _is_percent(cell, percent):
        return f"{(Decimal(repr(value)) * 100).normalize():f}%"
    # A workbook keeps fifteen digits of a number, and writes the others as zeros.
    return float(value) if isinstance(value, int) and abs(value) > MOST_EXACT else value


def _is_percent(cell: Any, known: dict[int, bool]) -> bool:
    style = cell._style_id
    if style not in known:
        known[style] = "%" in cell.number_format
    return known[style]
