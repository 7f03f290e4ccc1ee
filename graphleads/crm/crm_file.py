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
from graphleads.crm.cell import CellTable, RejectedRow, convert_frame, read_cells
from graphleads.crm.column import (
    CustomerColumns,
    choose_columns,
    fold_header,
    fold_name,
    move_state,
    repeated_headers,
)
from graphleads.crm.deal_column import (
    DealColumns,
    choose_deal_columns,
    columns_of_deals,
    is_stage,
    tells_deals,
)
from graphleads.crm.deal_file import read_deals
from graphleads.crm.mapping import CustomerMapping, read_customer_mapping
from graphleads.crm.scope import Scope
from graphleads.crm.status import (
    nearest_words,
    parse_status,
)
from graphleads.errors import ValueInvalid
from graphleads.formats.delimited import RowBlock
from graphleads.model import CustomerRecord, CustomerStatus, Deal
from graphleads.values.day import DayOrder, parse_day, tell_day_order
from graphleads.values.email_domain import parse_email_domain

if TYPE_CHECKING:
    import pandas as pd

_Value = TypeVar("_Value")

_PLAIN = ("locality", "region", "postcode", "website", "phone", "owner", "parent")
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
        deals: The deals in the file's order, each id once, if it is a file of deals; its records are their accounts.
        by_name: Whether nothing is a customer's id, so that customers are known by their names.
    """

    name: str
    records: tuple[CustomerRecord, ...]
    rejected: tuple[RejectedRow, ...] = ()
    scope: Scope | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    custom: tuple[str, ...] = ()
    dropped_personal: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    deals: tuple[Deal, ...] = ()
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells by field, its identifiers, and the cells of the columns that are kept as they are."""

    number: int
    cells: dict[str, str | None]
    identifiers: tuple[tuple[str, str], ...]
    custom: dict[str, str]


def read_customers(source: Path | pd.DataFrame, mapping: Path | None = None) -> CustomerFile:
    """Return the customers in a CRM export, or the deals and the accounts that they are with.

    Args:
        source: A file, plain or compressed: CSV or TSV in any common encoding, an Excel workbook of one sheet,
            Parquet, JSON lines; or a DataFrame.
        mapping: A YAML file that says what the headers do not.

    Raises:
        FileUnreadable: If the file cannot be read, or has more rows than a sales team has customers.
        FormatMismatch: If it is something else: HTML, binary, a workbook of several sheets.
        FormatChanged: If no column is the customer's name, or says whose the deals are.
        MappingInvalid: If the mapping cannot be used.
    """
    said = CustomerMapping() if mapping is None else read_customer_mapping(mapping)
    table = read_cells(source, said.encoding) if isinstance(source, Path) else convert_frame(source)
    if tells_deals(table.headers, said):
        return _read_deals(table, choose_deal_columns(table.name, table.headers, said), said)
    columns = _settle_state(table, choose_columns(table.name, table.headers, said), said)
    if is_stage(columns) and _is_repeated(table.cells(columns.fields["external_id"])):
        return _read_deals(table, columns_of_deals(table.headers, columns), said)
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
        by_name=columns.by_name,
    )


def _read_deals(table: CellTable, columns: DealColumns, said: CustomerMapping) -> CustomerFile:
    read = read_deals(table, columns, said)
    return CustomerFile(
        name=table.name,
        records=tuple(read.accounts),
        rejected=tuple(sorted(read.rejected, key=lambda one: one.row)),
        columns={
            **{f"deal {name}": header for name, header in columns.fields.items()},
            **columns.accounts,
            **{f"identifier {scheme}".strip(): header for scheme, header in columns.identifiers},
        },
        custom=columns.custom,
        dropped_personal={header: n for header in columns.personal if (n := _count_filled(table, header))},
        notes=(*table.notes(), *read.notes),
        deals=tuple(read.deals),
        by_name="customer" not in columns.fields,
    )


def _is_repeated(cells: Iterator[str | None]) -> bool:
    ids = [one for one in cells if one is not None]
    return len(set(ids)) < len(ids)


def _count_filled(table: CellTable, header: str) -> int:
    return sum(cell is not None for cell in table.cells(header))


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
        notes = []
        if self._columns.by_name:
            header = self._columns.fields["name"]
            notes.append(f"No column is the customer's id, so column {header!r} stands for it, too.")
        notes += [
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
        return CustomerRecord(
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

    def _parse_identity(self, row: _Row) -> tuple[str, str]:
        external_id, name = row.cells["external_id"], row.cells["name"]
        if external_id is None:
            raise ValueInvalid(f"It has no id: column {self._columns.fields['external_id']!r} is empty.")
        if name is None:
            raise ValueInvalid(f"It has no name: column {self._columns.fields['name']!r} is empty.")
        folded = fold_header(external_id), fold_header(name)
        if all(text in headers for text, headers in zip(folded, self._headers, strict=True)):
            raise ValueInvalid("It is a second header row.")
        known = fold_name(external_id) if self._columns.by_name else external_id
        if known in self._first_rows:
            raise ValueInvalid(f"Its id {external_id!r} is that of row {self._first_rows[known]} already.")
        self._first_rows[known] = row.number
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
    counts = {header: _count_filled(table, header) for header in columns.personal}
    if "email" in columns.fields:
        header = columns.fields["email"]
        counts[header] = sum("@" in cell for cell in table.cells(header) if cell)
    return {header: n for header, n in counts.items() if n}
