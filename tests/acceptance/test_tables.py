"""Two registers through shipped mappings: Chinese executives, and the top holders of Australian companies."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphleads as gl

pytestmark = pytest.mark.acceptance


def test_chinese_executives_give_leads_with_chinese_sentences(test_data: Path, tmp_path: Path) -> None:
    files = sorted((test_data / "data" / "cn_executives").glob("*.csv"))
    with gl.open_workspace(tmp_path) as ws:
        manifest = ws.ingest("table", files, mapping="cn_executives", observed_on="2020-06-30").manifest
        assert manifest.unknown_fields == ()
        assert manifest.n_rows_staged["companies"] == 3188
        ws.run()
        leads = ws.recommend(seeds=["X-CN-STOCK:000001"], k=10, language="zh")
        assert len(leads) == 10
        for lead in leads:
            for reason in lead.reasons:
                assert "很可能（" in reason.sentence
                assert reason.sentence.endswith("（cn_executives，2020年6月30日）。")
                assert 0 < reason.confidence < 1


def test_a_nominee_on_165_companies_connects_nobody(test_data: Path, tmp_path: Path) -> None:
    files = sorted((test_data / "data" / "asx200_holders").glob("*.csv"))
    with gl.open_workspace(tmp_path) as ws:
        manifest = ws.ingest("table", files, mapping="asx200_holders", observed_on="2022-12-31").manifest
        assert manifest.unknown_fields == ()
        ws.run()
        seed, other = _two_companies_that_share_it(ws)
        leads = ws.recommend(seeds=[seed], k=200)
        nominees = {
            step.relationship.source.name
            for lead in leads
            for reason in lead.reasons
            for step in reason.path
            if "nominees" in step.relationship.source.name.lower()
        }
        assert nominees == set()
        said = [one for one in ws.explain(other, seeds=[seed]).explanation.ignored if one.n_companies == 165]
        assert said
        assert all("holds as nominee for others (165 companies): no tie." in one.reason for one in said)


def _two_companies_that_share_it(ws: gl.Workspace) -> tuple[str, str]:
    """Return two companies that the holder of most companies holds."""
    snapshot = ws.graph().snapshot
    n_companies = snapshot.node_array("n_companies")
    assert int(n_companies.max()) == 165
    hub = int(n_companies.argmax())
    adjacency = snapshot.adjacency
    held = adjacency.neighbor[adjacency.indptr[hub] : adjacency.indptr[hub + 1]]
    return snapshot.id_of(int(held[0])), snapshot.id_of(int(held[1]))
