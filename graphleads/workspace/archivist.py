"""What a workspace keeps: deliveries, of which one may be taken back, and the snapshots made of them."""

from __future__ import annotations

from typing import Any

from graphleads.graph.snapshot_folder import SnapshotInfo, list_snapshots, use_snapshot, verify_snapshot
from graphleads.tables.delivery import DeliveryManifest
from graphleads.workspace.archive import Archive
from graphleads.workspace.parts import Parts


class ArchivistFace(Parts):
    """The deliveries and snapshots. A delivery is named by its id or a beginning that no other one has."""

    def deliveries(self) -> list[DeliveryManifest]:
        """Return what was ingested, by dataset and day."""
        return Archive(self._home).deliveries()

    def removed_deliveries(self) -> list[DeliveryManifest]:
        """Return what was removed and can be restored, by dataset and day."""
        return Archive(self._home).removed()

    def delivery_issues(self, delivery: str) -> list[dict[str, Any]]:
        """Return samples of what was wrong in a delivery: `file`, `row`, `column`, `code`, `message`, `sample` each.

        Raises:
            NotFound: If there is no such delivery.
            ValueInvalid: If several begin so.
        """
        return Archive(self._home).issues(delivery)

    def remove_delivery(self, delivery: str) -> DeliveryManifest:
        """Take a delivery back, and return it; what is served stays until `run` or `build` makes a snapshot without it.

        Raises:
            NotFound: If there is no such delivery.
            ValueInvalid: If several begin so.
            DeliveryConflict: If the same one was removed before and is still kept.
        """
        return Archive(self._home).remove(delivery)

    def restore_delivery(self, delivery: str) -> DeliveryManifest:
        """Put a removed delivery back, and return it.

        Raises:
            NotFound: If no such delivery was removed.
            ValueInvalid: If several begin so.
            DeliveryConflict: If it is there, or another full delivery of its day is.
        """
        return Archive(self._home).restore(delivery)

    def snapshots(self) -> list[SnapshotInfo]:
        """Return the snapshots there are, the newest state of the registers first."""
        return list_snapshots(self._home.snapshots)

    def snapshot_ids(self) -> list[str]:
        """Return the ids of all snapshots, sorted, those that are damaged too."""
        return sorted(path.parent.name for path in self._home.snapshots.glob("[!.]*/manifest.json"))

    def verify_snapshot(self, snapshot_id: str | None = None) -> list[str]:
        """Return what is wrong with the files of a snapshot, of the current one if none is named.

        Raises:
            SnapshotNotFound: If there is none.
        """
        return verify_snapshot(self._home.snapshots, snapshot_id)

    def use_snapshot(self, snapshot_id: str) -> None:
        """Serve another snapshot."""
        use_snapshot(self._home.snapshots, snapshot_id)
