from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pandas as pd
import pytest
from fastapi import FastAPI

from graphleads.testing.known_graph import stage_known_graph
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import Workspace, open_workspace
from graphleads_api.app import create_app

NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
CUSTOMERS = pd.DataFrame(
    {"id": ["a", "c"], "name": ["Alder Ltd", "Cedar Ltd"], "status": ["won", "open"], "owner": ["ann", "bob"]}
)


@pytest.fixture(scope="session")
def known_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The known register of ten companies, built, with two matched customers; to be copied, never changed."""
    home = tmp_path_factory.mktemp("known") / "home"
    stage_known_graph(home / "staged")
    (home / "graphleads.yaml").write_text("recommend:\n  proximity:\n    walk:\n      person_cap: 4\n")
    with open_workspace(home, now=lambda: NOW) as workspace:
        workspace.import_customers(CUSTOMERS)
        workspace.run()
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up register of 1,000 companies, built, with its customers matched; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("demo")
    made = generate(folder / "made", companies=1000, seed=1)
    with open_workspace(folder / "home") as workspace:
        workspace.ingest("table", made.files, mapping="plain", dataset="demo", observed_on=made.observed_on)
        workspace.import_customers(made.customers)
        workspace.run()
    return folder / "home"


@pytest.fixture
def workspace(known_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The known register in a home of its own."""
    shutil.copytree(known_home, tmp_path / "home")
    with open_workspace(tmp_path / "home", now=lambda: NOW) as opened:
        yield opened


class InProcess(httpx.BaseTransport):
    """Asks an application in this process."""

    def __init__(self, app: FastAPI) -> None:
        self._runner = asyncio.Runner()
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def ask() -> httpx.Response:
            answer = await self._transport.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return self._runner.run(ask())

    def close(self) -> None:
        self._runner.close()


Serve = Callable[[Workspace], httpx.Client]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a workspace inside the test, as `http://localhost`, and closes both after it."""
    clients: list[httpx.Client] = []
    served: list[Workspace] = []

    def start(workspace: Workspace) -> httpx.Client:
        served.append(workspace)
        clients.append(httpx.Client(transport=InProcess(create_app(workspace)), base_url="http://localhost"))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    for workspace in served:
        workspace.close()


@pytest.fixture
def client(workspace: Workspace, serve: Serve) -> httpx.Client:
    """The known register, served."""
    return serve(workspace)
