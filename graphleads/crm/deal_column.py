"""Whether a CRM export is of deals, and which of its columns is what: told from the headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphleads.crm.column import CustomerColumns, first_known
from graphleads.crm.mapping import CustomerMapping
from graphleads.errors import FormatChanged
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS, PERSONAL, fold_header
from graphleads.values.deal_header import DEAL_HEADERS, DEALS_TOLD_BY, STAGE_OF_DEALS

_OF_DEALS = frozenset(map(fold_header, DEALS_TOLD_BY))
_STAGES = frozenset(map(fold_header, STAGE_OF_DEALS))
_CHANCES = frozenset(map(fold_header, DEAL_HEADERS["probability"]))
_ACCOUNTS = frozenset(fold_header(header) for field in ("customer", "account") for header in DEAL_HEADERS[field])

_SAME = {"external_id": "customer", "name": "account", "status": "stage", "value": "amount", "won_on": "closed_on"}
"""What a column of customers is where there is a row a deal."""

_ACCOUNT_HEADERS = {
    **{field: HEADERS[field] for field in ("country", "locality", "region", "postcode", "website", "parent")},
    "owner": ("Account Owner", "Company Owner", "Customer Owner", "客户所有人", "客户负责人"),
}
"""What files of deals say of the accounts, too; their other columns of persons are the deals'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealColumns:
    """What each column of an export of deals is.

    Attributes:
        fields: Header by field of `DEAL_HEADERS`.
        accounts: Header by field of `HEADERS`, of what is said of the accounts.
        identifiers: (scheme, header) pairs of the accounts' identifiers.
        personal: Headers of personal columns, left out.
        custom: Headers of the rest, kept as they are.
    """

    fields: dict[str, str]
    accounts: dict[str, str]
    identifiers: tuple[tuple[str, str], ...]
    personal: tuple[str, ...]
    custom: tuple[str, ...]

    @property
    def numbers(self) -> list[str]:
        """The headers of the identifiers."""
        return [header for _, header in self.identifiers]


def tells_deals(headers: Sequence[str], mapping: CustomerMapping) -> bool:
    """Return whether an export is of deals: a column says so that only deals have, and another whose they are."""
    if mapping.deals:
        return True
    folded = {fold_header(header) for header in headers}
    has_account = bool(folded & _ACCOUNTS) or "external_id" in mapping.columns or "name" in mapping.columns
    return has_account and bool(folded & _OF_DEALS or (folded & _STAGES and folded & _CHANCES))


def is_stage(columns: CustomerColumns) -> bool:
    """Return whether the column of the status is called as the stages of deals are."""
    return fold_header(columns.fields.get("status", "")) in _STAGES


def choose_deal_columns(name: str, headers: Sequence[str], mapping: CustomerMapping) -> DealColumns:
    """Return what each column is: as the mapping says, otherwise by its header.

    Args:
        name: How messages call the file.
        headers: Its columns.
        mapping: What was said about it.

    Raises:
        MappingInvalid: If the mapping names a column that is not there.
        FormatChanged: If no column says whose the deals are.
    """
    mapping.check_headers(name, headers)
    said = {_SAME.get(field, field): header for field, header in mapping.columns.items()}
    return _choose(name, headers, {**said, **mapping.deals}, mapping.identifiers)


def columns_of_deals(headers: Sequence[str], columns: CustomerColumns) -> DealColumns:
    """Return what the columns of an export of customers are if it has a row a deal, and no ids of deals."""
    said = {_SAME.get(field, field): header for field, header in columns.fields.items()}
    chosen = _choose("", headers, said, dict(columns.identifiers))
    # What looks like an id is the customers'.
    return DealColumns(
        fields={field: header for field, header in chosen.fields.items() if field != "external_id"},
        accounts=chosen.accounts,
        identifiers=chosen.identifiers,
        personal=chosen.personal,
        custom=chosen.custom,
    )


def _choose(name: str, headers: Sequence[str], said: Mapping[str, str], identifiers: Mapping[str, str]) -> DealColumns:
    fields = first_known(DEAL_HEADERS, headers, {field: one for field, one in said.items() if field in DEAL_HEADERS})
    if "customer" not in fields and "account" not in fields:
        raise FormatChanged(_missing(name, headers))
    free = [header for header in headers if header not in fields.values()]
    told = {field: one for field, one in said.items() if field in _ACCOUNT_HEADERS and field != "owner"}
    accounts = first_known(_ACCOUNT_HEADERS, free, told)
    schemes = first_known(IDENTIFIER_HEADERS, free, identifiers)
    rest = [header for header in free if header not in {*accounts.values(), *schemes.values()}]
    personal = tuple(header for header in rest if PERSONAL.search(fold_header(header)))
    return DealColumns(
        fields=fields,
        accounts=accounts,
        identifiers=tuple(schemes.items()),
        personal=personal,
        custom=tuple(header for header in rest if header not in personal),
    )


def _missing(name: str, headers: Sequence[str]) -> str:
    known = ", ".join((*DEAL_HEADERS["customer"], *DEAL_HEADERS["account"]))
    return (
        f"{name} has no column for the customer that a deal is with: none of {known} is among "
        f"{', '.join(headers)[:300]}; name it in a mapping (deals: {{customer: …}} or {{account: …}})."
    )
