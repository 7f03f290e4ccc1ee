"""Customers that a program brings in, many at once, or changes in a few fields: checked one by one, stored together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from graphleads.crm.comparing import ImportReport
from graphleads.crm.external_id import fold_id
from graphleads.crm.importing import prepare_record
from graphleads.errors import GraphLeadsError, ValueInvalid
from graphleads.model import CustomerRecord, CustomerStatus, Match
from graphleads.text import clean_text
from graphleads.workspace.given import parse_country, parse_customer_status
from graphleads.workspace.matching import Matching
from graphleads.workspace.team import Team


class PutResult(StrEnum):
    """What became of one customer of many."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PutItem:
    """What became of one customer of many.

    Attributes:
        external_id: Its id, as it is stored; of one that was refused as it was given.
        result: What became of it.
        match: How it stands to the registers now; None where it was refused, or there is no register.
        dropped_personal: What of it told of people and was not stored, by field.
        error: Why it was refused; None where it was not.
    """

    external_id: str
    result: PutResult
    match: Match | None = None
    dropped_personal: Mapping[str, int] = field(default_factory=dict)
    error: GraphLeadsError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAll:
    """What became of many customers, in their order, and the number of the import; None if it changed nothing."""

    import_id: int | None
    items: tuple[PutItem, ...]


def put_all(team: Team, matching: Matching, customers: Sequence[CustomerRecord], *, source: str) -> PutAll:
    """Bring customers in as one import, in one transaction; those that cannot be used are refused by themselves."""
    refused: dict[int, GraphLeadsError] = {}
    usable: dict[int, tuple[CustomerRecord, dict[str, int]]] = {}
    known: set[str] = set()
    for at, customer in enumerate(customers):
        try:
            usable[at] = _prepare(customer, known)
        except ValueInvalid as error:
            refused[at] = error
    records = [record for record, _ in usable.values()]
    proposed, snapshot = matching.propose_all(records)
    report = team.put_customers(records, source=source, proposed=proposed, snapshot=snapshot) if records else None
    stored = dict(zip(usable, report.file.records, strict=True)) if report else {}
    matches, results = team.said().accounts.matches, _results(report) if report else {}
    return PutAll(
        import_id=report.import_id if report else None,
        items=tuple(
            PutItem(external_id=customer.external_id, result=PutResult.REFUSED, error=refused[at])
            if at in refused
            else PutItem(
                external_id=stored[at].external_id,
                result=results[stored[at].external_id],
                match=matches.get(stored[at].external_id),
                dropped_personal=usable[at][1],
            )
            for at, customer in enumerate(customers)
        ),
    )


def _prepare(customer: CustomerRecord, known: set[str]) -> tuple[CustomerRecord, dict[str, int]]:
    """Return a customer as it is stored, and what of it is not; `known` are the ids that others of the call have."""
    record, held_out = prepare_record(customer)
    record = replace(record, jurisdiction=parse_country(record.jurisdiction))
    if fold_id(record.external_id) in known:
        raise ValueInvalid(f"The customer {record.external_id!r} is there twice: only the first one counts.")
    known.add(fold_id(record.external_id))
    return record, held_out


def _results(report: ImportReport) -> dict[str, PutResult]:
    return (
        dict.fromkeys(report.unchanged, PutResult.UNCHANGED)
        | {one.external_id: PutResult.CHANGED for one in report.changed}
        | dict.fromkeys(report.new, PutResult.CREATED)
    )


_NAMES = {one.name for one in fields(CustomerRecord)} - {"external_id"}
_NEVER_EMPTY = ("name", "status")
_EMPTY: Mapping[str, Any] = {"identifiers": (), "custom": {}}


def patched(record: CustomerRecord, changes: Mapping[str, Any]) -> CustomerRecord:
    """Return a customer with some of its fields changed; those that are not named stay, None clears.

    Of `custom` the names that are named change, and None takes one out. The day on which a customer was won goes with
    that status.

    Raises:
        ValueInvalid: If there is no such field, or name or status is None.
    """
    unknown = sorted(changes.keys() - _NAMES)
    if unknown:
        raise ValueInvalid(f"A customer has no field {unknown[0]!r}: use {', '.join(sorted(_NAMES))}.")
    emptied = [name for name in _NEVER_EMPTY if name in changes and changes[name] is None]
    if emptied:
        raise ValueInvalid(f"The {emptied[0]} of a customer is never empty: give one, or leave it out.")
    told: dict[str, Any] = {name: _EMPTY.get(name) if value is None else value for name, value in changes.items()}
    if changes.get("custom") is not None:
        custom = record.custom | {clean_text(header): text for header, text in changes["custom"].items()}
        told["custom"] = {header: text for header, text in custom.items() if text is not None}
    if "jurisdiction" in told:
        told["jurisdiction"] = parse_country(told["jurisdiction"])
    if "status" in told:
        told["status"] = parse_customer_status(told["status"])
    whole = replace(record, **told)
    return whole if whole.status is CustomerStatus.WON or "won_on" in changes else replace(whole, won_on=None)
