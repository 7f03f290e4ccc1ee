"""What a team has said until now, remembered, and brought up to date by what was changed in whichever process.

Every write counts its change and names what it was about (`graphleads.db.change`). Whoever asks next reads those rows
and no others, and changes what is derived of them: around which companies to look, which are barred, their hashes.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from graphleads.crm.record import Customers
from graphleads.crm.standing import lost_since
from graphleads.db.change import Topic, read_changed, read_changes
from graphleads.db.session import Session
from graphleads.identity.matches import Matches
from graphleads.identity.resolve import Resolver, Unresolved
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusions
from graphleads.workspace.said import Said

_MOST_ROWS = 5000
"""Changed rows that are read by their keys: above it reading all of them takes no longer."""

_NEVER = -1
"""Before the first change: rows may be older than the counting of changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was said when the topics had been changed so often, and since when customers are lost, as far as asked."""

    said: Said
    counts: Mapping[Topic, int]
    lost: dict[str, date | None] = field(default_factory=dict)


class Memory:
    """What the database has of one team. Safe to share between threads."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._known = _nothing(Unresolved())

    def read(self, session: Session, resolver: Resolver) -> Said:
        """Return what whoever committed before this call has said."""
        known = self._known
        if known.said.resolver == resolver and known.counts == read_changes(session.engine, session.team):
            return known.said
        with self._reading:  # Of many who ask after a change one reads, and the others find it done.
            known = self._known
            self._known = _catch_up(known if known.said.resolver == resolver else _nothing(resolver), session)
            return self._known.said

    def lost_since(self, session: Session, keys: Collection[str]) -> dict[str, date]:
        """Return since when customers are lost, of those of whom it is known; asked of the database once a change."""
        lost = self._known.lost
        if new := [key for key in keys if key not in lost]:
            found = lost_since(session, new)
            lost.update((key, found.get(key)) for key in new)
        return {key: day for key in keys if (day := lost[key]) is not None}


def _nothing(resolver: Resolver) -> _Known:
    return _Known(said=Said(resolver=resolver), counts=dict.fromkeys(Topic, _NEVER))


def _catch_up(known: _Known, session: Session) -> _Known:
    """Return what is known after all that was changed since."""
    said, counts = known.said, {}
    with session.read() as connection:
        for topic, read in ((Topic.CUSTOMERS, _read_customers), (Topic.LEADS, _read_taken)):
            changed = read_changed(connection, session.team, topic, since=known.counts[topic])
            counts[topic] = changed.n
            if changed.n != known.counts[topic]:
                keys = None if changed.keys is None or len(changed.keys) > _MOST_ROWS else changed.keys
                said = read(said, session, connection, keys)
    kept = known.lost if counts[Topic.CUSTOMERS] == known.counts[Topic.CUSTOMERS] else {}
    return _Known(said=said, counts=counts, lost=kept)


def _read_customers(said: Said, session: Session, connection: Connection, keys: frozenset[str] | None) -> Said:
    customers = Customers(session).read(connection, keys)
    return said.with_customers(keys, customers, Matches(session, said.resolver).read(connection, keys))


def _read_taken(said: Said, session: Session, connection: Connection, keys: frozenset[str] | None) -> Said:
    return said.with_taken(keys, Claims(session).read(connection, keys), Exclusions(session).read(connection, keys))
