"""Opening the database, and writing to it.

SQLite by default, in write-ahead mode, so that readers and one writer do not wait for each other; PostgreSQL by URL.
"""

from __future__ import annotations

import os
import shutil
import tempfile
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
from graphleads.disk import free_room
from graphleads.errors import Conflict, DiskFull, FileUnreadable, GraphLeadsError, SettingInvalid

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

_LEAST_ROOM = 128 * 1024
"""Bytes that the write-ahead log and its index need before anything can be read through them."""

_NO_ACCESS = "cannot be written: check the permissions of the file and its folder, and that its disk is not read-only"
_NO_ROOM = "could not be written because its disk is full: make room and try again; what was there before is unchanged"

_SQLITE_ERRORS: dict[str, tuple[type[GraphLeadsError], str]] = {
    "SQLITE_BUSY": (Conflict, "is held by another process: try again in a moment"),
    "SQLITE_FULL": (DiskFull, _NO_ROOM),
    "SQLITE_IOERR_SHMSIZE": (DiskFull, _NO_ROOM),
    "SQLITE_READONLY": (Conflict, _NO_ACCESS),
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
        DiskFull: If there is no room for it.
    """
    refusal = engine.get_execution_options().get("refusal")
    if refusal is not None:
        raise type(refusal)(*refusal.args)  # a new one each time: an error keeps every place that it was raised at
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def is_read_only(engine: Engine) -> bool:
    """Return whether the database was opened for reading because its file cannot be written."""
    return "refusal" in engine.get_execution_options()


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
    refusal = _find_refusal(path)
    if refusal is None:
        engine = _make_engine(URL.create("sqlite", database=str(path)))
        _listen(engine, path, _WRITER_PRAGMAS)
    else:
        engine = _open_for_reading(path).execution_options(refusal=refusal)
        _listen(engine, path, ())
    return engine


def _open_for_reading(path: Path) -> Engine:
    """Return a database that nothing is written to, as it is with its log.

    A log that was not yet written back must be read with the file, through an index beside it. Where there is no
    index, none can be made: a copy of file and log is read. Without a log the file is declared immutable, because
    SQLite would try to make one.
    """
    log, index = _beside(path, "wal"), _beside(path, "shm")
    has_log = log.exists() and log.stat().st_size > 0
    if has_log and not index.exists():
        copied = tempfile.TemporaryDirectory(prefix="graphleads-")
        shutil.copy(log, _beside(Path(copied.name, path.name), "wal"))
        engine = _make_engine(URL.create("sqlite", database=str(shutil.copy(path, copied.name))))
        event.listen(engine, "engine_disposed", lambda _engine: copied.cleanup())
        return engine
    query = {"mode": "ro", "uri": "true"} | ({} if has_log else {"immutable": "1"})
    return _make_engine(URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query))


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}-{kind}")


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
    if not path.exists() and _find_refusal(path) is not None:
        raise FileUnreadable(f"There is no database {path.name} in {path.parent}, and nothing can be written there.")


def _find_refusal(path: Path) -> GraphLeadsError | None:
    """Return why a database cannot be written, None if it can."""
    # The folder counts too: the write-ahead log is made beside the file.
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return Conflict(f"The database {path} {_NO_ACCESS}.")
    # Whoever has it open has made room for the log's index, which is shared.
    if not _beside(path, "shm").exists() and free_room(path.parent) < _LEAST_ROOM:
        return DiskFull(f"The database {path} {_NO_ROOM}.")
    return None


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
