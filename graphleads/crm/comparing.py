"""A file against what is stored: which customers and deals are new, which differ in what, and what is to be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphleads.crm.cell import RejectedRow
from graphleads.crm.change import CustomerChange, DealChange, list_changes, list_deal_changes
from graphleads.crm.column import fold_name
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.duplicate import LikelyDuplicate, find_duplicates
from graphleads.crm.ending import Ends, Stored, find_ended, find_ids
from graphleads.crm.external_id import fold_id
from graphleads.crm.standing import by_customer, stand
from graphleads.errors import StatusUnsaid
from graphleads.model import CustomerRecord, Deal
from graphleads.remedy import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReport:
    """What an import did, or would do, to deals.

    Attributes:
        new: External ids of deals that were not there, sorted.
        changed: Deals that were there and differ, by external id.
        unchanged: External ids of deals that were there as they are, sorted.
        ended: External ids of deals that are no more, sorted.
    """

    new: tuple[str, ...]
    changed: tuple[DealChange, ...]
    unchanged: tuple[str, ...]
    ended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCustomer:
    """A customer that is no more, and why."""

    external_id: str
    name: str
    why: str


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
        ended: Customers that are no more, by external id.
    """

    file: CustomerFile
    import_id: int | None
    new: tuple[str, ...]
    changed: tuple[CustomerChange, ...]
    unchanged: tuple[str, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    deals: DealReport | None = None
    ended: tuple[EndedCustomer, ...] = ()

    @property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """The rows that were left out, and why."""
        return self.file.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a file comes to.

    Attributes:
        report: What people are told.
        customers: The customers whose accounts are new or differ.
        deals: The deals that are new or differ.
        confirmed: External ids of the customers whose accounts are as they were, sorted.
        by_deals: External ids of the customers whose deals, as they were or are, may say otherwise than their accounts.
        ended: Why, by external id, of the customers that are no more.
        ended_deals: The same of deals.
    """

    report: ImportReport
    customers: tuple[CustomerRecord, ...]
    deals: tuple[Deal, ...]
    confirmed: tuple[str, ...]
    by_deals: frozenset[str]
    ended: Mapping[str, str] = field(default_factory=dict)
    ended_deals: Mapping[str, str] = field(default_factory=dict)


def compare(file: CustomerFile, stored: Stored, *, complete: bool = False) -> Comparison:
    """Return what a file comes to, without what is likely one.

    Args:
        file: The file.
        stored: What there is.
        complete: Whether the file is all there is, so that what it does not have has ended.

    Raises:
        ValueInvalid: If it is said to be all there is and rows of it could not be read.
    """
    file = _complete(_find_by_name(find_ids(file, stored), stored), stored.customers)
    ended = find_ended(file, stored, complete=complete)
    accounts = {one.external_id: one for one in sorted(file.records, key=lambda one: one.external_id)}
    written = {key: one for key, one in accounts.items() if one != stored.customers.get(key)}
    deals = {one.external_id: one for one in sorted(file.deals, key=lambda one: one.external_id)}
    moved = {key: one for key, one in deals.items() if one != stored.deals.get(key)}
    touched = {*accounts, *_customers_of(moved, stored.deals)}
    touched |= _customers_of({key: stored.deals[key] for key in ended.deals}, stored.deals)
    changes = _list_changes(touched - ended.customers.keys(), stored, Stored(customers=written, deals=moved), ended)
    changed = {one.external_id for one in changes}
    report = ImportReport(
        file=file,
        import_id=None,
        new=tuple(key for key in accounts if key not in stored.customers),
        changed=changes,
        unchanged=tuple(key for key in accounts if key in stored.customers and key not in changed),
        duplicates=(),
        deals=_report_deals(deals, stored.deals, ended) if file.deals or ended.deals else None,
        ended=tuple(
            EndedCustomer(external_id=key, name=stored.customers[key].name, why=why)
            for key, why in sorted(ended.customers.items())
        ),
    )
    return Comparison(
        report=report,
        customers=tuple(written.values()),
        deals=tuple(moved.values()),
        confirmed=tuple(key for key in accounts if key not in written),
        by_deals=_of_deals({*written, *changed}, [*stored.deals.values(), *moved.values()]),
        ended=ended.customers,
        ended_deals=ended.deals,
    )


def compare_all(file: CustomerFile, stored: Stored, *, complete: bool = False) -> Comparison:
    """Return what `compare` does, and which customers are likely one then."""
    found = compare(file, stored, complete=complete)
    imported = {record.external_id: record for record in found.report.file.records}
    there = {key: one for key, one in {**stored.customers, **imported}.items() if key not in found.ended}
    duplicates = find_duplicates(list(there.values()), imported)
    return replace(found, report=replace(found.report, duplicates=duplicates))


def _list_changes(touched: set[str], stored: Stored, written: Stored, ended: Ends) -> tuple[CustomerChange, ...]:
    """Return how customers that are there come to stand otherwise, or are said to."""
    before = by_customer(stored.deals.values())
    there = {key: one for key, one in {**stored.deals, **written.deals}.items() if key not in ended.deals}
    after = by_customer(there.values()) if written.deals or ended.deals else before
    changes = []
    for key in sorted(touched & stored.customers.keys()):
        old, new = stored.customers[key], written.customers.get(key, stored.customers[key])
        of_one = fold_id(key)
        fields = list_changes(stand(old, before.get(of_one, ())), stand(new, after.get(of_one, ())))
        # An account may say what its deals overrule.
        unseen = [replace(one, field=f"account {one.field}") for one in list_changes(old, new)]
        if fields or unseen:
            changes.append(CustomerChange(external_id=key, fields=fields or tuple(unseen)))
    return tuple(changes)


def _report_deals(deals: Mapping[str, Deal], stored: Mapping[str, Deal], ended: Ends) -> DealReport:
    changes = [
        DealChange(external_id=key, fields=list_deal_changes(stored[key], one))
        for key, one in deals.items()
        if key in stored
    ]
    return DealReport(
        new=tuple(key for key in deals if key not in stored),
        changed=tuple(one for one in changes if one.fields),
        unchanged=tuple(one.external_id for one in changes if not one.fields),
        ended=tuple(sorted(ended.deals)),
    )


def _of_deals(customers: set[str], deals: Iterable[Deal]) -> frozenset[str]:
    """Return the customers that deals are with."""
    with_deals = by_customer(deals).keys()
    return frozenset(key for key in customers if fold_id(key) in with_deals)


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
