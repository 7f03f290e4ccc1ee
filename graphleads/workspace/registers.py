"""The registers of a workspace: files in, linked, built into snapshots, and what is kept of all that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphleads.errors import ValueInvalid
from graphleads.graph.snapshot_folder import SnapshotInfo, list_snapshots, use_snapshot, verify_snapshot
from graphleads.tables.delivery import DeliveryManifest
from graphleads.workspace.archive import Archive
from graphleads.workspace.engine import GraphEngine
from graphleads.workspace.given import parse_day, parse_files, parse_kind
from graphleads.workspace.home import Home
from graphleads.workspace.register import Register

if TYPE_CHECKING:
    from graphleads.graph.build import BuildReport
    from graphleads.identity.link import LinkReport
    from graphleads.identity.review import Review
    from graphleads.ingest.delivery import IngestResult


class Registers:
    """Deliveries, and the snapshots made of them. A delivery is named by its id or a beginning that no other one has.

    Args:
        home: The home.
        register: What is served of it.
        engine: Opens the server that a reader may read from.
        now: The clock.
    """

    def __init__(self, home: Home, register: Register, engine: GraphEngine, now: Callable[[], datetime]) -> None:
        self._home = home
        self._register = register
        self._engine = engine
        self._now = now
        self._archive = Archive(home)

    def ingest(  # noqa: PLR0913 - what the files of a delivery may leave unsaid
        self,
        reader: str,
        files: str | Path | Sequence[str | Path],
        *,
        dataset: str | None = None,
        observed_on: date | str | None = None,
        kind: str | None = None,
        mapping: str | Path | None = None,
        replace: bool = False,
    ) -> IngestResult:
        """Read register files and keep them as one delivery; the same files twice change nothing.

        Args:
            reader: The reader's name: cvm, table, or one that another package brings.
            files: One file or several.
            dataset: The dataset that they belong to; None takes the reader's own.
            observed_on: The day of the register's state; None where the files say it.
            kind: full or update, against what the files say.
            mapping: A shipped mapping's name or a mapping file, for readers that take one.
            replace: Take the place of another full delivery of the same day.

        Raises:
            InputError: If something that was handed in cannot be used; says what and where.
            ReaderNotFound: If there is no such reader.
            DeliveryConflict: If another full delivery of that day is there.
        """
        from graphleads.ingest.delivery import IngestRequest

        request = IngestRequest(
            dataset=dataset,
            observed_on=parse_day(observed_on),
            kind=parse_kind(kind),
            mapping=mapping,
            replace=replace,
            open_server=self._engine.server,
        )
        self._refuse_future(request.observed_on)
        return self._register.ingest(reader, parse_files(files), request)

    def _refuse_future(self, observed_on: date | None) -> None:
        tomorrow = self._now().date() + timedelta(days=1)
        if observed_on is not None and observed_on > tomorrow:
            raise ValueInvalid(f"{observed_on} is in the future: give the day on which the register was in that state.")

    def link(self) -> LinkReport:
        """Find which ids are one company, and which persons are probably one."""
        return self._register.link()

    def review(self, *, limit: int | None = None) -> Review:
        """Return the numbers that records state of companies and that `link` could not join, with both sides.

        Args:
            limit: At most so many of them; None for all.

        Raises:
            StepMissing: If nothing was ingested yet, or a delivery is not linked yet.
            ValueInvalid: If `limit` is less than 1.
        """
        if limit is not None and limit < 1:
            raise ValueInvalid(f"The limit {limit} is less than 1: ask for one or more.")
        return self._register.review(limit)

    def build(self, *, accept_drop: bool = False) -> BuildReport:
        """Build a snapshot of everything that was ingested, check it, and serve it.

        Args:
            accept_drop: Build even if a table loses more rows than the settings allow.

        Raises:
            BuildRefused: If a check fails; what was served before still is.
        """
        return self._register.build(accept_drop=accept_drop)

    def deliveries(self) -> list[DeliveryManifest]:
        """Return what was ingested, by dataset and day."""
        return self._archive.deliveries()

    def removed_deliveries(self) -> list[DeliveryManifest]:
        """Return what was removed and can be restored, by dataset and day."""
        return self._archive.removed()

    def delivery_issues(self, delivery: str) -> list[dict[str, Any]]:
        """Return samples of what was wrong in a delivery: `file`, `row`, `column`, `code`, `message`, `sample` each.

        Raises:
            NotFound: If there is no such delivery.
            ValueInvalid: If several begin so.
        """
        return self._archive.issues(delivery)

    def remove_delivery(self, delivery: str) -> DeliveryManifest:
        """Take a delivery back, and return it; what is served stays until `run` or `build` makes a snapshot without it.

        Raises:
            NotFound: If there is no such delivery.
            ValueInvalid: If several begin so.
            DeliveryConflict: If the same one was removed before and is still kept.
        """
        return self._archive.remove(delivery)

    def restore_delivery(self, delivery: str) -> DeliveryManifest:
        """Put a removed delivery back, and return it.

        Raises:
            NotFound: If no such delivery was removed.
            ValueInvalid: If several begin so.
            DeliveryConflict: If it is there, or another full delivery of its day is.
        """
        return self._archive.restore(delivery)

    def snapshots(self) -> list[SnapshotInfo]:
        """Return the snapshots there are, the newest state of the registers first."""
        return list_snapshots(self._home.snapshots)

    def snapshot_ids(self) -> list[str]:
        """Return the ids of all snapshots, sorted, those that are damaged too."""
        return sorted(path.parent.name for path in self._home.snapshots.glob("[!.]*/manifest.json"))

    def snapshot_id(self) -> str | None:
        """Return the id of the snapshot that is served, None if nothing was built yet."""
        return self._register.snapshot_id()

    def verify_snapshot(self, snapshot_id: str | None = None) -> list[str]:
        """Return what is wrong with the files of a snapshot, of the current one if none is named.

        Raises:
            SnapshotNotFound: If there is none.
        """
        return verify_snapshot(self._home.snapshots, snapshot_id)

    def use_snapshot(self, snapshot_id: str) -> None:
        """Serve another snapshot."""
        use_snapshot(self._home.snapshots, snapshot_id)

    def warning(self) -> str | None:
        """Return why what was asked so far was answered from an earlier snapshot than the current one; None if not."""
        return self._register.warning()
