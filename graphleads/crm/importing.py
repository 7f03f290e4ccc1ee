"""Customers and deals into the database: by external id, version by version, so that an import can be undone.

An import appends a version of each customer and deal that is new or changed. What is current is derived from the
versions of the imports that were not undone; customers that a file does not have stay.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from graphleads.crm.comparing import Comparison, ImportReport, Stored, compare, compare_all
from graphleads.crm.crm_file import CustomerFile
from graphleads.crm.deal import deal_values, deals_of, make_deal
from graphleads.crm.people import hold_out_of
from graphleads.crm.record import clean_record, make_record, record_values
from graphleads.crm.standing import settle
from graphleads.crm.version import CUSTOMERS, DEALS
from graphleads.db.change import Topic, count_change
from graphleads.db.schema import imports
from graphleads.db.session import Session
from graphleads.model import CustomerRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImport:
    """An import that was made: its number, file, who made it, when, and counts; `undone_at` is None while it counts.

    `n_deals` are the deals that it wrote, new or changed; the other counts are of customers.
    """

    id: int
    file: str
    by: str
    imported_at: datetime
    n_new: int
    n_changed: int
    n_unchanged: int
    n_rejected: int
    n_deals: int
    undone_at: datetime | None


class Imports:
    """The imports of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def make(self, file: CustomerFile) -> ImportReport:
        """Bring the customers and deals of a file in, by external id; those that the file does not have stay.

        Raises:
            StatusUnsaid: If some are new and the file does not say how they stand.
            Conflict: If the database cannot be written.
        """
        with self._session.write() as connection:
            return self._apply(connection, compare_all(file, self._stored(connection)))

    def put(self, record: CustomerRecord, *, source: str) -> ImportReport:
        """Bring one customer in, as an import of its own; likely duplicates of it are not looked for.

        Args:
            record: The customer.
            source: Where it comes from, as the list of imports calls it.

        Raises:
            ValueInvalid: If it has no id or no name.
            Conflict: If the database cannot be written.
        """
        record, held_out = hold_out_of(clean_record(record))
        file = CustomerFile(name=source, records=(record,), dropped_personal=held_out)
        with self._session.write() as connection:
            return self._apply(connection, compare(file, self._stored_of(connection, record.external_id)))

    def preview(self, file: CustomerFile) -> ImportReport:
        """Return what importing a file would do; nothing is written."""
        with self._session.read() as connection:
            return compare_all(file, self._stored(connection)).report

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

    def _stored_of(self, connection: Connection, external_id: str) -> Stored:
        team = self._session.team
        records = map(make_record, CUSTOMERS.read(connection, team, [external_id]))
        deals = deals_of(connection, team, [external_id])
        return Stored(
            customers={one.external_id: one for one in records}, deals={one.external_id: one for one in deals}
        )

    def _apply(self, connection: Connection, found: Comparison) -> ImportReport:
        report, team = found.report, self._session.team
        if not found.customers and not found.deals:
            return report
        import_id = self._append_import(connection, found)
        for kind, rows in (
            (CUSTOMERS, [record_values(one) for one in found.customers]),
            (DEALS, [deal_values(one) for one in found.deals]),
        ):
            if rows:
                kind.append(connection, team, rows, import_id)
                kind.take(connection, team, import_id)
        written = {one.external_id for one in found.customers}
        moved = {one.external_id for one in report.changed}
        settle(connection, team, written, moved)
        count_change(connection, team, Topic.CUSTOMERS, written | moved)
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
            "n_deals": len(found.deals),
            "confirmed": found.confirmed or None,
            "confirmed_deals": (report.deals and report.deals.unchanged) or None,
        }
        number: int = connection.execute(insert(imports).values(**values).returning(imports.c.id)).scalar_one()
        return number


def select_imports(connection: Connection, team: str) -> list[CustomerImport]:
    """Return the imports of a team, the first one first, in the state that the connection reads."""
    columns = [imports.c[one.name] for one in fields(CustomerImport)]
    query = select(*columns).where(imports.c.team == team).order_by(imports.c.id)
    return [CustomerImport(**row) for row in connection.execute(query).mappings()]


def preview_first(file: CustomerFile) -> ImportReport:
    """Return what importing a file would do where there is no database yet."""
    return compare_all(file, Stored()).report
