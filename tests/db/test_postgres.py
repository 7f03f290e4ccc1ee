from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, make_url, select, text

from graphleads.db.connect import is_read_only, open_current, open_database, read_state, upgrade_database, write
from graphleads.db.migrate import HEAD
from graphleads.db.schema import lead_events
from graphleads.errors import (
    Conflict,
    DatabaseUnavailable,
    DiskFull,
    ExtraMissing,
    FormatMismatch,
    SettingInvalid,
    VersionUnsupported,
)
from tests.backends.postgres import OwnPostgres

NOW = datetime(2024, 5, 1, tzinfo=UTC)
EVENT = {"team": "main", "company": "X-A:1", "kind": "claimed", "by": "Ann", "at": NOW}

service = pytest.mark.service


@pytest.fixture
def engine(made_postgres_url: str) -> Iterator[Engine]:
    opened = open_database(made_postgres_url)
    yield opened
    opened.dispose()


def _run(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _raise(state: str, constraint: str = "") -> str:
    """A block that fails as PostgreSQL does, whatever its language."""
    said = f", CONSTRAINT = '{constraint}'" if constraint else ""
    return f"DO $$ BEGIN RAISE EXCEPTION 'безразлично' USING ERRCODE = '{state}'{said}; END $$"


@service
@pytest.mark.parametrize("opening", [open_database, open_current])
def test_only_an_upgrade_makes_the_tables(postgres_url: str, opening: type) -> None:
    with pytest.raises(VersionUnsupported, match=r"has no tables yet: `graphleads db upgrade` makes them\."):
        opening(postgres_url)
    before, after = upgrade_database(postgres_url)
    assert (before.engine, before.revision, after.revision, after.newest) == ("postgresql", None, HEAD, HEAD)
    opening(postgres_url).dispose()


@service
def test_a_newer_database_is_refused(engine: Engine, made_postgres_url: str) -> None:
    _run(engine, "UPDATE alembic_version SET version_num = '9999'")
    for opening in (open_database, open_current, upgrade_database):
        with pytest.raises(VersionUnsupported, match=f"is of version 9999, .* knows up to {HEAD}: install a newer one"):
            opening(made_postgres_url)
    assert read_state(made_postgres_url).revision == "9999"


@service
@pytest.mark.parametrize("table", ["recipes", "alembic_version"])
def test_a_database_of_something_else_is_left_alone(postgres_url: str, table: str) -> None:
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    _run(engine, f"CREATE TABLE {table} (version_num TEXT)")
    engine.dispose()
    for opening in (open_database, upgrade_database):
        with pytest.raises(FormatMismatch, match=rf"holds something else \({table} …\)"):
            opening(postgres_url)


@service
@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            {"password": "not-it"},
            "refuses the connection: check its user, the password, and that the database is there",
        ),
        ({"database": "graphleads_test_nowhere"}, "refuses the connection"),
        ({"username": "graphleads_test_nobody", "password": "not-it"}, "refuses the connection"),
    ],
)
def test_a_server_that_refuses_who_asks(postgres: str, part: dict[str, Any], message: str) -> None:
    url = make_url(postgres).set(**part)
    with pytest.raises(SettingInvalid, match=message) as caught:
        open_database(url.render_as_string(hide_password=False))
    assert "not-it" not in str(caught.value)
    assert "passfile" not in str(caught.value)


def test_a_server_that_is_away() -> None:
    with pytest.raises(
        DatabaseUnavailable, match=r"postgresql://me:\*\*\*@127\.0\.0\.1:1/leads does not answer"
    ) as caught:
        open_database("postgresql://me:not-it@127.0.0.1:1/leads?application_name=not-it")
    assert "not-it" not in str(caught.value)


def test_a_server_that_goes_away_while_it_is_told_the_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        serving = pool.submit(_ask_for_the_password_and_go_away, server)
        with pytest.raises(DatabaseUnavailable, match="does not answer"):
            open_database(f"postgresql://me:not-it@127.0.0.1:{server.getsockname()[1]}/leads?sslmode=disable")
        serving.result()


def _ask_for_the_password_and_go_away(server: socket.socket) -> None:
    connection, _ = server.accept()
    server.close()
    with connection:
        connection.recv(1024)
        connection.sendall(b"R" + (8).to_bytes(4) + (3).to_bytes(4))  # AuthenticationCleartextPassword
        connection.recv(1024)


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ExtraMissing, match=r"run `pip install graphleads\[postgres\]`"):
        open_database("postgresql://me@127.0.0.1:1/leads")


