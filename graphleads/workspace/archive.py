"""The deliveries of a home: which there are, what was wrong in them, and taking one back.

A delivery that is removed is moved to `removed/<dataset>/<id>` in one rename, and moved back in another: nothing is
ever deleted, and what was built stays until the next build.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graphleads.disk import make_folder, move_folder
from graphleads.errors import DeliveryConflict, NotFound, ValueInvalid
from graphleads.model import DeliveryKind
from graphleads.remedy import Remedy
from graphleads.tables.delivery import ISSUES, Delivery, DeliveryManifest, open_deliveries
from graphleads.workspace.home import Home


class Archive:
    """The deliveries that count in one home, and those that were removed."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def deliveries(self) -> list[DeliveryManifest]:
        """Return what was ingested, by dataset and day."""
        return [one.manifest for one in open_deliveries(self._home.staged)]

    def removed(self) -> list[DeliveryManifest]:
        """Return what was removed, by dataset and day."""
        return [one.manifest for one in open_deliveries(self._home.removed)]

    def issues(self, delivery: str) -> list[dict[str, Any]]:
        """Return the samples of what was wrong in a delivery, a mapping of `tables.schema.ISSUES` each."""
        import pyarrow.parquet as pq

        path = _find(open_deliveries(self._home.staged), delivery).folder / ISSUES
        if not path.is_file():
            return []
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows

    def remove(self, delivery: str) -> DeliveryManifest:
        """Move a delivery out of the way, and return it."""
        return _move(_find(open_deliveries(self._home.staged), delivery), self._home.removed)

    def restore(self, delivery: str) -> DeliveryManifest:
        """Put a removed delivery back, and return it."""
        found = _find(open_deliveries(self._home.removed), delivery, "removed delivery")
        for one in self.deliveries():
            if _is_rival(found.manifest, one):
                raise DeliveryConflict(
                    f"{one.dataset} has another full delivery of {one.observed_on}, {one.id}.",
                    Remedy.REMOVE_DELIVERY,
                    delivery=one.id,
                )
        return _move(found, self._home.staged)


def _find(deliveries: Sequence[Delivery], wanted: str, what: str = "delivery") -> Delivery:
    exact = [one for one in deliveries if one.manifest.id == wanted]
    found = exact or [one for one in deliveries if wanted and one.manifest.id.startswith(wanted)]
    if not found:
        look = Remedy.LIST_DELIVERIES if what == "delivery" else Remedy.LIST_REMOVED
        raise NotFound(f"There is no {what} {wanted[:80]!r}.", look)
    if len(found) > 1:
        names = ", ".join(f"{one.manifest.id} ({one.manifest.dataset})" for one in found[:5])
        raise ValueInvalid(f"{len(found):,} deliveries begin with {wanted!r}: write more of one of {names}.")
    return found[0]


def _is_rival(one: DeliveryManifest, other: DeliveryManifest) -> bool:
    """Return whether two deliveries cannot both be the whole state of their day."""
    same_day = (one.dataset, one.observed_on) == (other.dataset, other.observed_on)
    return same_day and one.id != other.id and one.kind == other.kind == DeliveryKind.FULL


def _move(delivery: Delivery, root: Path) -> DeliveryManifest:
    manifest = delivery.manifest
    target = root / manifest.dataset / manifest.id
    if target.exists():
        raise DeliveryConflict(
            f"{manifest.id} of {manifest.dataset} is in {root} already, with the same content: "
            f"delete {target if root.name == 'removed' else delivery.folder} yourself if it is not needed."
        )
    make_folder(target.parent)
    move_folder(delivery.folder, target)
    return manifest
