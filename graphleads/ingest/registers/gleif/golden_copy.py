"""GLEIF's files, XML or CSV: what a file says of itself, and its records as columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from graphleads.errors import FormatMismatch
from graphleads.formats.delimited import Dialect, read_delimited, read_header, resolve_dialect
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.formats.xml_records import is_xml, read_xml_blocks, read_xml_start
from graphleads.ingest.reader import account_fields
from graphleads.ingest.registers.gleif.csv_column import Columns, plan_columns
from graphleads.ingest.registers.gleif.layout import LAYOUTS, Layout
from graphleads.model import DeliveryKind

_DIALECT = Dialect(delimiter=",", encoding=None, otherwise="cp1252")
_NAME = re.compile(
    r"^(?P<day>\d{8})-(?P<time>\d{4})-gleif-.*-(?P<kind>golden-copy|intra-day|last-(?:day|week|month))\."
)
_FULL = "GLEIF_FULL_PUBLISHED"
_FEWER = Flaw(
    code="count_differs", message="The header counts more records than were read: the file is not whole.", cuts=True
)
_MORE = Flaw(code="count_differs", message="The header counts fewer records than were read: they are kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCopy:
    """A file of GLEIF's.

    Attributes:
        source: The file.
        layout: What its records are.
        is_xml: Whether it is XML; otherwise CSV.
        observed_on: The day of its content, None if neither header nor name says it.
        kind: Full or update, None if neither header nor name says it.
        n_records: How many records the header states, None if it does not.
        moment: When its content was so, in ISO 8601 or as far as header or name say it, empty if they do not.
    """

    source: SourceFile
    layout: Layout
    is_xml: bool
    observed_on: date | None
    kind: DeliveryKind | None
    n_records: int | None = None
    moment: str = ""


def open_golden_copy(source: SourceFile) -> GoldenCopy:
    """Return what a file is.

    Raises:
        FileUnreadable: If it is empty or truncated.
        FormatMismatch: If it is none of GLEIF's.
    """
    return _open_xml(source) if is_xml(source) else _open_csv(source)


def read_golden_copy(copy: GoldenCopy, report: DeliveryReport) -> Iterator[RowBlock]:
    """Yield the records as blocks with the columns of the layout, named by their paths.

    Raises:
        FileUnreadable: If the file is truncated.
        FormatMismatch: If it is no well-formed XML.
        FormatChanged: If a column is missing.
    """
    layout, source = copy.layout, copy.source
    for name, reason in layout.ignored.items():
        report.ignored_field(name, reason)
    report.shows_moment(copy.moment)
    if not copy.is_xml:
        yield from _read_csv(copy, report)
        return
    yield from read_xml_blocks(source, layout.tag, layout.record, ignored=layout.ignored, report=report)
    n_read = report.n_rows_read[source.name]
    if copy.n_records not in {None, n_read}:
        flaw = _FEWER if n_read < copy.n_records else _MORE
        report.issue(flaw, source.name, sample=f"{copy.n_records:,} stated, {n_read:,} read")


def _open_xml(source: SourceFile) -> GoldenCopy:
    start = read_xml_start(source)
    layout = next((one for one in LAYOUTS if one.root == start.root), None)
    if layout is None:
        roots = ", ".join(one.root for one in LAYOUTS)
        raise FormatMismatch(f"{source.name} is XML with the root {start.root}, not {roots}: give a file of GLEIF's.")
    told = _told_by_name(source.bare_name)
    kind, content_date = told.kind, start.texts.get("ContentDate", "")
    content, n_records = start.texts.get("FileContent"), start.texts.get("RecordCount", "")
    if content is not None:
        kind = DeliveryKind.FULL if content == _FULL else DeliveryKind.UPDATE
    return GoldenCopy(
        source=source,
        layout=layout,
        is_xml=True,
        observed_on=_day(content_date[:10]) or told.day,
        kind=kind,
        moment=_moment(content_date) or told.moment,
        n_records=int(n_records) if n_records.isdecimal() and n_records.isascii() else None,
    )


def _open_csv(source: SourceFile) -> GoldenCopy:
    header = read_header(source, resolve_dialect(source, _DIALECT))
    layout = next((one for one in LAYOUTS if any(column.startswith(one.sign) for column in header)), None)
    if layout is None:
        signs = ", ".join(f"{one.sign}…" for one in LAYOUTS)
        raise FormatMismatch(f"{source.name} has no column like {signs}: give a golden copy of GLEIF's, or its XML.")
    told = _told_by_name(source.bare_name)
    return GoldenCopy(
        source=source, layout=layout, is_xml=False, observed_on=told.day, kind=told.kind, moment=told.moment
    )


def _read_csv(copy: GoldenCopy, report: DeliveryReport) -> Iterator[RowBlock]:
    source, layout = copy.source, copy.layout
    dialect = resolve_dialect(source, _DIALECT)
    header = read_header(source, dialect)
    columns: Columns = plan_columns(header, layout)
    account_fields(source, header, required=layout.required, known=columns.known, report=report)
    for block in read_delimited(source, dialect, report=report, columns=columns.read):
        yield columns.gather(block)


class _Told(NamedTuple):
    day: date | None = None
    kind: DeliveryKind | None = None
    moment: str = ""


def _told_by_name(name: str) -> _Told:
    found = _NAME.match(name)
    if found is None:
        return _Told()
    kind = DeliveryKind.FULL if found["kind"] == "golden-copy" else DeliveryKind.UPDATE
    return _Told(_day(found["day"]), kind, _moment(f"{found['day']}T{found['time']}"))


def _moment(text: str) -> str:
    """Return a time in UTC, so that texts sort as times do, empty if there is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
