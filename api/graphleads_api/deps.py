"""What every request is given: the workspace, with the snapshot that the request begins with."""

from __future__ import annotations

import logging
import threading
from typing import Annotated

from fastapi import Depends, Request

from graphleads.errors import SnapshotDamaged, SnapshotNotFound, VersionUnsupported
from graphleads.workspace.workspace import Workspace

_LOG = logging.getLogger(__name__)


class Serving:
    """A workspace that is served: one snapshot and its ranking are kept open, until another snapshot is published."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._pinned: Workspace | None = None
        self._current: str | None = None
        self._switching = threading.Lock()

    def workspace(self) -> Workspace:
        """Return the workspace for one request: what is published while the request lasts is for the next one."""
        current = self._workspace.registers.snapshot_id()
        if current is None:
            return self._workspace
        pinned = self._pinned
        if pinned is not None and current == self._current:
            return pinned
        # One opens what was published; whoever asks meanwhile is answered from what was served until then.
        if not self._switching.acquire(blocking=pinned is None):
            assert pinned is not None  # noqa: S101 - otherwise it waits for the lock
            return pinned
        try:
            if self._pinned is None or current != self._current:
                self._pinned = self._switch(self._pinned)
                self._current = current
            return self._pinned
        finally:
            self._switching.release()

    def _switch(self, served: Workspace | None) -> Workspace:
        try:
            pinned = self._workspace.pinned()
        except (SnapshotDamaged, SnapshotNotFound, VersionUnsupported) as error:
            if served is None:
                raise
            _LOG.warning("%s Snapshot %s is still served.", error, served.registers.snapshot_id())
            return served
        if warning := pinned.registers.warning():
            _LOG.warning("%s", warning)
        return pinned

    def close(self) -> None:
        """Close the database."""
        self._workspace.close()


async def _serving(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


Served = Annotated[Serving, Depends(_serving)]
"""The parameter by which an operation gets the workspace."""
