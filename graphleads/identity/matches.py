"""Which company each customer is: what the matcher proposed last, and what people judged about it.

Proposals are replaced by every run of the matcher, and each that differs from the one before is kept as a version.
Judgements outlive it: a confirmed company stays the customer's, a refused one is never proposed again without saying
so, whatever ids they have by then, and a later judgement undoes an earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from graphleads.db.change import MOST_KEYS, Topic, count_change
from graphleads.db.insert import upsert
from graphleads.db.schema import PROPOSAL_COLUMNS, customers, match_versions, matches
from graphleads.db.session import Session
from graphleads.errors import CustomerNotFound
from graphleads.identity.judgements import Judgement, Judgements, Record, RecordKind, Verdict
from graphleads.identity.resolve import Resolver, Unresolved
from graphleads.ids import EntityId, split_id
from graphleads.model import Match, MatchState

_MATCH = ("customer", "company", "state", "method", "probability", "features", "others")
_PAIR = (RecordKind.CUSTOMER, RecordKind.COMPANY)

_EVEN = 0.5
"""The probability of a company that nobody can tell from the customer, where the matcher has none for it."""


@dataclass(slots=True)
class _Decided:
    """What people decided about one customer, after all their judgements, by the ids of now."""

    confirmed: EntityId | None = None
    refused: set[EntityId] = field(default_factory=set)
    doubted: set[EntityId] = field(default_factory=set)


class Matches:
    """How the customers of one team stand to the registers.

    Args:
        session: Whose customers they are.
        resolver: Says which id a company has now; without one every id is its own.
    """

    def __init__(self, session: Session, resolver: Resolver | None = None) -> None:
        self._session = session
        self._resolver = resolver or Unresolved()
        self._judgements = Judgements(session)

    def save(self, proposed: Iterable[Match], *, snapshot: str) -> None:
        """Replace what the matcher proposed for these customers; people's judgements stay.

        Args:
            proposed: The matcher's answers, in the states sure, unsure and none.
            snapshot: The snapshot that they were found in.
        """
        session = self._session
        told = {"team": session.team, "snapshot": snapshot, "matched_at": session.now(), "by": session.actor}
        rows = [
            {name: getattr(match, name) for name in _MATCH} | {"state": match.state.value} | told for match in proposed
        ]
        if not rows:
            return
        keys = [row["customer"] for row in rows]
        with session.write() as connection:
            before = self._rows(connection, keys if len(keys) <= MOST_KEYS else None)
            known = {row["customer"]: row for row in before}
            new = [row for row in rows if _differs(row, known.get(row["customer"]))]
            if new:
                connection.execute(insert(match_versions), new)
            upsert(connection, matches, rows, update=PROPOSAL_COLUMNS)
            count_change(connection, session.team, Topic.CUSTOMERS, keys)

    def current(self) -> dict[str, Match]:
        """Return how each customer stands now, by external id; a customer that was never matched is not there.

        A judgement goes before a proposal: the confirmed company, with probability 1, whatever the matcher says. Where
        the proposed one was refused, the likeliest other company waits instead; there is none: it is in state refused.
        """
        with self._session.read() as connection:
            return self.read(connection)

    def read(self, connection: Connection, wanted: Collection[str] | None = None) -> dict[str, Match]:
        """Return what `current` does, or of some customers, in the state that the connection reads."""
        judged = self._judgements.read(connection, kinds=_PAIR, left=wanted)
        there = self._customers(connection, wanted)
        proposed = [_make_match(row) for row in self._rows(connection, wanted)]
        return self._derive(proposed, [one for one in judged if one.left.id in there])

    def as_of(self, moment: datetime, customers_then: Collection[str]) -> dict[str, Match]:
        """Return how customers stood at a moment, by external id and by the ids that their companies have now.

        Args:
            moment: The moment.
            customers_then: The external ids of the customers that there were.
        """
        columns, session, there = match_versions.c, self._session, frozenset(customers_then)
        last = (
            select(func.max(columns.id))
            .where(columns.team == session.team, columns.matched_at <= moment)
            .group_by(columns.customer)
        )
        query = select(*(columns[name] for name in _MATCH)).where(columns.id.in_(last))
        with session.read() as connection:
            proposed = [
                _make_match(dict(row)) for row in connection.execute(query).mappings() if row["customer"] in there
            ]
            judged = self._judgements.read(connection, kinds=_PAIR, until=moment)
        return self._derive(proposed, [one for one in judged if one.left.id in there])

    def judged(self, wanted: Collection[str]) -> list[Judgement]:
        """Return what counts of what people said of some customers, by the ids that companies have now, oldest first.

        Args:
            wanted: External ids of customers.
        """
        with self._session.read() as connection:
            found = self._judgements.read(connection, kinds=_PAIR, left=wanted)
        now = self._resolver.ids_now([one.right.id for one in found])
        last = {(one.left.id, now[one.right.id]): one for one in found}
        counted = (
            replace(one, right=replace(one.right, id=company))
            for (_, company), one in last.items()
            if one.verdict is not Verdict.FORGOTTEN
        )
        return sorted(counted, key=lambda one: one.id)

    def confirm(self, customer: str, company: EntityId, *, why: str | None = None) -> Match:
        """Say that a customer is this company, and return how it stands now.

        Raises:
            CustomerNotFound: If there is no such customer.
            ValueInvalid: If the company's id cannot be used.
        """
        self.judge(customer, company, Verdict.SAME, why=why)
        return _confirmed(customer, company)

    def refuse(self, customer: str, company: EntityId, *, why: str | None = None) -> None:
        """Say that a customer is not this company; raises as `confirm` does."""
        self.judge(customer, company, Verdict.DIFFERENT, why=why)

    def forget(self, customer: str, company: EntityId, *, why: str | None = None) -> None:
        """Take back what was said of a customer and a company: the matcher decides again; raises as `confirm` does."""
        self.judge(customer, company, Verdict.FORGOTTEN, why=why)

    def judge(self, customer: str, company: EntityId, verdict: Verdict, *, why: str | None = None) -> None:
        """Say whether a customer is a company, or take back what was said of the two; raises as `confirm` does.

        Where nobody can tell, it is unsure and waits for a judgement, whatever the matcher says.
        """
        split_id(company)
        record = Record(kind=RecordKind.COMPANY, id=company, also=self._resolver.aliases(company))
        with self._session.write() as connection:
            if not self._customers(connection, [customer]):
                raise CustomerNotFound(f"There is no customer {customer!r}: import it first.", customer=customer)
            left = Record(kind=RecordKind.CUSTOMER, id=customer)
            self._judgements.append(connection, left, record, verdict, why=why)
            count_change(connection, self._session.team, Topic.CUSTOMERS, [customer])

    def _derive(self, proposed: Sequence[Match], judged: Sequence[Judgement]) -> dict[str, Match]:
        named = {company for one in proposed for company in (one.company, *one.others) if company}
        named |= {company for one in judged for company in (one.right.id, *one.right.also)}
        now = self._resolver.ids_now(named)
        decided: dict[str, _Decided] = {}
        for one in judged:
            _replay(decided.setdefault(one.left.id, _Decided()), one, now)
        current = {match.customer: _apply(_as_now(match, now), decided.get(match.customer)) for match in proposed}
        for customer, decision in decided.items():
            if customer not in current and (decision.confirmed is not None or decision.doubted):
                current[customer] = _apply(_nothing(customer), decision)
        return dict(sorted(current.items()))

    def _rows(self, connection: Connection, wanted: Collection[str] | None) -> list[Mapping[str, Any]]:
        columns = matches.c
        query = (
            select(*(columns[name] for name in _MATCH))
            .join(customers, (customers.c.team == columns.team) & (customers.c.external_id == columns.customer))
            .where(columns.team == self._session.team)
        )
        if wanted is not None:
            query = query.where(columns.customer.in_(wanted))
        return [dict(row) for row in connection.execute(query).mappings()]

    def _customers(self, connection: Connection, wanted: Collection[str] | None) -> frozenset[str]:
        columns = customers.c
        query = select(columns.external_id).where(columns.team == self._session.team)
        if wanted is not None:
            query = query.where(columns.external_id.in_(wanted))
        return frozenset(connection.execute(query).scalars())


def _differs(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    return before is None or any(row[name] != before[name] for name in _MATCH)


def _make_match(row: Mapping[str, Any]) -> Match:
    return Match(**(dict(row) | {"state": MatchState(row["state"])}))


def _as_now(match: Match, now: Mapping[EntityId, EntityId]) -> Match:
    company = None if match.company is None else now[match.company]
    others = {now[one]: probability for one, probability in reversed(match.others.items()) if now[one] != company}
    return replace(match, company=company, others=dict(reversed(others.items())))


def _replay(decided: _Decided, judgement: Judgement, now: Mapping[EntityId, EntityId]) -> None:
    judged = {now[one] for one in (judgement.right.id, *judgement.right.also)}
    company = now[judgement.right.id]
    decided.refused -= judged
    decided.doubted -= judged
    if judgement.verdict is Verdict.SAME:
        decided.confirmed = company
        return
    if judgement.verdict is Verdict.DIFFERENT:
        decided.refused |= judged
    if judgement.verdict is Verdict.UNSURE:
        decided.doubted.add(company)
    if decided.confirmed in judged:
        decided.confirmed = None


def _apply(match: Match, decided: _Decided | None) -> Match:
    if decided is None:
        return match
    if decided.confirmed is not None:
        return _confirmed(match.customer, decided.confirmed)
    return _doubt(_without_refused(match, decided.refused), decided.doubted)


def _without_refused(match: Match, refused: Collection[EntityId]) -> Match:
    others = {company: p for company, p in match.others.items() if company not in refused}
    if match.company not in refused:
        return replace(match, others=others)
    if not others:
        return replace(match, state=MatchState.REFUSED, others={})
    # The likeliest company that nobody refused takes its place, and waits for a judgement of its own.
    company, probability = next(iter(others.items()))
    del others[company]
    return replace(match, company=company, state=MatchState.UNSURE, probability=probability, features={}, others=others)


def _doubt(match: Match, doubted: Collection[EntityId]) -> Match:
    """Return a match of which somebody said that nobody can tell: it waits, too, with the companies that were named."""
    if not doubted or (match.state is MatchState.SURE and match.company not in doubted):
        return match
    if match.state is MatchState.SURE:
        return replace(match, state=MatchState.UNSURE)
    known = {} if match.company is None or match.state is not MatchState.UNSURE else {match.company: match.probability}
    known |= match.others
    named = known | {company: _EVEN for company in doubted if company not in known}
    (company, probability), *rest = sorted(named.items(), key=lambda one: (-one[1], one[0]))
    if match.state is MatchState.UNSURE and company == match.company:
        return replace(match, others=dict(rest))
    return Match(
        customer=match.customer,
        company=company,
        state=MatchState.UNSURE,
        method="person",
        probability=probability,
        others=dict(rest),
    )


def _nothing(customer: str) -> Match:
    return Match(customer=customer, company=None, state=MatchState.NONE, method="none", probability=0.0)


def _confirmed(customer: str, company: EntityId) -> Match:
    return Match(customer=customer, company=company, state=MatchState.CONFIRMED, method="person", probability=1.0)
