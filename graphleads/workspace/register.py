"""The register's side of a workspace: deliveries in, linked, built into snapshots, served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, StepMissing, VersionUnsupported
from graphleads.graph.config import BuildConfig
from graphleads.graph.inputs import build_inputs
from graphleads.graph.manifest import CURRENT, current_id
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.snapshot_folder import Served, open_served
from graphleads.identity.link_id import REVIEW_FILE, SAME_AS_FILE, link_id
from graphleads.identity.resolve import Resolver, SnapshotResolver, Unresolved
from graphleads.ids import EntityId
from graphleads.model import Progress
from graphleads.remedy import Remedy
from graphleads.tables.delivery import Delivery, open_deliveries
from graphleads.workspace.home import Home
from graphleads.workspace.writing import alone, explained

if TYPE_CHECKING:
    from graphleads.graph.build import BuildReport
    from graphleads.identity.link import LinkReport
    from graphleads.identity.review import Review
    from graphleads.ingest.delivery import IngestRequest, IngestResult


class Register:
    """The deliveries of a home, and the snapshots made of them."""

    def __init__(self, home: Home, config: BuildConfig, progress: Progress) -> None:
        self._home = home
        self._config = config
        self._progress = progress
        self._served: Served | None = None
        self._asked: tuple[str, int, int] | None = None

    def ingest(self, reader: str, files: Sequence[Path], request: IngestRequest) -> IngestResult:
        """Stage files as one delivery."""
        from graphleads.ingest.delivery import ingest

        request = replace(request, home=self._home.folder)
        with explained(self._home.staged):
            self._home.make()
            return ingest(reader, files, staged=self._home.staged, request=request, progress=self._progress)

    def deliveries(self) -> list[Delivery]:
        """Return what was ingested, by dataset and day."""
        return open_deliveries(self._home.staged)

    def link(self) -> LinkReport:
        """Link the ids of all deliveries.

        Raises:
            StepMissing: If nothing was ingested yet.
            Conflict: If another process links or builds here.
            DiskFull: If there is no room.
        """
        from graphleads.identity.link import link

        with explained(self._home.linked), alone(self._home):
            return link(self._home.staged, self._home.linked, self._progress)

    def build(self, *, accept_drop: bool) -> BuildReport:
        """Build a snapshot of what was linked.

        Args:
            accept_drop: Whether a table may lose any part of its rows.

        Raises:
            StepMissing: If nothing was ingested yet, or a delivery is not linked yet.
            Conflict: If another process links or builds here.
            DiskFull: If there is no room.
        """
        from graphleads.graph.build import BuildInput, build_snapshot

        deliveries = self.deliveries()
        if deliveries and not self.is_linked(deliveries):
            raise StepMissing("There are deliveries that are not linked yet.", Remedy.LINK)
        source = BuildInput(staged=self._home.staged, same_as=self._same_as(deliveries), snapshots=self._home.snapshots)
        config = self._config.model_copy(update={"max_drop": 1.0}) if accept_drop else self._config
        with explained(self._home.snapshots), alone(self._home):
            return build_snapshot(source, config, self._progress)

    def review(self, limit: int | None) -> Review:
        """Return the numbers that records state and that joined nobody when the deliveries were linked.

        Raises:
            StepMissing: If nothing was ingested yet, or a delivery is not linked yet.
        """
        from graphleads.identity.review import read_review

        deliveries = self.deliveries()
        if not deliveries:
            raise StepMissing("There is no register yet.", Remedy.INGEST)
        if not self.is_linked(deliveries):
            raise StepMissing("There are deliveries that are not linked yet.", Remedy.LINK)
        return read_review(self._same_as(deliveries).with_name(REVIEW_FILE), limit=limit)

    def is_linked(self, deliveries: Sequence[Delivery]) -> bool:
        """Return whether these deliveries are linked."""
        return self._same_as(deliveries).is_file()

    def is_built(self, deliveries: Sequence[Delivery]) -> bool:
        """Return whether the current snapshot is what these deliveries and the settings give."""
        current = current_id(self._home.snapshots)
        if current is None or not self.is_linked(deliveries):
            return False
        try:
            manifest = open_snapshot(self._home.snapshots, current).manifest
        except (SnapshotDamaged, SnapshotNotFound, VersionUnsupported):
            return False
        return bool(manifest["inputs"] == build_inputs(deliveries, self._same_as(deliveries), self._config))

    def pinned(self) -> Register:
        """Return this register as it is now: whatever is built meanwhile, it answers from the same snapshot.

        Raises:
            StepMissing: If nothing was built yet; names the step to run.
        """
        return _PinnedRegister(self._home, self._config, self._progress, self._hold())

    def _hold(self) -> Served:
        while True:
            current = self.snapshot_id()
            try:
                served = self._serve()
                served.snapshot.hold()
            except SnapshotNotFound:
                # What was current a moment ago may be removed by whoever published another one.
                if current == self.snapshot_id():
                    raise
            else:
                return served

    def snapshot_id(self) -> str | None:
        """Return the id of the snapshot that is served, None if nothing was built yet."""
        asked = self._pointer()
        if self._served is not None and asked == self._asked:
            return self._served.snapshot.id
        return asked[0] if asked else None

    def snapshot(self) -> Snapshot:
        """Return the snapshot that is served; it stays the same one until another is switched to.

        Raises:
            StepMissing: If nothing was built yet; names the step to run.
            SnapshotDamaged: If it is damaged, and there is none before it.
        """
        return self._serve().snapshot

    def resolver(self) -> Resolver:
        """Return what says which id a company has now: by the snapshot that is served, if there is one."""
        return Unresolved() if self.snapshot_id() is None else SnapshotResolver(self.snapshot())

    def names(self, companies: Iterable[EntityId]) -> dict[EntityId, str]:
        """Return what companies are called now, by the ids asked for; one that no register has is left out."""
        asked = list(companies)
        if not asked or self.snapshot_id() is None:
            return {}
        snapshot = self.snapshot()
        nodes = zip(asked, snapshot.nodes_of(asked).tolist(), strict=True)
        return {company: snapshot.name_of(node) for company, node in nodes if node >= 0}

    def warning(self) -> str | None:
        """Return why another snapshot than the current one is served, None if none is, or none was asked for yet."""
        return self._served.warning if self._served else None

    def _serve(self) -> Served:
        asked = self._pointer()
        if asked is None:
            raise self._first_step()
        if self._served is None or (
            asked != self._asked and (self._served.warning or self._served.snapshot.id != asked[0])
        ):
            self._served = open_served(self._home.snapshots)
        self._asked = asked
        return self._served

    def _pointer(self) -> tuple[str, int, int] | None:
        """Return the current snapshot's id, and what tells one switch to it from another."""
        current = current_id(self._home.snapshots)
        if current is None:
            return None
        found = (self._home.snapshots / CURRENT).stat()
        return current, found.st_ino, found.st_mtime_ns

    def _first_step(self) -> StepMissing:
        deliveries = self.deliveries()
        if not deliveries:
            return StepMissing("There is no register yet.", Remedy.INGEST_OR_DEMO)
        step = Remedy.BUILD if self.is_linked(deliveries) else Remedy.RUN
        return StepMissing("No snapshot was built yet.", step)

    def _same_as(self, deliveries: Sequence[Delivery]) -> Path:
        return self._home.linked / link_id(deliveries) / SAME_AS_FILE


class _PinnedRegister(Register):
    """A register that stays with one snapshot."""

    def __init__(self, home: Home, config: BuildConfig, progress: Progress, served: Served) -> None:
        super().__init__(home, config, progress)
        self._pinned = served

    def snapshot_id(self) -> str | None:
        return self._pinned.snapshot.id

    def snapshot(self) -> Snapshot:
        return self._pinned.snapshot

    def warning(self) -> str | None:
        return self._pinned.warning
