"""What of that which a ranking rests on was changed, so that whoever remembers it knows what to read again.

Every writer counts its change in its own transaction, in whichever process it is, and names what it was about: the same
number means the same rows, and between two numbers stand the keys of all that changed. Whoever counts a topic of a team
waits for others who do, so that the numbers come in the order in which what they stand for became visible.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from graphleads.db.insert import insert_or_count
from graphleads.db.schema import change_keys, changes

MOST_KEYS = 1000
"""Keys of one change that are named; whoever remembers more than that reads all of it again."""

_KEPT = 10_000
"""Changes whose keys are kept: what a process misses in minutes, not in days."""

# Asked before every answer, so made once.
_COUNTS = select(changes.c.topic, changes.c.n).where(changes.c.team == bindparam("team"))
_OF_TOPIC = (changes.c.team == bindparam("team")) & (changes.c.topic == bindparam("topic"))
_COUNT = select(changes.c.n).where(_OF_TOPIC)
_KEYS = change_keys.c
_KEYS_OF_TOPIC = (_KEYS.team == bindparam("team")) & (_KEYS.topic == bindparam("topic"))
_NAMED = select(_KEYS["keys"]).where(_KEYS_OF_TOPIC, _KEYS.n > bindparam("since"), _KEYS.n <= bindparam("until"))
_FORGET = delete(change_keys).where(_KEYS_OF_TOPIC, _KEYS.n <= bindparam("until"))
_NAME = insert(change_keys)


class Topic(StrEnum):
    """What is counted."""

    CUSTOMERS = "customers"
    """Customers, and how they stand to the registers; the keys are external ids."""

    LEADS = "leads"
    """Claims and exclusions; the keys are companies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed of a topic since a number: the number now, and the keys, None where they are not known."""

    n: int
    keys: frozenset[str] | None


def count_change(connection: Connection, team: str, topic: Topic, keys: Collection[str]) -> None:
    """Count a change in the caller's transaction, best as its last statement: others of the team wait for its end.

    Args:
        connection: A connection in a transaction.
        team: Whose rows changed.
        topic: What they are.
        keys: What changed.
    """
    what = {"team": team, "topic": topic.value}
    n = insert_or_count(connection, changes, what)
    named = sorted(keys) if len(keys) <= MOST_KEYS else None
    connection.execute(_NAME, what | {"n": n, "keys": named})
    if n % _KEPT == 0:
        connection.execute(_FORGET, what | {"until": n - _KEPT})


def read_changes(engine: Engine, team: str) -> Mapping[Topic, int]:
    """Return how often each topic of a team was changed; what was read before that is at most as new."""
    with engine.connect() as connection:
        counted = {row.topic: row.n for row in connection.execute(_COUNTS, {"team": team})}
    return {topic: counted.get(topic.value, 0) for topic in Topic}


def read_changed(connection: Connection, team: str, topic: Topic, *, since: int) -> Changed:
    """Return what changed of a topic after a number, in the state of the database that the connection reads."""
    what = {"team": team, "topic": topic.value}
    n = connection.execute(_COUNT, what).scalar() or 0
    if n == since:
        return Changed(n=n, keys=frozenset())
    named = connection.execute(_NAMED, what | {"since": since, "until": n}).scalars().all()
    if len(named) != n - since or any(one is None for one in named):
        return Changed(n=n, keys=None)
    return Changed(n=n, keys=frozenset(key for one in named for key in one))
