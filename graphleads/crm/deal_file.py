"""Deals as a CRM exports them: every row a `Deal`, and the accounts that they are with as `CustomerRecord`s."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TypeVar

from graphleads.codes.country import country_code
from graphleads.crm.amount import parse_amount, tell_decimal
from graphleads.crm.cell import CellTable, RejectedRow
from graphleads.crm.column import fold_name
from graphleads.crm.deal_column import DealColumns
from graphleads.crm.external_id import fold_id, require_whole
from graphleads.crm.mapping import CustomerMapping
from graphleads.crm.status import WORDS, parse_status
from graphleads.errors import ValueInvalid
from graphleads.formats.row_block import RowBlock
from graphleads.model import CustomerRecord, CustomerStatus, Deal
from graphleads.text import says_nothing
from graphleads.values.day import parse_day, tell_day_order

_Value = TypeVar("_Value")

_DAYS = ("opened_on", "expected_on", "closed_on", "lost_on")
_PLAIN = ("account", "name", "product", "stage", "owner")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?(%?)")
_TRUE, _FALSE = ("true", "1", "yes", "y", "是", "sim", "sí"), ("false", "0", "no", "n", "否", "não")
_SHOWN_WORDS = 5

_WANTED = {
    "amount": "an amount that reads one way only",
    "currency": "a currency, three letters of ISO 4217",
    "probability": "a probability",
    **dict.fromkeys(_DAYS, "a day that reads one way only"),
}


@dataclass(slots=True)
class ReadDeals:
    """What was read of a file of deals.

    Attributes:
        deals: The deals, each id once.
        accounts: The customers that they are with, as far as the file names them.
        rejected: The rows that were left out.
        notes: What else there is to know, a sentence each.
    """

    deals: list[Deal] = field(default_factory=list)
    accounts: list[CustomerRecord] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its cells by field, those that say something of the account, and those that are kept as they are."""

    number: int
    cells: dict[str, str | None]
    account: dict[str, str | None]
    identifiers: tuple[tuple[str, str], ...]
    custom: dict[str, str]


def read_deals(table: CellTable, columns: DealColumns, mapping: CustomerMapping) -> ReadDeals:
    """Return the deals of a table of texts, and the accounts that they are with."""
    parser = _DealParser(table, columns, mapping)
    read = ReadDeals(rejected=parser.rejected)
    accounts: dict[str, CustomerRecord] = {}
    for deal, row in parser.parse_all():
        read.deals.append(deal)
        if deal.customer is not None and deal.account is not None:
            accounts.setdefault(fold_id(deal.customer), _account(deal, row, mapping))
    read.accounts.extend(accounts.values())
    read.notes.extend(parser.notes())
    n_nobody = sum(one.customer is None for one in read.deals)
    if n_nobody:
        read.notes.append(f"{n_nobody:,} deals name no customer: they are kept, and count for none.")
    return read


def _account(deal: Deal, row: _Row, mapping: CustomerMapping) -> CustomerRecord:
    """Return the customer that a deal is with; it is open until its deals say otherwise."""
    said = row.account
    country = country_code(said.get("country") or mapping.constants.get("country"))
    return CustomerRecord(
        external_id=deal.customer or "",
        name=deal.account or "",
        status=CustomerStatus.OPEN,
        identifiers=row.identifiers,
        jurisdiction=country,
        locality=said.get("locality"),
        region=said.get("region"),
        postcode=said.get("postcode"),
        website=said.get("website"),
        owner=said.get("owner"),
        parent=said.get("parent"),
    )


