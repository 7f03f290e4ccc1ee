"""From won customers to ranked, explained leads: walk, eligibility, diversity, evidence."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from graphleads.errors import ValueInvalid
from graphleads.graph.describe import STATUSES
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import (
    Company,
    Ignored,
    LeadQuery,
    NodeKind,
    NodeRef,
    PathStep,
    Reason,
    Recommendation,
    Relationship,
)
from graphleads.recommend.config import RecommendConfig
from graphleads.recommend.eligibility import NOT_ELIGIBLE, ineligible, nodes_of, statuses
from graphleads.recommend.evidence import Evidence, Path
from graphleads.recommend.ignored import ignored_near, namesakes
from graphleads.recommend.proximity import Proximity, Scratch, make_scratch, personalized_pagerank
from graphleads.recommend.sentence import tell
from graphleads.recommend.ties import History, Ties, open_ties
from graphleads.recommend.wording import WORDINGS

MAX_K = 10_000

Telling = Callable[[Sequence[PathStep]], str]
"""Puts a path into a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The leads for a query.

    Attributes:
        items: The leads in order.
        n_candidates: How many eligible companies were reached at all.
        ignored: What is near the seeds and not followed, with the reason.
    """

    items: tuple[Recommendation, ...]
    n_candidates: int
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a company is a lead for a query, or why it is none.

    Attributes:
        company: The company.
        rank: Its place among all eligible companies, None if it is none of them.
        score: Its score, 0 if no tie leads to it.
        reasons: The paths to it.
        ineligible: Why it is no lead, None if it is one.
        ignored: What is near it or the seeds and not followed, with the reason.
    """

    company: Company
    rank: int | None
    score: float
    reasons: tuple[Reason, ...]
    ineligible: str | None
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walked:
    """A query under way: its seeds, the ties of its day, and what the walk reached of companies."""

    seeds: NDArray[np.int32]
    ties: Ties
    history: History
    proximity: Proximity
    companies: NDArray[np.int32]
    scores: NDArray[np.float64]
    against: NDArray[np.int8]


