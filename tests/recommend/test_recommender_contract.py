from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.graph.snapshot import Snapshot
from graphleads.recommend.base import Recommender
from graphleads.recommend.config import ProximityConfig
from graphleads.recommend.proximity import ProximityRecommender
from graphleads.testing.known_graph import WALK
from graphleads.testing.recommender_contract import RecommenderContract, build_known_snapshot


@pytest.fixture(scope="module")
def contract_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return build_known_snapshot(Path(tmp_path_factory.mktemp("contract")))


class TestProximity(RecommenderContract):
    @pytest.fixture
    def recommender(self) -> Recommender:
        return ProximityRecommender(ProximityConfig(walk=WALK))
