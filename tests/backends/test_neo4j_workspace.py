from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from graphleads.bolt import Neo4jConfig, Neo4jServer
from graphleads.errors import Neo4jOutOfStep, Neo4jUnavailable
from graphleads.graph.snapshot import open_snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.graph.stores.neo4j import Neo4jStore
from graphleads.settings import NEO4J_PASSWORD
from graphleads.testing.known_graph import company, stage_known_graph
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace
from tests.backends.loading import load

pytestmark = pytest.mark.service

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
WALK = "build:\n  walk:\n    person_cap: 4\n"


@pytest.fixture
def chosen(neo4j_config: Neo4jConfig) -> str:
    """The settings that choose the server for tests."""
    return (
        f"store: neo4j\nneo4j:\n  uri: {neo4j_config.uri}\n  user: {neo4j_config.user}\n"
        f"  password_file: {neo4j_config.password_file}\n"
    )


def test_the_workspace_answers_from_the_store_that_is_set(
    tmp_path: Path, neo4j_server: Neo4jServer, chosen: str
) -> None:
    stage_known_graph(tmp_path / "staged")
    settings, ends = tmp_path / "graphleads.yaml", [company("Cedar"), company("Birch"), company("Elm")]
    settings.write_text(WALK)
    with open_workspace(tmp_path, now=lambda: NOW) as workspace:
        workspace.run()
        paths, leads = workspace.paths(ends), workspace.recommend(seeds=[company("Alder")]).items
        alder, ties = workspace.company(company("Alder")), workspace.relationships(company("Alder"), kinds=["director"])
    load(neo4j_server, open_snapshot(tmp_path / "snapshots"))
    settings.write_text(WALK + chosen)
    with open_workspace(tmp_path, now=lambda: NOW) as workspace:
        assert workspace.paths(ends) == paths
        assert workspace.company(company("Alder")) == alder
        assert workspace.relationships(company("Alder"), kinds=["director"]) == ties
        assert workspace.search("alder")[0].node.id == company("Alder")
        neo4j_server.write(lambda run: run("MATCH (s:Snapshot) SET s.id = 'older'"))
        with pytest.raises(Neo4jOutOfStep, match="holds snapshot older.*graphleads neo4j sync"):
            workspace.company(company("Alder"))
        assert workspace.recommend(seeds=[company("Alder")]).items == leads


def test_a_server_that_is_not_there_stops_no_ranking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage_known_graph(tmp_path / "staged")
    (tmp_path / "graphleads.yaml").write_text(WALK + "store: neo4j\nneo4j:\n  uri: bolt://127.0.0.1:1\n")
    monkeypatch.setenv(NEO4J_PASSWORD, "open sesame")
    with open_workspace(tmp_path, now=lambda: NOW) as workspace:
        workspace.run()
        with pytest.raises(Neo4jUnavailable, match="bolt://127.0.0.1:1"):
            workspace.search("alder")
        assert workspace.recommend(seeds=[company("Alder")]).items


def test_a_made_up_register_has_the_same_answers(tmp_path: Path, neo4j_server: Neo4jServer) -> None:
    made = generate(tmp_path / "made", companies=300, seed=1)
    with open_workspace(tmp_path / "home") as workspace:
        workspace.ingest("table", made.files, mapping="plain", dataset="demo", observed_on=made.observed_on)
        workspace.run()
    snapshot = open_snapshot(tmp_path / "home" / "snapshots")
    load(neo4j_server, snapshot)
    embedded = EmbeddedStore(snapshot)
    store = Neo4jStore(neo4j_server, snapshot_id=snapshot.id, observed_on=snapshot.observed_on)
    drawn = np.random.default_rng(1).choice(snapshot.n_companies, size=40, replace=False).tolist()
    chosen = [(snapshot.id_of(node), snapshot.name_of(node)) for node in drawn]
    days = {"valid_on": snapshot.observed_on, "known_on": snapshot.observed_on}
    query = PathQuery(**days)
    for (one, _), (other, _) in zip(chosen, chosen[1:], strict=False):
        assert store.company(one) == embedded.company(one)
        assert store.relationships(one, **days) == embedded.relationships(one, **days)
        assert store.paths(one, other, query) == embedded.paths(one, other, query)
    assert sum(
        bool(embedded.paths(one, other, query)) for (one, _), (other, _) in zip(chosen, chosen[1:], strict=False)
    )
    asked = [(one, name.replace(name[3], "", 1)) for one, name in chosen]
    found = [one in {hit.node.id for hit in store.search(text, limit=10)} for one, text in asked]
    expected = [one in {hit.node.id for hit in embedded.search(text, limit=10)} for one, text in asked]
    assert np.mean(found) >= 0.95 * np.mean(expected), (np.mean(found), np.mean(expected))
    assert [store.search(name, limit=1)[0].matched_name for _, name in chosen] == [name for _, name in chosen]
