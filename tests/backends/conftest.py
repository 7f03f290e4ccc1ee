from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer, open_server


@pytest.fixture(scope="session")
def neo4j_config() -> Neo4jConfig:
    """The server for tests, whose data they may delete, or a skip that says how to have one."""
    told = os.environ.get("GRAPHLEADS_TEST_NEO4J")
    if not told:
        pytest.skip("no Neo4j for tests: set GRAPHLEADS_TEST_NEO4J to what .ci/neo4j/start says")
    uri, user, password_file = told.split(",", 2)
    return Neo4jConfig(uri=uri, user=user, password_file=password_file)


@pytest.fixture(scope="session")
def neo4j_password(neo4j_config: Neo4jConfig) -> SecretStr:
    """The password of its user."""
    return SecretStr(Path(str(neo4j_config.password_file)).read_text(encoding="utf-8").strip())


@pytest.fixture(scope="session")
def neo4j_server(neo4j_config: Neo4jConfig, neo4j_password: SecretStr) -> Iterator[Neo4jServer]:
    """The server for tests, open."""
    with open_server(neo4j_config, neo4j_password) as server:
        yield server
