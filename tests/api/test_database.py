from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from graphleads.db.connect import upgrade_database
from graphleads.db.migrate import HEAD
from graphleads.workspace.workspace import Workspace, open_workspace
from tests.backends.postgres import OwnPostgres

Serve = Callable[[Workspace], httpx.Client]

CUSTOMER = {"name": "Oak Ltd", "status": "won"}


@pytest.fixture
def home(known_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(known_home, tmp_path / "home")
    return tmp_path / "home"


def _set_revision(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_a_server_leaves_a_database_of_another_version_as_it_is(home: Path, serve: Serve) -> None:
    _set_revision(home / "graphleads.db", "0001")
    client = serve(open_workspace(home, migrates=False))
    for answer in (client.get("/readyz"), client.get("/v0/customers/a"), client.put("/v0/customers/b", json=CUSTOMER)):
        assert (answer.status_code, answer.json()["type"]) == (503, "/docs#version-unsupported")
        assert "is of version 0001" in answer.json()["detail"]
        assert "retry-after" not in answer.headers

    _set_revision(home / "graphleads.db", HEAD)
    assert client.get("/readyz").status_code == 200
    assert client.get("/v0/customers/a").status_code == 200


def test_a_database_that_is_away_is_said_with_when_to_ask_again(
    home: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", "postgresql://me:not-it@127.0.0.1:1/leads")
    client = serve(open_workspace(home, migrates=False))
    for answer in (client.get("/readyz"), client.put("/v0/customers/b", json=CUSTOMER)):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "/docs#database-unavailable"
        assert "not-it" not in answer.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.service
def test_a_database_that_comes_back_is_used_again(
    home: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, own_postgres: OwnPostgres
) -> None:
    upgrade_database(own_postgres.url)
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", own_postgres.url)
    client = serve(open_workspace(home, migrates=False))
    assert client.put("/v0/customers/b", json=CUSTOMER).status_code == 201
    assert client.get("/readyz").status_code == 200

    own_postgres.stop()
    for answer in (client.get("/readyz"), client.get("/v0/customers/b"), client.put("/v0/customers/c", json=CUSTOMER)):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    own_postgres.start()
    assert client.get("/readyz").status_code == 200
    assert client.get("/v0/customers/b").status_code == 200
    assert client.get("/v0/customers/c").status_code == 404
