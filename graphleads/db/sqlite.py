"""Opening a database that is a file: SQLite, in write-ahead mode, so that readers and one writer do not wait."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from graphleads.db.engine import make_engine
from graphleads.db.failure import NO_ACCESS, NO_ROOM, explain_failures
from graphleads.disk import free_room, open_by_owner
from graphleads.errors import Conflict, DiskFull, FileUnreadable, GraphLeadsError

_BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another: longer than importing 100,000 customers takes."""

# FULL, not NORMAL: with NORMAL a power cut may undo the last commits of a write-ahead log, and a claim that a rep was
# shown must not be lost. Writes are clicks and bulk imports, so one more fsync each is not felt.
_WRITER_PRAGMAS: Sequence[str] = (
    f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
)

_LEAST_ROOM = 128 * 1024
"""Bytes that the write-ahead log and its index need before anything can be read through them."""

_RETRY_SECONDS = 0.02


def open_file(path: Path) -> Engine:
    """Return the database in a file: for writing, made where there is none; for reading where it cannot be written.

    Raises:
        FileUnreadable: If it is a directory, or missing where nothing can be written.
    """
    _refuse_unusable(path)
    refusal = _find_refusal(path)
    if refusal is None:
        # SQLite gives what it makes beside the file the same permissions.
        os.close(open_by_owner(str(path), os.O_CREAT | os.O_RDONLY))
        engine = make_engine(URL.create("sqlite", database=str(path)))
        _listen(engine, path, _WRITER_PRAGMAS)
    else:
        engine = _open_for_reading(path).execution_options(refusal=refusal)
        _listen(engine, path, ())
    return engine


@contextmanager
def start_migrating(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that alone may change the tables, committed on leaving.

    Many changes of a table make a new one in its place. Rows that point to it hold to its name meanwhile, which SQLite
    allows where no foreign key is looked at; they are looked at before the end.

    Raises:
        RuntimeError: If a row is left that points to none.
    """
    with engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        _look_at_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                yield connection
                if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError(f"a row of {lost[0]} would point to none of {lost[2]}")
        finally:
            _look_at_foreign_keys(connection, "ON")


def _look_at_foreign_keys(connection: Connection, on: str) -> None:
    # Outside of any transaction: inside of one SQLite does not listen.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {on}")
    cursor.close()


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
        engine = make_engine(URL.create("sqlite", database=str(shutil.copy(path, copied.name))))
        event.listen(engine, "engine_disposed", lambda _engine: copied.cleanup())
        return engine
    query = {"mode": "ro", "uri": "true"} | ({} if has_log else {"immutable": "1"})
    return make_engine(URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query))


def _beside(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}-{kind}")


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
        return Conflict(f"The database {path} {NO_ACCESS}.")
    # Whoever has it open has made room for the log's index, which is shared.
    if not _beside(path, "shm").exists() and free_room(path.parent) < _LEAST_ROOM:
        return DiskFull(f"The database {path} {NO_ROOM}.")
    return None


def _listen(engine: Engine, path: Path, pragmas: Sequence[str]) -> None:
    busy = engine.dialect.loaded_dbapi.OperationalError

    def prepare(connection: DBAPIConnection, _record: object) -> None:
        # SQLAlchemy's way to take transactions out of the driver's hands, which begins them late and never for DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            _set(cursor, pragma, busy)
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    explain_failures(engine, str(path))


def _set(cursor: DBAPICursor, pragma: str, busy: type[Exception]) -> None:
    # Who turns a new file to write-ahead mode while others open it too is not made to wait, but refused at once.
    until = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except busy as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return
