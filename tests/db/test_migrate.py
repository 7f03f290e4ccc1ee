from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, column, create_engine, insert, table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import graphleads.db.migrations
from graphleads.db.connect import open_database
from graphleads.db.migrate import HEAD
from graphleads.db.schema import metadata
from graphleads.errors import FormatMismatch, VersionUnsupported
from graphleads.leads.runs import Runs
from graphleads.testing.session import session_on


def test_the_migrations_build_the_tables_of_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(graphleads.db.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_every_table_but_the_versions_has_a_team() -> None:
    assert [table.name for table in metadata.sorted_tables if "team" not in table.columns] == []


def test_postgresql_understands_the_tables() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    index = next(one for one in metadata.tables["claims"].indexes if one.unique)
    assert len(statements) == 14
    assert str(CreateIndex(index).compile(dialect=dialect)) == (
        "CREATE UNIQUE INDEX uq_claims_current ON claims (team, company) WHERE until IS NULL"
    )


def _set_revision(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").dispose()
    _set_revision(tmp_path / "a.db", "9999")
    with pytest.raises(VersionUnsupported, match=r"a\.db is of version 9999, .* knows up to 0007: install a newer one"):
        open_database(tmp_path / "a.db")


def test_an_outdated_database_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(tmp_path / "a.db").dispose()
    _set_revision(tmp_path / "a.db", "0000")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(VersionUnsupported, match="of another version and cannot be written"):
        open_database(tmp_path / "a.db")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    engine.dispose()
    with pytest.raises(FormatMismatch, match=r"holds something else \(recipes …\)"):
        open_database(tmp_path / "a.db")


def test_two_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    program = f"from graphleads.db.connect import open_database; open_database({str(tmp_path / 'a.db')!r}).dispose()"
    started = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [one.wait(timeout=60) for one in started] == [0, 0, 0]


def test_opening_a_current_database_does_not_import_alembic(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").dispose()
    program = (
        "import sys; from graphleads.db.connect import open_database; "
        f"open_database({str(tmp_path / 'a.db')!r}).dispose(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_runs_that_were_kept_before_they_were_compressed_are_still_read(tmp_path: Path) -> None:
    items = [{"rank": 1, "company": {"id": "X-A:1", "name": "示例有限公司"}}]
    day = "2024-05-01 00:00:00"
    row = {"id": "R-1", "team": "main", "snapshot": "S", "query": "{}", "config": "{}", "items": json.dumps(items)}
    row |= {"created_at": day, "shown_at": day}
    config = Config()
    config.set_main_option("script_location", str(Path(graphleads.db.migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(insert(table("runs", *map(column, row))).values(row))
    engine.dispose()

    opened = open_database(tmp_path / "a.db")
    run = Runs(session_on(opened)).load("R-1")
    opened.dispose()
    completed = [one | {"reasons": []} for one in items]
    assert (run.content.items, run.created_at) == (completed, datetime(2024, 5, 1, tzinfo=UTC))
