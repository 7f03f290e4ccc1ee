"""Customers, their deals and their imports as JSON objects and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphleads.leads.shown import OurCustomer
from graphleads.model import CustomerRecord, CustomerStatus, Deal, Match, MatchState
from graphleads.view.page import page_behind
from graphleads.view.text import in_words, plain

if TYPE_CHECKING:
    from graphleads.crm.change import CustomerChange, FieldChange
    from graphleads.crm.comparing import ImportReport
    from graphleads.crm.customer_file import CustomerFile
    from graphleads.view import shape
    from graphleads.view.list_shape import DealFacts, DealsAnswer
    from graphleads.view.shape import CustomerFacts, CustomersAnswer, MatchAnswer
    from graphleads.workspace.answer import CustomerLine

_WIDTH = 60
"""Characters of a value that a change shows."""

_FIELDS = 10
"""Changed fields of one customer that are shown."""


def import_object(report: ImportReport, *, dry_run: bool) -> dict[str, Any]:
    """Return what an import did, or would do."""
    return {
        "file": report.file.name,
        "dry_run": dry_run,
        "import_id": report.import_id,
        "columns": report.file.columns,
        "custom_columns": report.file.custom,
        "became": report.file.became,
        "new": report.new,
        "changed": [asdict(one) for one in report.changed],
        "unchanged": report.unchanged,
        "ended": [asdict(one) for one in report.ended],
        "deals": asdict(report.deals) if report.deals else None,
        "rejected": [asdict(one) for one in report.rejected],
        "likely_duplicates": [asdict(one) for one in report.duplicates],
        "dropped_personal": report.file.dropped_personal,
        "notes": report.file.notes,
    }


def column_lines(file: CustomerFile) -> Iterator[str]:
    """Yield what became of the columns of an export, a line each of those that were read, kept and left out."""
    read = [f"{in_words(field)} from {header!r}" for field, header in file.columns.items()]
    taken = {*file.columns.values(), *file.custom}
    for what, columns in [
        ("Read", read),
        ("Kept as written", [repr(header) for header in file.custom]),
        ("Never stored", [repr(header) for header in file.became if header not in taken]),
    ]:
        if columns:
            yield f"{what}: {', '.join(columns)}."


def change_rows(changes: Iterable[CustomerChange]) -> Iterator[tuple[str, str]]:
    """Yield a row a field that changed: the customer and `field: old → new`, long values cut."""
    for one in changes:
        for change in one.fields[:_FIELDS]:
            yield one.external_id, _change_line(change)
        if len(one.fields) > _FIELDS:
            yield one.external_id, f"{len(one.fields) - _FIELDS:,} more fields, see `--json`"


def _change_line(change: FieldChange) -> str:
    return f"{_brief(in_words(change.field))}: {_brief(change.old)} → {_brief(change.new)}"


def _brief(text: str | None) -> str:
    shown = plain(text) if text else "(empty)"
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 1]}…"


def customers_object(lines: Sequence[CustomerLine], *, after: str | None, limit: int) -> CustomersAnswer:
    """Return customers in brief by their ids, as many as were asked for behind one of them."""
    shown, following = page_behind(lines, lambda one: one.customer.external_id, after=after, limit=limit)
    return {"items": line_objects(shown), "next": following}


def line_objects(lines: Iterable[CustomerLine]) -> list[shape.CustomerLine]:
    """Return customers in brief, each with how it stands to the registers."""
    return [
        {
            "id": one.customer.external_id,
            "name": one.customer.name,
            "status": one.customer.status.value,
            "owner": one.customer.owner,
            "match": one.match.state.value if one.match else None,
            "company": one.match.company if one.match else None,
        }
        for one in lines
    ]


def line_rows(lines: Iterable[CustomerLine]) -> Iterator[tuple[str | None, ...]]:
    """Yield a row a customer: what `line_objects` returns."""
    for one in line_objects(lines):
        yield one["id"], one["name"], one["status"], one["owner"], one["match"], one["company"]


def customer_line(customer: OurCustomer) -> str:
    """Return in a line how a company stands to a customer of ours: `was customer C-9 (Cedar), owner Ann`."""
    if customer["match"] == MatchState.UNSURE:
        verb = "may be"
    else:
        verb = "was" if customer["status"] == CustomerStatus.LOST else "is"
    until = f", until {customer['until']}" if customer["until"] else ""
    return f"{verb} {_named(customer)}{until}"


def near_line(customer: OurCustomer) -> str:
    """Return in a line which customer of ours is near."""
    return f"near {_named(customer)}"


def _named(customer: OurCustomer) -> str:
    owner = f", owner {customer['owner']}" if customer["owner"] else ", nobody's"
    kind = "customer" if customer["status"] == CustomerStatus.WON else f"{customer['status']} customer"
    return f"{kind} {customer['id']} ({customer['name']}){owner}"


def record_object(customer: CustomerRecord) -> CustomerFacts:
    """Return a customer as the CRM has it."""
    return {
        "external_id": customer.external_id,
        "name": customer.name,
        "status": customer.status.value,
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in customer.identifiers],
        "jurisdiction": customer.jurisdiction,
        "locality": customer.locality,
        "region": customer.region,
        "postcode": customer.postcode,
        "website": customer.website,
        "email_domain": customer.email_domain,
        "phone": customer.phone,
        "owner": customer.owner,
        "parent": customer.parent,
        "value": customer.value,
        "won_on": customer.won_on,
        "custom": dict(customer.custom),
    }


def deals_object(deals: Iterable[Deal], *, limit: int | None) -> DealsAnswer:
    """Return deals, and after which id there may be more: where there are as many as were asked for."""
    items = [_deal_object(one) for one in deals]
    return {"items": items, "next": items[-1]["external_id"] if items and len(items) == limit else None}


def _deal_object(deal: Deal) -> DealFacts:
    return {
        "external_id": deal.external_id,
        "customer": deal.customer,
        "account": deal.account,
        "name": deal.name,
        "product": deal.product,
        "stage": deal.stage,
        "status": deal.status.value,
        "amount": deal.amount,
        "currency": deal.currency,
        "probability": deal.probability,
        "opened_on": deal.opened_on,
        "expected_on": deal.expected_on,
        "closed_on": deal.closed_on,
        "owner": deal.owner,
        "custom": dict(deal.custom),
    }


def deal_rows(deals: Iterable[Deal]) -> Iterator[tuple[str | None, ...]]:
    """Yield a row a deal: its id, customer, name or product, stage, status, amount, day and owner."""
    for one in deals:
        amount = None if one.amount is None else f"{one.amount:,.2f} {one.currency or ''}".strip()
        day = one.closed_on or one.expected_on
        yield (
            *(one.external_id, one.customer, one.name or one.product, one.stage, one.status.value, amount),
            *(str(day) if day else None, one.owner),
        )


def match_object(match: Match) -> MatchAnswer:
    """Return how a customer stands to the registers."""
    return {
        "customer": match.customer,
        "company": match.company,
        "state": match.state.value,
        "method": match.method,
        "probability": match.probability,
        "features": match.features,
        "others": match.others,
    }


def customer_rows(customer: CustomerRecord) -> Iterator[tuple[str, str]]:
    """Yield what the CRM says of a customer, a row a field that is there."""
    for scheme, value in customer.identifiers:
        yield scheme or "identifier", value
    for name in (
        "jurisdiction",
        "region",
        "locality",
        "postcode",
        "website",
        "email_domain",
        "phone",
        "owner",
        "parent",
        "value",
        "won_on",
    ):
        value = getattr(customer, name)
        if value is not None:
            yield in_words(name), str(value)
    yield from customer.custom.items()