def test_a_file_does_not_need_the_driver(tmp_path: Path) -> None:
    program = (
        f"import sys; from graphleads.db.connect import open_database; open_database({str(tmp_path / 'a.db')!r}); "
        "sys.exit('psycopg' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@service
@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        ("08006", DatabaseUnavailable, "does not answer"),
        ("25006", Conflict, "its server takes no writes just now"),
        ("40001", Conflict, "is held by another process: try again"),
        ("40P01", Conflict, "is held by another process: try again"),
        ("55P03", Conflict, "is held by another process: try again"),
        ("53100", DiskFull, "its disk is full"),
        ("53300", DatabaseUnavailable, "has no room for another connection"),
        ("57P01", DatabaseUnavailable, "does not answer"),
        ("42501", SettingInvalid, "does not let its user do this"),
    ],
)
def test_what_goes_wrong_is_told_by_its_code(engine: Engine, state: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message), write(engine) as connection:
        connection.execute(text(_raise(state)))
    with write(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


@service
def test_what_goes_wrong_at_the_end_of_a_transaction_is_told_too(engine: Engine) -> None:
    with pytest.raises(Conflict, match="is held by another process"), write(engine) as connection:  # noqa: PT012
        connection.execute(text("CREATE TABLE late (n INTEGER)"))
        connection.execute(
            text(
                "CREATE FUNCTION pg_temp.fail() RETURNS TRIGGER LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'late' USING ERRCODE = '40001'; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION pg_temp.fail()"
            )
        )
        connection.execute(text("INSERT INTO late VALUES (1)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('late')")).scalar() is None


@service
@pytest.mark.parametrize(
    ("constraint", "message"),
    [("uq_claims_current", "has a claim of this company already"), ("pk_x", "by somebody else")],
)
def test_a_violation_is_told_by_the_name_of_its_constraint(engine: Engine, constraint: str, message: str) -> None:
    with pytest.raises(Conflict, match=message), write(engine) as connection:
        connection.execute(text(_raise("23505", constraint)))


@service
def test_a_standby_is_read(engine: Engine, made_postgres_url: str) -> None:
    _run(engine, f'ALTER DATABASE "{engine.url.database}" SET default_transaction_read_only = on')
    reader = open_database(made_postgres_url)
    assert is_read_only(reader)
    with reader.connect() as connection:
        assert connection.execute(select(lead_events)).all() == []
    with pytest.raises(Conflict, match="takes no writes just now, as a standby does"), write(reader):
        pass
    reader.dispose()


@service
def test_a_writer_sees_what_the_one_before_it_wrote_and_others_do_not_wait(engine: Engine) -> None:
    with write(engine, "leads of north") as first:
        with write(engine, "leads of south"):
            pass
        with engine.connect() as impatient:
            impatient.execute(text("SET lock_timeout = '50ms'"))
            with pytest.raises(Conflict, match="is held by another process"):
                impatient.execute(
                    text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
                    {"name": "graphleads/write/leads of north"},
                )
        first.execute(insert(lead_events).values(**EVENT))
    with write(engine, "leads of north") as second:
        assert second.execute(select(lead_events.c.company)).all() == [("X-A:1",)]


@service
def test_several_questions_have_one_answer(engine: Engine) -> None:
    with engine.connect() as reader:
        before = reader.execute(select(lead_events)).all()
        with write(engine) as connection:
            connection.execute(insert(lead_events).values(**EVENT))
        assert reader.execute(select(lead_events)).all() == before == []


@service
@pytest.mark.parametrize("end", [OwnPostgres.stop, OwnPostgres.kill])
def test_a_server_that_was_started_again_is_used_again(
    own_postgres: OwnPostgres, end: Callable[[OwnPostgres], None]
) -> None:
    upgrade_database(own_postgres.url)
    engine = open_database(own_postgres.url)
    with write(engine) as connection:
        connection.execute(insert(lead_events).values(**EVENT))
    end(own_postgres)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable, match="does not answer: see that its server runs"), write(engine):
            pass
    own_postgres.start()
    with write(engine) as connection:
        assert connection.execute(select(lead_events.c.company)).all() == [("X-A:1",)]
    engine.dispose()


@service
def test_a_server_that_ends_within_a_transaction_keeps_nothing_of_it(own_postgres: OwnPostgres) -> None:
    upgrade_database(own_postgres.url)
    engine = open_database(own_postgres.url)
    with pytest.raises(DatabaseUnavailable, match="does not answer"), write(engine) as connection:  # noqa: PT012
        connection.execute(insert(lead_events).values(**EVENT))
        own_postgres.stop()
    own_postgres.start()
    with engine.connect() as connection:
        assert connection.execute(select(lead_events)).all() == []
    engine.dispose()
