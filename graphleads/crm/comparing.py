"""A file against what is stored: which customers and deals are new, which differ in what, and what is to be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graphleads.crm.cell import RejectedRow
from graphleads.crm.change import CustomerChange, DealChange, list_changes, list_deal_changes
from graphleads.crm.column import fold_name
from graphleads.crm.crm_file import CustomerFile
from graphleads.crm.duplicate import LikelyDuplicate, find_duplicates
from graphleads.crm.standing import by_customer, stand
from graphleads.errors import Remedy, StatusUnsaid
from graphleads.model import CustomerRecord, Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReport:
    """What an import did, or would do, to deals.

    Attributes:
        new: External ids of deals that were not there, sorted.
        changed: Deals that were there and differ, by external id.
        unchanged: External ids of deals that were there as they are, sorted.
    """

    new: tuple[str, ...]
    changed: tuple[DealChange, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        file: What was read; its records are as they are stored, completed with what the file has no column for.
        import_id: Its number, for undoing it; None if nothing was new or changed, or nothing was to be written.
        new: External ids of customers that were not there, sorted.
        changed: Customers that were there and differ, by external id; by their deals, too.
        unchanged: External ids of customers of the file that were there as they are, sorted.
        duplicates: Customers that are likely one, at least one of them in the file, among all the team has after it.
        deals: What became of the deals; None if the file is of customers.
    """

    file: CustomerFile
    import_id: int | None
    new: tuple[str, ...]
    changed: tuple[CustomerChange, ...]
    unchanged: tuple[str, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    deals: DealReport | None = None

    @property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """The rows that were left out, and why."""
        return self.file.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of a team, by external id: customers as their accounts have them, and deals."""

    customers: Mapping[str, CustomerRecord] = field(default_factory=dict)
    deals: Mapping[str, Deal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a file comes to.

    Attributes:
        report: What people are told.
        customers: The customers whose accounts are new or differ.
        deals: The deals that are new or differ.
        confirmed: External ids of the customers whose accounts are as they were, sorted.
    """

    report: ImportReport
    customers: tuple[CustomerRecord, ...]
    deals: tuple[Deal, ...]
    confirmed: tuple[str, ...]


def compare(file: CustomerFile, stored: Stored) -> Comparison:
    """Return what a file comes to, without what is likely one."""
    file = _complete(_find_by_name(file, stored), stored.customers)
    accounts = {one.external_id: one for one in sorted(file.records, key=lambda one: one.external_id)}
    written = {key: one for key, one in accounts.items() if one != stored.customers.get(key)}
    deals = {one.external_id: one for one in sorted(file.deals, key=lambda one: one.external_id)}
    moved = {key: one for key, one in deals.items() if one != stored.deals.get(key)}
    touched = {*accounts, *_customers_of(moved, stored.deals)}
    changes = _list_changes(touched, stored, Stored(customers=written, deals=moved))
    changed = {one.external_id for one in changes}
    report = ImportReport(
        file=file,
        import_id=None,
        new=tuple(key for key in accounts if key not in stored.customers),
        changed=changes,
        unchanged=tuple(key for key in accounts if key in stored.customers and key not in changed),
        duplicates=(),
        deals=_report_deals(deals, stored.deals) if file.deals else None,
    )
    return Comparison(
        report=report,
        customers=tuple(written.values()),
        deals=tuple(moved.values()),
        confirmed=tuple(key for key in accounts if key not in written),
    )


def compare_all(file: CustomerFile, stored: Stored) -> Comparison:
    """Return what a file comes to, and which customers are likely one then."""
    found = compare(file, stored)
    imported = {record.external_id: record for record in found.report.file.records}
    duplicates = find_duplicates(list({**stored.customers, **imported}.values()), imported)
    return replace(found, report=replace(found.report, duplicates=duplicates))


def _list_changes(touched: set[str], stored: Stored, written: Stored) -> tuple[CustomerChange, ...]:
    """Return how customers that are there come to stand otherwise, or are said to."""
    before = by_customer(stored.deals.values())
    after = by_customer({**stored.deals, **written.deals}.values()) if written.deals else before
    changes = []
    for key in sorted(touched & stored.customers.keys()):
        old, new = stored.customers[key], written.customers.get(key, stored.customers[key])
        fields = list_changes(stand(old, before.get(key, ())), stand(new, after.get(key, ())))
        if fields or old != new:
            changes.append(CustomerChange(external_id=key, fields=fields or list_changes(old, new)))
    return tuple(changes)


def _report_deals(deals: Mapping[str, Deal], stored: Mapping[str, Deal]) -> DealReport:
    changes = [
        DealChange(external_id=key, fields=list_deal_changes(stored[key], one))
        for key, one in deals.items()
        if key in stored
    ]
    return DealReport(
        new=tuple(key for key in deals if key not in stored),
        changed=tuple(one for one in changes if one.fields),
        unchanged=tuple(one.external_id for one in changes if not one.fields),
    )


def _customers_of(moved: Mapping[str, Deal], stored: Mapping[str, Deal]) -> set[str]:
    """Return the customers whose deals these are, or were before."""
    deals = [*moved.values(), *(stored[key] for key in moved if key in stored)]
    return {one.customer for one in deals if one.customer is not None}


def _complete(file: CustomerFile, current: Mapping[str, CustomerRecord]) -> CustomerFile:
    scope = file.scope
    if file.deals:
        # A deal tells which account it is with, and is no news of it.
        return replace(file, records=tuple(current.get(one.external_id, one) for one in file.records))
    if scope is None:
        return file
    records = tuple(
        file.scopes.get(record.external_id, scope).complete(record, current[record.external_id])
        if record.external_id in current
        else record
        for record in file.records
    )
    n_new = sum(record.external_id not in current for record in records)
    if n_new and file.question is not None:
        raise StatusUnsaid(file.question, Remedy.SAY_STATUS, n_new=n_new)
    notes = file.notes
    if "status" not in scope.fields:
        new = f"{n_new:,} new are open until their deals or another file say it, the others" if n_new else "they"
        notes = (*notes, f"No column says how customers stand: {new} stay as they are.")
    return replace(file, records=records, notes=notes)


def _find_by_name(file: CustomerFile, stored: Stored) -> CustomerFile:
    """Return a file that has names and no ids with the ids of the customers that are there and are called so."""
    if not file.by_name:
        return file
    called: dict[str, list[str]] = defaultdict(list)
    for key, one in stored.customers.items():
        called[fold_name(one.name)].append(key)
    found = {one.external_id: called.get(fold_name(one.name), [one.external_id]) for one in file.records}
    ids = {name: keys[0] for name, keys in found.items() if len(keys) == 1}
    several = [f"{name!r} ({', '.join(sorted(keys)[:5])})" for name, keys in found.items() if len(keys) > 1]
    notes = [f"Several customers are called {one}: what the file says of that name is nobody's." for one in several]
    return replace(
        file,
        records=tuple(replace(one, external_id=ids[one.external_id]) for one in file.records if one.external_id in ids),
        deals=tuple(replace(one, customer=ids.get(one.customer or "")) for one in file.deals),
        notes=(*file.notes, *notes),
    )
