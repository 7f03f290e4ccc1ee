"""From won customers to ranked, explained leads: walk, eligibility, diversity, evidence."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import ValueInvalid
from graphleads.graph.describe import STATUSES
from graphleads.graph.history import History
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.graph.view import TieView
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
    View,
)
from graphleads.recommend.config import RecommendConfig
from graphleads.recommend.diversity import choose_page
from graphleads.recommend.eligibility import NOT_ELIGIBLE, Eligibility, nodes_of
from graphleads.recommend.evidence import Evidence, Path
from graphleads.recommend.ignored import ignored_near, namesakes
from graphleads.recommend.neighborhood import Neighborhood
from graphleads.recommend.proximity import Walker
from graphleads.recommend.sentence import tell
from graphleads.recommend.ties import Ties, open_ties
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
class Ranked:
    """The leads for a query as arrays, the nearest first.

    Attributes:
        ids: The companies.
        nodes: int32[n_leads], their nodes.
        scores: float64[n_leads].
        n_candidates: How many eligible companies were reached at all.
    """

    ids: tuple[EntityId, ...]
    nodes: NDArray[np.int32]
    scores: NDArray[np.float64]
    n_candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walked:
    """A query under way: its seeds, the ties of its day, and what the walk reached of companies."""

    seeds: NDArray[np.int32]
    view: TieView
    ties: Ties
    history: History
    near: Neighborhood
    companies: NDArray[np.int32]
    scores: NDArray[np.float64]
    against: NDArray[np.int8]


class Recommender:
    """Ranks the companies of one snapshot. Safe to share between threads: each has its own work space."""

    def __init__(self, snapshot: Snapshot, config: RecommendConfig | None = None) -> None:
        self.snapshot = snapshot
        self.config = config or RecommendConfig()
        self.store = EmbeddedStore(snapshot, self.config.proximity.walk)
        self._eligibility = Eligibility(snapshot)
        self._local = threading.local()

    def rank(self, query: LeadQuery) -> Ranked:
        """Return the leads for a query without what is told of them, the nearest first, ties by id.

        Raises:
            ValueInvalid: If a seed is unknown, there is none, or k is out of range.
        """
        _refuse_unusable(query)
        return self._rank(self._walk(query), query.k)

    def recommend(
        self, query: LeadQuery, *, language: str = "en", n_reasons: int | None = None, n_ignored: int | None = None
    ) -> Ranking:
        """Return the leads for a query with what is told of them, the nearest first, ties by id.

        Args:
            query: What is asked.
            language: `en` or `zh`.
            n_reasons: Reasons a lead; None takes the config's, 0 leaves them out.
            n_ignored: How much of what is not followed to list; None takes the config's.

        Raises:
            ValueInvalid: As for `rank`, or if the language is unknown.
        """
        _refuse_unusable(query)
        _refuse_unspoken(language)
        walked = self._walk(query)
        ranked = self._rank(walked, query.k)
        limit = self.config.n_reasons if n_reasons is None else n_reasons
        told = zip(
            self._summaries(query, ranked.nodes),
            ranked.scores.tolist(),
            self._reasons(walked, ranked.nodes, limit, partial(self._teller, query, walked.seeds, language)),
            strict=True,
        )
        items = tuple(
            Recommendation(rank=rank, company=company, score=score, reasons=reasons)
            for rank, (company, score, reasons) in enumerate(told, start=1)
        )
        return Ranking(
            items=items,
            n_candidates=ranked.n_candidates,
            ignored=self._ignored(walked, walked.seeds.tolist(), language, limit=n_ignored),
        )

    def explain(self, company: EntityId, query: LeadQuery, *, language: str = "en") -> Explanation:
        """Return why a company is a lead for a query, or why not, with what was ignored on the way.

        Raises:
            EntityNotFound: If there is no such company.
            ValueInvalid: As for `recommend`.
        """
        _refuse_unusable(query)
        _refuse_unspoken(language)
        node = self.store.node(company, NodeKind.COMPANY)
        walked = self._walk(query)
        place = int(np.searchsorted(walked.companies, node))
        reached = place < len(walked.companies) and bool(walked.companies[place] == node)
        single = np.array([node], np.int32)
        against = int(self._eligibility.against(query, single, walked.seeds, walked.view)[0])
        why = NOT_ELIGIBLE[against] if against >= 0 else None if reached else "far"
        told = partial(self._teller, query, walked.seeds, language)
        reasons = self._reasons(walked, single, self.config.n_reasons, told)[0] if reached and why != "seed" else ()
        same_name = namesakes(self.store, walked.view, seeds=walked.seeds.tolist(), company=node, language=language)
        return Explanation(
            company=self.store.summary(node),
            rank=_rank_of(walked, place) if why is None else None,
            score=float(walked.scores[place]) if reached else 0.0,
            reasons=reasons,
            ineligible=None if why is None else WORDINGS[language].not_eligible[why],
            ignored=self._ignored(walked, [node], language) + same_name,
        )

    def _walk(self, query: LeadQuery) -> _Walked:
        seeds = nodes_of(self.snapshot, query.seeds)
        if len(seeds) == 0:
            raise ValueInvalid("None of the seeds is a company of the registers: look one up with `graphleads search`.")
        view = self.store.ties_on(View(valid_on=query.valid_on, known_on=query.known_on))
        ties, history = open_ties(view)
        walker = self._walker()
        proximity = walker.walk(
            ties, history,
            seeds=seeds, damping=self.config.proximity.damping,
            tolerance=self.config.proximity.tolerance_around(len(seeds)),
        )  # fmt: skip
        # The nodes are ascending, and companies come first.
        n = np.searchsorted(proximity.nodes, self.snapshot.n_companies)
        companies = proximity.nodes[:n]
        return _Walked(
            seeds=seeds, view=view, ties=ties, history=history, near=walker.near,
            companies=companies, scores=proximity.mass[:n],
            against=self._eligibility.against(query, companies, seeds, view),
        )  # fmt: skip

    def _walker(self) -> Walker:
        if not hasattr(self._local, "walker"):
            self._local.walker = Walker()
        walker: Walker = self._local.walker
        return walker

    def _rank(self, walked: _Walked, k: int) -> Ranked:
        eligible = np.flatnonzero(walked.against < 0)
        companies, scores = walked.companies[eligible], walked.scores[eligible]
        page = choose_page(scores, companies, walked.view.family, k=k, most=self.config.family_max)
        nodes = companies[page]
        ids = self.snapshot.companies["id"].chunk(0).take(pa.array(nodes)).to_pylist()
        return Ranked(ids=tuple(ids), nodes=nodes, scores=scores[page], n_candidates=len(eligible))

    def _ignored(
        self, walked: _Walked, nodes: list[int], language: str, *, limit: int | None = None
    ) -> tuple[Ignored, ...]:
        most = self.config.n_ignored if limit is None else limit
        return ignored_near(self.store, walked.view, nodes, limit=most, language=language) if most else ()

    def _reasons(
        self, walked: _Walked, leads: NDArray[np.int32], limit: int, teller: Callable[[], Telling]
    ) -> list[tuple[Reason, ...]]:
        if limit == 0 or len(leads) == 0:
            return [()] * len(leads)
        evidence = Evidence(
            walked.ties, walked.history, walked.near,
            seeds=walked.seeds, damping=self.config.proximity.damping, max_hops=self.config.max_hops,
        )  # fmt: skip
        paths = evidence.paths(leads, limit)
        ties = self.store.read_relationships(
            (edge for found in paths for path in found for edge in path.edges), walked.view
        )
        refs = self.store.refs(node for found in paths for path in found for node in path.nodes)
        told = teller()
        return [tuple(_reason(path, refs, ties, told) for path in found) for found in paths]

    def _teller(self, query: LeadQuery, seeds: NDArray[np.int32], language: str) -> Telling:
        """Return what tells a path; seeds that are nobody's customers are called by their names alone."""
        customers = np.intersect1d(seeds, self._eligibility.customers(query))
        known = {self.snapshot.id_of(node) for node in customers.tolist()}
        return partial(tell, language=language, customers=known)

    def _summaries(self, query: LeadQuery, nodes: NDArray[np.int32]) -> list[Company]:
        ascending = np.sort(nodes)
        codes = self._eligibility.statuses(query, ascending)[np.searchsorted(ascending, nodes)]
        return self.store.summaries(nodes.tolist(), [STATUSES[code] for code in codes.tolist()])


