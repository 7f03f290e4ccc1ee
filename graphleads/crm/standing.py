"""How a customer stands by its deals: what the account says of itself is stored, and what follows from both is current.

So the deals may come before the accounts or after them, and any import can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from graphleads.crm.deal import deals_of, make_deal
from graphleads.crm.external_id import fold_id
from graphleads.crm.record import make_record, record_values
from graphleads.crm.version import CUSTOMERS, DEALS
from graphleads.db.schema import customers
from graphleads.db.session import Session
from graphleads.model import CustomerRecord, CustomerStatus, Deal

_DERIVED = ("status", "owner", "value", "won_on")

_UPDATE = (
    update(customers)
    .where(customers.c.team == bindparam("of_team"), customers.c.external_id == bindparam("of_customer"))
    .values({name: bindparam(f"now_{name}") for name in _DERIVED})
)


def stand(record: CustomerRecord, deals: Sequence[Deal]) -> CustomerRecord:
    """Return a customer as it stands by what its account says and by its deals.

    It is won if the account says so or any deal is won, and otherwise stands as the latest deal does. Of a won one the
    value is the sum of its won deals, if they are in one currency, and the day that of the first; where no deal says
    them, they are the account's. Whose it is, the account says before its latest deal.
    """
    if not deals:
        return record
    latest = max(deals, key=_place_in_time)
    record = replace(record, owner=record.owner or latest.owner)
    won = [one for one in deals if one.status is CustomerStatus.WON]
    if not won and record.status is not CustomerStatus.WON:
        return replace(record, status=latest.status, won_on=None)
    amounts = [one.amount for one in won if one.amount is not None]
    n_currencies = len({one.currency for one in won if one.amount is not None})
    days = [one.closed_on for one in won if one.closed_on is not None]
    return replace(
        record,
        status=CustomerStatus.WON,
        value=sum(amounts) if n_currencies == 1 else record.value,
        won_on=min(days, default=record.won_on),
    )


def settle(connection: Connection, team: str, keys: Collection[str]) -> None:
    """Make customers stand as their deals say.

    Args:
        connection: A connection in the transaction that changed them.
        team: Whose they are.
        keys: Those whose rows or deals were changed; their deals may be none now.
    """
    deals = by_customer(deals_of(connection, team, keys))
    records = map(make_record, CUSTOMERS.read(connection, team, keys))
    rows = [_update_row(team, stand(one, deals.get(fold_id(one.external_id), ()))) for one in records]
    if rows:
        connection.execute(_UPDATE, rows)


def customers_as_of(session: Session, moment: datetime) -> list[CustomerRecord]:
    """Return the customers as they were at a moment, by external id: of imports made by then and not undone by then."""
    with session.read() as connection:
        records = [make_record(row) for row in CUSTOMERS.as_of(connection, session.team, moment)]
        deals = by_customer(make_deal(row) for row in DEALS.as_of(connection, session.team, moment))
    stood = (stand(one, deals.get(fold_id(one.external_id), ())) for one in records)
    return sorted(stood, key=lambda record: record.external_id)


def lost_since(session: Session, keys: Collection[str], *, by: datetime | None = None) -> dict[str, date]:
    """Return since when customers are lost: of those with deals the day on which the last one was closed.

    Of others it is the day of the import that said so after one that said something else; of one that was never said
    to be anything else nobody knows it.

    Args:
        session: Whose customers.
        keys: The external ids of lost customers.
        by: The moment up to which what was said counts; None counts all.
    """
    since: dict[str, date] = {}
    before: dict[str, str] = {}
    with session.read() as connection:
        for said in CUSTOMERS.history(connection, session.team, keys, by=by):
            key, status = said["external_id"], said["status"]
            if status != CustomerStatus.LOST:
                since.pop(key, None)
            elif before.get(key, status) != status:
                since[key] = said["imported_at"].date()
            before[key] = status
        deals = by_customer(deals_of(connection, session.team, keys))
    closed = {key: [one.closed_on for one in deals.get(fold_id(key), ()) if one.closed_on] for key in keys}
    return since | {key: max(days) for key, days in closed.items() if days}


def by_customer(deals: Iterable[Deal]) -> dict[str, list[Deal]]:
    """Return the deals of each customer, by `fold_id`; those that are nobody's are left out."""
    found: dict[str, list[Deal]] = defaultdict(list)
    for deal in deals:
        if deal.customer is not None:
            found[fold_id(deal.customer)].append(deal)
    return found


def _place_in_time(deal: Deal) -> tuple[date, str]:
    # What is still open goes on until a day says that it does not.
    beyond = date.max if deal.status is CustomerStatus.OPEN else date.min
    return deal.closed_on or deal.expected_on or beyond, deal.external_id


def _update_row(team: str, stood: CustomerRecord) -> dict[str, Any]:
    values = record_values(stood)
    return {"of_team": team, "of_customer": stood.external_id, **{f"now_{name}": values[name] for name in _DERIVED}}
