"""The customers of a team as the database has them now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from graphleads.crm.external_id import spellings_of
from graphleads.db.schema import RECORD_COLUMNS, customers
from graphleads.db.session import Session, require_text
from graphleads.errors import CustomerNotFound, Remedy
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.text import clean_text, says_nothing
from graphleads.values.email_domain import parse_email_domain

_TEXTS = ("jurisdiction", "locality", "region", "postcode", "website", "phone", "owner", "parent")
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


def clean_record(record: CustomerRecord) -> CustomerRecord:
    """Return a customer that a program sent with its texts as an export's would be read: clean, None where empty.

    Raises:
        ValueInvalid: If it has no id or no name, or one of more than 500 characters.
    """
    texts: dict[str, Any] = {name: _said(getattr(record, name)) for name in _TEXTS}
    identifiers = ((clean_text(scheme), clean_text(value)) for scheme, value in record.identifiers)
    custom = ((clean_text(header), clean_text(text)) for header, text in record.custom.items())
    return replace(
        record,
        external_id=require_text(record.external_id, "customer's id"),
        name=require_text(record.name, "customer's name"),
        identifiers=tuple((scheme, value) for scheme, value in identifiers if not says_nothing(value)),
        email_domain=parse_email_domain(clean_text(record.email_domain or "")),
        custom={header: text for header, text in custom if header and text},
        **texts,
    )


def _said(text: str | None) -> str | None:
    clean = clean_text(text or "")
    return None if says_nothing(clean) else clean


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
