"""The version of a database's tables: checked with one query, and brought up to date by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection, inspect, text

from graphleads.errors import FormatMismatch, VersionUnsupported

HEAD = "0003"
"""The revision that this version reads and writes; a test holds it to the newest migration."""


def is_current(connection: Connection) -> bool:
    """Return whether the tables are of this version."""
    return read_revision(connection) == HEAD


def read_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, None for an empty database.

    Raises:
        FormatMismatch: If the database holds tables and none says which version they are.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise FormatMismatch(f"The database holds something else ({tables[0]} …): name another one for graphleads.")
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_outdated(name: str) -> NoReturn:
    """Refuse a database that is not of this version and cannot be written.

    Raises:
        VersionUnsupported: Always.
    """
    raise VersionUnsupported(
        f"The database {name} is of another version and cannot be written: open it once where it can be, to migrate it."
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
        revision = read_revision(connection)
        raise VersionUnsupported(
            f"The database {name} is of version {revision}, this graphleads knows up to {HEAD}: install a newer one."
        ) from error
