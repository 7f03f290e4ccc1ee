"""The customers of a team as the database has them now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from graphleads.db.schema import DEFAULT_TEAM, RECORD_COLUMNS, customers
from graphleads.errors import CustomerNotFound
from graphleads.model import CustomerRecord, CustomerStatus

_COLUMNS = [customers.c.external_id, *(customers.c[name] for name in RECORD_COLUMNS)]


def list_customers(
    engine: Engine,
    *,
    team: str = DEFAULT_TEAM,
    statuses: Collection[CustomerStatus] | None = None,
    owner: str | None = None,
) -> list[CustomerRecord]:
    """Return the customers of a team by external id; `statuses` and `owner` choose some."""
    with engine.connect() as connection:
        return select_customers(connection, team=team, statuses=statuses, owner=owner)


def get_customer(engine: Engine, external_id: str, *, team: str = DEFAULT_TEAM) -> CustomerRecord:
    """Return a customer.

    Raises:
        CustomerNotFound: If the team has none of that id.
    """
    query = select(*_COLUMNS).where(customers.c.team == team, customers.c.external_id == external_id)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise CustomerNotFound(f"There is no customer {external_id!r}: `customers import` brings customers in.")
    return _make_record(row)


def select_customers(
    connection: Connection,
    *,
    team: str,
    statuses: Collection[CustomerStatus] | None = None,
    owner: str | None = None,
    external_id: str | None = None,
) -> list[CustomerRecord]:
    """Return what `list_customers` returns, or the one of an external id, inside the caller's transaction."""
    query = select(*_COLUMNS).where(customers.c.team == team)
    if external_id is not None:
        query = query.where(customers.c.external_id == external_id)
    if statuses is not None:
        query = query.where(customers.c.status.in_([status.value for status in statuses]))
    if owner is not None:
        query = query.where(customers.c.owner == owner)
    records = [_make_record(row) for row in connection.execute(query).mappings()]
    # Databases sort texts each in their own way.
    return sorted(records, key=lambda record: record.external_id)


def record_values(record: CustomerRecord) -> dict[str, Any]:
    """Return a customer as the values of a row, without team."""
    values = {name: getattr(record, name) for name in RECORD_COLUMNS}
    return values | {"external_id": record.external_id, "status": record.status.value}


def _make_record(row: RowMapping) -> CustomerRecord:
    identifiers = tuple((scheme, value) for scheme, value in row["identifiers"])
    return CustomerRecord(**{**row, "status": CustomerStatus(row["status"]), "identifiers": identifiers})
