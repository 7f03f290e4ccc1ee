"""The match step: customers against the register, and what a person is shown of those that are unsure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, StepMissing, VersionUnsupported
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.config import MatchConfig
from graphleads.identity.judgements import Judgement
from graphleads.identity.match import MatchCandidate, match_customers, review_candidates
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, Match, MatchState, Progress
from graphleads.remedy import Remedy
from graphleads.workspace.answer import MatchLine, MatchSide
from graphleads.workspace.directory import SnapshotDirectory
from graphleads.workspace.listed import MatchedCustomer
from graphleads.workspace.matched import Matched
from graphleads.workspace.register import Register
from graphleads.workspace.suggesting import MOST_SEARCHED, is_unspaced_name, suggest
from graphleads.workspace.team import Team

_COMPARED = ("phone", "email_domain", "website")
"""Contact points that tell one company from another of its name."""

_MOST_MATCHED = 1000
"""Customers that are matched on the way: as many take seconds."""

_N_CANDIDATES = 3
"""Companies that a person is shown to choose from."""


class Matching:
    """Finds the customers of one team in one register."""

    def __init__(self, register: Register, team: Team, config: MatchConfig, matched: Matched) -> None:
        self._matched = matched
        self._register = register
        self._team = team
        self._config = config

    def match(self, progress: Progress) -> dict[str, Match]:
        """Match every customer anew, and return how they stand, people's decisions included.

        Raises:
            StepMissing: If nothing was built yet, or there are no customers.
        """
        snapshot = self._register.snapshot()
        customers = self._team.customers()
        if not customers:
            raise StepMissing("There are no customers yet.", Remedy.IMPORT_CUSTOMERS)
        proposed = match_customers(customers, SnapshotDirectory(snapshot), self._config, progress=progress)
        self._team.save_matches(proposed, snapshot.id)
        self._matched.note(customers, snapshot.id)
        return self._team.matches()

    def propose(self, customer: CustomerRecord) -> tuple[list[Match], str | None]:
        """Return what the matcher proposes for one customer, and in which snapshot; nothing without a register."""
        if self._register.snapshot_id() is None:
            return [], None
        snapshot = self._register.snapshot()
        return match_customers([customer], SnapshotDirectory(snapshot), self._config), snapshot.id

    def propose_all(self, customers: Sequence[CustomerRecord]) -> tuple[list[Match], str | None]:
        """Return what the matcher proposes for customers, in their order; as `propose`."""
        if self._register.snapshot_id() is None:
            return [], None
        snapshot = self._register.snapshot()
        return match_customers(customers, SnapshotDirectory(snapshot), self._config), snapshot.id

    def match_again(self, keys: Sequence[str]) -> None:
        """Look for customers that are as they were before, up to 1,000: what was found meanwhile may be another's."""
        if not 0 < len(keys) <= _MOST_MATCHED:
            return
        records = self._team.said().accounts.records
        # What was taken back is, even where the register cannot be read: `match` looks for them once it can be.
        with suppress(SnapshotDamaged, SnapshotNotFound, VersionUnsupported):
            proposed, snapshot = self.propose_all([records[key] for key in keys if key in records])
            if snapshot is not None:
                self._team.save_matches(proposed, snapshot)

    def waiting(self) -> list[MatchLine]:
        """Return the customers whose matches wait for a person, with the companies that they may be.

        Last come those of Chinese names for which there is no match, with what a search for the name finds.
        """
        customers = {one.external_id: one for one in self._team.customers()}
        unsure = [one for one in self._team.matches().values() if one.state is MatchState.UNSURE]
        return [*(self._line(one, customers[one.customer]) for one in unsure), *self._suggested(customers)]

    def _suggested(self, customers: Mapping[str, CustomerRecord]) -> Iterator[MatchLine]:
        """Yield the customers of Chinese names that no company matches, with what a search for the name finds."""
        none = (one for one in self._team.matches().values() if one.state is MatchState.NONE)
        unfound = [one for one in none if is_unspaced_name(customers[one.customer].name)]
        if not unfound:
            return
        store = EmbeddedStore(self._register.snapshot())
        for match in unfound[:MOST_SEARCHED]:
            customer = customers[match.customer]
            found = tuple(
                MatchCandidate(company=one.id, name=one.name, method="search", probability=0.0, features={})
                for one in suggest(store, customer)
            )
            if found:
                sides = self._sides(one.company for one in found)
                yield MatchLine(match=match, customer=customer, candidates=found, sides=sides)

    def matched(
        self, *, state: MatchState | None, customer: str | None, after: str | None, limit: int | None
    ) -> list[MatchedCustomer]:
        """Return how customers stand, by external id, both sides of each; those that nobody looked for are left out."""
        accounts = self._team.said().accounts
        found = [
            one
            for key, one in sorted(accounts.matches.whole().items())
            if state in (None, one.state) and customer in (None, key) and (after is None or key > after)
        ][:limit]
        decisions: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in self._team.judged([one.customer for one in found]):
            decisions[judgement.left.id].append(judgement)
        return [
            MatchedCustomer(
                customer=accounts.records[one.customer],
                match=one,
                companies=companies,
                sides=self._sides(companies),
                decisions=tuple(decisions[one.customer]),
            )
            for one in found
            for companies in [_companies(one)]
        ]

    def _line(self, match: Match, customer: CustomerRecord) -> MatchLine:
        found = self._candidates(customer)
        likely = {one.company for one in found}
        named = {one: chance for one, chance in _companies(match).items() if one not in likely}
        sides = self._sides([*likely, *named])
        # What people named as what it may be, and names alone do not find.
        told = (
            MatchCandidate(company=one, name=sides[one].company.name, method="person", probability=chance, features={})
            for one, chance in named.items()
            if one in sides
        )
        return MatchLine(match=match, customer=customer, candidates=(*found, *told), sides=sides)

    def _sides(self, companies: Iterable[EntityId]) -> dict[EntityId, MatchSide]:
        """Return what companies are compared by, of those that the register has."""
        if self._register.snapshot_id() is None:
            return {}
        store = EmbeddedStore(self._register.snapshot())
        day = store.snapshot.observed_on
        nodes = {one: store.snapshot.node_of(one) for one in companies}
        return {
            one: MatchSide(
                company=store.summary(node),
                contacts=tuple(
                    tie.target.name
                    for tie in store.relationships(one, valid_on=day, known_on=day, kinds=_COMPARED, limit=5)
                ),
            )
            for one, node in nodes.items()
            if node is not None
        }

    def _candidates(self, customer: CustomerRecord) -> tuple[MatchCandidate, ...]:
        directory = SnapshotDirectory(self._register.snapshot())
        found = review_candidates(customer, directory, limit=_N_CANDIDATES, config=self._config)
        return tuple(one for one in found if one.probability >= self._config.unsure / _N_CANDIDATES)


def _companies(match: Match) -> dict[EntityId, float]:
    """Return the companies that a customer is, may be or was refused to be, with their probabilities."""
    return ({} if match.company is None else {match.company: match.probability}) | match.others
