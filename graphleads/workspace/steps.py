"""The steps between files and leads: which of them are stale, running those, and how far a home is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, StepMissing, VersionUnsupported
from graphleads.graph.snapshot_folder import SnapshotInfo, list_snapshots
from graphleads.model import CustomerRecord, Progress
from graphleads.remedy import Remedy
from graphleads.tables.delivery import Delivery
from graphleads.workspace.answer import Status, StepDone
from graphleads.workspace.home import Home
from graphleads.workspace.matched import Matched, count_states
from graphleads.workspace.register import Register
from graphleads.workspace.team import Team

if TYPE_CHECKING:
    from graphleads.workspace.matching import Matching


class Steps:
    """Link, build and match over one home. A step is stale if its inputs are not those that it last ran with."""

    def __init__(
        self, home: Home, register: Register, team: Team, *, matched: Matched, matching: Callable[[], Matching]
    ) -> None:
        self._home = home
        self._matched = matched
        self._register = register
        self._team = team
        self._matching = matching

    def run(self, progress: Progress) -> list[StepDone]:
        """Run what is stale, in order.

        Raises:
            StepMissing: If nothing was ingested yet.
        """
        deliveries = self._register.deliveries()
        if not deliveries:
            raise StepMissing("There is no register yet.", Remedy.INGEST)
        return [self._link(deliveries), self._build(deliveries), self._match(progress)]

    def status(self) -> Status:
        """Return how far the home is."""
        deliveries, customers = self._register.deliveries(), self._team.customers()
        stale = tuple(self._stale(deliveries, customers))
        current = self._served()
        return Status(
            home=str(self._home.folder),
            open_to_others=self._home.is_open_to_others(),
            deliveries=tuple(one.manifest for one in deliveries),
            snapshot=current.id if current else None,
            counts=current.counts if current else {},
            customers=dict(sorted(Counter(one.status.value for one in customers).items())),
            matches=count_states(self._team.matches()) if customers else {},
            n_claims=len(self._team.claims()),
            n_exclusions=len(self._team.exclusions()),
            stale=stale,
            next_step=_next_step(deliveries, customers, stale),
        )

    def _served(self) -> SnapshotInfo | None:
        """Return the snapshot that is served, None if there is none that could be."""
        with suppress(StepMissing, SnapshotDamaged, SnapshotNotFound, VersionUnsupported):
            served = self._register.snapshot().id
            return next(one for one in list_snapshots(self._home.snapshots) if one.id == served)
        return None

    def _stale(self, deliveries: Sequence[Delivery], customers: Sequence[CustomerRecord]) -> list[str]:
        if not deliveries:
            return []
        linked = self._register.is_linked(deliveries)
        built = linked and self._register.is_built(deliveries)
        matched = not customers or (built and self._is_matched(customers))
        return [name for name, fresh in (("link", linked), ("build", built), ("match", matched)) if not fresh]

    def _is_matched(self, customers: Sequence[CustomerRecord]) -> bool:
        return self._matched.is_fresh(customers, self._team.matches(), self._register.snapshot_id())

    def _link(self, deliveries: Sequence[Delivery]) -> StepDone:
        stale = not self._register.is_linked(deliveries)
        report = self._register.link()
        summary = f"{report.n_companies:,} pairs of companies, {report.n_persons:,} probable pairs of persons"
        return StepDone(name="link", done=stale, summary=summary)

    def _build(self, deliveries: Sequence[Delivery]) -> StepDone:
        stale = not self._register.is_built(deliveries)
        if stale:
            self._register.build(accept_drop=False)
        snapshot = self._register.snapshot()
        summary = f"snapshot {snapshot.id}: {snapshot.n_companies:,} companies, {snapshot.n_persons:,} persons"
        return StepDone(name="build", done=stale, summary=summary)

    def _match(self, progress: Progress) -> StepDone:
        customers = self._team.customers()
        if not customers:
            return StepDone(name="match", done=False, summary="there are no customers yet")
        stale = not self._is_matched(customers)
        matches = self._matching().match(progress) if stale else self._team.matches()
        counts = (f"{n:,} {state}" for state, n in count_states(matches).items() if n)
        return StepDone(name="match", done=stale, summary=", ".join(counts))


def _next_step(deliveries: Sequence[Delivery], customers: Sequence[CustomerRecord], stale: Sequence[str]) -> str:
    if not deliveries:
        return "ingest READER FILES…"
    if stale:
        return "run"
    return "recommend" if customers else "customers import FILE"
