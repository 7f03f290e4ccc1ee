from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import NodeKind
from graphleads.testing.known_graph import company
from graphleads.testing.store_contract import DAY, StoreContract, build_contract_snapshot
from tests.backends.loading import load

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def contract_snapshot(tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer) -> Snapshot:
    snapshot = build_contract_snapshot(Path(tmp_path_factory.mktemp("contract")))
    load(neo4j_server, snapshot)
    return snapshot


@pytest.fixture
def store(neo4j_server: Neo4jServer, contract_snapshot: Snapshot) -> Neo4jStore:
    return Neo4jStore(neo4j_server, contract_snapshot)


class TestNeo4jStore(StoreContract):
    pass


@pytest.mark.parametrize("day", [date(2018, 1, 1), date(2023, 1, 1), DAY])
def test_every_answer_is_that_of_the_embedded_store(store: Neo4jStore, contract_snapshot: Snapshot, day: date) -> None:
    embedded = EmbeddedStore(contract_snapshot)
    refs = list(embedded.refs(range(contract_snapshot.n_nodes)).values())
    for ref in refs:
        days: dict[str, Any] = {"valid_on": day, "known_on": DAY}
        assert store.entity(ref.id) == embedded.entity(ref.id)
        assert store.relationship_counts(ref.id, **days) == embedded.relationship_counts(ref.id, **days)
        assert store.relationships(ref.id, **days) == embedded.relationships(ref.id, **days)
        if ref.kind is NodeKind.COMPANY:
            assert store.company(ref.id, valid_on=day) == embedded.company(ref.id, valid_on=day)
            assert store.company(ref.id) == embedded.company(ref.id)
        if ref.kind is NodeKind.PERSON:
            assert store.person(ref.id) == embedded.person(ref.id)
    query = PathQuery(valid_on=day, known_on=DAY, max_hops=5, limit=100)
    for one, other in combinations([ref.id for ref in refs], 2):
        assert store.paths(one, other, query) == embedded.paths(one, other, query)


def test_what_is_not_the_snapshot_of_the_ranking_is_not_served(
    neo4j_server: Neo4jServer, contract_snapshot: Snapshot, known_snapshot: Snapshot
) -> None:
    other = Neo4jStore(neo4j_server, known_snapshot)
    with pytest.raises(Neo4jOutOfStep, match=f"holds snapshot {contract_snapshot.id}.*graphleads neo4j sync"):
        other.company(company("Alder"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"state": "syncing"}, "is syncing: wait.*graphleads neo4j sync"),
        ({"format": 0}, "another version: run `graphleads neo4j load`"),
        ({"made_by": "somebody"}, "holds no snapshot: run `graphleads neo4j load`"),
    ],
)
def test_what_is_not_whole_is_not_served(
    store: Neo4jStore, neo4j_server: Neo4jServer, said: dict[str, object], sentence: str
) -> None:
    (held,) = neo4j_server.read(lambda run: run("MATCH (s:Snapshot) RETURN properties(s) AS said"))
    neo4j_server.write(lambda run: run("MATCH (s:Snapshot) SET s += $said", said=said))
    try:
        for ask in (store.search, store.resolve):
            with pytest.raises(Neo4jOutOfStep, match=sentence):
                ask(company("Alder"))
    finally:
        neo4j_server.write(lambda run: run("MATCH (s:Snapshot) SET s = $said", said=held["said"]))
    assert store.resolve(company("Alder")) == company("Alder")


def test_what_ended_is_not_there(store: Neo4jStore, neo4j_server: Neo4jServer) -> None:
    alder, birch = company("Alder"), company("Birch")
    end = "MATCH (n:Entity {id: $id}) SET n.ended_in = $snapshot WITH n MATCH (n)-[r]-() SET r.ended_in = $snapshot"
    neo4j_server.write(lambda run: run(end, id="X-KNOWN-PERSON:ann", snapshot="later"))
    try:
        query = PathQuery(valid_on=DAY, known_on=DAY)
        assert store.paths(alder, birch, query) == []
        assert [one.n for one in store.relationship_counts(birch, valid_on=DAY, known_on=DAY)] == [1]
        assert "X-KNOWN-PERSON:ann" not in {hit.node.id for hit in store.search("Ann Archer")}
    finally:
        neo4j_server.write(
            lambda run: run("MATCH (n:Entity {id: $id}) REMOVE n.ended_in WITH n MATCH (n)-[r]-() REMOVE r.ended_in",
                            id="X-KNOWN-PERSON:ann")
        )  # fmt: skip
    assert len(store.paths(alder, birch, query)) == 1