class Recommender:
    """Ranks the companies of one snapshot. Safe to share between threads: each has its own work space."""

    def __init__(self, snapshot: Snapshot, config: RecommendConfig | None = None) -> None:
        self.snapshot = snapshot
        self.config = config or RecommendConfig()
        self.store = EmbeddedStore(snapshot)
        self._local = threading.local()

    def recommend(self, query: LeadQuery, *, language: str = "en", n_reasons: int | None = None) -> Ranking:
        """Return the leads for a query, the nearest first, ties by id.

        Args:
            query: What is asked.
            language: `en` or `zh`.
            n_reasons: Reasons a lead; None takes the config's, 0 leaves them out.

        Raises:
            ValueInvalid: If a seed or the language is unknown, there is no seed, or k is out of range.
        """
        _refuse_unusable(query, language)
        walked = self._walk(query)
        eligible = np.flatnonzero(walked.against < 0)
        ranked = eligible[np.lexsort((walked.companies[eligible], -walked.scores[eligible]))]
        page = self._diversified(walked.companies[ranked], query.k)
        chosen = ranked[page]
        limit = self.config.n_reasons if n_reasons is None else n_reasons
        reasons = self._reasons(walked, walked.companies[chosen], limit, self._teller(query, language))
        items = tuple(
            Recommendation(rank=rank, company=company, score=float(score), reasons=why)
            for rank, (company, score, why) in enumerate(
                zip(self._summaries(query, walked.companies[chosen]), walked.scores[chosen], reasons, strict=True),
                start=1,
            )
        )
        ignored = ignored_near(
            self.store, walked.history, walked.seeds.tolist(), limit=self.config.n_ignored, language=language
        )
        return Ranking(items=items, n_candidates=len(eligible), ignored=ignored)

    def explain(self, company: EntityId, query: LeadQuery, *, language: str = "en") -> Explanation:
        """Return why a company is a lead for a query, or why not, with what was ignored on the way.

        Raises:
            EntityNotFound: If there is no such company.
            ValueInvalid: As for `recommend`.
        """
        _refuse_unusable(query, language)
        node = self.store.node(company, NodeKind.COMPANY)
        walked = self._walk(query)
        place = np.searchsorted(walked.companies, node)
        reached = place < len(walked.companies) and walked.companies[place] == node
        single = np.array([node], np.int32)
        against = int(ineligible(self.snapshot, query, single, walked.seeds)[0])
        why = NOT_ELIGIBLE[against] if against >= 0 else None if reached else "far"
        score = float(walked.scores[place]) if reached else 0.0
        rank = None
        if why is None:
            eligible = walked.against < 0
            better = (walked.scores > score) | ((walked.scores == score) & (walked.companies < node))
            rank = 1 + int((eligible & better).sum())
        told = self._teller(query, language)
        reasons = self._reasons(walked, single, self.config.n_reasons, told)[0] if reached and why != "seed" else ()
        ignored = ignored_near(self.store, walked.history, [node], limit=self.config.n_ignored, language=language)
        ignored += namesakes(self.store, walked.history, seeds=walked.seeds.tolist(), company=node, language=language)
        return Explanation(
            company=self.store.summary(node),
            rank=rank,
            score=score,
            reasons=reasons,
            ineligible=None if why is None else WORDINGS[language].not_eligible[why],
            ignored=ignored,
        )

    def _walk(self, query: LeadQuery) -> _Walked:
        seeds = nodes_of(self.snapshot, query.seeds)
        if len(seeds) == 0:
            raise ValueInvalid("None of the seeds is a company of the registers: look one up with `graphleads search`.")
        ties, history = open_ties(
            self.snapshot, valid_on=days_since_1970(query.valid_on), known_on=days_since_1970(query.known_on)
        )
        proximity = personalized_pagerank(
            ties, history, seeds=seeds,
            damping=self.config.damping, tolerance=self.config.tolerance, scratch=self._scratch(),
        )  # fmt: skip
        is_company = proximity.nodes < self.snapshot.n_companies
        companies, scores = proximity.nodes[is_company], proximity.mass[is_company]
        against = ineligible(self.snapshot, query, companies, seeds)
        return _Walked(
            seeds=seeds, ties=ties, history=history, proximity=proximity,
            companies=companies, scores=scores, against=against,
        )  # fmt: skip

    def _scratch(self) -> Scratch:
        if not hasattr(self._local, "scratch"):
            self._local.scratch = make_scratch(self.snapshot.n_nodes)
        scratch: Scratch = self._local.scratch
        return scratch

    def _diversified(self, ranked: NDArray[np.int32], k: int) -> NDArray[np.int64]:
        """Return the places of up to `k` of the ranked: not more of a family than allowed, while others are left."""
        family = self.snapshot.node_array("family")[ranked]
        order = np.argsort(family, kind="stable")
        new = np.diff(family[order], prepend=-1) != 0
        first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0)) if len(order) else order
        nth = np.empty(len(order), np.int64)
        nth[order] = np.arange(len(order)) - first
        return np.lexsort((np.arange(len(ranked)), nth >= self.config.family_max))[:k]

    def _reasons(
        self, walked: _Walked, leads: NDArray[np.int32], limit: int, told: Telling
    ) -> list[tuple[Reason, ...]]:
        if limit == 0 or len(leads) == 0:
            return [()] * len(leads)
        evidence = Evidence(
            walked.ties, walked.history, walked.proximity,
            seeds=walked.seeds, damping=self.config.damping, max_hops=self.config.max_hops,
        )  # fmt: skip
        paths = [evidence.paths(int(lead), limit) for lead in leads]
        ties = self.store.read_relationships(edge for found in paths for path in found for edge in path.edges)
        refs = self.store.refs(node for found in paths for path in found for node in path.nodes)
        return [tuple(_reason(path, refs, ties, told) for path in found) for found in paths]

    def _teller(self, query: LeadQuery, language: str) -> Telling:
        """Return what tells a path; seeds that are nobody's customers are called by their names alone."""
        seeds, customers = (nodes_of(self.snapshot, ids) for ids in (query.seeds, query.customers))
        known = {self.snapshot.id_of(int(node)) for node in np.intersect1d(seeds, customers)}
        return partial(tell, language=language, customers=known)

    def _summaries(self, query: LeadQuery, nodes: NDArray[np.int32]) -> list[Company]:
        ascending = np.sort(nodes)
        codes = statuses(self.snapshot, query, ascending)[np.searchsorted(ascending, nodes)]
        return self.store.summaries(nodes.tolist(), [STATUSES[code] for code in codes])


def _reason(path: Path, refs: Mapping[int, NodeRef], ties: Mapping[int, Relationship], told: Telling) -> Reason:
    steps = tuple(
        PathStep(start=refs[start], end=refs[end], relationship=ties[edge])
        for start, end, edge in zip(path.nodes, path.nodes[1:], path.edges, strict=False)
    )
    confidence = math.prod(step.relationship.confidence for step in steps)
    return Reason(sentence=told(steps), points=path.mass, confidence=confidence, path=steps)


def _refuse_unusable(query: LeadQuery, language: str) -> None:
    if language not in WORDINGS:
        raise ValueInvalid(f"There is no wording in {language!r}: use one of {', '.join(sorted(WORDINGS))}.")
    if not 1 <= query.k <= MAX_K:
        raise ValueInvalid(f"k is {query.k:,}: ask for 1 to {MAX_K:,} leads.")
    if not query.seeds:
        raise ValueInvalid("There is no won customer to start from: import customers and match them, or give a seed.")