class _DealParser:
    """Makes deals of rows, and remembers what it could not read."""

    def __init__(self, table: CellTable, columns: DealColumns, mapping: CustomerMapping) -> None:
        self.rejected = [RejectedRow(row=row, external_id=None, reason=reason) for row, reason in table.bad_rows()]
        self._table, self._columns, self._mapping = table, columns, mapping
        headers = [columns.fields[name] for name in _DAYS if name in columns.fields]
        self._day_order = tell_day_order(chain.from_iterable(table.cells(header) for header in headers))
        self._decimal = self._tell_decimal()
        self._in_percent = self._tell_percent()
        self._first_rows: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._n_called: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()
        self._unknown_stages: Counter[str] = Counter()

    def parse_all(self) -> Iterator[tuple[Deal, _Row]]:
        """Yield the deal of every row that gives one."""
        for block in self._table.blocks:
            for row in _rows(block, self._columns, self._mapping.constants):
                try:
                    yield self._parse(row), row
                except ValueInvalid as error:
                    given = row.cells.get("external_id")
                    self.rejected.append(RejectedRow(row=row.number, external_id=given, reason=str(error)))

    def notes(self) -> list[str]:
        """Return what there is to know about cells that were not read."""
        notes = [
            f"Column {self._columns.fields[name]!r}, {n:,} times: not read as {_WANTED[name]}, kept as written."
            for name, n in sorted(self._unread.items())
        ]
        if not {"stage", "status", "is_won"} & {*self._columns.fields, *self._mapping.constants}:
            notes.append("No column says where the deals stand: they are taken as open.")
        n_unknown = sum(self._unknown_stages.values())
        if n_unknown:
            words = ", ".join(repr(word[:80]) for word, _ in self._unknown_stages.most_common(_SHOWN_WORDS))
            notes.append(
                f"{n_unknown:,} deals are taken as open, because nothing says what their stage means ({words}): "
                "say it under `status` in a mapping."
            )
        return notes

    def _parse(self, row: _Row) -> Deal:
        customer, account = self._find_customer(row)
        status = self._parse_status(row)
        closed, expected = self._parse_days(row, status)
        return Deal(
            external_id=self._identify(row, customer),
            status=status,
            customer=customer,
            amount=self._keep_unread(row, "amount", self._parse_amount),
            currency=self._keep_unread(row, "currency", _parse_currency),
            probability=self._keep_unread(row, "probability", self._parse_probability),
            opened_on=self._keep_unread(row, "opened_on", self._parse_day),
            expected_on=expected,
            closed_on=closed,
            custom=row.custom,
            **{name: row.cells.get(name) for name in _PLAIN} | {"account": account},
        )

    def _find_customer(self, row: _Row) -> tuple[str | None, str | None]:
        """Return the id of the customer and its name; where no column has ids, the name, in its first spelling."""
        customer, account = row.cells.get("customer"), row.cells.get("account")
        if account is not None and "customer" not in self._columns.fields:
            return self._names.setdefault(fold_name(account), account), account
        # HubSpot lists all companies of a deal, its primary one first.
        customer = None if customer is None else customer.split(";")[0].strip() or None
        if customer is not None:
            require_whole(customer)
        return customer, account

    def _identify(self, row: _Row, customer: str | None) -> str:
        """Return the deal's id: where no column has ids, the customer's with the deal's name or its number in it."""
        if "external_id" in self._columns.fields:
            given = row.cells["external_id"]
            if given is None:
                raise ValueInvalid(f"It has no id: column {self._columns.fields['external_id']!r} is empty.")
            require_whole(given)
            first = self._first_rows.setdefault(fold_id(given), row.number)
            if first != row.number:
                raise ValueInvalid(f"Its id {given!r} is that of row {first} already.")
            return given
        name = row.cells.get("name")
        stem = "/".join(filter(None, (customer, name)))
        self._n_called[stem] += 1
        n = self._n_called[stem]
        return stem if name and n == 1 else f"{stem}/{n}"

    def _parse_status(self, row: _Row) -> CustomerStatus:
        won, closed = (_truth(row.cells.get(name)) for name in ("is_won", "is_closed"))
        if won:
            return CustomerStatus.WON
        if closed and won is False:
            return CustomerStatus.LOST
        said = [self._find_status(row.cells.get(name)) for name in ("status", "stage")]
        ended = next((one for one in said if one in (CustomerStatus.WON, CustomerStatus.LOST)), None)
        stage = row.cells.get("stage") or row.cells.get("status")
        if ended is None and not any(said) and stage:
            self._unknown_stages[stage] += 1
        return ended or CustomerStatus.OPEN

    def _find_status(self, text: str | None) -> CustomerStatus | None:
        return None if text is None else parse_status(text, {**WORDS, **self._mapping.status_words})

    def _parse_days(self, row: _Row, status: CustomerStatus) -> tuple[date | None, date | None]:
        """Return the day on which a deal closed, and that on which it may: of most CRMs one column has both."""
        days = {name: self._keep_unread(row, name, self._parse_day) for name in _DAYS[1:]}
        if status is CustomerStatus.OPEN:
            return None, days["expected_on"] or days["closed_on"]
        ended = (days["closed_on"], days["lost_on"])
        first, second = ended if status is CustomerStatus.WON else reversed(ended)
        return first or second or days["expected_on"], days["expected_on"]

    def _parse_day(self, text: str) -> date | None:
        try:
            return parse_day(text, self._day_order, self._mapping.date_format)
        except ValueInvalid:
            return None

    def _parse_amount(self, text: str) -> float | None:
        return parse_amount(text, decimal=self._decimal)

    def _parse_probability(self, text: str) -> float | None:
        found = _PERCENT.fullmatch(text)
        if found is None:
            return None
        number = float(found[1].replace(",", "."))
        number = number / 100 if found[2] or self._in_percent else number
        return number if number <= 1 else None

    def _keep_unread(self, row: _Row, name: str, parse: Callable[[str], _Value | None]) -> _Value | None:
        text = row.cells.get(name)
        value = None if text is None else parse(text)
        if value is None and text is not None:
            self._unread[name] += 1
            row.custom[self._columns.fields.get(name, name)] = text
        return value

    def _tell_decimal(self) -> str | None:
        header = self._columns.fields.get("amount")
        if header is None:
            return None
        return "." if header in self._table.numeric else tell_decimal(self._table.cells(header))

    def _tell_percent(self) -> bool:
        """Return whether probabilities are written as percentages: one that is above 1 tells of all."""
        header = self._columns.fields.get("probability")
        numbers = (_PERCENT.fullmatch(text) for text in self._table.cells(header) if text) if header else ()
        return any(found is not None and float(found[1].replace(",", ".")) > 1 for found in numbers)


def _parse_currency(text: str) -> str | None:
    code = text.strip().upper()
    return code if _CURRENCY.fullmatch(code) else None


def _truth(text: str | None) -> bool | None:
    said = (text or "").casefold()
    return True if said in _TRUE else False if said in _FALSE else None


def _rows(block: RowBlock, columns: DealColumns, constants: Mapping[str, str]) -> Iterator[_Row]:
    cells = {header: column.to_pylist() for header, column in block.columns.items()}
    for place, number in enumerate(block.rows.tolist()):
        yield _Row(
            number=number,
            cells={**constants, **{name: cells[header][place] for name, header in columns.fields.items()}},
            account={name: cells[header][place] for name, header in columns.accounts.items()},
            identifiers=tuple(
                (scheme, value)
                for scheme, header in columns.identifiers
                if (value := cells[header][place]) and not says_nothing(value)
            ),
            custom={header: value for header in columns.custom if (value := cells[header][place])},
        )
