from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.leads import PushedLead, push_leads, remove_leads
from graphleads.graph.neo4j.model import SNAPSHOT_PROPERTIES, TYPES
from graphleads.graph.snapshot import Snapshot
from graphleads.model import LeadQuery, NodeKind
from graphleads.recommend.config import ProximityConfig, RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline
from graphleads.testing.known_graph import WALK, company
from graphleads.testing.store_contract import DAY, KAURI, LARCH, LEI, PERSON, build_contract_snapshot
from tests.backends.embedded_answers import Answers, in_order
from tests.backends.loading import load
from tests.backends.queries import PAGE, Ask, asker, read_queries

pytestmark = pytest.mark.service

KAURI_NOW = f"XI-LEI:{LEI}"
PHONE = "X-PHONE:441130000001"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer) -> Snapshot:
    snapshot = build_contract_snapshot(Path(tmp_path_factory.mktemp("docs")))
    load(neo4j_server, snapshot)
    return snapshot


@pytest.fixture
def answers(snapshot: Snapshot) -> Answers:
    return Answers(snapshot)


@pytest.fixture
def ask(neo4j_server: Neo4jServer, snapshot: Snapshot) -> Ask:
    return asker(neo4j_server)


def companies(snapshot: Snapshot) -> list[str]:
    ids: list[str] = snapshot.companies["id"].to_pylist()
    return ids


