from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from graphleads.db.connect import open_database
from graphleads.db.migrate import HEAD
from tests.cli.conftest import Run


def _set_revision(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_a_home_without_a_database_gets_one_by_an_upgrade(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "home" / "graphleads.db"
    before = run("db", "status")
    assert (before.exit_code, path.exists()) == (0, False)
    assert f"Database {path}: no tables yet." in before.output
    assert "db upgrade`" in before.output

    assert f"Database {path}: made, tables of version {HEAD}, up to date." in run("db", "upgrade").output
    assert f"Database {path}: tables of version {HEAD}, up to date." in run("db", "status").output
    assert "There was nothing to do." in run("db", "upgrade").output


def test_the_state_for_machines(run: Run, tmp_path: Path) -> None:
    state = {"name": str(tmp_path / "home" / "graphleads.db"), "engine": "sqlite", "newest": HEAD, "is_writable": True}
    assert json.loads(run("db", "status", "--json").output) == state | {"revision": None}
    assert json.loads(run("db", "upgrade", "--json").output) == {
        "before": state | {"revision": None},
        "after": state | {"revision": HEAD},
    }


def test_a_database_of_a_later_version_is_shown_and_left_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "graphleads.db"
    open_database(path).dispose()
    _set_revision(path, "9999")
    assert f"tables of version 9999, needed is {HEAD}" in run("db", "status").output
    refused = run("db", "upgrade")
    assert refused.exit_code == 1
    assert f"is of version 9999, this graphleads knows up to {HEAD}: install a newer one" in refused.output


@pytest.mark.parametrize("words", [("db", "status"), ("db", "upgrade"), ("customers", "imports")])
def test_a_server_that_is_away_is_said_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str]
) -> None:
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", "postgresql://me:not-it@127.0.0.1:1/leads")
    told = run(*words)
    assert told.exit_code == 1
    assert told.output == (
        "Error: The database postgresql://me:***@127.0.0.1:1/leads does not answer: "
        "see that its server runs, and try again in a moment.\n"
    )


@pytest.mark.service
def test_a_database_on_a_server_is_made_by_an_upgrade_and_by_nothing_else(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", postgres_url)
    assert "has no tables yet: `graphleads db upgrade` makes them." in run("customers", "imports").output
    assert f"made, tables of version {HEAD}, up to date." in run("db", "upgrade").output
    assert run("customers", "imports").exit_code == 0
