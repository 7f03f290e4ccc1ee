"""Opening a database on a PostgreSQL server, and who may write in it at one time."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import URL, Connection, Engine, TextClause, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from graphleads.db.engine import make_engine
from graphleads.db.failure import READ_ONLY, explain_failures
from graphleads.errors import Conflict, ExtraMissing

_N_KEPT = 5
"""Connections that a process keeps open. More are opened while more threads are at work, and closed again."""

_ADDRESS = {
    "application_name": "graphleads",
    "connect_timeout": "5",
    # A server that vanished without a word is given up after a minute, not after the system's two hours.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""What an address says unless it says otherwise."""

_SESSION = "SELECT set_config('lock_timeout', '30s', false), set_config('timezone', 'UTC', false)"
"""Who waits for another gives up as in SQLite; a moment is read and written in UTC."""

# A transaction of REPEATABLE READ sees what there was at its first statement, so that several questions have one
# answer, as in SQLite. A writer waits first and then must see what the one before it wrote.
_READING, _WRITING = "REPEATABLE READ", "READ COMMITTED"

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_PATIENT, _IMPATIENT = text("SET LOCAL lock_timeout = 0"), text("SET LOCAL lock_timeout = '30s'")
_READ_ONLY = text("SHOW transaction_read_only")


def open_server(url: URL) -> Engine:
    """Return the database at an address; nothing is made or migrated.

    Raises:
        ExtraMissing: If the driver is not installed.
        DatabaseUnavailable: If nobody answers there.
        SettingInvalid: If the server refuses the user, or has no such database.
    """
    _require_driver()
    address = url.set(drivername="postgresql+psycopg", query=_ADDRESS | dict(url.query))
    engine = make_engine(
        address, isolation_level=_READING, pool_pre_ping=True, pool_size=_N_KEPT, max_overflow=-1, pool_use_lifo=True
    )
    event.listen(engine, "connect", _prepare)
    explain_failures(engine, name_server(url))
    try:
        with engine.connect() as connection:
            is_read_only = connection.execute(_READ_ONLY).scalar() == "on"
    except BaseException:
        engine.dispose()
        raise
    if is_read_only:
        return engine.execution_options(refusal=Conflict(f"The database {name_server(url)} {READ_ONLY}."))
    return engine


def name_server(url: URL) -> str:
    """Return how messages call a database: its address without a password, wherever it stands."""
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def start_writing(engine: Engine, lock: str) -> Connection:
    """Return a connection in a transaction that holds a lock until its end: who asks for the same one waits."""
    return _start(engine, (_LOCK, {"name": f"graphleads/write/{lock}"}))


def start_migrating(engine: Engine) -> Connection:
    """Return a connection in a transaction that alone may change the tables, however long it has to wait for that."""
    return _start(engine, (_PATIENT, {}), (_LOCK, {"name": "graphleads/migrate"}), (_IMPATIENT, {}))


def _start(engine: Engine, *statements: tuple[TextClause, dict[str, str]]) -> Connection:
    connection = engine.connect().execution_options(isolation_level=_WRITING)
    try:
        for statement, values in statements:
            connection.execute(statement, values)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(_SESSION)
    cursor.close()
    connection.commit()


def _require_driver() -> None:
    try:
        import_module("psycopg")
    except ImportError as error:
        raise ExtraMissing("The PostgreSQL driver is not installed: run `pip install graphleads[postgres]`.") from error
