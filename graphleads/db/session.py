"""A session: on which database, for which team, by whom and by which clock something is read and written.

Whatever people say is appended by a session. Nothing below the faces has a team of its own, and nothing is written
without somebody who does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from graphleads.db.connect import write
from graphleads.errors import ValueInvalid
from graphleads.text import clean_text

TEXT_MAX = 500
"""Characters of the longest reason or person's name that is kept."""


@dataclass(frozen=True, slots=True)
class Session:
    """What every repository is given.

    Attributes:
        engine: The database.
        team: The team whose rows are read and written.
        actor: Who does it, at most 500 characters.
        clock: Returns the moment, aware.

    Raises:
        ValueInvalid: If the actor is empty or too long.
    """

    engine: Engine
    team: str
    actor: str
    clock: Callable[[], datetime]
    _connection: Connection | None = field(default=None, kw_only=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", require_text(self.actor, "name of who does this"))

    def now(self) -> datetime:
        """Return the moment."""
        return self.clock()

    def by(self, actor: str | None) -> Session:
        """Return this session as somebody else's; as it is if nobody is named."""
        return self if actor is None else replace(self, actor=actor)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that reads one state of the database."""
        with nullcontext(self._connection) if self._connection else self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that alone writes for the team; raises as `connect.write`."""
        with nullcontext(self._connection) if self._connection else write(self.engine, self.team) as connection:
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[Session]:
        """Yield this session with one transaction for all that it reads and writes, committed on leaving."""
        with self.write() as connection:
            yield replace(self, _connection=connection)


def require_text(text: str, what: str) -> str:
    """Return a text that a person gave, clean as `clean_text` has it.

    Raises:
        ValueInvalid: If nothing is left of it, or more than 500 characters; `what` names it.
    """
    line = clean_text(text)
    if not line:
        raise ValueInvalid(f"The {what} is empty: give one.")
    if len(line) > TEXT_MAX:
        raise ValueInvalid(f"The {what} has {len(line):,} characters: use at most {TEXT_MAX}.")
    return line
