"""Every kind of link has a weight, words both ways in both languages, and a cap; a competitor leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.snapshot import open_snapshot
from graphleads.recommend.wording import CHINESE, ENGLISH
from graphleads.tables.schema import VALUES
from graphleads.testing.staging import stage_delivery
from graphleads.view.step import _LINKS

KINDS = VALUES["links.kind"]


def test_every_kind_has_a_weight_and_words() -> None:
    for told in (WalkConfig().link, ENGLISH.links, CHINESE.links, _LINKS):
        assert set(told) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_followed_but_a_competitor_and_counts_for_the_cap(tmp_path: Path, kind: str) -> None:
    companies = [{"record": str(at), "id": f"X-TEST:{at}", "name": f"Company {at}"} for at in range(5)]
    links = [{"record": str(at), "source": f"X-TEST:{at}", "target": "X-TEST:0", "kind": kind} for at in range(1, 5)]
    stage_delivery(tmp_path / "staged", {"companies": companies, "links": links}, observed_on="2026-06-30")
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    build_snapshot(source, BuildConfig(), walk=WalkConfig(holder_cap=3))
    snapshot = open_snapshot(tmp_path / "snapshots")
    followed = kind != "competes_with"
    assert (snapshot.node_array("edge_weight") > 0).tolist() == [followed] * 4
    assert snapshot.node_array("blocked").tolist() == [followed, *[False] * 4]
