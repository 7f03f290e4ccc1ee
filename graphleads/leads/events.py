"""What happened to leads: appended in the transaction that made it happen, never edited."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, insert, select

from graphleads.db.change import Topic, count_change
from graphleads.db.schema import DEFAULT_TEAM, lead_events
from graphleads.errors import ValueInvalid
from graphleads.ids import EntityId

TEXT_MAX = 500
"""Characters of the longest reason or person's name that is kept."""


class LeadEventKind(StrEnum):
    """What can happen to a lead."""

    CLAIMED = "claimed"
    RELEASED = "released"
    EXCLUDED = "excluded"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadEvent:
    """Something that somebody did to a lead, and why, where a reason was given."""

    team: str
    company: EntityId
    kind: LeadEventKind
    by: str
    at: datetime
    reason: str | None = None


def append_event(connection: Connection, event: LeadEvent) -> None:
    """Append an event in the caller's transaction, and count it as a change."""
    connection.execute(
        insert(lead_events).values(
            team=event.team,
            company=event.company,
            kind=event.kind.value,
            by=event.by,
            at=event.at,
            reason=event.reason,
        )
    )
    count_change(connection, event.team, Topic.LEADS)


def list_events(engine: Engine, company: EntityId, *, team: str = DEFAULT_TEAM) -> list[LeadEvent]:
    """Return what happened to a company, oldest first."""
    columns = lead_events.c
    query = (
        select(columns.team, columns.company, columns.kind, columns.by, columns.at, columns.reason)
        .where(columns.team == team, columns.company == company)
        .order_by(columns.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [LeadEvent(**{**row, "kind": LeadEventKind(row["kind"])}) for row in rows]


def require_text(text: str, what: str) -> str:
    """Return a text that a person gave, on one line and without control characters.

    Raises:
        ValueInvalid: If nothing is left of it, or more than 500 characters; `what` names it.
    """
    line = " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in text).split())
    if not line:
        raise ValueInvalid(f"The {what} is empty: give one.")
    if len(line) > TEXT_MAX:
        raise ValueInvalid(f"The {what} has {len(line):,} characters: use at most {TEXT_MAX}.")
    return line
