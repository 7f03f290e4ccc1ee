from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from graphleads.graph.snapshot import Snapshot
from graphleads.graph.view import TieView
from graphleads.model import LeadQuery
from graphleads.recommend.base import Candidates
from graphleads.recommend.config import ProximityConfig, RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.fusion import FusionConfig
from graphleads.recommend.pipeline import Pipeline
from graphleads.recommend.proximity import ProximityRecommender
from graphleads.testing.known_graph import NAMES, WALK, company

DAY = date(2025, 6, 30)
QUERY = LeadQuery(seeds=(company("Alder"),), customers=frozenset({company("Alder")}), valid_on=DAY, known_on=DAY, k=10)


class Favourites:
    """A recommender that finds Birch and Juniper, and does not say why."""

    name = "favourites"
    citation = "Nobody has written of it."
    config = FusionConfig()

    def recommend(self, seeds: NDArray[np.int32], view: TieView) -> Candidates:
        scores = np.array([0.5, 0.25])
        nodes = np.array([NAMES.index("Birch"), NAMES.index("Juniper")], np.int32)
        return Candidates(nodes=nodes, scores=scores, components={"favourites": scores})


def explainer(snapshot: Snapshot, **weights: float) -> Explainer:
    parts = (Favourites(), ProximityRecommender(ProximityConfig(walk=WALK)))
    config = RecommendConfig(proximity=ProximityConfig(walk=WALK))
    return Explainer(Pipeline(snapshot, config, parts=parts, fusion=FusionConfig(weights=weights)))


def test_what_two_recommenders_find_is_one_list(known_snapshot: Snapshot) -> None:
    items = explainer(known_snapshot).recommend(QUERY).items
    assert [item.company.name for item in items] == ["Birch Ltd", "Juniper Ltd", "Cedar Ltd", "Elm Ltd"]
    assert items[1].score == 0.25
    assert items[1].reasons == ()


@pytest.mark.parametrize("weight", [1.0, 0.25])
def test_the_points_of_the_paths_are_their_recommender_s_part_of_the_score(
    known_snapshot: Snapshot, weight: float
) -> None:
    told = explainer(known_snapshot, proximity=weight)
    judged = told.pipeline.judge(QUERY)
    leads = np.array([NAMES.index(name) for name in ("Birch", "Cedar", "Elm", "Juniper")], np.int32)
    points = [sum(path.points for path in paths) for paths in told.paths(judged, leads, 100)]
    alone = judged.found["proximity"]
    near = weight * alone.scores[np.searchsorted(alone.nodes, leads[:3])]
    place = np.searchsorted(judged.fused.nodes, leads)
    assert points == pytest.approx([*near, 0.0])
    assert judged.fused.components["proximity"][place].tolist() == pytest.approx([*near, 0.0])
    assert judged.fused.scores[place].tolist() == pytest.approx([near[0] + 0.5, near[1], near[2], 0.25])
