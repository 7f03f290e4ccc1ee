"""What goes wrong in a database, told by the codes that it gives and never by its texts, as the product's own errors.

SQLite names its result codes; PostgreSQL gives an SQLSTATE, and of a violation the constraint. A server that refuses a
connection tells the driver neither: all that is known then is whether it asked for a password, as one does, too, that
goes away before it reads it, and whether it still answers (`PQping`).

Reference:
    SQLite, Result and Error Codes. https://www.sqlite.org/rescode.html
    PostgreSQL, Appendix A: PostgreSQL Error Codes. https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from graphleads.errors import (
    Conflict,
    DatabaseUnavailable,
    DiskFull,
    FileUnreadable,
    GraphLeadsError,
    LeadConflict,
    SettingInvalid,
    ValueInvalid,
)

NO_ACCESS = "cannot be written: check the permissions of the file and its folder, and that its disk is not read-only"
NO_ROOM = "could not be written because its disk is full: make room and try again; what was there before is unchanged"
READ_ONLY = "cannot be written: its server takes no writes just now, as a standby does"

_BUSY = "is held by another process: try again in a moment"
_DAMAGED = "is damaged: restore it from a backup"
_TAKEN = "was given the same by somebody else at the same moment: try again"
_AWAY = "does not answer: see that its server runs, and try again in a moment"
_CROWDED = "has no room for another connection: try again in a moment, or let its server take more"
_REFUSED = "refuses the connection: check its user, the password, and that the database is there"
_FORBIDDEN = "does not let its user do this: grant the right, or connect as another user"
_UNREADABLE = "was given a text with a character that it cannot keep, such as NUL: take it out"

_PING_SECONDS = 5

_Meaning = tuple[type[GraphLeadsError], str]

_SQLITE: Mapping[str, _Meaning] = {
    "SQLITE_BUSY": (Conflict, _BUSY),
    "SQLITE_LOCKED": (Conflict, _BUSY),
    "SQLITE_FULL": (DiskFull, NO_ROOM),
    "SQLITE_IOERR_SHMSIZE": (DiskFull, NO_ROOM),
    "SQLITE_READONLY": (Conflict, NO_ACCESS),
    "SQLITE_NOTADB": (FileUnreadable, "is not a database: name another file, or restore it from a backup"),
    "SQLITE_CORRUPT": (FileUnreadable, _DAMAGED),
    "SQLITE_IOERR": (FileUnreadable, "could not be read or written: check the disk"),
    "SQLITE_CANTOPEN": (FileUnreadable, "cannot be opened: check the path and its permissions"),
    "SQLITE_CONSTRAINT_UNIQUE": (Conflict, _TAKEN),
    "SQLITE_CONSTRAINT_PRIMARYKEY": (Conflict, _TAKEN),
}
"""By the beginning of the result code's name, the first that fits."""

_POSTGRES: Mapping[str, _Meaning] = {
    "08": (DatabaseUnavailable, _AWAY),
    "22021": (ValueInvalid, _UNREADABLE),
    "23505": (Conflict, _TAKEN),
    "25006": (Conflict, READ_ONLY),
    "28": (SettingInvalid, _REFUSED),
    "3D000": (SettingInvalid, "is not there: make it, or correct its name"),
    "40": (Conflict, _BUSY),
    "42501": (SettingInvalid, _FORBIDDEN),
    "53100": (DiskFull, NO_ROOM),
    "53300": (DatabaseUnavailable, _CROWDED),
    "53": (DatabaseUnavailable, "has no memory or no room left for this: try again in a moment"),
    "55P03": (Conflict, _BUSY),
    "57P": (DatabaseUnavailable, _AWAY),
    "58": (FileUnreadable, "could not be read or written: check its server's disk"),
    "XX": (FileUnreadable, _DAMAGED),
}
"""By the beginning of the SQLSTATE, the first that fits."""

_CONSTRAINTS: Mapping[str, _Meaning] = {
    "uq_claims_current": (
        LeadConflict,
        "has a claim of this company already, which somebody made just now: look again",
    ),
    "uq_exclusions_current": (Conflict, "has an exclusion of this company already, made just now: look again"),
}
"""What somebody else did at the same moment, by the constraint that says so."""


def explain_failures(engine: Engine, name: str) -> None:
    """Let an engine raise the product's errors, on connecting, at every statement and at the end of a transaction.

    Args:
        engine: Of SQLite or PostgreSQL.
        name: How messages call the database.
    """
    find = _find_sqlite if engine.dialect.name == "sqlite" else _find_postgres
    event.listen(engine, "handle_error", _listener(name, find), retval=True)


def _listener(
    name: str, find: Callable[[ExceptionContext], _Meaning | None]
) -> Callable[[ExceptionContext], BaseException | None]:
    def explain(context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping:  # A connection that is tried before its use, and made again if it broke.
            return None
        error = context.original_exception
        if isinstance(error, GraphLeadsError):  # A value was refused on its way into a statement.
            return copy(error)
        found = find(context)
        return None if found is None else found[0](f"The database {name} {found[1]}.")

    return explain


def _find_sqlite(context: ExceptionContext) -> _Meaning | None:
    return _starting(_SQLITE, getattr(context.original_exception, "sqlite_errorname", ""))


def _find_postgres(context: ExceptionContext) -> _Meaning | None:
    error = context.original_exception
    state = getattr(error, "sqlstate", None)
    if state is not None:
        constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
        return _CONSTRAINTS.get(constraint or "") or _starting(_POSTGRES, state)
    driver = context.dialect.loaded_dbapi
    if not isinstance(error, driver.Error) or not (context.is_disconnect or isinstance(error, driver.OperationalError)):
        return None
    refused = context.connection is None and _asked_and_answers(getattr(error, "pgconn", None), driver)
    return (SettingInvalid, _REFUSED) if refused else (DatabaseUnavailable, _AWAY)


def _asked_and_answers(connection: Any, driver: Any) -> bool:
    """Tell whether a connection failed after the password was sent, to a server that takes connections."""
    if not getattr(connection, "used_password", False):
        return False
    server = {"host": connection.host.decode(), "port": connection.port.decode(), "connect_timeout": _PING_SECONDS}
    said = driver.conninfo.make_conninfo(**server)
    return bool(driver.pq.PGconn.ping(said.encode()) == driver.pq.Ping.OK)


def _starting(meanings: Mapping[str, _Meaning], code: str) -> _Meaning | None:
    return next((meaning for start, meaning in meanings.items() if code.startswith(start)), None)
