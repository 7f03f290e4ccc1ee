"""What happened to leads: appended in the transaction that made it happen, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from graphleads.db.change import Topic, count_change
from graphleads.db.schema import lead_events
from graphleads.db.session import Session
from graphleads.ids import EntityId


class LeadEventKind(StrEnum):
    """What can happen to a lead."""

    CLAIMED = "claimed"
    RELEASED = "released"
    EXCLUDED = "excluded"
    INCLUDED = "included"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadEvent:
    """Something that somebody did to a lead, and why, where a reason was given."""

    team: str
    company: EntityId
    kind: LeadEventKind
    by: str
    at: datetime
    reason: str | None = None


_APPEND = insert(lead_events)


def append_event(connection: Connection, event: LeadEvent) -> None:
    """Append an event in the caller's transaction, and count it as a change."""
    connection.execute(
        _APPEND,
        {
            "team": event.team,
            "company": event.company,
            "kind": event.kind.value,
            "by": event.by,
            "at": event.at,
            "reason": event.reason,
        },
    )
    count_change(connection, event.team, Topic.LEADS, [event.company])


def read_events(session: Session, company: EntityId) -> list[LeadEvent]:
    """Return what happened to a company under an id, oldest first."""
    columns = lead_events.c
    query = (
        select(columns.team, columns.company, columns.kind, columns.by, columns.at, columns.reason)
        .where(columns.team == session.team, columns.company == company)
        .order_by(columns.id)
    )
    with session.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [LeadEvent(**{**row, "kind": LeadEventKind(row["kind"])}) for row in rows]
