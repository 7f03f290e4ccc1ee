from __future__ import annotations

import pytest
from pydantic import SecretStr

from graphleads.errors import Neo4jFailed, Neo4jRefused, Neo4jUnavailable
from graphleads.graph.neo4j.connection import SUPPORTED, Neo4jConfig, Neo4jServer, Run, open_server

pytestmark = pytest.mark.service


def test_the_server_says_what_it_is(neo4j_server: Neo4jServer) -> None:
    assert SUPPORTED.match(neo4j_server.version)


def test_a_wrong_password_is_refused_and_not_told(neo4j_config: Neo4jConfig) -> None:
    with pytest.raises(Neo4jRefused, match=r"does not let the user neo4j in: check neo4j\.user") as caught:
        open_server(neo4j_config, SecretStr("sesame"))
    assert "sesame" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(neo4j_config: Neo4jConfig, neo4j_password: SecretStr) -> None:
    with pytest.raises(Neo4jRefused, match="in the database elsewhere"):
        open_server(neo4j_config.model_copy(update={"database": "elsewhere"}), neo4j_password)


def test_a_question_that_takes_too_long_is_given_up(neo4j_config: Neo4jConfig, neo4j_password: SecretStr) -> None:
    config = neo4j_config.model_copy(update={"timeout": 0.5})
    endless = "UNWIND range(1, $n) AS a UNWIND range(1, $n) AS b RETURN count(a + b) AS n"
    with open_server(config, neo4j_password) as server:
        with pytest.raises(Neo4jUnavailable, match=r"did not answer within 0\.5 s: ask for less"):
            server.read(lambda run: run(endless, n=10**6))
        assert server.read(lambda run: run("RETURN 1 AS n")) == [{"n": 1}]


def test_what_only_reads_cannot_write(neo4j_server: Neo4jServer) -> None:
    with pytest.raises((Neo4jRefused, Neo4jFailed)):
        neo4j_server.read(lambda run: run("CREATE (:Nobody)"))
    assert neo4j_server.read(lambda run: run("MATCH (n:Nobody) RETURN count(n) AS n")) == [{"n": 0}]


def test_what_fails_half_way_is_not_done_at_all(neo4j_server: Neo4jServer) -> None:
    def fail(run: Run) -> None:
        run("CREATE (:Nobody)")
        run("RETURN 1 / 0")

    with pytest.raises(Neo4jFailed, match="by zero"):
        neo4j_server.write(fail)
    assert neo4j_server.read(lambda run: run("MATCH (n:Nobody) RETURN count(n) AS n")) == [{"n": 0}]
