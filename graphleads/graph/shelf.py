"""The snapshots of a home: which there are, which is the current one, and whether every byte of them is as written."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, VersionUnsupported
from graphleads.graph.parts import checksum
from graphleads.graph.snapshot import CURRENT, MANIFEST, current_id, find_folder, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """A snapshot in a list: its id, what it holds, and whether it is the current one."""

    id: str
    current: bool
    observed_on: str
    counts: dict[str, int]
    size: int


def use_snapshot(snapshots: Path, snapshot_id: str) -> None:
    """Make a snapshot the current one, in one step.

    Raises:
        SnapshotNotFound: If there is none with that id.
    """
    find_folder(snapshots, snapshot_id)
    beside = snapshots / f".{CURRENT}-{os.getpid()}"
    with beside.open("w", encoding="utf-8") as file:
        file.write(snapshot_id + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(snapshots / CURRENT)


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
        raise SnapshotNotFound("No snapshot was built yet: run `graphleads build` first.")
    folder = find_folder(snapshots, wanted)
    try:
        manifest = read_manifest(folder)
    except SnapshotDamaged as error:
        return [str(error)]
    wrong = []
    for name, file in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif path.stat().st_size != file["size"]:
            wrong.append(f"{name} has {path.stat().st_size:,} bytes instead of {file['size']:,}")
        elif checksum(path) != file["sha256"]:
            wrong.append(f"{name} does not match its checksum")
    known = {MANIFEST, *manifest["files"]}
    extra = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return wrong + [f"{name} does not belong to it" for name in extra if name not in known]


def drop_old(snapshots: Path, keep: int) -> list[str]:
    """Remove all but the current and the `keep` newest other snapshots; return the ids of those removed."""
    others = [one for one in list_snapshots(snapshots) if not one.current]
    others.sort(key=lambda one: (snapshots / one.id / MANIFEST).stat().st_mtime_ns, reverse=True)
    removed = [one.id for one in others[keep:]]
    for snapshot_id in removed:
        shutil.rmtree(snapshots / snapshot_id)
    return removed
