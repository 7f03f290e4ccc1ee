"""Customers and deals into the database: by external id, version by version, so that an import can be undone.

An import appends a version of each customer and deal that is new or changed. What is current is derived from the
versions of the imports that were not undone; customers that a file does not have stay, unless it is all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from graphleads.crm.cleaning import clean_record
from graphleads.crm.comparing import Comparison, ImportReport, compare, compare_all
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.deal import deal_values, deals_of, make_deal
from graphleads.crm.ending import Stored
from graphleads.crm.external_id import find_stored, spellings_of
from graphleads.crm.people import hold_out_of
from graphleads.crm.record import make_record, no_customer, record_values
from graphleads.crm.standing import settle
from graphleads.crm.version import CUSTOMERS, DEALS
from graphleads.db.change import Topic, count_change
from graphleads.db.schema import imports
from graphleads.db.session import Session
from graphleads.model import CustomerRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImport:
    """An import that was made: its number, file, who made it, when, and counts; `undone_at` is None while it counts.

    `n_deals` are the deals that it wrote: new, changed or ended; the other counts are of customers.
    """

    id: int
    file: str
    by: str
    imported_at: datetime
    n_new: int
    n_changed: int
    n_unchanged: int
    n_rejected: int
    n_ended: int
    n_deals: int
    undone_at: datetime | None
    undone_by: str | None = None


class Imports:
    """The imports of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def make(self, file: CustomerFile, *, complete: bool = False) -> ImportReport:
        """Bring the customers and deals of a file in, by external id.

        Args:
            file: What was read.
            complete: Whether the file is all there is: what it does not have ends. Otherwise that stays.

        Raises:
            StatusUnsaid: If some are new and the file does not say how they stand.
            Conflict: If the database cannot be written.
            ValueInvalid: If the file cannot be all there is.
        """
        with self._session.write() as connection:
            return self._apply(connection, compare_all(file, self._stored(connection), complete=complete))

    def put(self, record: CustomerRecord, *, source: str) -> ImportReport:
        """Bring one customer in, as an import of its own; likely duplicates of it are not looked for.

        Args:
            record: The customer.
            source: Where it comes from, as the list of imports calls it.

        Raises:
            ValueInvalid: If it has no id or no name.
            Conflict: If the database cannot be written.
        """
        record, held_out = prepare_record(record)
        file = CustomerFile(name=source, records=(record,), dropped_personal=held_out)
        with self._session.write() as connection:
            return self._apply(connection, compare(file, self._stored_of(connection, [record.external_id])))

    def put_all(self, records: Sequence[CustomerRecord], *, source: str) -> ImportReport:
        """Bring several customers in as one import, each as `prepare_record` has it; raises as `put` does.

        Args:
            records: The customers, each once.
            source: Where they come from, as the list of imports calls it.
        """
        file, wanted = CustomerFile(name=source, records=tuple(records)), [one.external_id for one in records]
        with self._session.write() as connection:
            return self._apply(connection, compare(file, self._stored_of(connection, wanted)))

    def change(
        self, external_id: str, change: Callable[[CustomerRecord], CustomerRecord], *, source: str
    ) -> ImportReport:
        """Change a customer that is there as an import of its own; nobody else's change comes between.

        Args:
            external_id: The customer's id.
            change: Returns what its account is to say, given what it says: deals have no part in either.
            source: Where it comes from, as the list of imports calls it.

        Raises:
            CustomerNotFound: If there is no such customer.
            ValueInvalid: If it has no name then.
            Conflict: If the database cannot be written.
        """
        with self._session.write() as connection:
            stored = self._stored_of(connection, [external_id])
            account = find_stored(external_id, stored.customers)
            if account is None:
                raise no_customer(external_id)
            record, held_out = prepare_record(change(account))
            file = CustomerFile(name=source, records=(record,), dropped_personal=held_out)
            return self._apply(connection, compare(file, stored))

    def remove(self, wanted: Collection[str], *, source: str, why: str) -> ImportReport:
        """End customers, as an import of its own; what there was of them is kept.

        Args:
            wanted: Their external ids.
            source: Where it comes from, as the list of imports calls it.
            why: Why they end.

        Raises:
            CustomerNotFound: If there is no such customer; then none is ended.
        """
        with self._session.write() as connection:
            stored = self._stored_of(connection, wanted)
            missing = next((one for one in wanted if find_stored(one, stored.customers) is None), None)
            if missing is not None:
                raise no_customer(missing)
            return self._apply(connection, compare(CustomerFile(name=source, ended=dict.fromkeys(wanted, why)), stored))

    def preview(self, file: CustomerFile, *, complete: bool = False) -> ImportReport:
        """Return what importing a file would do; nothing is written."""
        with self._session.read() as connection:
            return compare_all(file, self._stored(connection), complete=complete).report

    def accounts(self) -> dict[str, CustomerRecord]:
        """Return the customers as their accounts have them, whatever their deals say, by external id."""
        with self._session.read() as connection:
            return {one.external_id: one for one in map(make_record, CUSTOMERS.read(connection, self._session.team))}

    def all(self) -> list[CustomerImport]:
        """Return the imports, the first one first."""
        with self._session.read() as connection:
            return select_imports(connection, self._session.team)

    def _stored(self, connection: Connection) -> Stored:
        team = self._session.team
        records = map(make_record, CUSTOMERS.read(connection, team))
        deals = map(make_deal, DEALS.read(connection, team))
        return Stored(
            customers={one.external_id: one for one in records}, deals={one.external_id: one for one in deals}
        )

    def _stored_of(self, connection: Connection, wanted: Collection[str]) -> Stored:
        team = self._session.team
        spellings = [spelling for one in wanted for spelling in spellings_of(one)]
        records = map(make_record, CUSTOMERS.read(connection, team, spellings))
        deals = deals_of(connection, team, wanted)
        return Stored(
            customers={one.external_id: one for one in records}, deals={one.external_id: one for one in deals}
        )

    def _apply(self, connection: Connection, found: Comparison) -> ImportReport:
        report, team = found.report, self._session.team
        if not found.customers and not found.deals and not found.ended and not found.ended_deals:
            return report
        import_id = self._append_import(connection, found)
        for kind, rows, ended in (
            (CUSTOMERS, [record_values(one) for one in found.customers], found.ended),
            (DEALS, [deal_values(one) for one in found.deals], found.ended_deals),
        ):
            last = kind.read(connection, team, ended) if ended else ()
            if versions := [*rows, *last]:
                kind.append(connection, team, versions, import_id, ended=ended)
                kind.take(connection, team, import_id)
        written = {one.external_id for one in found.customers}
        moved = {one.external_id for one in report.changed}
        settle(connection, team, found.by_deals)
        count_change(connection, team, Topic.CUSTOMERS, written | moved | found.ended.keys())
        return replace(report, import_id=import_id)

    def _append_import(self, connection: Connection, found: Comparison) -> int:
        report = found.report
        values = {
            "team": self._session.team,
            "file": report.file.name,
            "by": self._session.actor,
            "imported_at": self._session.now(),
            "n_new": len(report.new),
            "n_changed": len(report.changed),
            "n_unchanged": len(report.unchanged),
            "n_rejected": len(report.rejected),
            "n_ended": len(found.ended),
            "n_deals": len(found.deals) + len(found.ended_deals),
            "confirmed": found.confirmed or None,
            "confirmed_deals": (report.deals and report.deals.unchanged) or None,
        }
        number: int = connection.execute(insert(imports).values(**values).returning(imports.c.id)).scalar_one()
        return number


def prepare_record(record: CustomerRecord) -> tuple[CustomerRecord, dict[str, int]]:
    """Return a customer that a program sent as it is stored, and what it told of people, by field.

    Raises:
        ValueInvalid: If it has no id or no name, or one that is too long.
    """
    return hold_out_of(clean_record(record))


def select_imports(connection: Connection, team: str) -> list[CustomerImport]:
    """Return the imports of a team, the first one first, in the state that the connection reads."""
    columns = [imports.c[one.name] for one in fields(CustomerImport)]
    query = select(*columns).where(imports.c.team == team).order_by(imports.c.id)
    return [CustomerImport(**row) for row in connection.execute(query).mappings()]


def preview_first(file: CustomerFile) -> ImportReport:
    """Return what importing a file would do where there is no database yet."""
    return compare_all(file, Stored()).report
