"""A CRM export that was read, with what was wrong with it and what became of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphleads.crm.cell import RejectedRow
from graphleads.crm.scope import Scope
from graphleads.model import CustomerRecord, Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A CRM export that was read.

    Attributes:
        name: How messages call it.
        records: The customers in the file's order, each id once.
        rejected: The rows that were left out, in the file's order.
        scope: What the file has columns for; None: it says all there is of its customers.
        scopes: The same of customers, by external id, of whom some cells could not be read: those say nothing.
        columns: What was read from where: header by field, identifiers as `identifier SCHEME`.
        custom: Columns that were kept as they are.
        became: What became of each column, by header: a field, `identifier SCHEME`, `kept as written`
            or `never stored`.
        dropped_personal: Personal columns that were left out, with the number of their values.
        notes: What else there is to know, a sentence each.
        question: What has to be asked before it may bring anybody new in, None if nothing.
        deals: The deals in the file's order, each id once, if it is a file of deals; its records are their accounts.
        by_name: Whether nothing is a customer's id, so that customers are known by their names.
        ended: Why, by external id, of the customers that it says are no more.
        ended_deals: The same of deals.
    """

    name: str
    records: tuple[CustomerRecord, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    scope: Scope | None = None
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    custom: tuple[str, ...] = ()
    became: Mapping[str, str] = field(default_factory=dict)
    dropped_personal: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    question: str | None = None
    deals: tuple[Deal, ...] = ()
    by_name: bool = False
    ended: Mapping[str, str] = field(default_factory=dict)
    ended_deals: Mapping[str, str] = field(default_factory=dict)
