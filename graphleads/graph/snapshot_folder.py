"""The snapshots of a home: which there are, which is the current one, and whether every byte of them is as written."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graphleads.disk import remove_folder, replace_file, wait_for_lock
from graphleads.errors import SnapshotDamaged, SnapshotNotFound, VersionUnsupported
from graphleads.graph.manifest import CURRENT, MANIFEST, current_id, find_folder, read_history, read_manifest
from graphleads.graph.seal import break_seal, check_files
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.remedy import Remedy

_DROPPED = ".dropped-"
_LOCK = ".lock"
"""Held by whoever switches or removes snapshots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """A snapshot in a list: its id, what it holds, and whether it is the current one."""

    id: str
    current: bool
    observed_on: str
    counts: dict[str, int]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The snapshot that answers; `warning` says why it is not the current one, None if it is."""

    snapshot: Snapshot
    warning: str | None


def open_served(snapshots: Path) -> Served:
    """Return the current snapshot; if it is damaged or gone, the last one before it that is sound.

    Raises:
        SnapshotNotFound: If none was built yet, or the current one is gone and there is no other.
        SnapshotDamaged: If the current one is damaged and there is no other.
        VersionUnsupported: If another version of graphleads wrote it.
    """
    current = current_id(snapshots)
    try:
        return Served(snapshot=open_snapshot(snapshots, current), warning=None)
    except (SnapshotDamaged, SnapshotNotFound) as error:
        if current_id(snapshots) != current:
            return open_served(snapshots)  # what was current a moment ago made room for another
        for other in _earlier(snapshots):
            with suppress(SnapshotDamaged, SnapshotNotFound, VersionUnsupported):
                snapshot = open_snapshot(snapshots, other)
                return Served(
                    snapshot=snapshot,
                    warning=f"{error.what} Use another or build again. "
                    f"The one before it, {other} of {snapshot.observed_on}, is served until then.",
                )
        raise


def _earlier(snapshots: Path) -> list[str]:
    """Return the other snapshots: those that were current, the last one first, then the rest, the newest first."""
    history = read_history(snapshots)
    found = dict.fromkeys([*history[1:], *(one.id for one in list_snapshots(snapshots))])
    return [one for one in found if one != history[0]] if history else []


def use_snapshot(snapshots: Path, snapshot_id: str) -> None:
    """Make a snapshot the current one, in one step.

    Raises:
        SnapshotNotFound: If there is none with that id.
        SnapshotDamaged: If a file of it is not as it was built; the current one stays.
        VersionUnsupported: If another version of graphleads wrote it.
    """
    open_snapshot(snapshots, snapshot_id)
    with wait_for_lock(snapshots / _LOCK):
        before = [one for one in read_history(snapshots) if one != snapshot_id and (snapshots / one).is_dir()]
        replace_file(snapshots / CURRENT, "".join(f"{one}\n" for one in (snapshot_id, *before)).encode())


def list_snapshots(snapshots: Path) -> list[SnapshotInfo]:
    """Return the snapshots there are, the newest state of the registers first."""
    current = current_id(snapshots)
    found = []
    for manifest in read_manifests(snapshots):
        observed = str(np.datetime64(manifest["view_on"], "D"))
        size = sum(file["size"] for file in manifest["files"].values())
        found.append(
            SnapshotInfo(
                id=manifest["id"],
                current=manifest["id"] == current,
                observed_on=observed,
                counts=manifest["counts"],
                size=size,
            )
        )
    return sorted(found, key=lambda one: (one.observed_on, one.id), reverse=True)


def read_manifests(snapshots: Path) -> list[dict[str, Any]]:
    """Return the manifests of all snapshots that can be read, by id; `verify_snapshot` says what others lack."""
    found = []
    for path in sorted(snapshots.glob(f"*/{MANIFEST}")):
        if path.parent.name.startswith("."):
            continue
        with suppress(SnapshotDamaged, VersionUnsupported):
            found.append(read_manifest(path.parent))
    return found


def verify_snapshot(snapshots: Path, snapshot_id: str | None = None) -> list[str]:
    """Return what is wrong with the files of a snapshot, the current one if none is named: nothing, if all is well.

    Raises:
        SnapshotNotFound: If there is none.
    """
    wanted = snapshot_id or current_id(snapshots)
    if wanted is None:
        raise SnapshotNotFound("No snapshot was built yet.", Remedy.BUILD)
    folder = snapshots / wanted
    if folder.is_dir() and not (folder / MANIFEST).is_file():
        return [f"{MANIFEST} is missing"]
    try:
        manifest = read_manifest(find_folder(snapshots, wanted))
    except SnapshotDamaged as error:
        return [str(error)]
    wrong = check_files(folder, manifest["files"])
    known = {MANIFEST, *manifest["files"]}
    extra = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return wrong + [f"{name} does not belong to it" for name in extra if name not in known]


def drop_old(snapshots: Path, keep: int) -> list[str]:
    """Remove all but the current snapshot and the `keep` that come before it; return the ids of those removed."""
    with wait_for_lock(snapshots / _LOCK):
        for half_removed in snapshots.glob(f"{_DROPPED}*"):
            shutil.rmtree(half_removed)
        removed = [one for one in _earlier(snapshots) if (snapshots / one / MANIFEST).is_file()][keep:]
        for snapshot_id in removed:
            break_seal(snapshots / snapshot_id)
            remove_folder(snapshots / snapshot_id, snapshots / f"{_DROPPED}{snapshot_id}")
    return removed
