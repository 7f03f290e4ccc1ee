"""Customers as a CRM exports them: a file or a DataFrame as `CustomerRecord`s, and what was wrong with it.

A row that cannot be used is left out with a reason and the rest goes on. `docs/customers.md` says what is understood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graphleads.codes.country import country_code
from graphleads.crm.amount import parse_amount, tell_decimal
from graphleads.crm.cell import CellTable, convert_frame, read_cells
from graphleads.crm.column import (
    CustomerColumns,
    choose_columns,
    fold_header,
    move_state,
    repeated_headers,
)
from graphleads.crm.mapping import CustomerMapping, read_customer_mapping
from graphleads.crm.scope import Scope
from graphleads.crm.status import (
    nearest_words,
    parse_status,
)
from graphleads.errors import ValueInvalid
from graphleads.formats.delimited import RowBlock
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.values.day import DayOrder, parse_day, tell_day_order
from graphleads.values.email_domain import parse_email_domain

if TYPE_CHECKING:
    import pandas as pd

_Value = TypeVar("_Value")

_PLAIN = ("locality", "region", "postcode", "website", "phone", "owner")
"""Fields that are kept as they are written."""

_RECORD_FIELDS = {"country": "jurisdiction", "email": "email_domain"}
"""The fields of `CustomerRecord` that are not called as the column is."""

_SHOWN_WORDS = 5
"""Unknown status words that a note names."""

_WANTED = {
    "country": "a country",
    "value": "an amount that reads one way only",
    "won_on": "a day because day and month cannot be told apart (say `date_format` in a mapping)",
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A CRM export that was read.

    Attributes:
        name: How messages call it.
        records: The customers in the file's order, each id once.
        rejected: The rows that were left out, in the file's order.
        scope: What the file has columns for; None: it says all there is of its customers.
        columns: What was read from where: header by field, identifiers as `identifier SCHEME`.
        custom: Columns that were kept as they are.
        dropped_personal: Personal columns that were left out, with the number of their values.
        notes: What else there is to know, a sentence each.
    """

    name: str
    records: tuple[CustomerRecord, ...]
    rejected: tuple[RejectedRow, ...] = ()
    scope: Scope | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    custom: tuple[str, ...] = ()
    dropped_personal: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells by field, its identifiers, and the cells of the columns that are kept as they are."""

    number: int
    cells: dict[str, str | None]
    identifiers: tuple[tuple[str, str], ...]
    custom: dict[str, str]


def read_customers(source: Path | pd.DataFrame, mapping: Path | None = None) -> CustomerFile:
    """Return the customers in a CRM export.

    Args:
        source: A file, plain or compressed: CSV or TSV in any common encoding, an Excel workbook of one sheet,
            Parquet, JSON lines; or a DataFrame.
        mapping: A YAML file that says what the headers do not.

    Raises:
        FileUnreadable: If the file cannot be read, or has more rows than a sales team has customers.
        FormatMismatch: If it is something else: HTML, binary, a workbook of several sheets.
        FormatChanged: If no column is the customer's id or name.
        MappingInvalid: If the mapping cannot be used.
    """
    said = CustomerMapping() if mapping is None else read_customer_mapping(mapping)
    table = read_cells(source, said.encoding) if isinstance(source, Path) else convert_frame(source)
    columns = _settle_state(table, choose_columns(table.name, table.headers, said), said)
    parser = _RowParser(table, columns, said)
    records = tuple(parser.parse_all())
    return CustomerFile(
        name=table.name,
        records=records,
        rejected=tuple(sorted(parser.rejected, key=lambda one: one.row)),
        scope=_scope(columns, said),
        columns={
            **columns.fields,
            **{f"identifier {scheme}".strip(): header for scheme, header in columns.identifiers},
        },
        custom=columns.custom,
        dropped_personal=_count_personal(table, columns),
        notes=(*table.notes(), *parser.notes()),
    )


class _RowParser:
    """Makes records of rows, and remembers what it could not."""

    def __init__(self, table: CellTable, columns: CustomerColumns, mapping: CustomerMapping) -> None:
        self.rejected = [RejectedRow(row=row, external_id=None, reason=reason) for row, reason in table.bad_rows()]
        self._table = table
        self._columns = columns
        self._mapping = mapping
        self._headers = repeated_headers(columns)
        self._day_order = _tell_day_order(table, columns)
        self._decimal = _tell_decimal(table, columns)
        self._first_rows: dict[str, int] = {}
        self._unread: Counter[str] = Counter()
        self._unknown_words: dict[str, None] = {}

    def parse_all(self) -> Iterator[CustomerRecord]:
        """Yield the record of every row that gives one."""
        for block in self._table.blocks:
            for row in _rows(block, self._columns, self._mapping.constants):
                try:
                    yield self._parse(row)
                except ValueInvalid as error:
                    external_id = row.cells["external_id"]
                    self.rejected.append(RejectedRow(row=row.number, external_id=external_id, reason=str(error)))

    def notes(self) -> list[str]:
        """Return what there is to know about cells that were not read."""
        notes = [
            f"Column {self._columns.fields[field]!r}, {n:,} times: not read as {_WANTED[field]}, kept as written."
            for field, n in sorted(self._unread.items())
        ]
        notes += [
            f"The known statuses nearest to {word!r} are {', '.join(nearest_words(word))}."
            for word in list(self._unknown_words)[:_SHOWN_WORDS]
        ]
        if self._unknown_words:
            notes.append("The statuses that are known, and how to say others, are in docs/customers.md.")
        return notes

    def _parse(self, row: _Row) -> CustomerRecord:
        external_id, name = self._parse_identity(row)
        status, country = self._parse_status(row), country_code(row.cells.get("country"))
        value = parse_amount(row.cells.get("value") or "", decimal=self._decimal, country=country)
        record = CustomerRecord(
            external_id=external_id,
            name=name,
            status=status,
            identifiers=row.identifiers,
            jurisdiction=self._keep_unread(row, "country", country),
            email_domain=parse_email_domain(row.cells.get("email") or ""),
            value=self._keep_unread(row, "value", value),
            won_on=self._keep_unread(row, "won_on", self._parse_won_on(row)) if status is CustomerStatus.WON else None,
            custom=row.custom,
            **{field: row.cells.get(field) for field in _PLAIN},
        )
        self._first_rows[external_id] = row.number
        return record

    def _parse_identity(self, row: _Row) -> tuple[str, str]:
        external_id, name = row.cells["external_id"], row.cells["name"]
        if external_id is None:
            raise ValueInvalid(f"It has no id: column {self._columns.fields['external_id']!r} is empty.")
        if name is None:
            raise ValueInvalid(f"It has no name: column {self._columns.fields['name']!r} is empty.")
        folded = fold_header(external_id), fold_header(name)
        if all(text in headers for text, headers in zip(folded, self._headers, strict=True)):
            raise ValueInvalid("It is a second header row.")
        if external_id in self._first_rows:
            raise ValueInvalid(f"Its id {external_id!r} is that of row {self._first_rows[external_id]} already.")
        return external_id, name

    def _parse_status(self, row: _Row) -> CustomerStatus:
        if "status" not in row.cells:
            return CustomerStatus.WON
        try:
            return parse_status(row.cells["status"], self._mapping.status_words)
        except ValueInvalid:
            if row.cells["status"]:
                self._unknown_words[row.cells["status"][:80]] = None
            raise

    def _parse_won_on(self, row: _Row) -> date | None:
        text = row.cells.get("won_on")
        return None if text is None else parse_day(text, self._day_order, self._mapping.date_format)

    def _keep_unread(self, row: _Row, field: str, value: _Value | None) -> _Value | None:
        text = row.cells.get(field)
        if value is None and text is not None:
            self._unread[field] += 1
            row.custom[self._columns.fields.get(field, field)] = text
        return value


def _rows(block: RowBlock, columns: CustomerColumns, constants: Mapping[str, str]) -> Iterator[_Row]:
    cells = {header: column.to_pylist() for header, column in block.columns.items()}
    for place, number in enumerate(block.rows.tolist()):
        yield _Row(
            number=number,
            cells={**constants, **{field: cells[header][place] for field, header in columns.fields.items()}},
            identifiers=tuple(
                (scheme, value) for scheme, header in columns.identifiers if (value := cells[header][place])
            ),
            custom={header: value for header in columns.custom if (value := cells[header][place])},
        )


def _tell_day_order(table: CellTable, columns: CustomerColumns) -> DayOrder:
    header = columns.fields.get("won_on")
    return DayOrder.UNKNOWN if header is None else tell_day_order(table.cells(header))


def _scope(columns: CustomerColumns, mapping: CustomerMapping) -> Scope:
    said = {*columns.fields, *mapping.constants}
    return Scope(
        fields=frozenset(_RECORD_FIELDS.get(field, field) for field in said),
        schemes=frozenset(scheme for scheme, _ in columns.identifiers),
        headers=frozenset({*columns.fields.values(), *columns.custom, *(header for _, header in columns.identifiers)}),
    )


def _settle_state(table: CellTable, columns: CustomerColumns, mapping: CustomerMapping) -> CustomerColumns:
    """Return the columns where `Estado`, status in Spanish and region in Portuguese, is what its cells are."""
    candidates = [columns.fields.get("status", ""), *columns.custom]
    header = next((one for one in candidates if fold_header(one) == "estado"), None)
    if header is None or header in mapping.columns.values():
        return columns
    is_status = any(_is_status(cell, mapping) for cell in table.cells(header) if cell)
    return columns if is_status else move_state(columns, header)


def _is_status(cell: str, mapping: CustomerMapping) -> bool:
    try:
        parse_status(cell, mapping.status_words)
    except ValueInvalid:
        return False
    return True


def _tell_decimal(table: CellTable, columns: CustomerColumns) -> str | None:
    header = columns.fields.get("value")
    if header is None:
        return None
    return "." if header in table.numeric else tell_decimal(table.cells(header))


def _count_personal(table: CellTable, columns: CustomerColumns) -> dict[str, int]:
    counts = {header: sum(cell is not None for cell in table.cells(header)) for header in columns.personal}
    if "email" in columns.fields:
        header = columns.fields["email"]
        counts[header] = sum("@" in cell for cell in table.cells(header) if cell)
    return {header: n for header, n in counts.items() if n}
