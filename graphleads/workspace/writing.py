"""Writing into a home: one long step at a time, and a sentence where its disk does not let it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graphleads.disk import is_full, take_lock
from graphleads.errors import Conflict, DiskFull
from graphleads.workspace.home import Home


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold a home for linking or building; the system lets go when the process ends, however it ends.

    Raises:
        Conflict: If another process does the same here.
    """
    if not home.is_writable():
        yield
        return
    with ExitStack() as held:
        try:
            held.enter_context(take_lock(home.folder / ".lock"))
        except BlockingIOError as error:
            raise Conflict(
                f"Another link or build of {home.folder} is running: try again when it is done; what is served stays."
            ) from error
        yield


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Say in one sentence that there is no room for a step, or that its disk is read-only.

    Args:
        folder: Where the step writes, for errors that do not name a file.

    Raises:
        DiskFull: If there is no room.
        Conflict: If the disk is mounted read-only.
    """
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        if is_full(error):
            raise DiskFull(
                f"{where} could not be written because its disk is full: make room and run the same command again; "
                "what was there before is unchanged."
            ) from error
        if error.errno == errno.EROFS:
            raise Conflict(
                f"{where} cannot be written because its disk is mounted read-only: mount it for writing, "
                "or work on a copy of the home."
            ) from error
        raise
