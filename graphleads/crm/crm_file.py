"""Customers as a CRM exports them: a file or a DataFrame as `CustomerRecord`s, and what was wrong with it.

A row that cannot be used is left out with a reason and the rest goes on. `docs/customers.md` says what is understood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graphleads.codes.country import country_code
from graphleads.crm.amount import parse_amount, tell_decimal
from graphleads.crm.cell import CellTable, RejectedRow, convert_frame, plain_ids, read_cells
from graphleads.crm.column import (
    CustomerColumns,
    choose_columns,
    fold_name,
    is_header,
    most_telling_id,
    repeated_headers,
)
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.deal_column import DealColumns, choose_deal_columns, columns_of_deals, is_stage, tells_deals
from graphleads.crm.deal_file import read_deals
from graphleads.crm.ended import take_out_ended
from graphleads.crm.external_id import fold_id, require_whole
from graphleads.crm.identifier import tell_impossible
from graphleads.crm.mapping import CustomerMapping, read_customer_mapping
from graphleads.crm.people import hold_out, tells_of_person
from graphleads.crm.scope import Scope
from graphleads.crm.status import nearest_words, parse_status
from graphleads.errors import ValueInvalid
from graphleads.formats.row_block import RowBlock
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.text import says_nothing
from graphleads.values.customer_header import fold_header
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
    "won_on": "a day that reads one way only (say `date_format` in a mapping)",
    "status": "a status, taken as open: never a lead, and nothing to look around",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells by field, its identifiers, and the cells of the columns that are kept as they are."""

    number: int
    cells: dict[str, str | None]
    identifiers: tuple[tuple[str, str], ...]
    custom: dict[str, str]

    def said(self, field: str) -> str | None:
        """Return a cell, None where it is empty or says nothing."""
        text = self.cells.get(field)
        return None if text is None or says_nothing(text) else text


def read_customers(
    source: Path | pd.DataFrame,
    mapping: Path | None = None,
    *,
    status_of: str | None = None,
    sheet: str | None = None,
) -> CustomerFile:
    """Return the customers in a CRM export, or the deals and the accounts that they are with.

    Args:
        source: A file, plain or compressed: CSV or TSV in any common encoding, an Excel workbook, Parquet, JSON lines;
            or a DataFrame.
        mapping: A YAML file that says what the headers do not.
        status_of: The column that says how customers stand, or won, open or lost for all of them; None: told.
        sheet: The sheet of a workbook, or table of a database; None: the only one that is not hidden.

    Raises:
        FileUnreadable: If the file cannot be read, or has more rows than a sales team has customers.
        FormatMismatch: If it is something else: HTML, binary, a workbook of several sheets.
        FormatChanged: If no column is the customer's name, or says whose the deals are.
        MappingInvalid: If the mapping cannot be used.
        ValueInvalid: If `status_of` is neither a column nor a status.
    """
    said = CustomerMapping() if mapping is None else read_customer_mapping(mapping)
    table = _read_table(source, said, sheet)
    if tells_deals(table.headers, said):
        return _read_deals(table, choose_deal_columns(table.name, table.headers, said), said)
    columns = choose_columns(table, said, status_of)
    told_id = most_telling_id(table, said)
    if told_id is not None and is_stage(columns) and _is_repeated(table.cells(told_id)):
        columns = replace(columns, fields={**columns.fields, "external_id": told_id})
        return _read_deals(table, columns_of_deals(table.headers, columns), said)
    id_header = None if columns.by_name else columns.fields["external_id"]
    ended = take_out_ended(plain_ids(table, [id_header]), id_header)
    table, columns = ended.table, replace(columns, custom=ended.others(columns.custom))
    kept_as_is = [*columns.custom, *filter(None, [columns.fields.get("website")])]
    table, held_out = hold_out(table, kept_as_is, names=[columns.fields["name"]], numbers=columns.numbers)
    kept = tuple(header for header in columns.custom if header not in held_out or table.says_anything(header))
    parser = _RowParser(table, columns, said)
    records = tuple(parser.parse_all())
    return CustomerFile(
        name=table.name,
        records=records,
        rejected=tuple(sorted(parser.rejected, key=lambda one: one.row)),
        scope=_scope(columns, said),
        scopes={key: _scope(columns, said, unread) for key, unread in parser.unread.items()},
        columns=(read := _read_columns(columns) | ended.columns),
        custom=kept,
        became=_became(table, kept, read),
        dropped_personal=_count_personal(table, columns) | held_out,
        notes=(*table.notes(), *parser.notes(), *tell_impossible(table, columns.identifiers)),
        question=columns.standing.question,
        by_name=columns.by_name,
        ended=ended.why,
    )


