"""Companies that are not to be offered, each with a reason; taking one back closes the row and keeps it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from graphleads.db.insert import insert_unless_current
from graphleads.db.schema import exclusions
from graphleads.db.session import Session, require_text
from graphleads.errors import Conflict, NotFound
from graphleads.ids import EntityId, split_id
from graphleads.leads.events import LeadEvent, LeadEventKind, append_event

_COLUMNS = (
    exclusions.c.team, exclusions.c.company, exclusions.c.reason, exclusions.c.by, exclusions.c.excluded_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A company that is not to be offered, why, and who said so."""

    team: str
    company: EntityId
    reason: str
    by: str
    excluded_at: datetime


class Exclusions:
    """The exclusions of one team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def exclude(self, company: EntityId, *, reason: str) -> Exclusion:
        """Keep a company out of the leads; excluding it again for the same reason changes nothing.

        Raises:
            Conflict: If it is excluded for another reason; says which.
            ValueInvalid: If the id cannot be used, or the reason is empty or longer than 500 characters.
        """
        split_id(company)
        session, reason, now = self._session, require_text(reason, "reason"), self._session.now()
        by = {"team": session.team, "company": company, "reason": reason, "by": session.actor}
        with session.write() as connection:
            if insert_unless_current(connection, exclusions, by | {"excluded_at": now}) is not None:
                append_event(connection, LeadEvent(kind=LeadEventKind.EXCLUDED, at=now, **by))
            row = connection.execute(self._current().where(exclusions.c.company == company)).mappings().one()
        current = Exclusion(**row)
        if current.reason != reason:
            raise Conflict(
                f"{company} is excluded already, {current.reason!r}, by {current.by}: include it first to change that."
            )
        return current

    def include(self, company: EntityId) -> None:
        """Let a company be offered again.

        Raises:
            NotFound: If it is not excluded.
        """
        session, now, columns = self._session, self._session.now(), exclusions.c
        current = (columns.team == session.team) & (columns.company == company) & columns.until.is_(None)
        with session.write() as connection:
            if connection.execute(update(exclusions).where(current).values(until=now)).rowcount == 0:
                raise NotFound(f"{company} is not excluded, so there is nothing to take back.")
            event = LeadEvent(team=session.team, company=company, kind=LeadEventKind.INCLUDED, by=session.actor, at=now)
            append_event(connection, event)

    def current(self) -> list[Exclusion]:
        """Return the current exclusions, by company."""
        with self._session.read() as connection:
            return self.read(connection)

    def read(self, connection: Connection, companies: Collection[EntityId] | None = None) -> list[Exclusion]:
        """Return the current exclusions, or those of some companies, in the state that the connection reads."""
        query = self._current()
        if companies is not None:
            query = query.where(exclusions.c.company.in_(companies))
        found = [Exclusion(**row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda exclusion: exclusion.company)

    def as_of(self, moment: datetime) -> list[Exclusion]:
        """Return the exclusions that were current at a moment, by company."""
        columns = exclusions.c
        then = (columns.excluded_at <= moment) & (columns.until.is_(None) | (columns.until > moment))
        query = select(*_COLUMNS).where(columns.team == self._session.team, then)
        with self._session.read() as connection:
            found = [Exclusion(**row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda exclusion: exclusion.company)

    def _current(self) -> Select[Any]:
        return select(*_COLUMNS).where(exclusions.c.team == self._session.team, exclusions.c.until.is_(None))
