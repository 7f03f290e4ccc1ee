"""Who works on a company: one owner at a time, first come, first served, settled by the database.

A claim is one insert into the claims that are current; no row back means that somebody else was first. A release
closes the row. Nothing is deleted, so who had a company when is never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, select, update

from graphleads.db.connect import write
from graphleads.db.insert import insert_unless_current
from graphleads.db.schema import DEFAULT_TEAM, claims
from graphleads.errors import LeadConflict, NotFound
from graphleads.ids import EntityId, split_id
from graphleads.leads.events import LeadEvent, LeadEventKind, append_event, require_text
from graphleads.model import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledClaims:
    """The current claims by the id that their company has now.

    Attributes:
        current: The claim that counts of each company.
        conflicts: (earlier, later) claims of one company under two ids; the earlier counts.
    """

    current: dict[EntityId, Claim]
    conflicts: tuple[tuple[Claim, Claim], ...]


def claim(
    engine: Engine,
    company: EntityId,
    *,
    owner: str,
    now: datetime,
    team: str = DEFAULT_TEAM,
    also_known_as: Collection[EntityId] = (),
) -> Claim:
    """Claim a company for an owner; claiming it again returns the claim that the owner has.

    Args:
        engine: The database.
        company: The company's id as it is now.
        owner: Who will work on it.
        now: The moment.
        team: The team whose claims count.
        also_known_as: Ids that stand for the same company since registers were merged.

    Raises:
        LeadConflict: If somebody else has it; says who, and since when.
        ValueInvalid: If the id or the owner cannot be used.
    """
    split_id(company)
    owner = require_text(owner, "owner")
    with write(engine) as connection:
        first = _first_claim(connection, team, also_known_as)
        if first is None:
            values = {"team": team, "company": company, "owner": owner, "claimed_at": now}
            number = insert_unless_current(connection, claims, values)
            if number is not None:
                append_event(
                    connection,
                    LeadEvent(team=team, company=company, kind=LeadEventKind.CLAIMED, by=owner, at=now),
                )
                return Claim(id=number, team=team, company=company, owner=owner, claimed_at=now)
            first = _first_claim(connection, team, [company])
    if first is None or first.owner != owner:
        raise LeadConflict(_conflict(company, first))
    return first


def release(engine: Engine, company: EntityId, *, by: str, now: datetime, team: str = DEFAULT_TEAM) -> Claim:
    """Give a company back, and return the claim that ended.

    Raises:
        NotFound: If nobody has claimed it.
        ValueInvalid: If `by` is empty or too long.
    """
    by = require_text(by, "name of who releases")
    with write(engine) as connection:
        current = _first_claim(connection, team, [company])
        if current is None:
            raise NotFound(f"Nobody has claimed {company}, so there is nothing to release.")
        _end(connection, current, by=by, now=now)
    return current


def release_claim(engine: Engine, number: int, *, by: str | None, now: datetime, team: str = DEFAULT_TEAM) -> Claim:
    """End a claim by its number, and return it; `by` is its owner if nobody is named.

    Raises:
        NotFound: If the team has no such claim, or it was released already.
        ValueInvalid: If `by` is empty or too long.
    """
    with write(engine) as connection:
        row = connection.execute(_current(team).where(claims.c.id == number)).mappings().first()
        if row is None:
            raise NotFound(f"There is no claim {number}, or it was released already: `graphleads claims` lists them.")
        current = Claim(**row)
        _end(connection, current, by=require_text(current.owner if by is None else by, "name of who releases"), now=now)
    return current


def list_claims(engine: Engine, *, team: str = DEFAULT_TEAM, owner: str | None = None) -> list[Claim]:
    """Return the current claims of a team, or of one owner, oldest first."""
    query = _current(team)
    if owner is not None:
        query = query.where(claims.c.owner == owner)
    with engine.connect() as connection:
        return [Claim(**row) for row in connection.execute(query).mappings()]


def claimed_companies(engine: Engine, *, team: str = DEFAULT_TEAM) -> dict[EntityId, str]:
    """Return who has each claimed company, by the id under which it was claimed."""
    return {claim.company: claim.owner for claim in list_claims(engine, team=team)}


def settle_claims(current: Iterable[Claim], resolve: Callable[[EntityId], EntityId]) -> SettledClaims:
    """Return the claims by the ids that stand for their companies now.

    Args:
        current: The claims, oldest first, as `list_claims` gives them.
        resolve: Follows an id's redirect.
    """
    settled: dict[EntityId, Claim] = {}
    conflicts = []
    for claim in current:
        first = settled.setdefault(resolve(claim.company), claim)
        if first is not claim:
            conflicts.append((first, claim))
    return SettledClaims(current=settled, conflicts=tuple(conflicts))


def _current(team: str) -> Select[tuple[int, str, str, str, datetime]]:
    columns = claims.c
    return (
        select(columns.id, columns.team, columns.company, columns.owner, columns.claimed_at)
        .where(columns.team == team, columns.until.is_(None))
        .order_by(columns.id)  # in order of time whatever the clock does
    )


def _first_claim(connection: Connection, team: str, companies: Collection[EntityId]) -> Claim | None:
    row = connection.execute(_current(team).where(claims.c.company.in_(companies)).limit(1)).mappings().first()
    return None if row is None else Claim(**row)


def _end(connection: Connection, current: Claim, *, by: str, now: datetime) -> None:
    connection.execute(update(claims).where(claims.c.id == current.id).values(until=now))
    event = LeadEvent(team=current.team, company=current.company, kind=LeadEventKind.RELEASED, by=by, at=now)
    append_event(connection, event)


def _conflict(company: EntityId, first: Claim | None) -> str:
    if first is None:
        return f"{company} was claimed and released by somebody else just now: try again."
    since = first.claimed_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{company} was claimed by {first.owner} on {since}: ask {first.owner} to release it, or choose another."