def test_shared_directors(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    heading = "Shared directors of two companies"
    assert ask(heading, a=company("Alder"), b=company("Birch"), day=DAY) == [
        {"id": PERSON + "ann", "name": "Ann Archer"}
    ]
    then = date(2020, 1, 1)
    assert [row["id"] for row in ask(heading, a=company("Alder"), b=company("Iroko"), day=then)] == [
        PERSON + "carl", PERSON + "nora",
    ]  # fmt: skip
    for a, b in combinations(companies(snapshot), 2):
        assert [row["id"] for row in ask(heading, a=a, b=b, day=DAY)] == answers.shared_directors(a, b, DAY)


def test_the_way_to_a_prospect(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    heading = "The way to a prospect through people"
    (way,) = ask(heading, a=company("Cedar"), b=company("Birch"), day=DAY)
    assert way["names"] == ["Cedar Ltd", "Alder Ltd", "Ann Archer", "Birch Ltd"]
    for a, b in combinations(companies(snapshot), 2):
        assert [row["ids"] for row in ask(heading, a=a, b=b, day=DAY)] == answers.ways(a, b, DAY)


def test_who_controls(ask: Ask) -> None:
    heading = "Who controls a company"
    assert ask(heading, a=company("Cedar"), day=DAY) == [
        {"id": company("Alder"), "name": "Alder Ltd", "steps": 1, "share": 0.6}
    ]
    assert ask(heading, a=LARCH, day=DAY) == []


def test_who_controls_through_others(ask: Ask, neo4j_server: Neo4jServer) -> None:
    make = (
        "MATCH (a:Company {id: $alder}) CREATE (p:Entity:Person {id: 'X-T:top', name: 'Top'}) "
        "CREATE (p)-[:HOLDS {share_min: 0.5}]->(a)"
    )
    neo4j_server.write(lambda run: run(make, alder=company("Alder")))
    try:
        found = ask("Who controls a company", a=company("Cedar"), day=DAY)
    finally:
        neo4j_server.write(lambda run: run("MATCH (p:Person {id: 'X-T:top'}) DETACH DELETE p"))
    assert [(row["id"], row["steps"], row["share"]) for row in found] == [
        (company("Alder"), 1, 0.6), ("X-T:top", 2, 0.3),
    ]  # fmt: skip


def test_circles(ask: Ask) -> None:
    # Larch held Kauri until 2024, and Kauri Larch as a nominee all along.
    assert ask("Circles of ownership", day=date(2023, 6, 1)) == [{"ids": [LARCH, KAURI_NOW, LARCH]}]
    assert ask("Circles of ownership", day=DAY) == []


def test_hubs(ask: Ask, answers: Answers) -> None:
    found = ask("Hubs")
    assert found == [{"id": PERSON + "nora", "name": "Nora Nominee", "n_companies": 5}]
    assert [(row["id"], row["n_companies"]) for row in found] == answers.hubs()


def test_what_changed(ask: Ask, snapshot: Snapshot, neo4j_server: Neo4jServer) -> None:
    heading = "What changed since a day"
    assert ask(heading, since=DAY) == []
    edges = snapshot.edges.to_pylist()
    relations = list(TYPES.values())
    counted: dict[tuple[str, str, bool], int] = {}
    for edge in edges:
        if relations[edge["relation"]] != "SAME_PERSON" and edge["known_until"] == date(9999, 12, 31):
            key = (relations[edge["relation"]], edge["kind"], edge["valid_to"] != date(9999, 12, 31))
            counted[key] = counted.get(key, 0) + 1
    found = ask(heading, since=date(2025, 1, 1))
    assert {(row["type"], row["kind"], row["ended"]): row["n"] for row in found} == counted
    assert ask(f"{heading} (2)") == []
    end = "MATCH (p:Person {id: $id})-[r]->() SET r.ended_in = $snapshot"
    neo4j_server.write(lambda run: run(end, id=PERSON + "ann2", snapshot=snapshot.id))
    try:
        assert ask(f"{heading} (2)") == [
            {"source": PERSON + "ann2", "type": "HAS_ROLE", "kind": "director", "target": company("Juniper")}
        ]
    finally:
        undo = "MATCH (p:Person {id: $id})-[r]->() REMOVE r.ended_in"
        neo4j_server.write(lambda run: run(undo, id=PERSON + "ann2"))


def test_names_that_changed(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    found = {row["id"]: {row["name"], *row["others"]} for row in ask("Names that changed")}
    names = {one: answers.names(one) for one in companies(snapshot)}
    assert found == {one: said for one, said in names.items() if len(said) > 1}
    assert found[KAURI_NOW] == {"KAURI LTD", "Kauri Ltd", "Kauri Timber Ltd"}


@pytest.mark.parametrize("known_on", [DAY, date(2024, 6, 1)])
@pytest.mark.parametrize("valid_on", [DAY, date(2020, 1, 1), date(2023, 6, 1)])
def test_as_of(ask: Ask, snapshot: Snapshot, answers: Answers, valid_on: date, known_on: date) -> None:
    for one in companies(snapshot):
        rows = ask("As of a day", a=one, valid_on=valid_on, known_on=known_on)
        assert in_order(row.values() for row in rows) == in_order(answers.as_of(one, valid_on, known_on))


def test_shared_contact_points(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    heading = "Contact points that two companies share"
    assert ask(heading, a=company("Alder"), b=company("Elm"), day=DAY) == [
        {"id": PHONE, "kind": "phone", "display": "+44 113 000 0001", "hub": False}
    ]
    for a, b in combinations(companies(snapshot), 2):
        assert [row["id"] for row in ask(heading, a=a, b=b, day=DAY)] == answers.shared_points(a, b, DAY)


def test_people_who_are_probably_one(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    (row,) = ask("People who are probably one")
    assert (row["id"], row["other"], row["name"]) == (PERSON + "ben1", PERSON + "ben2", "Ben Brook")
    (tie,) = answers.store.relationships(PERSON + "ben1", valid_on=DAY, known_on=DAY, kinds=["same_person"])
    assert row["confidence"] == pytest.approx(tie.confidence)


def test_counts_by_kind(ask: Ask, snapshot: Snapshot, answers: Answers) -> None:
    for node in range(snapshot.n_nodes):
        one = snapshot.id_of(node)
        found = {
            (row["type"], row["kind"]): row["n"] for row in ask("Counts by kind, before expanding", a=one, day=DAY)
        }
        assert found == answers.counts(one, DAY)


def test_recommendations(ask: Ask, neo4j_server: Neo4jServer, snapshot: Snapshot) -> None:
    query = LeadQuery(seeds=(company("Alder"),), customers=frozenset({company("Alder")}), valid_on=DAY, known_on=DAY)
    config = RecommendConfig(proximity=ProximityConfig(walk=WALK))
    leads = Explainer(Pipeline(snapshot, config)).recommend(query).items
    pushed_at = datetime(2025, 7, 1, tzinfo=UTC)
    pushed = [
        PushedLead(
            company=one.company.id,
            rank=one.rank,
            score=one.score,
            reasons=tuple(reason.sentence for reason in one.reasons),
        )
        for one in leads
    ]
    push_leads(neo4j_server, pushed, team="main", run_id=None, snapshot_id=snapshot.id, pushed_at=pushed_at)
    found = ask("Recommendations written back", team="main")
    remove_leads(neo4j_server, team="main")
    assert found[0]["id"] == company("Cedar")
    assert [(row["rank"], row["name"], row["reasons"]) for row in found] == [
        (lead.rank, lead.company.name, [reason.sentence for reason in lead.reasons]) for lead in leads
    ]


def test_companies_within_two_steps_are_counted_once(ask: Ask) -> None:
    # Ann, the phone and the shares lead from Alder and Birch to Dogwood, Elm and Cedar, Nora to four more; from Birch
    # the way leads to Dogwood, too.
    ids = [company("Alder"), company("Birch")]
    (row,) = ask("How many companies are within two steps of several", ids=ids, day=DAY)
    assert row["n"] == 7
    (row,) = ask("How many companies are within two steps of several", ids=[*ids, company("Elm")], day=DAY)
    assert row["n"] == 6


def test_every_query_is_live_bounded_and_tested() -> None:
    queries = read_queries()
    tested = Path(__file__).read_text(encoding="utf-8")
    assert len(queries) >= 12
    for heading, query in queries.items():
        assert heading.removesuffix(" (2)") in tested
        assert "LIMIT" in query or "count(DISTINCT near.id)" in query
        assert "ended_in" in query
        assert not re.search(r"\b(CREATE|MERGE|DELETE|SET|REMOVE)\b", query)


def test_the_page_names_every_property(neo4j_server: Neo4jServer, snapshot: Snapshot) -> None:
    text = PAGE.read_text(encoding="utf-8")
    used = set(SNAPSHOT_PROPERTIES)
    for pattern in ("(x)", "()-[x]->()"):
        ask = f"MATCH {pattern} UNWIND keys(x) AS name RETURN collect(DISTINCT name) AS names"
        used.update(neo4j_server.read(partial(_run, ask))[0]["names"])
    assert {name for name in used if f"`{name}`" not in text} == set()


def test_compose_is_on_loopback_and_has_no_password() -> None:
    text = (PAGE.parents[1] / "compose.yml").read_text(encoding="utf-8")
    service = yaml.safe_load(text)["services"]["neo4j"]
    assert re.fullmatch(r"neo4j:5\.26\.\d+", service["image"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["environment"]["NEO4J_AUTH_FILE"] == "/run/secrets/neo4j_auth"
    assert "NEO4J_AUTH:" not in text


def test_kauri_is_what_stands_for_it(answers: Answers) -> None:
    assert answers.store.resolve(KAURI) == KAURI_NOW
    assert answers.store.entity(KAURI_NOW).kind is NodeKind.COMPANY


def _run(statement: str, run: Run) -> list[dict[str, Any]]:
    return run(statement)
