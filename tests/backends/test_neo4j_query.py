from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from graphleads.graph.neo4j import query
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer
from graphleads.testing.store_contract import DAY, build_contract_snapshot
from tests.backends.loading import load

pytestmark = pytest.mark.service

ASKED: dict[str, dict[str, Any]] = {
    query.FIND: {"ids": ["X-KNOWN:01"]},
    query.FIND_KEYS: {"query": '"X-TAX:77"', "keys": ["X-TAX:77"], "property": "identifiers"},
    query.FIND_NAMES: {"query": "alder"},
    query.PROPERTIES: {"element": ""},
    query.SOURCES: {"element": ""},
    query.COUNTS: {"element": ""},
    query.RELATIONSHIPS: {"element": "", "kinds": [], "limit": 10},
    query.TIES: {"elements": [""], "ends": ["", ""], "kinds": [], "outward": None},
    query.TOLD: {"elements": [""]},
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer) -> None:
    load(neo4j_server, build_contract_snapshot(Path(tmp_path_factory.mktemp("contract"))))


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].split("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("statement", ASKED)
def test_a_statement_scans_nothing(neo4j_config: Neo4jConfig, neo4j_password: SecretStr, statement: str) -> None:
    from neo4j import GraphDatabase

    values = {"most": query.MOST_ROWS, "valid_on": DAY, "known_on": DAY} | ASKED[statement]
    auth = (neo4j_config.user, neo4j_password.get_secret_value())
    with GraphDatabase.driver(neo4j_config.uri, auth=auth) as driver, driver.session() as session:
        plan = session.run(f"EXPLAIN {statement}", values).consume().plan
    assert plan is not None
    assert [name for name in _operators(plan) if "Scan" in name] == []
    assert "LIMIT" in statement
