"""What a workspace is made of, and its life from opening to closing."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from types import TracebackType
from typing import Self

from graphleads.model import Progress
from graphleads.settings import Configuration
from graphleads.workspace.desk import Desk
from graphleads.workspace.graph import Graph
from graphleads.workspace.home import Home
from graphleads.workspace.leads import Leads
from graphleads.workspace.lookup import Lookup
from graphleads.workspace.matching import Matching
from graphleads.workspace.register import Register
from graphleads.workspace.steps import Steps


class Parts:
    """The parts of a workspace, wired once.

    Attributes:
        configuration: The settings in force, and the home.
    """

    def __init__(self, configuration: Configuration, *, progress: Progress, now: Callable[[], datetime]) -> None:
        settings = configuration.settings
        self.configuration = configuration
        self._progress = progress
        self._now = now
        self._home = Home(configuration.home)
        self._desk = Desk(self._home, settings.database_url, team=settings.team, now=now)
        self._graph = Graph(configuration)
        self._use(Register(self._home, settings.build, progress))

    def _use(self, register: Register) -> None:
        settings = self.configuration.settings
        self._register = register
        self._matching = Matching(self._home, self._register, self._desk, settings.match)
        self._steps = Steps(self._home, self._register, self._desk, self._matching)
        self._lookup = Lookup(self._register, self._desk, self._graph)
        self._leads = Leads(self._register, self._desk, settings.recommend, language=settings.language)

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
        self._desk.close()
        self._graph.close()

    def _today(self) -> date:
        """Return the day that counts where none is named: today, or the register's where the clock is behind it."""
        return max(self._now().date(), self._register.snapshot().observed_on)
