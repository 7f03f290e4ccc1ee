"""What is on disk whole or not at all: locks, files and folders put in their place in one step, checksums, room.

Everything is written beside its place and moved there when the disk holds it, so that whoever reads finds the old or
the new, and a process that is killed leaves at most something hidden beside.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_CUT_SHORT = re.compile(r"\d+ requested and \d+ written")
"""What numpy says instead of the system's error when an array does not fit on the disk."""


_FOLDER_OF_OWNER, _FILE_OF_OWNER = 0o700, 0o600
"""What a home holds names persons: nobody but its owner may read it."""


def make_folder(folder: Path) -> None:
    """Make a folder that its owner alone can open, where there is none."""
    folder.mkdir(mode=_FOLDER_OF_OWNER, parents=True, exist_ok=True)


def open_by_owner(path: str, flags: int) -> int:
    """Open a file, making it for its owner alone: what `open` takes as its opener."""
    return os.open(path, flags, _FILE_OF_OWNER)


def is_open_to_others(path: Path) -> bool:
    """Return whether anybody but its owner may read a file or look into a folder."""
    return bool(path.stat().st_mode & 0o077)


@contextmanager
def wait_for_lock(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for whoever holds it; the system lets go when a process ends, however it ends."""
    with open(path, "w", opener=open_by_owner) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def take_lock(path: Path) -> Iterator[None]:
    """Hold a lock file that nobody holds; the system lets go when a process ends, however it ends.

    Raises:
        BlockingIOError: If it is held.
    """
    with open(path, "w", opener=open_by_owner) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it finds what was there before, or all of the content."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}")
    try:
        with open(beside, "wb", opener=open_by_owner) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def publish_folder(beside: Path, target: Path) -> None:
    """Put a folder that was written beside in its place, for its owner alone, once the disk holds all of it.

    What stands there is deleted after the new one stands. A process that is killed in between leaves both, hidden in
    the same parent under names that begin as `beside` does.

    Args:
        beside: The written folder, in the parent of the target.
        target: Its place.
    """
    _keep_for_owner(beside)
    sync_folder(beside)
    replaced = beside.with_name(f"{beside.name}-replaced")
    if target.exists():
        shutil.rmtree(replaced, ignore_errors=True)
        target.rename(replaced)
    try:
        beside.rename(target)
    except BaseException:
        if replaced.exists():
            replaced.rename(target)
        raise
    _sync(target.parent)
    shutil.rmtree(replaced, ignore_errors=True)


def move_folder(source: Path, target: Path) -> None:
    """Move a folder to where nothing is, in one step, and return when that is on disk."""
    source.rename(target)
    for parent in {source.parent, target.parent}:
        _sync(parent)


def remove_folder(folder: Path, hidden: Path) -> None:
    """Delete a folder: first out of sight in one step, then from disk.

    Args:
        folder: What to delete.
        hidden: Where it is while it is being deleted, on the same disk; whoever owns the parent clears it of such.
    """
    move_folder(folder, hidden)
    shutil.rmtree(hidden)


def sync_folder(folder: Path) -> None:
    """Return when every file and folder below a folder is on disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync(Path(parent, name))
        _sync(Path(parent))


def checksum(path: Path, advance: Callable[[int], object] = lambda _: None) -> str:
    """Return the SHA-256 of a file in hex.

    Args:
        path: The file.
        advance: Told the number of bytes of each block that was read.
    """
    digest = hashlib.sha256()
    block = bytearray(_BLOCK)
    view = memoryview(block)
    with path.open("rb", buffering=0) as file:
        while n_read := file.readinto(block):
            digest.update(view[:n_read])
            advance(n_read)
    return digest.hexdigest()


def free_room(folder: Path) -> int:
    """Return how many bytes can still be written to the disk that a folder is on."""
    return shutil.disk_usage(folder).free


def is_full(error: OSError) -> bool:
    """Return whether something could not be written because there is no room for it."""
    return error.errno in _NO_ROOM or _CUT_SHORT.search(str(error)) is not None


def _keep_for_owner(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        Path(parent).chmod(_FOLDER_OF_OWNER)
        for name in names:
            Path(parent, name).chmod(_FILE_OF_OWNER)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
