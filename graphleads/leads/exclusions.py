"""Companies that are not to be offered, each with a reason; taking one back closes the row and keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, select, update

from graphleads.db.connect import write
from graphleads.db.insert import insert_unless_current
from graphleads.db.schema import DEFAULT_TEAM, exclusions
from graphleads.errors import Conflict, NotFound
from graphleads.ids import EntityId, split_id
from graphleads.leads.events import LeadEvent, LeadEventKind, append_event, require_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A company that is not to be offered, why, and who said so."""

    team: str
    company: EntityId
    reason: str
    by: str
    excluded_at: datetime


def exclude(
    engine: Engine, company: EntityId, *, reason: str, by: str, now: datetime, team: str = DEFAULT_TEAM
) -> Exclusion:
    """Keep a company out of the leads; excluding it again for the same reason changes nothing.

    Raises:
        Conflict: If it is excluded for another reason; says which.
        ValueInvalid: If the id cannot be used, or reason or name is empty or longer than 500 characters.
    """
    split_id(company)
    reason = require_text(reason, "reason")
    by = require_text(by, "name of who excludes")
    values = {"team": team, "company": company, "reason": reason, "by": by, "excluded_at": now}
    with write(engine) as connection:
        if insert_unless_current(connection, exclusions, values) is not None:
            append_event(
                connection,
                LeadEvent(team=team, company=company, kind=LeadEventKind.EXCLUDED, by=by, at=now, reason=reason),
            )
        row = connection.execute(_current(team).where(exclusions.c.company == company)).mappings().one()
    current = Exclusion(**row)
    if current.reason != reason:
        raise Conflict(
            f"{company} is excluded already, {current.reason!r}, by {current.by}: include it first to change that."
        )
    return current


def include(engine: Engine, company: EntityId, *, by: str, now: datetime, team: str = DEFAULT_TEAM) -> None:
    """Let a company be offered again.

    Raises:
        NotFound: If it is not excluded.
        ValueInvalid: If `by` is empty or too long.
    """
    by = require_text(by, "name of who includes")
    columns = exclusions.c
    current = (columns.team == team) & (columns.company == company) & columns.until.is_(None)
    with write(engine) as connection:
        if connection.execute(update(exclusions).where(current).values(until=now)).rowcount == 0:
            raise NotFound(f"{company} is not excluded, so there is nothing to take back.")
        event = LeadEvent(team=team, company=company, kind=LeadEventKind.INCLUDED, by=by, at=now)
        append_event(connection, event)


def list_exclusions(engine: Engine, *, team: str = DEFAULT_TEAM) -> list[Exclusion]:
    """Return the current exclusions of a team, by company."""
    with engine.connect() as connection:
        current = [Exclusion(**row) for row in connection.execute(_current(team)).mappings()]
    return sorted(current, key=lambda exclusion: exclusion.company)


def excluded_companies(engine: Engine, *, team: str = DEFAULT_TEAM) -> frozenset[EntityId]:
    """Return the companies that are not to be offered."""
    return frozenset(exclusion.company for exclusion in list_exclusions(engine, team=team))


def _current(team: str) -> Select[tuple[str, str, str, str, datetime]]:
    columns = exclusions.c
    return select(columns.team, columns.company, columns.reason, columns.by, columns.excluded_at).where(
        columns.team == team, columns.until.is_(None)
    )
