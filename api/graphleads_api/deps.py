"""What every request is given: the workspace, with the snapshot that the request begins with."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import Depends, Request

from graphleads.workspace.workspace import Workspace


class Serving:
    """A workspace that is served: one snapshot and its ranking are kept open, until another snapshot is published."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._pinned: Workspace | None = None
        self._lock = threading.Lock()

    def workspace(self) -> Workspace:
        """Return the workspace for one request: what is published while the request lasts is for the next one."""
        current = self._workspace.snapshot_id()
        if current is None:
            return self._workspace
        with self._lock:
            if self._pinned is None or self._pinned.snapshot_id() != current:
                self._pinned = self._workspace.pinned()
            return self._pinned

    def close(self) -> None:
        """Close the database."""
        self._workspace.close()


async def _serving(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


Served = Annotated[Serving, Depends(_serving)]
"""The parameter by which an operation gets the workspace."""
