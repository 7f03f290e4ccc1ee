from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graphleads.cli.app import graphleads
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer
from graphleads.settings import NEO4J_PASSWORD
from graphleads.testing.known_graph import company, stage_known_graph

pytestmark = pytest.mark.service

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, neo4j_config: Neo4jConfig, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command in a home with the known graph, beside an empty Neo4j."""
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    monkeypatch.delenv(NEO4J_PASSWORD, raising=False)
    stage_known_graph(tmp_path / "staged")
    (tmp_path / "graphleads.yaml").write_text(
        "recommend:\n  proximity:\n    walk:\n      person_cap: 4\n"
        f"neo4j:\n  uri: {neo4j_config.uri}\n  user: {neo4j_config.user}\n"
        f"  password_file: {neo4j_config.password_file}\n"
    )

    def run_one(*words: object) -> Result:
        return CliRunner().invoke(graphleads, ["--home", str(tmp_path), *map(str, words)])

    assert run_one("run").exit_code == 0
    return run_one


def _said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_database_is_loaded_checked_and_kept_in_step(run: Run) -> None:
    assert "It holds no snapshot: run `graphleads neo4j load`." in _said(run("neo4j", "status"))
    assert "is loaded: 17 nodes and 19 relationships written." in _said(run("neo4j", "load"))
    assert "It holds the snapshot that the ranking uses." in _said(run("neo4j", "status"))
    assert "Nothing changed" in _said(run("neo4j", "load"))
    assert "Nothing changed" in _said(run("neo4j", "sync"))
    assert "Nothing differs." in _said(run("neo4j", "check", "--all"))
    status = json.loads(_said(run("neo4j", "status", "--json")))
    assert (status["state"], status["nodes"]["Company"], status["drift"]) == ("ready", 10, [])


def test_a_check_that_finds_a_difference_fails(run: Run, neo4j_server: Neo4jServer) -> None:
    _said(run("neo4j", "load"))
    neo4j_server.write(lambda run: run("MATCH (n:Company {id: 'X-KNOWN:02'}) SET n.status = 'dissolved'"))
    result = run("neo4j", "check", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["examples"] == ["X-KNOWN:02 has another status"]
    assert "0 rows are missing, 0 too many and 1 different" in result.stderr


def test_leads_are_pushed_and_removed(run: Run, neo4j_server: Neo4jServer) -> None:
    seed = ("--seed", company("Alder"))
    early = run("neo4j", "push-leads", *seed)
    assert early.exit_code == 1
    assert "run `graphleads neo4j sync`" in early.stderr
    _said(run("neo4j", "load"))
    pushed = json.loads(_said(run("neo4j", "push-leads", *seed, "--json")))
    leads = json.loads(_said(run("recommend", *seed, "--json")))
    told = neo4j_server.read(
        lambda run: run(
            "MATCH (l:Lead)-[:ABOUT]->(c:Company) "
            "RETURN c.id AS id, l.rank AS rank, l.reasons[0] AS reason, l.run AS run ORDER BY rank"
        )
    )
    assert told == [
        {
            "id": one["company"]["id"],
            "rank": one["rank"],
            "reason": one["reasons"][0]["sentence"],
            "run": leads["run"]["id"],
        }
        for one in leads["items"]
    ]
    assert pushed == {"pushed": len(told), "run": leads["run"]["id"]}
    assert len(told) >= 3
    assert _said(run("neo4j", "push-leads", "--run", pushed["run"])).startswith(f"{len(told)} leads pushed")
    assert _said(run("neo4j", "push-leads", "--remove")) == f"{len(told)} leads removed.\n"
