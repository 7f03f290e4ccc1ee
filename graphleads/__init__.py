"""graphleads: ranks the unclaimed companies near your won customers in the business registers, and says why.

::

    import graphleads as gl

    ws = gl.open_workspace("leads")
    ws.recommend(k=50).to_pandas()

Nothing is imported before it is used: the libraries behind it take seconds, and `graphleads --help` needs none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphleads.errors import GraphLeadsError
    from graphleads.workspace.workspace import Workspace, open_workspace

    __version__: str

__all__ = ["GraphLeadsError", "Workspace", "__version__", "open_workspace"]

_HOMES = {
    "GraphLeadsError": "graphleads.errors",
    "Workspace": "graphleads.workspace.workspace",
    "open_workspace": "graphleads.workspace.workspace",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("graphleads")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'graphleads' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
