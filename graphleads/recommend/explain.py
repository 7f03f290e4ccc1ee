"""Leads with what is told of them: the paths that their scores came by, what was not followed, why one is no lead."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from graphleads.errors import ValueInvalid
from graphleads.graph.snapshot import Snapshot
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
from graphleads.recommend.barred import Barred
from graphleads.recommend.base import PathRecommender, ScorePath
from graphleads.recommend.eligibility import NOT_ELIGIBLE
from graphleads.recommend.ignored import ignored_near, namesakes
from graphleads.recommend.pipeline import Judged, Pipeline
from graphleads.recommend.sentence import tell
from graphleads.recommend.wording import WORDINGS

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
        against: The word for why it is no lead: customer, withheld, excluded and so on; None if it is one.
        ignored: What is near it or the seeds and not followed, with the reason.
        n_candidates: How many companies could have been offered, None where nobody counted.
    """

    company: Company
    rank: int | None
    score: float
    reasons: tuple[Reason, ...]
    ineligible: str | None
    ignored: tuple[Ignored, ...]
    n_candidates: int | None = None
    against: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a company stands for a query: its place among all eligible ones, or the word for why it has none.

    Attributes:
        rank: Its place, None if it is no lead.
        against: The word for why it is no lead, as `Explanation.against`; None if it is one.
        status: How its registers have it.
    """

    rank: int | None
    against: str | None
    status: str


class Explainer:
    """Tells what a pipeline ranks. Safe to share between threads."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot whose companies are ranked."""
        return self.pipeline.snapshot

    def recommend(
        self,
        query: LeadQuery,
        *,
        barred: Barred | None = None,
        language: str = "en",
        n_reasons: int | None = None,
        n_ignored: int | None = None,
    ) -> Ranking:
        """Return the leads for a query with what is told of them, the nearest first, ties by id.

        Args:
            query: What is asked.
            barred: As for `Pipeline.judge`.
            language: `en` or `zh`.
            n_reasons: Reasons a lead; None takes the config's, 0 leaves them out.
            n_ignored: How much of what is not followed to list; None takes the config's.

        Raises:
            ValueInvalid: As for `Pipeline.rank`, or if the language is unknown.
        """
        _refuse_unspoken(language)
        judged = self.pipeline.judge(query, barred)
        ranked = self.pipeline.page(judged, query.k)
        limit = self.pipeline.config.n_reasons if n_reasons is None else n_reasons
        told = zip(
            self.pipeline.store.summaries(ranked.nodes.tolist(), judged.view.days),
            ranked.scores.tolist(),
            self._reasons(judged, ranked.nodes, limit, partial(self._teller, judged, language)),
            strict=True,
        )
        best = float(ranked.scores.max(initial=0.0))
        items = tuple(
            Recommendation(
                rank=rank, company=company, score=score, percent_of_best=_percent(score, best), reasons=reasons
            )
            for rank, (company, score, reasons) in enumerate(told, start=1)
        )
        return Ranking(
            items=items,
            n_candidates=ranked.n_candidates,
            ignored=self._ignored(judged, judged.seeds.tolist(), language, limit=n_ignored),
        )

    def explain(
        self, company: EntityId, query: LeadQuery, *, barred: Barred | None = None, language: str = "en"
    ) -> Explanation:
        """Return why a company is a lead for a query, or why not, with what was ignored on the way.

        Raises:
            EntityNotFound: If there is no such company, or was none as known on the day.
            ValueInvalid: As for `recommend`.
        """
        _refuse_unspoken(language)
        store = self.pipeline.store
        node = store.node(company, NodeKind.COMPANY, known_on=query.known_on)
        judged = self.pipeline.judge(query, barred)
        place = _place_of(node, judged.fused.nodes)
        single = np.array([node], np.int32)
        against = int(self.pipeline.eligibility.against(query, single, (judged.seeds, judged.barred), judged.view)[0])
        why = _word_against(against, place)
        told = partial(self._teller, judged, language)
        shown = self.pipeline.config.n_reasons if place is not None and why != "seed" else 0
        same_name = namesakes(store, judged.view, seeds=judged.seeds.tolist(), company=node, language=language)
        return Explanation(
            company=store.summary(node, judged.view.days),
            rank=_rank_of(judged, place) if place is not None and why is None else None,
            score=0.0 if place is None else float(judged.fused.scores[place]),
            reasons=self._reasons(judged, single, shown, told)[0],
            ineligible=None if why is None else WORDINGS[language].not_eligible[why],
            ignored=self._ignored(judged, [node], language) + same_name,
            against=why,
            n_candidates=int(np.count_nonzero(judged.against < 0)),
        )

    def place(
        self, companies: Sequence[EntityId], query: LeadQuery, *, barred: Barred | None = None
    ) -> dict[EntityId, Placed]:
        """Return where companies stand for a query, of those that the snapshot has; raises as `Pipeline.rank`."""
        judged = self.pipeline.judge(query, barred)
        found = self.snapshot.nodes_of(companies)
        known = {one: node for one, node in zip(companies, found.tolist(), strict=True) if self._is_company(node)}
        nodes = np.unique(np.array(list(known.values()), np.int32))
        team = (judged.seeds, judged.barred)
        against = self.pipeline.eligibility.against(query, nodes, team, judged.view).tolist()
        summaries = self.pipeline.store.summaries(nodes.tolist(), judged.view.days)
        places = [_place_of(node, judged.fused.nodes) for node in nodes.tolist()]
        why = list(map(_word_against, against, places))
        placed = {
            node: Placed(
                rank=_rank_of(judged, at) if at is not None and said is None else None,
                against=said,
                status=company.status,
            )
            for node, at, said, company in zip(nodes.tolist(), places, why, summaries, strict=True)
        }
        return {one: placed[node] for one, node in known.items()}

    def _is_company(self, node: int) -> bool:
        return 0 <= node < self.snapshot.n_companies

    def _ignored(
        self, judged: Judged, nodes: list[int], language: str, *, limit: int | None = None
    ) -> tuple[Ignored, ...]:
        most = self.pipeline.config.n_ignored if limit is None else limit
        return ignored_near(self.pipeline.store, judged.view, nodes, limit=most, language=language) if most else ()

    def _reasons(
        self, judged: Judged, leads: NDArray[np.int32], limit: int, teller: Callable[[], Telling]
    ) -> list[tuple[Reason, ...]]:
        if limit == 0 or len(leads) == 0:
            return [()] * len(leads)
        paths, store = self.paths(judged, leads, limit), self.pipeline.store
        edges = (edge for found in paths for path in found for edge in path.edges)
        ties = store.read_relationships(edges, judged.view)
        refs = store.refs((node for found in paths for path in found for node in path.nodes), judged.view.days)
        told = teller()
        return [tuple(_reason(path, refs, ties, told) for path in found) for found in paths]

    def paths(self, judged: Judged, leads: NDArray[np.int32], limit: int) -> list[list[ScorePath]]:
        """Return up to `limit` paths to each of some candidates, those of most points first, ties by node.

        The points that a recommender's paths have are those of its components in the score of all.
        """
        found: list[list[ScorePath]] = [[] for _ in leads]
        for name, part in sorted(self.pipeline.parts.items()):
            if isinstance(part, PathRecommender):
                paths = part.paths(judged.found[name], leads, limit)
                if judged.fused is judged.found[name]:
                    return [list(own) for own in paths]
                scale = _scale(judged, name, leads)
                for at, own in enumerate(paths):
                    found[at] += [replace(path, points=path.points * scale[at]) for path in own]
        return [sorted(own, key=lambda path: (-path.points, path.nodes))[:limit] for own in found]

    def _teller(self, judged: Judged, language: str) -> Telling:
        """Return what tells a path; seeds that are nobody's customers are called by their names alone."""
        customers = judged.barred.customers_among(judged.seeds)
        known = {self.pipeline.snapshot.id_of(node) for node in customers.tolist()}
        return partial(tell, language=language, customers=known)


