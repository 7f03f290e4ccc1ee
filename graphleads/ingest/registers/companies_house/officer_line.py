"""The lines of Companies House's files of officers: a header, companies and officers, a trailer that counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import FileUnreadable, FormatMismatch
from graphleads.formats.delimited import Dialect, read_delimited
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile, check_text
from graphleads.ingest.registers.companies_house.officer_record import (
    COMPANY_FIELDS,
    RECORD_TYPES,
    VARIABLE_FIELDS,
    Layout,
)
from graphleads.model import DeliveryKind

LINE = "line"
"""The column of whole lines."""

# A line is one field, so the delimiter is a character that no line has; the header record stands for the column names.
_DIALECT = Dialect(delimiter="\x1f", quote=None, otherwise="cp1252")
_HEADER = re.compile(r"DDDD(?P<kind>SNAP|UPDT)(?P<run>\d{4})(?P<day>\d{8})")
_TRAILER = "^99999999[0-9]{8}$"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHEVRON = "<"

_BAD_RECORD = Flaw(
    code="bad_record", message="The line is neither a company nor an officer: it is left out.", private=True
)
_FURTHER = Flaw(code="further_data", message="There are more fields than are known: what is in them is left out.")
_FEWER = Flaw(
    code="count_differs", message="The last line counts more records than were read: the file is not whole.", cuts=True
)
_MORE = Flaw(code="count_differs", message="The last line counts fewer records than were read: they are kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first line says: a snapshot or an update, the day of its production, and the number of the run."""

    kind: DeliveryKind
    day: date
    run: str


def read_officer_header(source: SourceFile) -> Header:
    """Return what a file's first line says.

    Raises:
        FileUnreadable: If the file is empty.
        FormatMismatch: If it does not begin with a header record.
    """
    check_text(source)
    first = source.head().removeprefix(_BYTE_ORDER_MARK).split(b"\n")[0].decode("ascii", "replace").strip()
    try:
        found = _HEADER.fullmatch(first)
        day = date.fromisoformat(found["day"]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise FormatMismatch(
            f"{source.name} does not begin with a header record (DDDDSNAP or DDDDUPDT, run number, day): "
            "give the .dat files of product 195, 216 or 198."
        )
    kind = DeliveryKind.FULL if found["kind"] == "SNAP" else DeliveryKind.UPDATE
    return Header(kind=kind, day=day, run=found["run"])


def read_officer_lines(source: SourceFile, report: DeliveryReport) -> Iterator[RowBlock]:
    """Yield the lines between header and trailer as blocks of one column, `line`.

    Raises:
        FileUnreadable: If the file ends without a trailer.
    """
    ended = False
    for block in read_delimited(source, _DIALECT, report=report):
        (line,) = block.columns.values()
        lines = RowBlock(file=block.file, columns={LINE: line}, rows=block.rows)
        trailer = pc.match_substring_regex(line, _TRAILER)
        if pc.any(trailer).as_py():
            ended = True
            _check_count(lines.filter(trailer), report)
            lines = lines.filter(pc.invert(trailer))
        yield lines.drop(report, _BAD_RECORD, pc.invert(_has_type(lines, *RECORD_TYPES)))
    if not ended:
        raise FileUnreadable(f"{source.name} has no trailer record at its end: it is truncated, download it again.")


def cut_companies(lines: RowBlock) -> RowBlock:
    """Return the fields of the lines that are of companies; blank ones are null."""
    lines = lines.filter(_has_type(lines, RECORD_TYPES[0]))
    fields = _cut(lines, COMPANY_FIELDS)
    fields.columns["Company Name"] = pc.utf8_rtrim(fields.columns["Company Name"], _CHEVRON)
    return fields


def cut_officers(lines: RowBlock, layout: Layout, report: DeliveryReport) -> RowBlock:
    """Return the fields of the lines that are of officers; blank ones are null.

    Lines with too few chevrons are left out, and data behind the last known field is reported.
    """
    lines = lines.filter(_has_type(lines, RECORD_TYPES[1]))
    short = pc.less_equal(pc.list_value_length(_split(lines, layout)), len(VARIABLE_FIELDS))
    lines = lines.drop(report, _BAD_RECORD, short)
    parts = _split(lines, layout)
    further = pc.binary_join(pc.list_slice(parts, len(VARIABLE_FIELDS)), "")
    lines.flag(report, _FURTHER, pc.not_equal(further, ""))
    fields = _cut(lines, layout.fields)
    for place, name in enumerate(VARIABLE_FIELDS):
        fields.columns[name] = _clean(pc.list_element(parts, place))
    return fields


def _has_type(lines: RowBlock, *types: str) -> pa.Array:
    return pc.is_in(pc.utf8_slice_codeunits(lines.columns[LINE], 8, 9), pa.array(types))


def _split(lines: RowBlock, layout: Layout) -> pa.Array:
    return pc.split_pattern(pc.utf8_slice_codeunits(lines.columns[LINE], layout.variable, None), _CHEVRON)


def _check_count(trailers: RowBlock, report: DeliveryReport) -> None:
    """Report it if the trailer counts other records than the lines between it and the header."""
    row = int(trailers.rows[0])
    stated, n_lines = int(trailers.columns[LINE][0].as_py()[8:]), row - 2
    if stated != n_lines:
        flaw = _FEWER if n_lines < stated else _MORE
        report.issue(flaw, trailers.file, row=row, sample=f"{stated:,} stated, {n_lines:,} read")


def _cut(lines: RowBlock, fields: Mapping[str, tuple[int, int | None]]) -> RowBlock:
    columns = {
        name: _clean(pc.utf8_slice_codeunits(lines.columns[LINE], start, stop))
        for name, (start, stop) in fields.items()
    }
    return RowBlock(file=lines.file, columns=columns, rows=lines.rows)


def _clean(texts: pa.Array) -> pa.Array:
    texts = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
