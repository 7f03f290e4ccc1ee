from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from graphleads.settings import NEO4J_PASSWORD

Run = Callable[..., Result]

COMMANDS = ("load", "sync", "status", "check", "push-leads")


def test_import_files_prints_the_command_to_run(run: Run, demo: Path, tmp_path: Path) -> None:
    result = run("neo4j", "import-files", tmp_path / "files")
    assert result.exit_code == 0, result.output
    said = result.stdout.splitlines()
    assert said[0].startswith("Written: ")
    assert said[0].endswith("MB. Stop the server, then run:")
    assert said[1].startswith("  neo4j-admin database import full neo4j --id-type=integer")
    assert f"graphleads --home {demo} neo4j load" in said[-1]
    assert (tmp_path / "files" / "companies-000.csv").is_file()


@pytest.mark.usefixtures("demo")
def test_import_files_are_told_as_json(run: Run, tmp_path: Path) -> None:
    result = run("neo4j", "import-files", tmp_path / "files", "--json")
    answer = json.loads(result.stdout)
    assert set(answer) == {"folder", "command", "n_nodes", "n_relationships", "size"}
    assert answer["size"] == sum(path.stat().st_size for path in (tmp_path / "files").iterdir())
    assert run("neo4j", "import-files", tmp_path / "files").exit_code == 2


@pytest.mark.parametrize("command", ["load", "sync", "check"])
def test_what_needs_a_snapshot_says_how_to_have_one(run: Run, command: str) -> None:
    result = run("neo4j", command)
    assert result.exit_code == 1
    assert "There is no register yet: run `graphleads ingest READER FILES…` first" in result.stderr


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_password_that_is_missing_is_asked_for(run: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NEO4J_PASSWORD, raising=False)
    result = run("neo4j", command)
    assert result.exit_code == 1
    assert "put it into GRAPHLEADS_NEO4J__PASSWORD" in result.stderr


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_does_not_answer_is_named(run: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NEO4J_PASSWORD, "never-shown")
    monkeypatch.setenv("GRAPHLEADS_NEO4J__URI", "bolt://127.0.0.1:1")
    result = run("neo4j", command)
    assert result.exit_code == 1
    assert "No Neo4j answers at bolt://127.0.0.1:1" in result.stderr
    assert "never-shown" not in result.output


@pytest.mark.usefixtures("demo")
def test_other_data_is_only_for_a_database_that_is_named(run: Run) -> None:
    result = run("neo4j", "load", "--beside-other-data")
    assert result.exit_code == 2
    assert "say --database NAME too" in result.stderr
