"""The workspace: the main job step by step, as Python and the command line both call it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from graphleads.db.session import Session
from graphleads.ids import EntityId
from graphleads.model import Progress, Silence
from graphleads.settings import Configuration, find_home, load_settings
from graphleads.workspace.answer import Explained, Recommendations, Status, StepDone
from graphleads.workspace.customers import TeamCustomers
from graphleads.workspace.database import HomeDatabase
from graphleads.workspace.engine import GraphEngine
from graphleads.workspace.graph import WorkspaceGraph
from graphleads.workspace.home import Home
from graphleads.workspace.leads import TeamLeads
from graphleads.workspace.matched import Matched
from graphleads.workspace.question import Question, told_by, told_of_one_by
from graphleads.workspace.register import Register
from graphleads.workspace.registers import Registers
from graphleads.workspace.steps import Steps
from graphleads.workspace.team import Team

if TYPE_CHECKING:
    from graphleads.workspace.lookup import Lookup
    from graphleads.workspace.matching import Matching
    from graphleads.workspace.neo4j import Neo4jDatabases
    from graphleads.workspace.recommending import Recommending


_LOADED = (
    *("workspace.lookup", "workspace.matching", "workspace.putting", "workspace.recommending"),
    *("workspace.analysis", "crm.undo", "crm.import_log", "graph.neo4j.store", "graph.sighting", "names.index"),
)
"""What is imported when the first question that needs it is asked."""


def utc_now() -> datetime:
    """Return the moment: the product's only clock."""
    return datetime.now(UTC)


def login_name() -> str:
    """Return who is logged in: whoever acts if nobody else is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def open_workspace(
    path: str | Path | None = None,
    *,
    actor: str | None = None,
    progress: Progress | None = None,
    now: Callable[[], datetime] = utc_now,
    migrates: bool = True,
) -> Workspace:
    """Return the workspace in a folder, which is made when something is first put into it.

    Args:
        path: The folder; None takes GRAPHLEADS_HOME, otherwise `~/.graphleads`.
        actor: Who writes what is written, unless a call names somebody else; None takes who is logged in.
        progress: Where long steps say how far they are; None keeps them silent.
        now: The clock.
        migrates: Whether a database in a file is brought up to date when it is opened. A database on a server never
            is: `database.upgrade()` does that.

    Raises:
        SettingInvalid: If the folder is a file, or its settings cannot be used.
    """
    configuration, acting = load_settings(find_home(path)), actor or login_name()
    home, settings = Home(configuration.home), configuration.settings
    database = HomeDatabase(home, settings.database_url, migrates=migrates)
    register = Register(home, settings.build, progress or Silence())

    def start_session(by: str | None) -> Session:
        return Session(database.engine, settings.team, by or acting, now)

    opened = Opened(
        configuration=configuration,
        progress=progress or Silence(),
        now=now,
        home=home,
        database=database,
        engine=GraphEngine(configuration),
        team=Team(database, start_session, register.resolver, keep_days=settings.runs.keep_days),
    )
    return Workspace(opened, register)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a workspace and those that are pinned of it share.

    Attributes:
        configuration: The settings in force, and the home.
        progress: Where long steps say how far they are.
        now: The clock.
        home: The folder of everything.
        database: What people decide.
        engine: What answers questions about the graph.
        team: What the team says.
    """

    configuration: Configuration
    progress: Progress
    now: Callable[[], datetime]
    home: Home
    database: HomeDatabase
    engine: GraphEngine
    team: Team


