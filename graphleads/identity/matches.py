"""Which company each customer is: what the matcher proposed last, and what people decided about it.

Proposals are replaced by every run of the matcher. Decisions are appended and outlive it: a confirmed company stays
the customer's, a refused one is never proposed again without saying so, and a later decision undoes an earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from graphleads.db.change import Topic, count_change
from graphleads.db.connect import write
from graphleads.db.insert import upsert
from graphleads.db.schema import DEFAULT_TEAM, customers, match_decisions, matches
from graphleads.errors import CustomerNotFound
from graphleads.ids import EntityId, split_id
from graphleads.model import Match, MatchState

_PROPOSED = ("company", "state", "method", "probability", "features", "others", "snapshot", "matched_at")

_MATCH = ("customer", "company", "state", "method", "probability", "features", "others")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    team: str
    customer: str
    company: EntityId
    state: MatchState
    by: str
    at: datetime


@dataclass(slots=True)
class _Decided:
    """What people decided about one customer, after all their decisions."""

    confirmed: EntityId | None = None
    refused: set[EntityId] = field(default_factory=set)


def save_matches(
    engine: Engine, proposed: Iterable[Match], *, snapshot: str, now: datetime, team: str = DEFAULT_TEAM
) -> None:
    """Replace what the matcher proposed for these customers; people's decisions stay.

    Args:
        engine: The database.
        proposed: The matcher's answers, in the states sure, unsure and none.
        snapshot: The snapshot that they were found in.
        now: The moment.
        team: The team whose customers they are.
    """
    rows = [
        {
            "team": team,
            "customer": match.customer,
            "company": match.company,
            "state": match.state.value,
            "method": match.method,
            "probability": match.probability,
            "features": match.features,
            "others": match.others,
            "snapshot": snapshot,
            "matched_at": now,
        }
        for match in proposed
    ]
    with write(engine) as connection:
        upsert(connection, matches, rows, update=_PROPOSED)
        count_change(connection, team, Topic.CUSTOMERS)


def current_matches(engine: Engine, *, team: str = DEFAULT_TEAM) -> dict[str, Match]:
    """Return how each customer stands now, by external id; a customer that was never matched is not there.

    A decision goes before a proposal: the confirmed company, with probability 1, whatever the matcher says. Where the
    proposed one was refused, the likeliest other company waits instead; there is none: it is in state refused.
    """
    with engine.connect() as connection:
        decided = _decisions(connection, team)
        proposed = _proposals(connection, team)
    current = {match.customer: _apply(match, decided.get(match.customer)) for match in proposed}
    for customer, decision in decided.items():
        if decision.confirmed is not None and customer not in current:
            current[customer] = _confirmed(customer, decision.confirmed)
    return dict(sorted(current.items()))


def list_matches(
    engine: Engine, *, states: Collection[MatchState] | None = None, team: str = DEFAULT_TEAM
) -> list[Match]:
    """Return how the customers stand now, by external id; `states` chooses some."""
    current = current_matches(engine, team=team).values()
    return [match for match in current if states is None or match.state in states]


def confirm_match(
    engine: Engine, customer: str, company: EntityId, *, by: str, now: datetime, team: str = DEFAULT_TEAM
) -> Match:
    """Say that a customer is this company, and return how it stands now.

    Raises:
        CustomerNotFound: If there is no such customer.
        ValueInvalid: If the company's id cannot be used.
    """
    _append(engine, _Decision(team=team, customer=customer, company=company, state=MatchState.CONFIRMED, by=by, at=now))
    return _confirmed(customer, company)


def refuse_match(
    engine: Engine, customer: str, company: EntityId, *, by: str, now: datetime, team: str = DEFAULT_TEAM
) -> None:
    """Say that a customer is not this company.

    Raises:
        CustomerNotFound: If there is no such customer.
        ValueInvalid: If the company's id cannot be used.
    """
    _append(engine, _Decision(team=team, customer=customer, company=company, state=MatchState.REFUSED, by=by, at=now))


def _append(engine: Engine, decision: _Decision) -> None:
    split_id(decision.company)
    known = select(customers.c.external_id).where(
        customers.c.team == decision.team, customers.c.external_id == decision.customer
    )
    with write(engine) as connection:
        if connection.execute(known).first() is None:
            raise CustomerNotFound(f"There is no customer {decision.customer!r}: import it first.")
        connection.execute(insert(match_decisions).values(**asdict(decision)))
        count_change(connection, decision.team, Topic.CUSTOMERS)


def _proposals(connection: Connection, team: str) -> list[Match]:
    columns = matches.c
    query = (
        select(*(columns[name] for name in _MATCH))
        .join(customers, (customers.c.team == columns.team) & (customers.c.external_id == columns.customer))
        .where(columns.team == team)
    )
    rows = connection.execute(query).mappings()
    return [Match(**(dict(row) | {"state": MatchState(row["state"])})) for row in rows]


def _decisions(connection: Connection, team: str) -> dict[str, _Decided]:
    columns = match_decisions.c
    query = (
        select(columns.customer, columns.company, columns.state)
        .join(customers, (customers.c.team == columns.team) & (customers.c.external_id == columns.customer))
        .where(columns.team == team)
        .order_by(columns.id)
    )
    decided: dict[str, _Decided] = {}
    for customer, company, state in connection.execute(query):
        _replay(decided.setdefault(customer, _Decided()), company, MatchState(state))
    return decided


def _replay(decided: _Decided, company: EntityId, state: MatchState) -> None:
    if state is MatchState.CONFIRMED:
        decided.confirmed = company
        decided.refused.discard(company)
        return
    decided.refused.add(company)
    if decided.confirmed == company:
        decided.confirmed = None


def _apply(match: Match, decided: _Decided | None) -> Match:
    if decided is None:
        return match
    if decided.confirmed is not None:
        return _confirmed(match.customer, decided.confirmed)
    others = {company: p for company, p in match.others.items() if company not in decided.refused}
    if match.company not in decided.refused:
        return replace(match, others=others)
    if not others:
        return replace(match, state=MatchState.REFUSED, others={})
    # The likeliest company that nobody refused takes its place, and waits for a decision of its own.
    company, probability = next(iter(others.items()))
    del others[company]
    return replace(match, company=company, state=MatchState.UNSURE, probability=probability, features={}, others=others)


def _confirmed(customer: str, company: EntityId) -> Match:
    return Match(customer=customer, company=company, state=MatchState.CONFIRMED, method="person", probability=1.0)
