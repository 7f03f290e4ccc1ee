"""What every recommender must keep, as tests that a stranger's recommender can run.

::

    from graphleads.testing.recommender_contract import RecommenderContract, build_known_snapshot

    @pytest.fixture(scope="module")
    def contract_snapshot(tmp_path_factory):
        return build_known_snapshot(tmp_path_factory.mktemp("contract"))

    class TestMine(RecommenderContract):
        @pytest.fixture
        def recommender(self):
            return MyRecommender()
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.view import TieView
from graphleads.identity.link import link
from graphleads.model import View
from graphleads.recommend.base import Candidates, PathRecommender, Recommender
from graphleads.testing.known_graph import CONFIG, OBSERVED_ON, WALK, company, stage_known_graph

DAY = date.fromisoformat(OBSERVED_ON)
EARLIER = View(valid_on=date(2020, 1, 1), known_on=DAY)
BEFORE = View(valid_on=date(1900, 1, 1), known_on=date(1900, 1, 1))
"""A day before anything was known."""
_CLOSE = 1e-9


def build_known_snapshot(home: Path) -> Snapshot:
    """Return a snapshot of the known graph of ten companies."""
    stage_known_graph(home / "staged")
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    build_snapshot(source, CONFIG, walk=WALK)
    return open_snapshot(home / "snapshots")


class RecommenderContract:
    """Subclass it as `Test…` and give it a fixture `recommender`, over a `contract_snapshot` of the known graph."""

    @pytest.fixture
    def view(self, contract_snapshot: Snapshot) -> TieView:
        """The ties of the day of the snapshot."""
        return TieView(contract_snapshot, View(valid_on=DAY, known_on=DAY), WALK)

    @pytest.fixture
    def seeds(self, contract_snapshot: Snapshot) -> NDArray[np.int32]:
        """Two companies, ascending."""
        return contract_snapshot.nodes_of([company("Alder"), company("Iroko")]).astype(np.int32)

    def test_it_says_what_it_is_and_what_it_rests_on(self, recommender: Recommender) -> None:
        """A name of one word, and a citation."""
        assert recommender.name.isidentifier()
        assert recommender.citation.strip()

    def test_its_config_refuses_unknown_names_and_cannot_be_changed(self, recommender: Recommender) -> None:
        """A mistyped setting is no silence."""
        config = recommender.config
        with pytest.raises(ValidationError):
            type(config).model_validate({"no_such_setting": 1})
        with pytest.raises(ValidationError):
            setattr(config, next(iter(type(config).model_fields)), None)

    def test_candidates_are_companies_in_order_each_once(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """int32 nodes, ascending."""
        found = recommender.recommend(seeds, view)
        assert found.nodes.dtype == np.int32
        assert (np.diff(found.nodes) > 0).all()
        assert len(found.nodes) > 0
        assert 0 <= found.nodes[0] <= found.nodes[-1] < view.snapshot.n_companies

    def test_scores_are_numbers_and_components_sum_to_them(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """float64, finite, not negative; every component as long as the candidates."""
        for days in (view.days, EARLIER):
            found = recommender.recommend(seeds, TieView(view.snapshot, days, WALK))
            assert found.components
            for numbers in (found.scores, *found.components.values()):
                assert numbers.dtype == np.float64
                assert numbers.shape == found.nodes.shape
                assert np.isfinite(numbers).all()
            assert (found.scores >= 0).all()
            np.testing.assert_allclose(sum(found.components.values()), found.scores, rtol=_CLOSE)

    def test_the_same_seeds_give_the_same_candidates(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """Again, in another order, and named twice: to the last bit."""
        first = recommender.recommend(seeds, view)
        for again in (seeds, seeds[::-1], np.concatenate([seeds, seeds[:1]])):
            assert _content(recommender.recommend(again, view)) == _content(first)

    def test_nothing_handed_in_is_changed(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """Seeds out of order stay so."""
        given = seeds[::-1].copy()
        recommender.recommend(given, view)
        assert given.tolist() == seeds[::-1].tolist()

    def test_an_answer_stays_what_it_is_when_others_are_asked_for(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """Arrays of an answer are not the work space of the next one."""
        first = recommender.recommend(seeds[:1], view)
        content = _content(first)
        recommender.recommend(seeds[1:], view)
        assert _content(first) == content

    @pytest.mark.parametrize("wrong", [[], [-1], [10**6], [0, 10]])
    def test_seeds_that_are_none_are_refused(self, recommender: Recommender, view: TieView, wrong: list[int]) -> None:
        """No seeds, a negative one, one beyond all nodes, a person."""
        with pytest.raises(ValueError, match="seed"):
            recommender.recommend(np.array(wrong, np.int32), view)

    def test_a_day_before_anything_was_known_has_no_candidates_but_the_seeds(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """The future is not looked at."""
        found = recommender.recommend(seeds, TieView(view.snapshot, BEFORE, WALK))
        assert set(found.nodes.tolist()) <= set(seeds.tolist())

    def test_threads_do_not_disturb_each_other(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """Each thread gets the answer to its own question."""
        questions = [seeds, seeds[:1], seeds[1:]] * 20
        expected = [_content(recommender.recommend(one, view)) for one in questions]
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda one: _content(recommender.recommend(one, view)), questions))
        assert found == expected

    def test_paths_begin_at_a_seed_and_their_points_are_the_score(
        self, recommender: Recommender, view: TieView, seeds: NDArray[np.int32]
    ) -> None:
        """Of a recommender that has paths: none carries nothing, and all together carry the whole."""
        if not isinstance(recommender, PathRecommender):
            pytest.skip(f"{recommender.name} has no paths")
        found = recommender.recommend(seeds, view)
        leads = found.nodes[~np.isin(found.nodes, seeds)]
        paths = recommender.paths(found, leads, 100)
        assert len(paths) == len(leads) > 0
        scores = found.scores[np.searchsorted(found.nodes, leads)]
        for lead, score, own in zip(leads.tolist(), scores.tolist(), paths, strict=True):
            assert all(path.nodes[0] in seeds and path.nodes[-1] == lead for path in own)
            assert all(len(path.edges) == len(path.nodes) - 1 and path.points > 0 for path in own)
            assert [path.points for path in own] == sorted((path.points for path in own), reverse=True)
            assert sum(path.points for path in own) == pytest.approx(score)


def _content(found: Candidates) -> list[bytes]:
    """Return all that candidates are, to compare them to the last bit."""
    components = [part.tobytes() for _, part in sorted(found.components.items())]
    return [found.nodes.tobytes(), found.scores.tobytes(), *components]
