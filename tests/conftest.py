from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from graphleads.db.connect import open_database

if TYPE_CHECKING:
    from graphleads.graph.snapshot import Snapshot

# Kernels compile on their first call, and a test that fails must fail again.
settings.register_profile("graphleads", deadline=None, derandomize=True)
settings.load_profile("graphleads")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real registers, or a skip that says how to have it."""
    folder = os.environ.get("GRAPHLEADS_TEST_DATA")
    if not folder or not Path(folder, "data").is_dir():
        pytest.skip("real registers are absent: set GRAPHLEADS_TEST_DATA to the folder that holds data/")
    return Path(folder)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database of its own."""
    opened = open_database(tmp_path / "graphleads.db")
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def known_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of snapshots of the known graph of ten companies."""
    from graphleads.graph.build import BuildInput, build_snapshot
    from graphleads.identity.link import link
    from graphleads.testing.known_graph import CONFIG, stage_known_graph

    home = tmp_path_factory.mktemp("known")
    stage_known_graph(home / "staged")
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG)
    return home / "snapshots"


@pytest.fixture
def known_snapshot(known_snapshots: Path) -> Snapshot:
    """The known graph of ten companies, opened."""
    from graphleads.graph.snapshot import open_snapshot

    return open_snapshot(known_snapshots)
