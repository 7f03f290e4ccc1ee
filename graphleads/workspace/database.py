"""The database of a home: opened, and made, when it is first needed; how far it is, and bringing it up to date."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from graphleads.db.connect import (
    DatabaseState,
    is_read_only,
    open_current,
    open_database,
    read_state,
    upgrade_database,
)
from graphleads.db.migrate import read_revision
from graphleads.errors import SettingInvalid
from graphleads.workspace.home import Home


class HomeDatabase:
    """The database that the settings name, otherwise the one in the home.

    Args:
        home: The home.
        url: The database's URL, None for the home's own.
        migrates: Whether opening a file of an earlier version brings it up to date.
    """

    def __init__(self, home: Home, url: str | None, *, migrates: bool = True) -> None:
        self._home = home
        self._url = url
        self._migrates = migrates
        self._opening = threading.Lock()
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The database, opened once however many threads ask for it first; raises as `open_database` does."""
        with self._opening:
            if self._engine is None:
                where = self._make_home()
                self._engine = open_database(where) if self._migrates else open_current(where)
            return self._engine

    def is_there(self) -> bool:
        """Return whether there is a database, so that asking an empty home makes none."""
        return self._url is not None or self._home.database.exists()

    def is_writable(self) -> bool:
        """Return whether something can be written into it; it is made if it is not there and can be."""
        return (self.is_there() or self._home.is_writable()) and not is_read_only(self.engine)

    def require(self) -> None:
        """Ask it something, if there is one; raises as `open_database` does where it cannot answer."""
        if self.is_there():
            with self.engine.connect() as connection:
                read_revision(connection)

    def state(self) -> DatabaseState:
        """Return how far it is, and make and migrate nothing; raises as `open_database` does."""
        return read_state(self._where())

    def upgrade(self) -> tuple[DatabaseState, DatabaseState]:
        """Make or migrate its tables, and return its state before and after; raises as `upgrade_database` does."""
        return upgrade_database(self._make_home())

    def close(self) -> None:
        """Close the database if it was opened."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _make_home(self) -> str:
        where = self._where()
        if self._url is None:
            self._home.make()
        return where

    def _where(self) -> str:
        if self._url is None:
            return str(self._home.database)
        if "://" not in self._url:
            # The database would be made as a file of that name, wherever the command happens to run.
            raise SettingInvalid(f"database_url is {self._url!r}, no URL: write sqlite:///path or postgresql://….")
        return self._url
