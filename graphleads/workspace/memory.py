"""What a team has said until now, remembered until somebody changes it in whichever process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from graphleads.crm.record import Customers
from graphleads.db.change import Topic, read_changes
from graphleads.db.session import Session
from graphleads.identity.matches import Matches
from graphleads.identity.resolve import Resolver
from graphleads.ids import EntityId
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusion, Exclusions
from graphleads.model import Claim, CustomerRecord, Match
from graphleads.workspace.standing import Standing, stand

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The customers by external id, and how each stands to a company; nobody changes them."""

    customers: tuple[CustomerRecord, ...] = ()
    matches: Mapping[str, Match] = field(default_factory=dict)
    _standings: dict[str | None, Standing] = field(default_factory=dict, init=False, repr=False, compare=False)

    def standing(self, owner: str | None) -> Standing:
        """Return what the ranking is told about them: around an owner's won customers, or everybody's."""
        found = self._standings.get(owner) or stand(self.customers, self.matches, owner)
        if found.seeds:  # Owners are whatever callers write: only those who have won customers are remembered.
            self._standings[owner] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The current claims, oldest first, and the exclusions by company.

    Attributes:
        claims: Who works on what.
        exclusions: What is kept out, and why.
        companies: The companies of both, by the ids under which they were taken.
    """

    claims: tuple[Claim, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    companies: frozenset[EntityId] = frozenset()


class _Remembered(Generic[_Read]):
    """What was read of a topic by the ids of a snapshot, and how often the topic had been changed by then."""

    def __init__(self, topic: Topic, read: Callable[[Session, Resolver], _Read]) -> None:
        self._topic = topic
        self._read = read
        self._reading = threading.Lock()
        self._known: tuple[int, object, _Read] | None = None

    def get(self, session: Session, resolver: Resolver, changes: Mapping[Topic, int]) -> _Read:
        known = self._known
        if known is not None and known[:2] == (changes[self._topic], resolver):
            return known[2]
        with self._reading:  # Of many who ask after a change one reads, and the others wait for that.
            n = read_changes(session.engine, session.team)[self._topic]
            if self._known is None or self._known[:2] != (n, resolver):
                self._known = (n, resolver, self._read(session, resolver))
            return self._known[2]


class Memory:
    """What the database has of one team. Safe to share between threads."""

    def __init__(self) -> None:
        self._accounts = _Remembered(Topic.CUSTOMERS, _read_accounts)
        self._taken = _Remembered(Topic.LEADS, _read_taken)

    def read(self, session: Session, resolver: Resolver) -> tuple[Accounts, Taken]:
        """Return what whoever committed before this call has said."""
        changes = read_changes(session.engine, session.team)
        return self._accounts.get(session, resolver, changes), self._taken.get(session, resolver, changes)


def _read_accounts(session: Session, resolver: Resolver) -> Accounts:
    customers = tuple(Customers(session).current())
    return Accounts(customers=customers, matches=Matches(session, resolver).current())


def _read_taken(session: Session, _resolver: Resolver) -> Taken:
    claims, exclusions = Claims(session).current(), Exclusions(session).current()
    companies = frozenset(one.company for one in claims) | frozenset(one.company for one in exclusions)
    return Taken(claims=tuple(claims), exclusions=tuple(exclusions), companies=companies)
