"""The database of a home: opened, and made, when it is first needed."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from graphleads.db.connect import is_read_only, open_database
from graphleads.errors import SettingInvalid
from graphleads.workspace.home import Home


class HomeDatabase:
    """The database that the settings name, otherwise the one in the home.

    Args:
        home: The home.
        url: The database's URL, None for the home's own.
    """

    def __init__(self, home: Home, url: str | None) -> None:
        self._home = home
        self._url = url
        self._opening = threading.Lock()
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The database, opened once however many threads ask for it first."""
        with self._opening:
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def is_there(self) -> bool:
        """Return whether there is a database, so that asking an empty home makes none."""
        return self._url is not None or self._home.database.exists()

    def is_writable(self) -> bool:
        """Return whether something can be written into it; it is made if it is not there and can be."""
        return (self.is_there() or self._home.is_writable()) and not is_read_only(self.engine)

    def close(self) -> None:
        """Close the database if it was opened."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _open(self) -> Engine:
        if self._url is None:
            self._home.make()
        elif "://" not in self._url:
            # The database would be made as a file of that name, wherever the command happens to run.
            raise SettingInvalid(f"database_url is {self._url!r}, no URL: write sqlite:///path or postgresql://….")
        return open_database(self._url or self._home.database)