def _rank_of(walked: _Walked, place: int) -> int:
    """Return the place among all eligible companies of one of them."""
    score = walked.scores[place]
    better = (walked.scores > score) | ((walked.scores == score) & (np.arange(len(walked.scores)) < place))
    return 1 + int(((walked.against < 0) & better).sum())


def _reason(path: Path, refs: Mapping[int, NodeRef], ties: Mapping[int, Relationship], told: Telling) -> Reason:
    steps = tuple(
        PathStep(start=refs[start], end=refs[end], relationship=ties[edge])
        for start, end, edge in zip(path.nodes, path.nodes[1:], path.edges, strict=False)
    )
    confidence = math.prod(step.relationship.confidence for step in steps)
    return Reason(sentence=told(steps), points=path.mass, confidence=confidence, path=steps)


def _refuse_unspoken(language: str) -> None:
    if language not in WORDINGS:
        raise ValueInvalid(f"There is no wording in {language!r}: use one of {', '.join(sorted(WORDINGS))}.")


def _refuse_unusable(query: LeadQuery) -> None:
    if not 1 <= query.k <= MAX_K:
        raise ValueInvalid(f"k is {query.k:,}: ask for 1 to {MAX_K:,} leads.")
    if not query.seeds:
        raise ValueInvalid("There is no won customer to start from: import customers and match them, or give a seed.")
