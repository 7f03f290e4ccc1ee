"""Leads as rows of one table, for spreadsheets and DataFrames: the best two reasons, the customers in a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graphleads.leads.shown import Lead, OurCustomer, complete


def lead_row(lead: Lead) -> dict[str, Any]:
    """Return a lead as one row: a value a column, several customers behind one another."""
    company, reasons = lead["company"], [one["sentence"] for one in lead["reasons"]]
    return {
        "rank": lead["rank"],
        "company_id": company["id"],
        "name": company["name"],
        "jurisdiction": company["jurisdiction"],
        "locality": company["locality"],
        "status": company["status"],
        "score": lead["score"],
        "percent_of_best": lead["percent_of_best"],
        **{f"near_{name}": text for name, text in _customers(lead["near"]).items()},
        **{f"was_{name}": text for name, text in _customers(lead["customers"]).items()},
        "was_customer_until": _joined(str(one["until"]) for one in lead["customers"] if one["until"]),
        "reason": reasons[0] if reasons else None,
        "second_reason": reasons[1] if len(reasons) > 1 else None,
    }


def _customers(customers: Sequence[OurCustomer]) -> dict[str, str | None]:
    return {
        "customer_id": _joined(one["id"] for one in customers),
        "customer": _joined(one["name"] for one in customers),
        "owner": _joined(dict.fromkeys(one["owner"] for one in customers)),
    }


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(text for text in texts if text) or None


LEAD_COLUMNS = tuple(lead_row(complete(Lead, {})))
"""The columns of the table."""
