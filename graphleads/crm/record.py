"""The customers of a team as the database has them now."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from graphleads.crm.external_id import spellings_of
from graphleads.db.schema import RECORD_COLUMNS, customers
from graphleads.db.session import Session
from graphleads.errors import CustomerNotFound
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.remedy import Remedy

_COLUMNS = [customers.c.external_id, *(customers.c[name] for name in RECORD_COLUMNS)]


class Customers:
    """The customers of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> list[CustomerRecord]:
        """Return the customers by external id."""
        with self._session.read() as connection:
            return self.read(connection)

    def get(self, external_id: str) -> CustomerRecord:
        """Return a customer, by its id in whichever form.

        Raises:
            CustomerNotFound: If the team has none of that id.
        """
        with self._session.read() as connection:
            found = self.read(connection, spellings_of(external_id))
        if not found:
            raise no_customer(external_id)
        return found[0]

    def read(self, connection: Connection, wanted: Collection[str] | None = None) -> list[CustomerRecord]:
        """Return the customers, or some by external id, in the state that the connection reads."""
        query = select(*_COLUMNS).where(customers.c.team == self._session.team)
        if wanted is not None:
            query = query.where(customers.c.external_id.in_(wanted))
        records = [make_record(row) for row in connection.execute(query).mappings()]
        # Databases sort texts each in their own way.
        return sorted(records, key=lambda record: record.external_id)


def no_customer(external_id: str) -> CustomerNotFound:
    """Return the error that there is no customer of an id."""
    return CustomerNotFound(f"There is no customer {external_id!r}.", Remedy.BRING_IN, customer=external_id)


def record_values(record: CustomerRecord) -> dict[str, Any]:
    """Return a customer as the values of a row, without team."""
    values = {name: getattr(record, name) for name in RECORD_COLUMNS}
    return values | {"external_id": record.external_id, "status": record.status.value}


def make_record(row: RowMapping) -> CustomerRecord:
    """Return a customer from its external id and `RECORD_COLUMNS`."""
    identifiers = tuple((scheme, value) for scheme, value in row["identifiers"])
    return CustomerRecord(**{**row, "status": CustomerStatus(row["status"]), "identifiers": identifiers})
