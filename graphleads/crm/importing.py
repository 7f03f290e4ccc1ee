"""Customers into the database: by external id, version by version, so that an import can be looked at first and undone.

An import appends a version of each customer that is new or changed. What is current is derived from the versions of
the imports that were not undone; customers that a file does not have stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from graphleads.crm.change import FieldChange, list_changes
from graphleads.crm.crm_file import CustomerFile, RejectedRow
from graphleads.crm.duplicate import LikelyDuplicate, find_duplicates
from graphleads.crm.record import Customers
from graphleads.crm.version import append_versions, take_versions
from graphleads.db.schema import imports
from graphleads.db.session import Session
from graphleads.model import CustomerRecord
from graphleads.values.email_domain import parse_email_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """A customer that a file has otherwise than the database, and the fields that differ."""

    external_id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        file: What was read; its records are as they are stored, completed with what the file has no column for.
        import_id: Its number, for undoing it; None if nothing was new or changed, or nothing was to be written.
        new: External ids of customers that were not there, sorted.
        changed: Customers that were there and differ, by external id.
        unchanged: External ids of customers that were there as they are, sorted.
        duplicates: Customers that are likely one, at least one of them in the file, among all the team has after it.
    """

    file: CustomerFile
    import_id: int | None
    new: tuple[str, ...]
    changed: tuple[CustomerChange, ...]
    unchanged: tuple[str, ...]
    duplicates: tuple[LikelyDuplicate, ...]

    @property
    def rejected(self) -> tuple[RejectedRow, ...]:
        """The rows that were left out, and why."""
        return self.file.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImport:
    """An import that was made: its number, file, who made it, when, and counts; `undone_at` is None while it counts."""

    id: int
    file: str
    by: str
    imported_at: datetime
    n_new: int
    n_changed: int
    n_unchanged: int
    n_rejected: int
    undone_at: datetime | None


class Imports:
    """The imports of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._customers = Customers(session)

    def make(self, file: CustomerFile) -> ImportReport:
        """Bring the customers of a file in, by external id; those that the file does not have stay.

        Raises:
            Conflict: If the database cannot be written.
        """
        with self._session.write() as connection:
            return self._apply(connection, _compare_all(file, self._current(connection)))

    def put(self, record: CustomerRecord, *, source: str) -> ImportReport:
        """Bring one customer in, as an import of its own; likely duplicates of it are not looked for.

        Args:
            record: The customer.
            source: Where it comes from, as the list of imports calls it.

        Raises:
            Conflict: If the database cannot be written.
        """
        record = replace(record, email_domain=parse_email_domain(record.email_domain or ""))
        file = CustomerFile(name=source, records=(record,))
        with self._session.write() as connection:
            current = self._current(connection, [record.external_id])
            return self._apply(connection, _compare(file, current))

    def preview(self, file: CustomerFile) -> ImportReport:
        """Return what importing a file would do; nothing is written."""
        with self._session.read() as connection:
            return _compare_all(file, self._current(connection))

    def all(self) -> list[CustomerImport]:
        """Return the imports, the first one first."""
        with self._session.read() as connection:
            return select_imports(connection, self._session.team)

    def _current(self, connection: Connection, wanted: Collection[str] | None = None) -> dict[str, CustomerRecord]:
        return {record.external_id: record for record in self._customers.read(connection, wanted)}

    def _apply(self, connection: Connection, report: ImportReport) -> ImportReport:
        if not report.new and not report.changed:
            return report
        import_id = self._append_import(connection, report)
        touched = {*report.new, *(change.external_id for change in report.changed)}
        records = [record for record in report.file.records if record.external_id in touched]
        append_versions(connection, self._session.team, records, import_id)
        take_versions(connection, self._session.team, import_id, touched)
        return replace(report, import_id=import_id)

    def _append_import(self, connection: Connection, report: ImportReport) -> int:
        values = {
            "team": self._session.team,
            "file": report.file.name,
            "by": self._session.actor,
            "imported_at": self._session.now(),
            "n_new": len(report.new),
            "n_changed": len(report.changed),
            "n_unchanged": len(report.unchanged),
            "n_rejected": len(report.rejected),
            "confirmed": report.unchanged or None,
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
    return _compare_all(file, {})


def _compare_all(file: CustomerFile, current: Mapping[str, CustomerRecord]) -> ImportReport:
    report = _compare(_complete(file, current), current)
    imported = {record.external_id: record for record in report.file.records}
    return replace(report, duplicates=find_duplicates(list({**current, **imported}.values()), imported))


def _complete(file: CustomerFile, current: Mapping[str, CustomerRecord]) -> CustomerFile:
    scope = file.scope
    if scope is None:
        return file
    records = tuple(
        scope.complete(record, current[record.external_id]) if record.external_id in current else record
        for record in file.records
    )
    notes = file.notes
    if "status" not in scope.fields:
        n_new = sum(record.external_id not in current for record in records)
        notes = (
            *notes,
            f"No column says how customers stand: {n_new:,} new are taken as won, the others stay as they are.",
        )
    return replace(file, records=records, notes=notes)


def _compare(file: CustomerFile, current: Mapping[str, CustomerRecord]) -> ImportReport:
    records = sorted(file.records, key=lambda record: record.external_id)
    changes = [
        CustomerChange(external_id=record.external_id, fields=list_changes(current[record.external_id], record))
        for record in records
        if record.external_id in current
    ]
    return ImportReport(
        file=file,
        import_id=None,
        new=tuple(record.external_id for record in records if record.external_id not in current),
        changed=tuple(change for change in changes if change.fields),
        unchanged=tuple(change.external_id for change in changes if not change.fields),
        duplicates=(),
    )
