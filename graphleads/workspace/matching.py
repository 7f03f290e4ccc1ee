"""The match step: customers against the register, and whether it has anything to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import orjson

from graphleads.disk import replace_file
from graphleads.errors import Remedy, StepMissing
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.match import MatchCandidate, MatchConfig, match_customers, review_candidates
from graphleads.model import CustomerRecord, Match, MatchState, Progress
from graphleads.workspace.answer import MatchLine, MatchSide
from graphleads.workspace.directory import SnapshotDirectory
from graphleads.workspace.home import Home
from graphleads.workspace.register import Register
from graphleads.workspace.team import Team

_COMPARED = ("phone", "email_domain", "website")
"""Contact points that tell one company from another of its name."""

_N_CANDIDATES = 3
"""Companies that a person is shown to choose from."""


class Matching:
    """Finds the customers of one team in one register."""

    def __init__(self, home: Home, register: Register, team: Team, config: MatchConfig) -> None:
        self._home = home
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
        self._note_inputs(customers, snapshot.id)
        return self._team.matches()

    def propose(self, customer: CustomerRecord) -> tuple[list[Match], str | None]:
        """Return what the matcher proposes for one customer, and in which snapshot; nothing without a register."""
        if self._register.snapshot_id() is None:
            return [], None
        snapshot = self._register.snapshot()
        return match_customers([customer], SnapshotDirectory(snapshot), self._config), snapshot.id

    def waiting(self) -> list[MatchLine]:
        """Return the customers whose matches wait for a person, with the companies that they may be."""
        customers = {one.external_id: one for one in self._team.customers()}
        unsure = [one for one in self._team.matches().values() if one.state is MatchState.UNSURE]
        return [self._line(one, customers[one.customer]) for one in unsure]

    def _line(self, match: Match, customer: CustomerRecord) -> MatchLine:
        candidates = self._candidates(customer)
        store = EmbeddedStore(self._register.snapshot())
        day = store.snapshot.observed_on
        sides = {
            one.company: MatchSide(
                company=store.summary(store.node(one.company)),
                contacts=tuple(
                    tie.target.name
                    for tie in store.relationships(one.company, valid_on=day, known_on=day, kinds=_COMPARED, limit=5)
                ),
            )
            for one in candidates
        }
        return MatchLine(match=match, customer=customer, candidates=candidates, sides=sides)

    def is_fresh(self, customers: Sequence[CustomerRecord]) -> bool:
        """Return whether every customer is matched, with the current snapshot, as it is now."""
        current = self._register.snapshot_id()
        if current is None or not self._home.matched.is_file():
            return False
        noted = self._home.matched.read_text(encoding="utf-8")
        matched = self._team.matches()
        inputs = self._inputs(customers, current)
        return noted == json.dumps({"inputs": inputs}) and all(one.external_id in matched for one in customers)

    def _candidates(self, customer: CustomerRecord) -> tuple[MatchCandidate, ...]:
        directory = SnapshotDirectory(self._register.snapshot())
        found = review_candidates(customer, directory, limit=_N_CANDIDATES, config=self._config)
        return tuple(one for one in found if one.probability >= self._config.unsure / _N_CANDIDATES)

    def _inputs(self, customers: Sequence[CustomerRecord], snapshot: str) -> str:
        stated = [snapshot, self._config.model_dump(mode="json"), [asdict(one) for one in customers]]
        return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _note_inputs(self, customers: Sequence[CustomerRecord], snapshot: str) -> None:
        replace_file(self._home.matched, json.dumps({"inputs": self._inputs(customers, snapshot)}).encode())


def count_states(matches: dict[str, Match]) -> dict[str, int]:
    """Return how many customers stand in which state, every state named."""
    counts = dict.fromkeys((state.value for state in MatchState), 0)
    for match in matches.values():
        counts[match.state.value] += 1
    return counts
