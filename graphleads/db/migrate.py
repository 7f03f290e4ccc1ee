"""The version of a database's tables: checked with one query, and brought up to date by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, inspect, text

from graphleads.errors import FormatMismatch, VersionUnsupported
from graphleads.remedy import Remedy

HEAD = "0007"
"""The revision that this version reads and writes; a test holds it to the newest migration."""

_VERSION, _OURS = "alembic_version", "customer_versions"
"""The table that says the revision, as other products' databases have it too, and one of ours of every revision."""


def is_current(connection: Connection) -> bool:
    """Return whether the tables are of this version."""
    return read_revision(connection) == HEAD


def read_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, None for an empty database.

    Raises:
        FormatMismatch: If the database holds tables that are not graphleads'.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if _VERSION not in tables or _OURS not in tables:
        raise FormatMismatch(f"The database holds something else ({tables[0]} …): name another one for graphleads.")
    return connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar()  # noqa: S608 - a constant


def refuse_read_only(name: str) -> NoReturn:
    """Refuse a database that is not of this version and cannot be written.

    Raises:
        VersionUnsupported: Always.
    """
    raise VersionUnsupported(
        f"The database {name} is of another version and cannot be written: open it once where it can be, to migrate it."
    )


def refuse_outdated(name: str, revision: str | None) -> NoReturn:
    """Refuse a database that is not of this version and is not migrated by who opens it.

    Raises:
        VersionUnsupported: Always.
    """
    if revision is None:
        raise VersionUnsupported(f"The database {name} has no tables yet.", Remedy.MAKE_TABLES)
    if revision > HEAD:
        raise _too_new(name, revision)
    raise VersionUnsupported(
        f"The database {name} is of version {revision}, this graphleads needs {HEAD}.", Remedy.MIGRATE
    )


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables to this version, inside the caller's transaction.

    Raises:
        VersionUnsupported: If they are of a version that this one does not know.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise _too_new(name, read_revision(connection)) from error


def _too_new(name: str, revision: str | None) -> VersionUnsupported:
    return VersionUnsupported(
        f"The database {name} is of version {revision}, this graphleads knows up to {HEAD}: install a newer one."
    )
