"""Customers and their imports as JSON objects and as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphleads.model import CustomerRecord
from graphleads.view.text import in_words

if TYPE_CHECKING:
    from graphleads.ingest.customer_import import ImportReport


def import_object(report: ImportReport, *, dry_run: bool) -> dict[str, Any]:
    """Return what an import did, or would do."""
    return {
        "file": report.file.name,
        "dry_run": dry_run,
        "import_id": report.import_id,
        "columns": report.file.columns,
        "custom_columns": report.file.custom,
        "new": report.new,
        "changed": [asdict(one) for one in report.changed],
        "unchanged": report.unchanged,
        "rejected": [asdict(one) for one in report.rejected],
        "likely_duplicates": [asdict(one) for one in report.duplicates],
        "dropped_personal": report.file.dropped_personal,
        "notes": report.file.notes,
    }


def record_object(customer: CustomerRecord) -> dict[str, Any]:
    """Return a customer as the CRM has it."""
    identifiers = [{"scheme": scheme, "value": value} for scheme, value in customer.identifiers]
    return asdict(customer) | {"identifiers": identifiers}


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
        "value",
        "won_on",
    ):
        value = getattr(customer, name)
        if value is not None:
            yield in_words(name), str(value)
    yield from customer.custom.items()
