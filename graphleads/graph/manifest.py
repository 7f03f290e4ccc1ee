"""A snapshot's manifest, which its id is a hash of, and the pointer to the current one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, VersionUnsupported
from graphleads.remedy import Remedy

FORMAT = 5
CURRENT = "CURRENT"
MANIFEST = "manifest.json"


def find_folder(snapshots: Path, snapshot_id: str) -> Path:
    """Return where a snapshot lies.

    Raises:
        SnapshotNotFound: If there is none with that id.
    """
    folder = snapshots / snapshot_id
    if not snapshot_id.isalnum() or not (folder / MANIFEST).is_file():
        raise SnapshotNotFound(f"There is no snapshot {snapshot_id!r}.", Remedy.LIST_SNAPSHOTS)
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a snapshot.

    Raises:
        SnapshotDamaged: If it is no manifest, or not the one that the snapshot's id is a hash of.
        VersionUnsupported: If another version wrote it.
    """
    content = (folder / MANIFEST).read_bytes()
    try:
        manifest: dict[str, Any] = json.loads(content)
        whole = manifest["id"] == folder.name == manifest_id(manifest)
        version = manifest["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotDamaged(f"{folder / MANIFEST} is damaged: use another snapshot or build again.") from error
    if whole and version != FORMAT:
        raise VersionUnsupported(f"Snapshot {folder.name} has format {version}, this is {FORMAT}: build it again.")
    if not whole or content != render_manifest(manifest):
        raise SnapshotDamaged(
            f"{folder / MANIFEST} was changed after it was written: use another snapshot or build again."
        )
    return manifest


def render_manifest(manifest: dict[str, Any]) -> bytes:
    """Return the only text that a manifest is written as, so that no byte of it changes unseen."""
    text = json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "surrogatepass")


def manifest_id(manifest: dict[str, Any]) -> str:
    """Return the id that a manifest gives its snapshot: 16 hex digits of a hash of all the rest."""
    rest = {key: value for key, value in manifest.items() if key != "id"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def current_id(snapshots: Path) -> str | None:
    """Return the id of the current snapshot, None if there is none."""
    return next(iter(read_history(snapshots)), None)


def read_history(snapshots: Path) -> list[str]:
    """Return the id of the current snapshot, and below it those that were current before, the last one first."""
    pointer = snapshots / CURRENT
    return pointer.read_text(encoding="utf-8", errors="replace").split() if pointer.is_file() else []
