"""From won customers to a page of leads: candidates, fused, eligible, diverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import ValueInvalid
from graphleads.graph.entity_view import EntityView
from graphleads.graph.overlay import NOTHING, Overlay
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.graph.view import TieView
from graphleads.ids import EntityId
from graphleads.model import LeadQuery, View
from graphleads.recommend.barred import Barred
from graphleads.recommend.base import Candidates, Recommender
from graphleads.recommend.config import RecommendConfig
from graphleads.recommend.diversity import choose_page
from graphleads.recommend.eligibility import Eligibility, nodes_of
from graphleads.recommend.fusion import FusionConfig, fuse
from graphleads.recommend.proximity import ProximityRecommender
from graphleads.remedy import Remedy

MAX_K = 10_000


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
class Judged:
    """A query under way: what the recommenders found, and what is said against each candidate.

    Attributes:
        seeds: int32[n_seeds], ascending.
        barred: Whom the team does not want to see.
        view: The ties of the day.
        found: What each recommender found, by its name.
        fused: All candidates.
        against: int8[n_candidates], the position in `NOT_ELIGIBLE` of the first reason against each; −1 for none.
    """

    seeds: NDArray[np.int32]
    barred: Barred
    view: TieView
    found: Mapping[str, Candidates]
    fused: Candidates
    against: NDArray[np.int8]


class Pipeline:
    """Ranks the companies of one snapshot. Safe to share between threads.

    Attributes:
        snapshot: The snapshot.
        config: How.
        store: The snapshot as a graph, under the weights and caps of the ranking.
        eligibility: Who may be a lead.
        parts: The recommenders, by name.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        config: RecommendConfig | None = None,
        *,
        parts: Sequence[Recommender] | None = None,
        fusion: FusionConfig | None = None,
        overlay: Overlay = NOTHING,
    ) -> None:
        self.snapshot = snapshot
        self.config = config or RecommendConfig()
        self.store = EmbeddedStore(snapshot, self.config.proximity.walk, overlay)
        self.eligibility = Eligibility(snapshot)
        chosen = parts or (ProximityRecommender(self.config.proximity, max_hops=self.config.max_hops),)
        self.parts: Mapping[str, Recommender] = {one.name: one for one in chosen}
        self._fusion = fusion or FusionConfig()

    def rank(self, query: LeadQuery) -> Ranked:
        """Return the leads for a query without what is told of them, the nearest first, ties by id.

        Raises:
            ValueInvalid: If a seed is unknown, there is none, or k is out of range.
        """
        return self.page(self.judge(query), query.k)

    def judge(self, query: LeadQuery, barred: Barred | None = None) -> Judged:
        """Return the candidates for a query; raises as `rank` does.

        Args:
            query: What is asked.
            barred: The nodes of those whom the query bars, where they are known; None looks them up by their ids.
        """
        _refuse_unusable(query)
        view = self.store.ties_on(View(valid_on=query.valid_on, known_on=query.known_on))
        seeds = self._seeds(query, view.days)
        found = {name: part.recommend(seeds, view) for name, part in self.parts.items()}
        fused = fuse(found, self._fusion)
        barred = self.eligibility.barred(query) if barred is None else barred
        against = self.eligibility.against(query, fused.nodes, (seeds, barred), view)
        return Judged(seeds=seeds, barred=barred, view=view, found=found, fused=fused, against=against)

    def _seeds(self, query: LeadQuery, days: View) -> NDArray[np.int32]:
        """Return the nodes of the seeds of which the registers said something by the day."""
        seeds, entities = nodes_of(self.snapshot, query.seeds), EntityView(self.snapshot, days)
        known = seeds[entities.is_known(seeds)]
        if len(known) == 0 and (len(seeds) == 0 or entities.says_anything):
            raise ValueInvalid("None of the seeds is a company of the registers.", Remedy.SEARCH)
        return known if len(known) else seeds

    def page(self, judged: Judged, k: int) -> Ranked:
        """Return the `k` leads that are nearest, of no family more than is allowed while others are left."""
        eligible = np.flatnonzero(judged.against < 0)
        companies, scores = judged.fused.nodes[eligible], judged.fused.scores[eligible]
        page = choose_page(scores, companies, judged.view.family, k=k, most=self.config.family_max)
        nodes = companies[page]
        ids = self.snapshot.companies["id"].chunk(0).take(pa.array(nodes)).to_pylist()
        return Ranked(ids=tuple(ids), nodes=nodes, scores=scores[page], n_candidates=len(eligible))


def _refuse_unusable(query: LeadQuery) -> None:
    if not 1 <= query.k <= MAX_K:
        raise ValueInvalid(f"k is {query.k:,}: ask for 1 to {MAX_K:,} leads.")
    if not query.seeds:
        raise ValueInvalid("There is no won customer to start from: import customers and match them, or give a seed.")
