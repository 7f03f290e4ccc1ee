"""What is done with a Neo4j beside the snapshots: load it, keep it in step, check it, write leads into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, VersionUnsupported
from graphleads.graph.neo4j.check import CheckReport, check
from graphleads.graph.neo4j.connection import Neo4jServer, open_server
from graphleads.graph.neo4j.files import ImportFiles, write_import_files
from graphleads.graph.neo4j.leads import PushedLead, push_leads, remove_leads
from graphleads.graph.neo4j.load import Written, load
from graphleads.graph.neo4j.status import DatabaseStatus, read_status
from graphleads.graph.neo4j.sync import sync
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.model import Progress
from graphleads.settings import Configuration
from graphleads.workspace.answer import KeptRun, Recommendations
from graphleads.workspace.home import Home
from graphleads.workspace.register import Register
from graphleads.workspace.writing import explained


class Neo4jDatabases:
    """What is done with the databases of a Neo4j. One that is not named is that of the settings.

    All but the first raise SettingInvalid, ExtraMissing, VersionUnsupported and Neo4jError as `connection.open_server`
    does, and all that need a snapshot raise StepMissing where none was built yet.

    Args:
        configuration: Says where the server is.
        register: What is served.
        progress: Where long steps say how far they are.
        now: The clock.
    """

    def __init__(
        self, configuration: Configuration, register: Register, *, progress: Progress, now: Callable[[], datetime]
    ) -> None:
        self._configuration = configuration
        self._register = register
        self._progress = progress
        self._now = now

    def write_import_files(self, folder: str | Path) -> ImportFiles:
        """Write the current snapshot as the files that `neo4j-admin database import full` reads.

        Raises:
            ValueInvalid: If something is in the folder already.
            InputError: If it cannot be written.
            DiskFull: If there is no room.
        """
        folder, database = Path(folder), self._configuration.settings.neo4j.database
        with explained(folder):
            return write_import_files(self._held(), folder, database=database, progress=self._progress)

    def load(self, *, database: str | None = None, beside_other_data: bool = False) -> Written:
        """Load the current snapshot into an empty database, or go on where a load was broken off.

        Args:
            database: The database.
            beside_other_data: Load into the named database even if somebody else's data is in it.

        Raises:
            Neo4jForeign: If somebody else's data is in it.
            Conflict: If it holds another snapshot, or another load begins meanwhile.
        """
        snapshot = self._held()
        with self._neo4j(database) as server:
            beside = beside_other_data and database is not None
            return load(server, snapshot, beside=beside, progress=self._progress, now=self._now)

    def sync(self, *, database: str | None = None, compare: bool = False) -> Written:
        """Make a database that holds a snapshot hold the current one, by writing what changed.

        Args:
            database: The database.
            compare: Compare every row of the database instead of the two snapshots.

        Raises:
            Neo4jOutOfStep: If it holds none.
            Conflict: If another load or sync begins meanwhile.
        """
        snapshot = self._held()
        with self._neo4j(database) as server:
            return sync(server, snapshot, find=self._find, compare_all=compare, progress=self._progress, now=self._now)

    def status(self, *, database: str | None = None) -> DatabaseStatus:
        """Return what a database holds, and how far that is from the current snapshot."""
        with self._neo4j(database) as server:
            return read_status(server, current=self._register.snapshot_id())

    def check(self, *, database: str | None = None, sample: int = 1000, every_row: bool = False) -> CheckReport:
        """Return how a database compares with the current snapshot.

        Args:
            database: The database.
            sample: How many nodes and how many relationships are compared property by property.
            every_row: Compare the hashes of all rows too.

        Raises:
            Neo4jOutOfStep: If it does not hold that snapshot, or not the whole of it.
        """
        snapshot = self._held()
        with self._neo4j(database) as server:
            return check(server, snapshot, sample=sample, every_row=every_row, progress=self._progress)

    def push_leads(self, answer: Recommendations | KeptRun, *, database: str | None = None) -> int:
        """Write leads into a database in the place of those that the team pushed before, and return how many.

        Raises:
            Neo4jOutOfStep: If it does not hold the snapshot that the leads rest on.
        """
        with self._neo4j(database) as server:
            return push_leads(
                server,
                _pushed(answer),
                team=self._configuration.settings.team,
                run_id=answer.run.id,
                snapshot_id=answer.run.snapshot,
                pushed_at=self._now(),
            )

    def remove_leads(self, *, database: str | None = None) -> int:
        """Remove the leads that the team pushed into a database, and return how many there were."""
        with self._neo4j(database) as server:
            return remove_leads(server, team=self._configuration.settings.team)

    @contextmanager
    def _neo4j(self, database: str | None) -> Iterator[Neo4jServer]:
        config = self._configuration.settings.neo4j
        if database is not None:
            config = config.model_copy(update={"database": database})
        with open_server(config, self._configuration.neo4j_password()) as server:
            yield server

    def _held(self) -> Snapshot:
        """Return the current snapshot, which answers to the end even if it is removed meanwhile."""
        snapshot = self._register.snapshot()
        snapshot.hold()
        return snapshot

    def _find(self, snapshot_id: str) -> Snapshot | None:
        with suppress(SnapshotNotFound, SnapshotDamaged, VersionUnsupported):
            snapshot = open_snapshot(Home(self._configuration.home).snapshots, snapshot_id)
            snapshot.hold()
            return snapshot
        return None


def _pushed(answer: Recommendations | KeptRun) -> list[PushedLead]:
    return [
        PushedLead(
            company=one["company"]["id"],
            rank=one["rank"],
            score=one["score"],
            reasons=tuple(reason["sentence"] for reason in one["reasons"]),
        )
        for one in answer.leads
    ]
