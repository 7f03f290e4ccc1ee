from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from anyio.to_thread import current_default_thread_limiter, run_sync

from graphleads.errors import SettingInvalid
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace, open_workspace
from graphleads_api.app import create_app
from graphleads_api.deps import Serving

Serve = Callable[[Workspace], httpx.Client]


def publish_another_register(workspace: Workspace) -> None:
    stage_delivery(
        workspace.configuration.home / "staged",
        {"companies": [{"record": "k", "id": "X-MORE:1", "name": "Kauri Ltd"}]},
        observed_on="2025-07-01",
        dataset="more",
    )
    workspace.link()
    workspace.build()


def test_it_says_that_it_is_alive_ready_and_which_version_it_is(client: httpx.Client, workspace: Workspace) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": version("graphleads")}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "snapshot": workspace.registers.snapshot_id(),
        "warning": None,
    }
    assert client.get("/version").json() == {"version": version("graphleads"), "api": "v0"}


def test_it_says_that_it_is_ready_while_all_answering_threads_are_busy(workspace: Workspace) -> None:
    async def ask() -> httpx.Response:
        app, done = create_app(workspace), threading.Event()
        transport = httpx.ASGITransport(app=app)
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
            limiter = current_default_thread_limiter()
            answering = [asyncio.ensure_future(run_sync(done.wait)) for _ in range(int(limiter.total_tokens))]
            while limiter.available_tokens:
                await asyncio.sleep(0)
            try:
                return await asyncio.wait_for(client.get("http://localhost/readyz"), timeout=30)
            finally:
                done.set()
                await asyncio.gather(*answering)

    assert asyncio.run(ask()).json()["status"] == "ready"


def test_an_empty_home_is_alive_and_not_ready_and_nothing_is_made_in_it(tmp_path: Path, serve: Serve) -> None:
    client = serve(open_workspace(tmp_path / "home"))

    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["type"]) == (503, "/docs#step-missing")
    assert "whoever keeps the server has to ingest a register" in ready.json()["detail"]
    assert client.post("/v0/recommendations", json={}).status_code == 409
    assert client.get("/v0/customers/a").status_code == 404
    assert client.get("/v0/recommendations/R-1").status_code == 404
    assert client.delete("/v0/claims/1").status_code == 404
    assert not (tmp_path / "home").exists()


def test_a_snapshot_published_meanwhile_answers_the_next_request(client: httpx.Client, workspace: Workspace) -> None:
    assert client.get("/v0/companies/X-MORE:1").status_code == 404

    with open_workspace(workspace.configuration.home) as elsewhere:
        publish_another_register(elsewhere)

    assert client.get("/v0/companies/X-MORE:1").json()["name"] == "Kauri Ltd"


def test_a_request_keeps_the_snapshot_that_it_began_with(workspace: Workspace) -> None:
    serving = Serving(workspace)
    began_with = serving.workspace()
    before = began_with.registers.snapshot_id()
    publish_another_register(workspace)

    assert began_with.registers.snapshot_id() == before
    assert began_with.graph.search("Kauri Ltd") == []
    assert began_with.recommend(k=5).run.snapshot == before
    assert serving.workspace().registers.snapshot_id() == workspace.registers.snapshot_id() != before
    assert serving.workspace() is serving.workspace()


def test_nobody_waits_for_a_snapshot_that_is_being_opened(workspace: Workspace) -> None:
    serving = Serving(workspace)
    before = serving.workspace().registers.snapshot_id()
    publish_another_register(workspace)

    with serving._switching:
        assert serving.workspace().registers.snapshot_id() == before
    assert serving.workspace().registers.snapshot_id() != before


def test_a_damaged_snapshot_is_said_to_be_damaged(workspace: Workspace, serve: Serve) -> None:
    folder = workspace.configuration.home / "snapshots" / (workspace.registers.snapshot_id() or "")
    (folder / "edges.arrow").write_bytes(b"")
    client = serve(workspace)

    answer = client.get("/v0/companies/X-KNOWN:01")
    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#snapshot-damaged")
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_the_home_is_the_one_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GRAPHLEADS_HOME", str(tmp_path / "file"))

    with pytest.raises(SettingInvalid, match="is no folder"):
        create_app()
