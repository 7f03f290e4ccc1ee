from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphleads.errors import Neo4jOutOfStep, Neo4jUnavailable
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.snapshot import open_snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import NodeRef
from graphleads.settings import NEO4J_PASSWORD
from graphleads.testing.known_graph import company, stage_known_graph
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace
from tests.backends.loading import load

pytestmark = pytest.mark.service

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
WALK = "recommend:\n  proximity:\n    walk:\n      person_cap: 4\n"


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
        paths, leads = workspace.graph.paths(ends), workspace.recommend(seeds=[company("Alder")]).items
        alder, ties = (
            workspace.graph.company(company("Alder")),
            workspace.graph.relationships(company("Alder"), kinds=["director"]),
        )
    load(neo4j_server, open_snapshot(tmp_path / "snapshots"))
    settings.write_text(WALK + chosen)
    with open_workspace(tmp_path, now=lambda: NOW) as workspace:
        assert workspace.graph.paths(ends) == paths
        assert workspace.graph.company(company("Alder")) == alder
        assert workspace.graph.relationships(company("Alder"), kinds=["director"]) == ties
        assert workspace.graph.search("alder")[0].node.id == company("Alder")
        neo4j_server.write(lambda run: run("MATCH (s:Snapshot) SET s.id = 'older'"))
        with pytest.raises(Neo4jOutOfStep, match=r"holds snapshot older.*graphleads neo4j sync"):
            workspace.graph.company(company("Alder"))
        assert workspace.recommend(seeds=[company("Alder")]).items == leads


def test_a_server_that_is_not_there_stops_no_ranking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage_known_graph(tmp_path / "staged")
    (tmp_path / "graphleads.yaml").write_text(WALK + "store: neo4j\nneo4j:\n  uri: bolt://127.0.0.1:1\n")
    monkeypatch.setenv(NEO4J_PASSWORD, "open sesame")
    with open_workspace(tmp_path, now=lambda: NOW) as workspace:
        workspace.run()
        with pytest.raises(Neo4jUnavailable, match=r"bolt://127\.0\.0\.1:1"):
            workspace.graph.search("alder")
        assert workspace.recommend(seeds=[company("Alder")]).items


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer) -> tuple[EmbeddedStore, Neo4jStore]:
    """A made-up register of 1,000 companies in both stores."""
    folder = tmp_path_factory.mktemp("demo")
    made = generate(folder / "made", companies=1000, seed=1)
    with open_workspace(folder / "home") as workspace:
        workspace.ingest("table", made.files, mapping="plain", dataset="demo", observed_on=made.observed_on)
        workspace.run()
    snapshot = open_snapshot(folder / "home" / "snapshots")
    load(neo4j_server, snapshot)
    store = Neo4jStore(neo4j_server, snapshot)
    return EmbeddedStore(snapshot), store


@pytest.fixture
def drawn(made_up: tuple[EmbeddedStore, Neo4jStore]) -> list[NodeRef]:
    """Some of its companies."""
    embedded, _ = made_up
    nodes = np.random.default_rng(1).choice(embedded.snapshot.n_companies, size=40, replace=False)
    return [embedded.ref(int(node)) for node in nodes]


def test_a_made_up_register_has_the_same_answers(
    made_up: tuple[EmbeddedStore, Neo4jStore], drawn: list[NodeRef]
) -> None:
    embedded, store = made_up
    days: dict[str, Any] = {"valid_on": embedded.snapshot.observed_on, "known_on": embedded.snapshot.observed_on}
    n_paths = 0
    for one in drawn:
        near = embedded.to_networkx(around=one.id, hops=4, max_nodes=100)
        for other in sorted(set(near) - {one.id})[::20]:
            paths = embedded.paths(one.id, other, PathQuery(**days))
            assert store.paths(one.id, other, PathQuery(**days)) == paths
            n_paths += len(paths)
        assert store.company(one.id) == embedded.company(one.id)
        assert store.relationships(one.id, **days) == embedded.relationships(one.id, **days)
    assert n_paths > 50


def test_a_search_finds_what_the_embedded_store_finds(
    made_up: tuple[EmbeddedStore, Neo4jStore], drawn: list[NodeRef]
) -> None:
    misspelled = {one.id: one.name.replace(one.name[3], "", 1) for one in drawn}
    recall = [
        np.mean([one in {hit.node.id for hit in store.search(text, limit=10)} for one, text in misspelled.items()])
        for store in made_up
    ]
    assert recall[1] >= 0.95 * recall[0], recall
    _, store = made_up
    assert [store.search(one.name, limit=1)[0].matched_name for one in drawn] == [one.name for one in drawn]
