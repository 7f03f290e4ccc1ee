from __future__ import annotations

import sys
from threading import Event
from typing import NoReturn

import pytest
from pydantic import SecretStr, ValidationError

from graphleads.errors import ExtraMissing, Neo4jUnavailable, SettingInvalid, VersionUnsupported
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer, open_server

SECRET = SecretStr("open sesame")


class Driver:
    """A driver whose server only says what it is."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.closed = False

    def get_server_info(self) -> Driver:
        return self

    def close(self) -> None:
        self.closed = True


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(Neo4jUnavailable, match=r"No Neo4j answers at bolt://127.0.0.1:1: start the server") as caught:
        open_server(Neo4jConfig(uri="bolt://127.0.0.1:1"), SECRET)
    assert "sesame" not in str(caught.value)


def test_without_a_password_nobody_is_asked() -> None:
    with pytest.raises(SettingInvalid, match=r"GRAPHLEADS_NEO4J__PASSWORD.*neo4j\.password_file"):
        open_server(Neo4jConfig(), None)


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "neo4j", None)
    with pytest.raises(ExtraMissing, match=r"pip install graphleads\[neo4j\]"):
        open_server(Neo4jConfig(), SECRET)


@pytest.mark.parametrize("agent", ["Neo4j/4.4.38", "Neo4j/5.25.1", "Neo4j/5.2", "Memgraph/3.0", ""])
def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch, agent: str) -> None:
    driver = Driver(agent)
    monkeypatch.setattr("neo4j.GraphDatabase.driver", lambda *words, **more: driver)
    with pytest.raises(VersionUnsupported, match=r"use Neo4j 5\.26"):
        open_server(Neo4jConfig(), SECRET)
    assert driver.closed


def test_a_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Event()

    class Hanging(Driver):
        def session(self, database: str) -> NoReturn:
            silent.wait()
            raise AssertionError(database)

    monkeypatch.setattr("graphleads.graph.neo4j.connection._GRACE", 0.0)
    server = Neo4jServer(Hanging("Neo4j/5.26.0"), Neo4jConfig(timeout=0.01), "Neo4j/5.26.0")  # type: ignore[arg-type]
    with pytest.raises(Neo4jUnavailable, match="says nothing any more"):
        server.read(lambda run: run("RETURN 1"))
    silent.set()


@pytest.mark.parametrize("uri", ["bolt://ann:sesame@host", "http://host", "host:7687", "bolt://", "bolt://a b"])
def test_an_address_that_cannot_be_used_is_refused(uri: str) -> None:
    with pytest.raises(ValidationError):
        Neo4jConfig(uri=uri)