def _read_deals(table: CellTable, columns: DealColumns, said: CustomerMapping) -> CustomerFile:
    headers = [columns.fields.get(name) for name in ("external_id", "customer")]
    ended = take_out_ended(plain_ids(table, headers), headers[0])
    table, columns = ended.table, replace(columns, custom=ended.others(columns.custom))
    named = [*filter(None, [columns.fields.get("account")])]
    table, held_out = hold_out(table, columns.custom, names=named, numbers=columns.numbers)
    kept = tuple(header for header in columns.custom if header not in held_out or table.says_anything(header))
    read = read_deals(table, columns, said)
    fields = {
        **{f"deal {name}": header for name, header in columns.fields.items()},
        **columns.accounts,
        **{f"identifier {scheme}".strip(): header for scheme, header in columns.identifiers},
        **ended.columns,
    }
    return CustomerFile(
        name=table.name,
        records=tuple(read.accounts),
        rejected=tuple(sorted(read.rejected, key=lambda one: one.row)),
        columns=fields,
        custom=kept,
        became=_became(table, kept, fields),
        dropped_personal=_count_filled(table, columns.personal) | held_out,
        notes=(*table.notes(), *read.notes, *tell_impossible(table, columns.identifiers)),
        deals=tuple(read.deals),
        by_name="customer" not in columns.fields,
        ended_deals=ended.why,
    )


def _is_repeated(cells: Iterator[str | None]) -> bool:
    ids = [one for one in cells if one is not None]
    return len(set(ids)) < len(ids)


def _read_table(source: Path | pd.DataFrame, mapping: CustomerMapping, sheet: str | None) -> CellTable:
    if not isinstance(source, Path):
        return convert_frame(source)
    return read_cells(source, mapping.encoding, sheet=sheet, is_header=lambda values: is_header(values, mapping))


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
        self._n_unsaid = 0
        self._unread_of = _unread_by_row(table)
        self.unread: dict[str, frozenset[str]] = {}
        self._unknown_words: dict[str, None] = {}
        words = {**columns.standing.words, **mapping.status_words}
        self._find_status = cache(partial(parse_status, words=words))

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
        if self._n_unsaid:
            notes.append(f"Column {self._columns.fields['status']!r}, {self._n_unsaid:,} times: empty, taken as open.")
        return notes

    def _parse(self, row: _Row) -> CustomerRecord:
        external_id, name = self._parse_identity(row)
        status, country = self._parse_status(row), country_code(row.said("country"))
        value = parse_amount(row.said("value") or "", decimal=self._decimal, country=country)
        record = CustomerRecord(
            external_id=external_id,
            name=name,
            status=status,
            identifiers=row.identifiers,
            jurisdiction=self._keep_unread(row, "country", country),
            email_domain=parse_email_domain(row.cells.get("email") or ""),
            value=self._keep_unread(row, "value", value),
            won_on=self._parse_won_on(row) if status is CustomerStatus.WON else None,
            custom=row.custom,
            **{field: row.said(field) for field in _PLAIN},
        )
        if row.number in self._unread_of:
            self.unread[external_id] = self._unread_of[row.number]
        return record

    def _parse_identity(self, row: _Row) -> tuple[str, str]:
        external_id, name = row.cells["external_id"], row.cells["name"]
        if external_id is None:
            raise ValueInvalid(f"It has no id: {self._empty(row, 'external_id')}.")
        if name is None:
            raise ValueInvalid(f"It has no name: {self._empty(row, 'name')}.")
        ids, names = self._headers
        if fold_header(external_id) in ids and fold_header(name) in names:
            raise ValueInvalid("It is a second header row.")
        require_whole(external_id)
        known = fold_name(external_id) if self._columns.by_name else fold_id(external_id)
        if known in self._first_rows:
            raise ValueInvalid(f"Its id {external_id!r} is that of row {self._first_rows[known]} already.")
        self._first_rows[known] = row.number
        return external_id, name

    def _empty(self, row: _Row, field: str) -> str:
        header = self._columns.fields[field]
        unread = header in self._unread_of.get(row.number, ())
        return f"what column {header!r} says could not be read" if unread else f"column {header!r} is empty"

    def _parse_status(self, row: _Row) -> CustomerStatus:
        """Return how a customer stands: open, which is never a lead, where its word is not known."""
        if "status" not in row.cells:
            return self._columns.standing.everybody or CustomerStatus.OPEN
        text = row.cells["status"]
        status = self._find_status(text)
        if status is None and text is None:
            self._n_unsaid += 1
        elif status is None and not tells_of_person("", str(text)):
            self._unknown_words[str(text)] = None
        return self._keep_unread(row, "status", status) or CustomerStatus.OPEN

    def _parse_won_on(self, row: _Row) -> date | None:
        text = row.cells.get("won_on")
        try:
            return None if text is None else parse_day(text, self._day_order, self._mapping.date_format)
        except ValueInvalid:
            return self._keep_unread(row, "won_on", None)

    def _keep_unread(self, row: _Row, field: str, value: _Value | None) -> _Value | None:
        text = row.said(field)
        if value is None and text is not None:
            self._unread[field] += 1
            header = self._columns.fields.get(field, field)
            if not tells_of_person(header, text):
                row.custom[header] = text
        return value


