"""Opening the database, and writing to it.

SQLite by default, in write-ahead mode, so that readers and one writer do not wait for each other; PostgreSQL by URL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from graphleads.db.migrate import is_current, refuse_outdated, upgrade
from graphleads.errors import Conflict, FileUnreadable, GraphLeadsError, SettingInvalid

_DIALECTS = ("sqlite", "postgresql")

_BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another: longer than importing 100,000 customers takes."""

# FULL, not NORMAL: with NORMAL a power cut may undo the last commits of a write-ahead log, and a claim that a rep was
# shown must not be lost. Writes are clicks and bulk imports, so one more fsync each is not felt.
_WRITER_PRAGMAS: Sequence[str] = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_TIMEOUT_MS}",
)

_SQLITE_ERRORS: dict[str, tuple[type[GraphLeadsError], str]] = {
    "SQLITE_BUSY": (Conflict, "is held by another process: try again in a moment"),
    "SQLITE_FULL": (Conflict, "could not be written because the disk is full; what was there before is unchanged"),
    "SQLITE_READONLY": (Conflict, "cannot be written: check the permissions of the file and its folder"),
    "SQLITE_NOTADB": (FileUnreadable, "is not a database: name another file, or restore it from a backup"),
    "SQLITE_CORRUPT": (FileUnreadable, "is damaged: restore it from a backup"),
    "SQLITE_IOERR": (FileUnreadable, "could not be read or written: check the disk"),
    "SQLITE_CANTOPEN": (FileUnreadable, "cannot be opened: check the path and its permissions"),
}


def open_database(where: str | Path) -> Engine:
    """Return the database at a path or URL, with its tables at this version.

    A database that can be written is created or migrated; one that cannot is opened for reading.

    Args:
        where: A file's path, or a URL of SQLite or PostgreSQL.

    Raises:
        SettingInvalid: If the URL cannot be used, or nobody answers there.
        FileUnreadable: If the file is a directory, no database, damaged, or missing where nothing can be written.
        VersionUnsupported: If the tables are of a newer version, or older and cannot be migrated.
        FormatMismatch: If the database holds something else.
    """
    url = _parse_url(where)
    engine = _open_file(Path(url.database or "")) if url.get_backend_name() == "sqlite" else _make_engine(url)
    try:
        _bring_up_to_date(engine)
    except OperationalError as error:
        engine.dispose()
        reason = str(error.orig).splitlines()[0]
        raise SettingInvalid(f"The database {_name(engine)} cannot be opened: {reason}.") from error
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that holds the write lock from its start, committed on leaving.

    Whoever reads and then writes does both under the lock, so nothing changes in between.

    Raises:
        Conflict: If the database cannot be written, or another process holds it for half a minute.
    """
    if is_read_only(engine):
        raise Conflict(f"The database {_name(engine)} {_SQLITE_ERRORS['SQLITE_READONLY'][1]}.")
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def is_read_only(engine: Engine) -> bool:
    """Return whether the database was opened for reading because its file cannot be written."""
    return bool(engine.get_execution_options().get("read_only"))


def _parse_url(where: str | Path) -> URL:
    text = str(where)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
        dialect = url.get_backend_name()
        if dialect in _DIALECTS:
            url.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingInvalid(f"{text[:30]!r} is no database URL: write sqlite:///path or postgresql://…") from error
    except ImportError as error:
        raise SettingInvalid(f"{url.drivername} needs a package that is not installed: {error.name}.") from error
    if dialect not in _DIALECTS:
        raise SettingInvalid(f"{dialect} is no database that graphleads keeps its tables in: use SQLite or PostgreSQL.")
    if dialect == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingInvalid(f"{text!r} names no file: write sqlite:///path.")
    return url


def _open_file(path: Path) -> Engine:
    _refuse_unusable(path)
    if _can_write(path):
        engine = _make_engine(URL.create("sqlite", database=str(path)))
        pragmas = _WRITER_PRAGMAS
    else:
        query = {"mode": "ro", "uri": "true"} | ({} if _has_log(path) else {"immutable": "1"})
        url = URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)
        engine = _make_engine(url).execution_options(read_only=True)
        pragmas = ()
    _listen(engine, path, pragmas)
    return engine


def _make_engine(url: URL) -> Engine:
    return create_engine(url, json_serializer=_dump_json, json_deserializer=orjson.loads)


def _dump_json(value: object) -> str:
    # Scores come as NumPy's numbers.
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _refuse_unusable(path: Path) -> None:
    if path.is_dir():
        raise FileUnreadable(f"{path} is a directory: name the database's file.")
    if not path.parent.is_dir():
        raise FileUnreadable(f"There is no folder {path.parent} for the database: make it first.")
    if not path.exists() and not _can_write(path):
        raise FileUnreadable(f"There is no database {path.name} in {path.parent}, and nothing can be written there.")


def _can_write(path: Path) -> bool:
    # The folder counts too: the write-ahead log is made beside the file.
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _has_log(path: Path) -> bool:
    # A log that was not yet written back must be read with the file; without one SQLite would try to make it, which
    # a folder that cannot be written refuses, unless the file is declared immutable.
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _listen(engine: Engine, path: Path, pragmas: Sequence[str]) -> None:
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        # SQLAlchemy's way to take transactions out of the driver's hands, which begins them late and never for DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    def explain(context: ExceptionContext) -> BaseException | None:
        code = getattr(context.original_exception, "sqlite_errorname", "")
        for prefix, (error, message) in _SQLITE_ERRORS.items():
            if code.startswith(prefix):
                return error(f"The database {path} {message}.")
        return None

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "handle_error", explain, retval=True)


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        if is_current(connection):
            return
    if is_read_only(engine):
        refuse_outdated(_name(engine))
    with write(engine) as connection:
        if not is_current(connection):
            upgrade(connection, _name(engine))


def _name(engine: Engine) -> str:
    url = engine.url
    if url.get_backend_name() != "sqlite":
        return url.render_as_string(hide_password=True)
    return unquote((url.database or "").removeprefix("file:"))
