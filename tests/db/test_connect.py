from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import OperationalError

from graphleads.db import connect
from graphleads.db.connect import is_read_only, open_current, open_database, read_state, write
from graphleads.db.migrate import HEAD
from graphleads.db.schema import lead_events
from graphleads.errors import Conflict, FileUnreadable, SettingInvalid, VersionUnsupported

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "graphleads.db")
    yield opened
    opened.dispose()


def test_a_new_database_is_made_with_its_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(select(lead_events)).all() == []
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    for n_before in (0, 1):
        engine = open_database(tmp_path / "my leads #1?.db")
        with write(engine) as connection:
            assert len(connection.execute(select(lead_events)).all()) == n_before
            event = {"team": "main", "company": "X-A:1", "kind": "claimed", "by": "Ann", "at": NOW}
            connection.execute(insert(lead_events).values(**event))
        engine.dispose()


def test_a_url_opens_the_file_it_names(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'a.db'}").dispose()
    assert (tmp_path / "a.db").exists()


def test_nothing_is_written_when_the_block_fails(engine: Engine) -> None:
    with pytest.raises(RuntimeError), write(engine) as connection:  # noqa: PT012
        connection.execute(insert(lead_events).values(team="main", company="X-A:1", kind="claimed", by="a", at=NOW))
        raise RuntimeError
    with engine.connect() as connection:
        assert connection.execute(select(lead_events)).all() == []


def test_a_second_writer_is_told_to_try_again(engine: Engine, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "graphleads.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    with pytest.raises(Conflict, match="held by another process: try again"), write(engine):
        pass
    other.close()


def _no_access(*_: object) -> bool:
    return False


def test_a_database_that_cannot_be_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(tmp_path / "a?b%20.db").dispose()
    monkeypatch.setattr(os, "access", _no_access)
    engine = open_database(tmp_path / "a?b%20.db")
    assert is_read_only(engine)
    with engine.connect() as connection:
        assert connection.execute(select(lead_events)).all() == []
    with pytest.raises(Conflict, match=r"a\?b%20\.db cannot be written: check the permissions"), write(engine):
        pass
    engine.dispose()
    assert [one.name for one in tmp_path.iterdir()] == ["a?b%20.db"]


def test_a_reader_sees_what_a_writer_has_not_yet_written_back(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write(engine) as connection:
        connection.execute(
            text("INSERT INTO claims (team, company, owner, claimed_at) VALUES ('a', 'b', 'c', '2024-01-01')")
        )
    monkeypatch.setattr(os, "access", _no_access)
    reader = open_database(tmp_path / "graphleads.db")
    with reader.connect() as connection:
        assert connection.execute(text("SELECT company FROM claims")).scalar() == "b"
    reader.dispose()


def test_a_missing_database_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", _no_access)
    with pytest.raises(FileUnreadable, match=r"There is no database a\.db in .*, and nothing can be written there"):
        open_database(tmp_path / "a.db")


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="is a directory: name the database's file"):
        open_database(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"There is no folder .*nowhere for the database"):
        open_database(tmp_path / "nowhere" / "a.db")


def test_a_file_of_something_else_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("external_id,name\n" * 100)
    with pytest.raises(FileUnreadable, match=r"a\.db is not a database"):
        open_database(path)
    assert path.read_text() == "external_id,name\n" * 100


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me:secret@host/db", "^mysql is no database that graphleads keeps its tables in"),
        ("nonsense://x", "^nonsense is no database"),
        ("://", "is no database URL"),
        ("sqlite://", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, message: str) -> None:
    with pytest.raises(SettingInvalid, match=message) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("", {}, Exception("connection refused\nIs the server running?"))

    monkeypatch.setattr(connect, "_bring_up_to_date", refuse)
    with pytest.raises(SettingInvalid, match=r"a\.db cannot be opened: connection refused\.$"):
        open_database(tmp_path / "a.db")


def test_who_opens_an_empty_file_that_another_opens_too_waits_for_it(tmp_path: Path) -> None:
    # The first of several holds the new file before it is in write-ahead mode; SQLite makes nobody wait for that.
    first = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(0.3, first.execute, ["COMMIT"])
    ending.start()
    open_database(tmp_path / "a.db").dispose()
    ending.join()
    first.close()


@pytest.mark.parametrize(
    "url", ["postgresql://me:secret@host:port/leads", "postgresql+psycopg2://me:secret@host/leads"]
)
def test_a_url_that_cannot_be_used_shows_no_password(url: str) -> None:
    with pytest.raises(SettingInvalid, match=r"write sqlite:///path or postgresql://user@host/database") as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_file_of_an_earlier_version_is_migrated_by_who_opens_it_and_not_by_a_server(tmp_path: Path) -> None:
    open_database(tmp_path / "a.db").dispose()
    engine = open_database(tmp_path / "a.db")
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    with pytest.raises(VersionUnsupported, match=r"a\.db is of version 0000, .*: `graphleads db upgrade` migrates it"):
        open_current(tmp_path / "a.db")
    open_current(tmp_path / "new.db").dispose()
    assert read_state(tmp_path / "new.db").revision == HEAD
