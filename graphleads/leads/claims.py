"""Who works on a company: one owner at a time, first come, first served, settled by the database.

A claim is one insert into the claims that are current; no row back means that somebody else was first. A release
closes the row; of two who release at once one does. Nothing is deleted, so who had a company when is never lost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update

from graphleads.db.insert import insert_unless_current
from graphleads.db.schema import claims
from graphleads.db.session import Session, require_text
from graphleads.errors import LeadConflict, NotFound
from graphleads.ids import EntityId, split_id
from graphleads.leads.events import LeadEvent, LeadEventKind, append_event
from graphleads.model import Claim
from graphleads.remedy import Remedy
from graphleads.text import is_same_name

_COLUMNS = (
    claims.c.id, claims.c.team, claims.c.company, claims.c.owner, claims.c.claimed_at,
    claims.c.run, claims.c.rank, claims.c.score,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The place at which a run offered a company: the run's id, the rank and the score that it had there."""

    run: str
    rank: int
    score: float


class Claims:
    """The claims of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(
        self,
        company: EntityId,
        *,
        owner: str,
        also_known_as: Collection[EntityId] = (),
        offer: Offer | None = None,
    ) -> Claim:
        """Claim a company for an owner; claiming it again returns the claim that the owner has.

        Args:
            company: The company's id as it is now.
            owner: Who will work on it.
            also_known_as: Ids that stand for the same company since registers were merged.
            offer: Where it was offered, None if nobody says.

        Raises:
            LeadConflict: If somebody else has it; says who, and since when.
            ValueInvalid: If the id or the owner cannot be used.
        """
        split_id(company)
        owner = require_text(owner, "owner")
        with self._session.write() as connection:
            first = self._first(connection, also_known_as) or self._insert(connection, company, owner, offer)
            if first is None:
                first = self._first(connection, [company])
        if first is None or not is_same_name(owner, first.owner):
            raise LeadConflict(_conflict(company, first), company=company, owner=first.owner if first else None)
        return first

    def release(self, company: EntityId) -> Claim:
        """Give a company back, and return the claim that ended.

        Raises:
            NotFound: If nobody has claimed it.
        """
        ended = self._end(claims.c.company == company)
        if ended is None:
            raise NotFound(f"Nobody has claimed {company}, so there is nothing to release.")
        return ended

    def release_number(self, number: int) -> Claim:
        """End a claim by its number, and return it.

        Raises:
            NotFound: If the team has no such claim, or it was released already.
        """
        ended = self._end(claims.c.id == number)
        if ended is None:
            raise NotFound(f"There is no claim {number}, or it was released already.", Remedy.LIST_CLAIMS, claim=number)
        return ended

    def rename_owner(self, old: str, new: str) -> int:
        """Let the current claims of an owner go by the owner's new name, and return how many they are."""
        now, columns = self._session.now(), claims.c
        current = (columns.team == self._session.team) & columns.until.is_(None) & (columns.owner == old)
        with self._session.write() as connection:
            renamed = connection.execute(update(claims).where(current).values(owner=new).returning(columns.company))
            companies = renamed.scalars().all()
            for company in companies:
                event = self._event(company, LeadEventKind.RENAMED, now)
                append_event(connection, replace(event, reason=f"{old} is {new} now"))
        return len(companies)

    def get(self, number: int) -> Claim | None:
        """Return a current claim by its number, None if there is none."""
        with self._session.read() as connection:
            row = connection.execute(self._current().where(claims.c.id == number)).mappings().first()
        return None if row is None else Claim(**row)

    def current(self, *, owner: str | None = None) -> list[Claim]:
        """Return the current claims, or those of one owner, oldest first."""
        with self._session.read() as connection:
            return [one for one in self.read(connection) if owner in (None, one.owner)]

    def read(self, connection: Connection, companies: Collection[EntityId] | None = None) -> list[Claim]:
        """Return the current claims, or those on some companies, in the state that the connection reads."""
        query = self._current()
        if companies is not None:
            query = query.where(claims.c.company.in_(companies))
        return [Claim(**row) for row in connection.execute(query).mappings()]

    def as_of(self, moment: datetime) -> list[Claim]:
        """Return the claims that were current at a moment, oldest first."""
        columns = claims.c
        then = (columns.claimed_at <= moment) & (columns.until.is_(None) | (columns.until > moment))
        query = select(*_COLUMNS).where(columns.team == self._session.team, then).order_by(columns.id)
        with self._session.read() as connection:
            return [Claim(**row) for row in connection.execute(query).mappings()]

    def _insert(self, connection: Connection, company: EntityId, owner: str, offer: Offer | None) -> Claim | None:
        """Insert a claim unless there is one; return it, None if somebody was first."""
        session, now = self._session, self._session.now()
        offered = {name: getattr(offer, name, None) for name in ("run", "rank", "score")}
        values: dict[str, Any] = {
            "team": session.team, "company": company, "owner": owner, "claimed_at": now, **offered,
        }  # fmt: skip
        number = insert_unless_current(connection, claims, values)
        if number is None:
            return None
        append_event(connection, self._event(company, LeadEventKind.CLAIMED, now))
        return Claim(id=number, **values)

    def _end(self, which: ColumnElement[bool]) -> Claim | None:
        """Close the current claim that is meant, in one statement: whoever comes second finds none."""
        now = self._session.now()
        current = (claims.c.team == self._session.team) & claims.c.until.is_(None) & which
        with self._session.write() as connection:
            ended = connection.execute(update(claims).where(current).values(until=now).returning(*_COLUMNS))
            row = ended.mappings().first()
            if row is not None:
                append_event(connection, self._event(row["company"], LeadEventKind.RELEASED, now))
        return None if row is None else Claim(**row)

    def _event(self, company: EntityId, kind: LeadEventKind, now: datetime) -> LeadEvent:
        return LeadEvent(team=self._session.team, company=company, kind=kind, by=self._session.actor, at=now)

    def _current(self) -> Select[Any]:
        current = claims.c.until.is_(None) & (claims.c.team == self._session.team)
        return select(*_COLUMNS).where(current).order_by(claims.c.id)  # in order of time whatever the clock does

    def _first(self, connection: Connection, companies: Collection[EntityId]) -> Claim | None:
        row = connection.execute(self._current().where(claims.c.company.in_(companies)).limit(1)).mappings().first()
        return None if row is None else Claim(**row)


def _conflict(company: EntityId, first: Claim | None) -> str:
    if first is None:
        return f"{company} was claimed and released by somebody else just now: try again."
    since = first.claimed_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{company} was claimed by {first.owner} on {since}: ask {first.owner} to release it, or choose another."
