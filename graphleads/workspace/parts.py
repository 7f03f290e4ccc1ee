"""What a workspace is made of, and its life from opening to closing."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from types import TracebackType
from typing import Self

from graphleads.db.session import Session
from graphleads.model import Progress
from graphleads.settings import Configuration
from graphleads.workspace.database import HomeDatabase
from graphleads.workspace.graph import Graph
from graphleads.workspace.home import Home
from graphleads.workspace.leads import Leads
from graphleads.workspace.lookup import Lookup
from graphleads.workspace.matching import Matching
from graphleads.workspace.register import Register
from graphleads.workspace.steps import Steps
from graphleads.workspace.team import Team


class Parts:
    """The parts of a workspace, wired once.

    Attributes:
        configuration: The settings in force, and the home.
        database: Where what people decide is kept.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        actor: str,
        progress: Progress,
        now: Callable[[], datetime],
        migrates: bool = True,
    ) -> None:
        settings = configuration.settings
        self.configuration = configuration
        self._actor = actor
        self._progress = progress
        self._now = now
        self._home = Home(configuration.home)
        self.database = HomeDatabase(self._home, settings.database_url, migrates=migrates)
        self._graph = Graph(configuration)
        register = Register(self._home, settings.build, progress)
        self._team = Team(self.database, self._session, register.resolver)
        self._use(register)

    def _session(self, by: str | None) -> Session:
        """Return a session of the team, by somebody or by whoever uses the workspace."""
        return Session(self.database.engine, self.configuration.settings.team, by or self._actor, self._now)

    def _use(self, register: Register) -> None:
        settings = self.configuration.settings
        self._register = register
        self._team = self._team.using(register.resolver)
        self._matching = Matching(self._home, self._register, self._team, settings.match)
        self._steps = Steps(self._home, self._register, self._team, self._matching)
        self._lookup = Lookup(self._register, self._team, self._graph)
        self._leads = Leads(self._register, self._team, settings.recommend, language=settings.language)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def pinned(self) -> Self:
        """Return this workspace as it is now: whatever is built meanwhile, it answers from the same snapshot.

        It shares the database and the graph's connection with this one, and is closed with it.
        """
        pinned = copy(self)
        pinned._use(self._register.pinned())
        return pinned

    def close(self) -> None:
        """Close the database and the graph; whatever is asked next opens them again."""
        self.database.close()
        self._graph.close()

    def _today(self) -> date:
        """Return the day that counts where none is named: today, or the register's where the clock is behind it."""
        return max(self._now().date(), self._register.snapshot().observed_on)