def _rows(block: RowBlock, columns: CustomerColumns, constants: Mapping[str, str]) -> Iterator[_Row]:
    cells = {header: column.to_pylist() for header, column in block.columns.items()}
    for place, number in enumerate(block.rows.tolist()):
        yield _Row(
            number=number,
            cells={**constants, **{field: cells[header][place] for field, header in columns.fields.items()}},
            identifiers=tuple(
                (scheme, value)
                for scheme, header in columns.identifiers
                if (value := cells[header][place]) and not says_nothing(value)
            ),
            custom={header: value for header in columns.custom if (value := cells[header][place])},
        )


def _unread_by_row(table: CellTable) -> dict[int, frozenset[str]]:
    """Return the columns, by row, whose cells could not be read."""
    found: dict[int, frozenset[str]] = {}
    for header, rows in table.unread.items():
        for row in rows:
            found[row] = found.get(row, frozenset()).union([header])
    return found


def _tell_day_order(table: CellTable, columns: CustomerColumns) -> DayOrder:
    header = columns.fields.get("won_on")
    return DayOrder.UNKNOWN if header is None else tell_day_order(table.cells(header))


def _scope(columns: CustomerColumns, mapping: CustomerMapping, unread: Collection[str] = ()) -> Scope:
    """Return what a file says, or what it says of a customer of whom the cells of some columns could not be read."""
    fields = {field for field, header in columns.fields.items() if header not in unread}
    numbers = {scheme: header for scheme, header in columns.identifiers if header not in unread}
    said = {*fields, *mapping.constants, *(["status"] if columns.standing.everybody else [])}
    headers = {*columns.fields.values(), *columns.custom, *(header for _, header in columns.identifiers)}
    return Scope(
        fields=frozenset(_RECORD_FIELDS.get(field, field) for field in said),
        schemes=frozenset(numbers),
        headers=frozenset(headers.difference(unread)),
    )


def _read_columns(columns: CustomerColumns) -> dict[str, str]:
    """Return the header of what was read, by field, and of identifiers by `identifier SCHEME`."""
    return columns.fields | {f"identifier {scheme}".strip(): header for scheme, header in columns.identifiers}


def _became(table: CellTable, kept: Iterable[str], read: Mapping[str, str]) -> dict[str, str]:
    """Return what became of each column, in the order of the export."""
    fates = dict.fromkeys(table.headers, "never stored") | dict.fromkeys(kept, "kept as written")
    return fates | {header: field for field, header in read.items()}


def _tell_decimal(table: CellTable, columns: CustomerColumns) -> str | None:
    header = columns.fields.get("value")
    if header is None:
        return None
    return "." if header in table.numeric else tell_decimal(table.cells(header))


def _count_personal(table: CellTable, columns: CustomerColumns) -> dict[str, int]:
    counts, header = _count_filled(table, columns.personal), columns.fields.get("email")
    n_addresses = sum("@" in cell for cell in table.cells(header) if cell) if header else 0
    return counts | ({header: n_addresses} if header and n_addresses else {})


def _count_filled(table: CellTable, headers: Iterable[str]) -> dict[str, int]:
    counts = {header: sum(cell is not None for cell in table.cells(header)) for header in headers}
    return {header: n for header, n in counts.items() if n}
