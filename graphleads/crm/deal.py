"""The deals of a team as the database has them now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from graphleads.crm.external_id import spellings_of
from graphleads.crm.version import in_chunks
from graphleads.db.schema import DEAL_COLUMNS, deals
from graphleads.db.session import Session
from graphleads.model import CustomerStatus, Deal

_ROWS = select(*(deals.c[name] for name in ("external_id", *DEAL_COLUMNS)))


class Deals:
    """The deals of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(
        self,
        *,
        customer: str | None = None,
        status: CustomerStatus | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Deal]:
        """Return the deals by external id: of one customer, of one status, the first so many after an id, or all."""
        query = _ROWS.where(deals.c.team == self._session.team).order_by(deals.c.external_id).limit(limit)
        if after is not None:
            query = query.where(deals.c.external_id > after)
        if customer is not None:
            query = query.where(deals.c.customer.in_(spellings_of(customer)))
        if status is not None:
            query = query.where(deals.c.status == status.value)
        with self._session.read() as connection:
            return [make_deal(row) for row in connection.execute(query).mappings()]


def deals_of(connection: Connection, team: str, customers: Collection[str]) -> Iterator[Deal]:
    """Yield the current deals of some customers, in no particular order."""
    for chunk in in_chunks({spelling for one in customers for spelling in spellings_of(one)}):
        query = _ROWS.where(deals.c.team == team, deals.c.customer.in_(chunk))
        yield from map(make_deal, connection.execute(query).mappings())


def deal_values(deal: Deal) -> dict[str, Any]:
    """Return a deal as the values of a row, without team."""
    values = {name: getattr(deal, name) for name in DEAL_COLUMNS}
    return values | {"external_id": deal.external_id, "status": deal.status.value}


def make_deal(row: RowMapping) -> Deal:
    """Return a deal from its external id and `DEAL_COLUMNS`."""
    return Deal(**{**row, "status": CustomerStatus(row["status"])})
