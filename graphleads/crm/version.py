"""The versions of customers: appended by imports, and what is current, or was on a day, derived from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select

from graphleads.crm.record import make_record, record_values
from graphleads.db.change import Topic, count_change
from graphleads.db.schema import RECORD_COLUMNS, customer_versions, customers, imports
from graphleads.db.session import Session
from graphleads.model import CustomerRecord

_VERSIONS = customer_versions.c
_NAMES = ("team", "external_id", "version_id", *RECORD_COLUMNS)
_CURRENT = [_VERSIONS.id if name == "version_id" else _VERSIONS[name] for name in _NAMES]

# One customer at a time is brought in again and again: making these takes longer than running them for one.
_OF_IMPORT = _VERSIONS.import_id == bindparam("of_import")
_DELETE_TOUCHED = delete(customers).where(
    customers.c.team == bindparam("of_team"),
    customers.c.external_id.in_(select(_VERSIONS.external_id).where(_OF_IMPORT)),
)
_INSERT_TOUCHED = insert(customers).from_select(
    _NAMES, select(*_CURRENT).where(_OF_IMPORT, _VERSIONS.team == bindparam("of_team"))
)


def append_versions(connection: Connection, team: str, records: Iterable[CustomerRecord], import_id: int) -> None:
    """Append a version of each customer as an import has it."""
    rows = [record_values(record) | {"team": team, "import_id": import_id} for record in records]
    connection.execute(insert(customer_versions), rows)


def take_versions(connection: Connection, team: str, import_id: int, keys: Collection[str]) -> None:
    """Make the customers that an import touched what it says of them, for no version is later than its own.

    Args:
        connection: A connection in the transaction that appended the versions.
        team: Whose customers they are.
        import_id: The import.
        keys: The customers that it touched, by external id.
    """
    which = {"of_team": team, "of_import": import_id}
    connection.execute(_DELETE_TOUCHED, which)
    connection.execute(_INSERT_TOUCHED, which)
    count_change(connection, team, Topic.CUSTOMERS, keys)


def derive_current(connection: Connection, team: str, import_id: int) -> None:
    """Make the customers that an import touched what their last version says whose import was not undone."""
    touched = select(_VERSIONS.external_id).where(_VERSIONS.import_id == import_id)
    keys = connection.execute(touched).scalars().all()
    last = _last(team).where(_VERSIONS.external_id.in_(touched), imports.c.undone_at.is_(None))
    connection.execute(delete(customers).where(customers.c.team == team, customers.c.external_id.in_(touched)))
    connection.execute(insert(customers).from_select(_NAMES, select(*_CURRENT).where(_VERSIONS.id.in_(last))))
    count_change(connection, team, Topic.CUSTOMERS, keys)


def customers_as_of(session: Session, moment: datetime) -> list[CustomerRecord]:
    """Return the customers as they were at a moment, by external id: of imports made by then and not undone by then."""
    counted = or_(imports.c.undone_at.is_(None), imports.c.undone_at > moment)
    last = _last(session.team).where(imports.c.imported_at <= moment, counted)
    columns = [_VERSIONS[name] for name in ("external_id", *RECORD_COLUMNS)]
    with session.read() as connection:
        rows = connection.execute(select(*columns).where(_VERSIONS.id.in_(last))).mappings().all()
    return sorted((make_record(row) for row in rows), key=lambda record: record.external_id)


def _last(team: str) -> Select[tuple[int]]:
    """Select the last version of each customer of a team, to be narrowed down to the imports that count."""
    return (
        select(func.max(_VERSIONS.id))
        .join(imports, imports.c.id == _VERSIONS.import_id)
        .where(_VERSIONS.team == team)
        .group_by(_VERSIONS.external_id)
    )
