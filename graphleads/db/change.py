"""How often what a ranking rests on was changed, so that whoever remembers it knows when to read it again.

Every writer counts its change in its own transaction, in whichever process it is: the same number means the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, Engine, bindparam, select

from graphleads.db.insert import insert_or_count
from graphleads.db.schema import changes

# Asked before every answer, so made once.
_COUNTS = select(changes.c.topic, changes.c.n).where(changes.c.team == bindparam("team"))


class Topic(StrEnum):
    """What is counted."""

    CUSTOMERS = "customers"
    """Customers, and how they stand to the registers."""

    LEADS = "leads"
    """Claims and exclusions."""


def count_change(connection: Connection, team: str, topic: Topic) -> None:
    """Count a change in the caller's transaction, best as its last statement: others of the team wait for its end."""
    insert_or_count(connection, changes, {"team": team, "topic": topic.value})


def read_changes(engine: Engine, team: str) -> Mapping[Topic, int]:
    """Return how often each topic of a team was changed; what was read before that is at most as new."""
    with engine.connect() as connection:
        counted = {row.topic: row.n for row in connection.execute(_COUNTS, {"team": team})}
    return {topic: counted.get(topic.value, 0) for topic in Topic}
