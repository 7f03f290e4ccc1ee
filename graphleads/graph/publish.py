"""A snapshot that was written beside is checked against the current one, sealed, and switched to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from graphleads.disk import checksum, publish_folder
from graphleads.graph.checks import refuse_drop
from graphleads.graph.manifest import FORMAT, MANIFEST, current_id, manifest_id, render_manifest
from graphleads.graph.seal import seal_files
from graphleads.graph.snapshot_folder import drop_old, read_manifests, use_snapshot, verify_snapshot


def check_drop(snapshots: Path, live: Mapping[str, int], max_drop: float) -> None:
    """Refuse a build that loses too much of what is in force in the current snapshot.

    Raises:
        BuildRefused: If more than `max_drop` of something is lost.
    """
    current = current_id(snapshots)
    for manifest in read_manifests(snapshots):
        # What is in force was told otherwise in another format.
        if manifest["id"] == current and manifest["format"] == FORMAT:
            refuse_drop(manifest["live"], live, max_drop)


def publish(beside: Path, snapshots: Path, manifest: dict[str, Any], *, keep: int) -> dict[str, Any]:
    """Give a written snapshot its id, move it to its place and make it the current one; return its manifest.

    Args:
        beside: The folder that it was written into.
        snapshots: Where snapshots are.
        manifest: What it was built from, without `files` and `id`.
        keep: How many earlier snapshots to keep.
    """
    manifest = manifest | {"files": _list_files(beside)}
    manifest["id"] = manifest_id(manifest)
    (beside / MANIFEST).write_bytes(render_manifest(manifest))
    target = snapshots / manifest["id"]
    # The same content may be there and damaged: it makes room, and whoever has it mapped keeps it.
    if not target.exists() or verify_snapshot(snapshots, manifest["id"]):
        publish_folder(beside, target)
        seal_files(target, manifest["files"])
    use_snapshot(snapshots, manifest["id"])
    drop_old(snapshots, keep)
    return manifest


def _list_files(folder: Path) -> dict[str, dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        sums = readers.map(checksum, paths)
        return {
            path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": found}
            for path, found in zip(paths, sums, strict=True)
        }


def remove_stale(snapshots: Path) -> None:
    """Remove what a killed build left, but never the work of one that still runs."""
    for folder in snapshots.glob(".building-*"):
        process = folder.name.rpartition("-")[2]
        if process == str(os.getpid()) or not _is_running(process):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
