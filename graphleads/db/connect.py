"""Opening the database, and writing to it.

SQLite by default, in write-ahead mode, so that readers and one writer do not wait for each other; PostgreSQL by URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from graphleads.db import postgres, sqlite
from graphleads.db.migrate import HEAD, is_current, read_revision, refuse_outdated, refuse_read_only, upgrade
from graphleads.errors import SettingInvalid

_BACKENDS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
}
"""What the beginnings of URLs mean."""

_WRITE = "write sqlite:///path or postgresql://user@host/database"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A database, and how far its tables are.

    Attributes:
        name: Its path or address, without a password.
        engine: sqlite or postgresql.
        revision: The version of its tables, None if it has none yet.
        newest: The version that this graphleads reads and writes.
        is_writable: Whether something can be written to it now.
    """

    name: str
    engine: str
    revision: str | None
    newest: str
    is_writable: bool


def open_database(where: str | Path) -> Engine:
    """Return the database at a path or URL, with its tables at this version.

    A file that can be written is created or migrated; one that cannot is opened for reading. A server's database is
    neither made nor migrated: `upgrade_database` does that.

    Args:
        where: A file's path, or a URL of SQLite or PostgreSQL.

    Raises:
        SettingInvalid: If the URL cannot be used, or its server refuses the user.
        ExtraMissing: If the driver of PostgreSQL is not installed.
        DatabaseUnavailable: If its server does not answer.
        FileUnreadable: If the file is a directory, no database, damaged, or missing where nothing can be written.
        VersionUnsupported: If the tables are of a newer version, or older and not migrated here.
        FormatMismatch: If the database holds something else.
    """
    return _open(where, _bring_up_to_date)


def open_current(where: str | Path) -> Engine:
    """Return the database as `open_database` does, but leave tables of an earlier version as they are, and say so.

    A file that is not there is made.

    Raises:
        VersionUnsupported: If the tables are not of this version; otherwise as `open_database`.
    """
    return _open(where, _require_current)


def upgrade_database(where: str | Path) -> tuple[DatabaseState, DatabaseState]:
    """Make the tables of an empty database or migrate those that are there, and return its state before and after.

    Of several processes that do so at once one does it, and the others wait for it.

    Raises:
        Conflict: If it cannot be written; otherwise as `open_database`.
    """
    engine = _connect(where)
    try:
        before = _describe(engine)
        with _migrating(engine) as connection:
            if not is_current(connection):
                upgrade(connection, _name(engine))
        return before, _describe(engine)
    finally:
        engine.dispose()


def read_state(where: str | Path) -> DatabaseState:
    """Return how far a database is; raises as `open_database` does, whatever version it has.

    A file that is not there is not made.
    """
    url = _parse_url(where)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return DatabaseState(name=str(url.database), engine="sqlite", revision=None, newest=HEAD, is_writable=True)
    engine = _connect(where)
    try:
        return _describe(engine)
    finally:
        engine.dispose()


@contextmanager
def write(engine: Engine, lock: str = "") -> Iterator[Connection]:
    """Yield a connection in a transaction that holds a write lock from its start, committed on leaving.

    Whoever reads and then writes does both under the lock, so nothing changes in between.

    Args:
        engine: The database.
        lock: What is written to, for example a team's leads. On a server only who names the same waits; SQLite has
            one lock for all.

    Raises:
        Conflict: If the database cannot be written, or another process holds the lock for half a minute.
        DatabaseUnavailable: If its server does not answer.
        DiskFull: If there is no room for it.
    """
    _refuse_read_only(engine)
    if engine.dialect.name == "sqlite":
        with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            yield connection
    else:
        with postgres.start_writing(engine, lock) as connection:
            yield connection
            connection.commit()


def is_read_only(engine: Engine) -> bool:
    """Return whether the database was opened for reading because it cannot be written."""
    return "refusal" in engine.get_execution_options()


def _parse_url(where: str | Path) -> URL:
    text = str(where)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    scheme = text.partition("://")[0]
    if scheme and scheme not in _BACKENDS:
        raise SettingInvalid(f"{scheme} is no database that graphleads keeps its tables in: {_WRITE}.")
    try:
        url = make_url(text).set(drivername=_BACKENDS[scheme])
    except (ArgumentError, KeyError, ValueError) as error:
        # What stands after it may be a password.
        raise SettingInvalid(f"What begins with {scheme}:// is no database URL: {_WRITE}.") from error
    if scheme.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise SettingInvalid(f"{text!r} names no file: write sqlite:///path.")
    return url


def _connect(where: str | Path) -> Engine:
    url = _parse_url(where)
    return (
        sqlite.open_file(Path(url.database or "")) if url.get_backend_name() == "sqlite" else postgres.open_server(url)
    )


def _open(where: str | Path, prepare: Callable[[Engine], None]) -> Engine:
    engine = _connect(where)
    try:
        prepare(engine)
    except OperationalError as error:
        engine.dispose()
        reason = str(error.orig).splitlines()[0]
        raise SettingInvalid(f"The database {_name(engine)} cannot be opened: {reason}.") from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        if is_current(connection):
            return
        revision = read_revision(connection)
    if engine.dialect.name != "sqlite":
        refuse_outdated(_name(engine), revision)
    if is_read_only(engine):
        refuse_read_only(_name(engine))
    with _migrating(engine) as connection:
        if not is_current(connection):
            upgrade(connection, _name(engine))


def _require_current(engine: Engine) -> None:
    with engine.connect() as connection:
        if is_current(connection):
            return
        revision = read_revision(connection)
    if revision is not None or engine.dialect.name != "sqlite":
        refuse_outdated(_name(engine), revision)
    _bring_up_to_date(engine)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    _refuse_read_only(engine)
    if engine.dialect.name == "sqlite":
        with sqlite.start_migrating(engine) as connection:
            yield connection
    else:
        with postgres.start_migrating(engine) as connection:
            yield connection
            connection.commit()


def _refuse_read_only(engine: Engine) -> None:
    refusal = engine.get_execution_options().get("refusal")
    if refusal is not None:
        raise copy(refusal)  # a new one each time: an error keeps every place that it was raised at


def _describe(engine: Engine) -> DatabaseState:
    with engine.connect() as connection:
        revision = read_revision(connection)
    return DatabaseState(
        name=_name(engine),
        engine=engine.dialect.name,
        revision=revision,
        newest=HEAD,
        is_writable=not is_read_only(engine),
    )


def _name(engine: Engine) -> str:
    url = engine.url
    if url.get_backend_name() != "sqlite":
        return postgres.name_server(url)
    return unquote((url.database or "").removeprefix("file:"))