def _word_against(against: int, place: int | None) -> str | None:
    """Return the word for why a company is no lead; None if it is one."""
    return NOT_ELIGIBLE[against] if against >= 0 else "far" if place is None else None


def _place_of(node: int, nodes: NDArray[np.int32]) -> int | None:
    place = int(np.searchsorted(nodes, node))
    return place if place < len(nodes) and nodes[place] == node else None


def _rank_of(judged: Judged, place: int) -> int:
    """Return the place among all eligible companies of one of them."""
    scores = judged.fused.scores
    better = (scores > scores[place]) | ((scores == scores[place]) & (np.arange(len(scores)) < place))
    return 1 + int(((judged.against < 0) & better).sum())


def _scale(judged: Judged, name: str, leads: NDArray[np.int32]) -> list[float]:
    """Return what a recommender's own scores were multiplied by in those of all."""
    own = judged.found[name]
    parts = [part for one, part in judged.fused.components.items() if one == name or one.startswith(f"{name}.")]
    fused = np.sum(parts, axis=0)[np.searchsorted(judged.fused.nodes, leads)]
    place = [_place_of(lead, own.nodes) for lead in leads.tolist()]
    scores = np.array([0.0 if at is None else own.scores[at] for at in place])
    scale: list[float] = np.divide(fused, scores, out=np.zeros(len(leads)), where=scores > 0).tolist()
    return scale


def _reason(path: ScorePath, refs: Mapping[int, NodeRef], ties: Mapping[int, Relationship], told: Telling) -> Reason:
    steps = tuple(
        PathStep(start=refs[start], end=refs[end], relationship=ties[edge])
        for start, end, edge in zip(path.nodes, path.nodes[1:], path.edges, strict=False)
    )
    confidence = math.prod(step.relationship.confidence for step in steps)
    return Reason(sentence=told(steps), points=path.points, confidence=confidence, path=steps)


def _percent(score: float, best: float) -> float:
    return round(100 * score / best, 1) if best > 0 else 0.0


def _refuse_unspoken(language: str) -> None:
    if language not in WORDINGS:
        raise ValueInvalid(f"There is no wording in {language!r}: use one of {', '.join(sorted(WORDINGS))}.")
