from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from graphleads.testing.known_graph import stage_known_graph
from graphleads.workspace.workspace import Workspace, open_workspace

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)

CUSTOMERS = pd.DataFrame(
    {
        "id": ["a", "c", "e"],
        "name": ["Alder Ltd", "Cedar Ltd", "Nobody At All GmbH"],
        "status": ["won", "open", "lost"],
        "owner": ["ann", "bob", "ann"],
    }
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the known register staged, and settings in which Nora is a hub."""
    stage_known_graph(tmp_path / "home" / "staged")
    (tmp_path / "home" / "graphleads.yaml").write_text("recommend:\n  proximity:\n    walk:\n      person_cap: 4\n")
    return tmp_path / "home"


@pytest.fixture
def open_home(home: Path) -> Iterator[Callable[[], Workspace]]:
    """Opens the home, and closes it after the test."""
    opened: list[Workspace] = []

    def open_one() -> Workspace:
        opened.append(open_workspace(home, now=lambda: NOW))
        return opened[-1]

    yield open_one
    for workspace in opened:
        workspace.close()


@pytest.fixture
def built(open_home: Callable[[], Workspace]) -> Workspace:
    """The known register, linked and built."""
    workspace = open_home()
    workspace.link()
    workspace.build()
    return workspace


@pytest.fixture
def ready(built: Workspace) -> Workspace:
    """The known register with customers that are matched."""
    built.import_customers(CUSTOMERS)
    built.match()
    return built
