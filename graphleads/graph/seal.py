"""The seal of a snapshot: how its files stood when every byte of them was last found to match its checksum.

::

    snapshots/seals/<id>.json    size, last change of the content and of the entry, and inode of each file

Opening a snapshot takes milliseconds, reading its gigabytes takes seconds. Whatever is written to a file changes its
times, and a copy has another inode: a file that stands as it was sealed is as it was built, and any other is read
before the snapshot is opened. What a disk loses by itself leaves no such trace; `check_files` finds it.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from graphleads.disk import checksum, replace_file

Stated = Mapping[str, Mapping[str, Any]]
"""`size` in bytes and `sha256` in hex of each file of a snapshot, as its manifest has them."""

_FileState = list[int]
_SEALS = "seals"


def check_files(folder: Path, stated: Stated) -> list[str]:
    """Read every file of a snapshot, and return what is wrong with each, by name; nothing wrong seals it.

    Args:
        folder: The snapshot's folder.
        stated: What its manifest says of its files.
    """
    break_seal(folder)
    return _check(folder, stated, sealed={})


def check_changed(folder: Path, stated: Stated) -> list[str]:
    """Read the files that do not stand as they were sealed; otherwise as `check_files`."""
    return _check(folder, stated, sealed=_read_seal(folder))


def _check(folder: Path, stated: Stated, *, sealed: Mapping[str, _FileState]) -> list[str]:
    found = {name: _state_of(folder / name) for name in stated}
    wrong = {name: flaw for name in stated if (flaw := _flaw_of_size(found[name], stated[name]["size"]))}
    changed = [name for name in stated if name not in wrong and found[name] != sealed.get(name)]
    wrong |= dict.fromkeys(_altered(folder, changed, stated), "does not match its checksum")
    if changed and not wrong and found == {name: _state_of(folder / name) for name in stated}:
        _write_seal(folder, found)
    return [f"{name} {wrong[name]}" for name in sorted(wrong)]


def seal_files(folder: Path, stated: Stated) -> None:
    """Seal a snapshot whose files were read just now, and matched what its manifest says of them."""
    _write_seal(folder, {name: _state_of(folder / name) for name in stated})


def break_seal(folder: Path) -> None:
    """Forget how the files of a snapshot stood."""
    with suppress(OSError):
        _place(folder).unlink()


def _place(folder: Path) -> Path:
    return folder.parent / _SEALS / f"{folder.name}.json"


def _state_of(path: Path) -> _FileState | None:
    try:
        found = path.stat()
    except OSError:
        return None
    is_file = stat.S_ISREG(found.st_mode)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino] if is_file else None


def _flaw_of_size(found: _FileState | None, size: int) -> str | None:
    if found is None:
        return "is missing"
    return None if found[0] == size else f"has {found[0]:,} bytes instead of {size:,}"


def _altered(folder: Path, names: Iterable[str], stated: Stated) -> list[str]:
    names = list(names)
    if not names:
        return []
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        sums = readers.map(checksum, (folder / name for name in names))
        return [name for name, found in zip(names, sums, strict=True) if found != stated[name]["sha256"]]


def _read_seal(folder: Path) -> dict[str, _FileState]:
    try:
        sealed = json.loads(_place(folder).read_bytes())
    except (OSError, ValueError):
        return {}
    return sealed if isinstance(sealed, dict) else {}


def _write_seal(folder: Path, found: Mapping[str, _FileState | None]) -> None:
    """Seal a snapshot; where nothing can be written, the next one to open it reads it again."""
    place = _place(folder)
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        replace_file(place, json.dumps(found).encode())
