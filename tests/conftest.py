from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import settings
from sqlalchemy import Engine, make_url

from graphleads.db.connect import open_database, upgrade_database
from tests.backends.postgres import OwnPostgres, new_database

if TYPE_CHECKING:
    from graphleads.graph.snapshot import Snapshot

# What a contract asserts is shown as what a test asserts is.
pytest.register_assert_rewrite("graphleads.testing.store_contract", "graphleads.testing.recommender_contract")
pytest.register_assert_rewrite("graphleads.testing.database_contract")

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of its own with our tables, once for each that graphleads keeps them in."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("made_postgres_url"))
    return f"sqlite:///{tmp_path / 'graphleads.db'}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An empty database of its own, opened."""
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a PostgreSQL for tests, whose user may make databases, or a skip that says how to have one."""
    told = os.environ.get("GRAPHLEADS_TEST_POSTGRES")
    if not told:
        pytest.skip("no PostgreSQL for tests: set GRAPHLEADS_TEST_POSTGRES to what .ci/postgres/start says")
    return told


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database of its own."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    """The name of a PostgreSQL database with our tables and nothing in them, to be copied."""
    with new_database(postgres) as url:
        upgrade_database(url)
        yield str(make_url(url).database)


@pytest.fixture
def made_postgres_url(postgres: str, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database of its own with our tables and nothing in them."""
    with new_database(postgres, template=postgres_template) as url:
        yield url


@pytest.fixture
def own_postgres(postgres: str) -> Iterator[OwnPostgres]:
    """A PostgreSQL of the test's own, which it may stop and start, wherever there is one for tests at all."""
    server = OwnPostgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def known_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of snapshots of the known graph of ten companies."""
    from graphleads.graph.build import BuildInput, build_snapshot
    from graphleads.identity.link import link
    from graphleads.testing.known_graph import CONFIG, WALK, stage_known_graph

    home = tmp_path_factory.mktemp("known")
    stage_known_graph(home / "staged")
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG, walk=WALK)
    return home / "snapshots"


@pytest.fixture
def known_snapshot(known_snapshots: Path) -> Snapshot:
    """The known graph of ten companies, opened."""
    from graphleads.graph.snapshot import open_snapshot

    return open_snapshot(known_snapshots)


@pytest.fixture(scope="session")
def curl() -> Callable[[httpx.Client, Sequence[str]], httpx.Response]:
    """Sends what one types to curl; the client says where to."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-X", dest="method")
    parser.add_argument("--json")
    parser.add_argument("url")

    def send(client: httpx.Client, words: Sequence[str]) -> httpx.Response:
        typed = parser.parse_args(words)
        method = typed.method or ("GET" if typed.json is None else "POST")
        headers = {} if typed.json is None else {"content-type": "application/json"}
        path = typed.url.removeprefix("http://127.0.0.1:8000")
        return client.request(method, path, content=typed.json, headers=headers)

    return send


@pytest.fixture
def serve_home() -> Iterator[Callable[[Path], str]]:
    """Starts `graphleads serve` on a home, in a process of its own, and returns where it answers."""
    servers: list[subprocess.Popen[str]] = []

    def start(home: Path) -> str:
        words = [sys.executable, "-m", "graphleads.cli", "--home", str(home), "serve", "--port", "0"]
        server = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        servers.append(server)
        assert server.stderr is not None
        said = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said + server.stderr.read()
        return found[0]

    yield start
    for server in servers:
        server.terminate()
        server.communicate(timeout=30)