class Workspace:
    """Registers, customers and decisions of one home. Close it, or use it in a `with` statement.

    The steps of the main job can be called at the top; everything else is in the rooms. Steps that are asked for too
    early raise StepMissing, which names the step to run first.

    Attributes:
        configuration: The settings in force, and the home.
        database: Where what people decide is kept.
        registers: Deliveries and snapshots.
        customers: Customers, their imports and their matches.
        leads: Runs, claims and exclusions.
        graph: Companies, relationships, paths, exports; called, the graph itself.
        neo4j: The databases of a Neo4j.
    """

    def __init__(self, opened: Opened, register: Register) -> None:
        home = opened.home
        self._opened = opened
        self._register = register
        self._team = opened.team.using(register.resolver)
        self._matched = Matched(home, opened.configuration.settings.match)
        today = partial(_day_that_counts, opened.now, register)
        # What only some questions need is imported when one of them is asked: it takes seconds. None of it knows this
        # workspace, so that one that is pinned lets go of its snapshot with its last question.
        lookup = cache(partial(_make_lookup, opened, register, self._team))
        matching = cache(partial(_make_matching, opened, register, self._team, self._matched))
        recommending = cache(partial(_make_recommending, opened, register, self._team))
        self._steps = Steps(home, register, self._team, matched=self._matched, matching=matching)
        self.configuration = opened.configuration
        self.database = opened.database
        self.registers = Registers(home, register, opened.engine, opened.now)
        self.customers = TeamCustomers(
            self._team, lookup=lookup, matching=matching, progress=opened.progress, now=opened.now
        )
        self.leads = TeamLeads(self._team, lookup=lookup, recommending=recommending, today=today)
        self.graph = WorkspaceGraph(register, lookup, today=today)
        self.ingest = self.registers.ingest
        self.link = self.registers.link
        self.build = self.registers.build
        self.import_customers = self.customers.import_from
        self.match = self.customers.match
        self.claim = self.leads.claim

    @cached_property
    def neo4j(self) -> Neo4jDatabases:
        """The databases of a Neo4j."""
        from graphleads.workspace.neo4j import Neo4jDatabases

        opened = self._opened
        return Neo4jDatabases(opened.configuration, self._register, progress=opened.progress, now=opened.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        snapshot = self.registers.snapshot_id()
        return f"Workspace({str(self.configuration.home)!r}, {f'snapshot {snapshot}' if snapshot else 'nothing built'})"

    def _repr_html_(self) -> str:
        import pandas as pd

        status = self.status()
        told = {"home": status.home, "snapshot": status.snapshot or "", **status.counts}
        told |= {f"{name} customers": n for name, n in status.customers.items()}
        told |= {"claims": status.n_claims, "stale": ", ".join(status.stale), "next": status.next_step}
        return str(pd.DataFrame(told.items(), columns=["", ""]).to_html(index=False, header=False))

    def pinned(self) -> Workspace:
        """Return this workspace as it is now: whatever is built meanwhile, it answers from the same snapshot.

        It shares the database and the graph's connection with this one, and is closed with it.
        """
        return Workspace(self._opened, self._register.pinned())

    def load(self) -> None:
        """Import now what only some questions need, so that whoever asks one first does not wait for it."""
        for name in _LOADED:
            import_module(f"graphleads.{name}")

    def close(self) -> None:
        """Close the database and the graph; whatever is asked next opens them again."""
        self.database.close()
        self._opened.engine.close()

    def run(self) -> list[StepDone]:
        """Link, build and match, only what is stale: whose inputs are not those that it last ran with."""
        return self._steps.run(self._opened.progress)

    def status(self) -> Status:
        """Return how far the workspace is, and what to run next."""
        return self._steps.status()

    @told_by(Question)
    def recommend(self, question: Question) -> Recommendations:
        """Rank the unclaimed companies near the won customers, or near companies given by id.

        It is asked by the fields of a `Question`: `ws.recommend(k=20, jurisdictions=["BR"])`.

        Raises:
            ValueInvalid: If a part of the question cannot be used.
            EntityNotFound: If a seed is not in the register.
        """
        return self.leads.recommend(question)

    @told_of_one_by(Question)
    def explain(self, company: EntityId, question: Question) -> Explained:
        """Return why a company is, or is not, a lead; asked and raising as `recommend`."""
        return self.leads.explain(company, question)


def _day_that_counts(now: Callable[[], datetime], register: Register) -> date:
    """Return the day that counts where none is named: today, or the register's where the clock is behind it."""
    return max(now().date(), register.snapshot().observed_on)


def _make_lookup(opened: Opened, register: Register, team: Team) -> Lookup:
    from graphleads.workspace.lookup import Lookup

    return Lookup(register, team, opened.engine)


def _make_matching(opened: Opened, register: Register, team: Team, matched: Matched) -> Matching:
    from graphleads.workspace.matching import Matching

    return Matching(register, team, opened.configuration.settings.match, matched)


def _make_recommending(opened: Opened, register: Register, team: Team) -> Recommending:
    from graphleads.workspace.recommending import Recommending

    settings = opened.configuration.settings
    return Recommending(register, team, settings.recommend, language=settings.language)
