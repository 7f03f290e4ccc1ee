from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from graphleads.db.connect import upgrade_database
from graphleads.db.migrate import HEAD
from graphleads.workspace.workspace import Workspace, open_workspace
from tests.backends.postgres import OwnPostgres

Serve = Callable[[Workspace], httpx.Client]

CUSTOMER = {"name": "Oak Ltd", "status": "won"}


@pytest.fixture
def home(known_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(known_home, tmp_path / "home")
    return tmp_path / "home"


def _set_revision(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_a_server_leaves_a_database_of_another_version_as_it_is(home: Path, serve: Serve) -> None:
    _set_revision(home / "graphleads.db", "0001")
    client = serve(open_workspace(home, migrates=False))
    for answer in (client.get("/readyz"), client.get("/v0/customers/a"), client.put("/v0/customers/b", json=CUSTOMER)):
        assert (answer.status_code, answer.json()["type"]) == (503, "/docs#version-unsupported")
        assert "is of version 0001" in answer.json()["detail"]
        assert "retry-after" not in answer.headers

    _set_revision(home / "graphleads.db", HEAD)
    assert client.get("/readyz").status_code == 200
    assert client.get("/v0/customers/a").status_code == 200


def test_a_database_that_is_away_is_said_with_when_to_ask_again(
    home: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", "postgresql://me:not-it@127.0.0.1:1/leads")
    client = serve(open_workspace(home, migrates=False))
    for answer in (client.get("/readyz"), client.put("/v0/customers/b", json=CUSTOMER)):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "/docs#database-unavailable"
        assert "not-it" not in answer.text
    assert client.get("/healthz").status_code == 200


@pytest.mark.service
def test_a_database_that_comes_back_is_used_again(
    home: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, own_postgres: OwnPostgres
) -> None:
    upgrade_database(own_postgres.url)
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", own_postgres.url)
    client = serve(open_workspace(home, migrates=False))
    assert client.put("/v0/customers/b", json=CUSTOMER).status_code == 201
    assert client.get("/readyz").status_code == 200

    own_postgres.stop()
    for answer in (client.get("/readyz"), client.get("/v0/customers/b"), client.put("/v0/customers/c", json=CUSTOMER)):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    own_postgres.start()
    assert client.get("/readyz").status_code == 200
    assert client.get("/v0/customers/b").status_code == 200
    assert client.get("/v0/customers/c").status_code == 404


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def url(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a server process answers for the known register, its database in the home or on PostgreSQL."""
    if request.param == "postgresql":
        monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", request.getfixturevalue("made_postgres_url"))
    start: Callable[[Path], str] = request.getfixturevalue("serve_home")
    return start(home)


def test_one_new_customer_put_by_three_at_once_is_made_once(url: str) -> None:
    def put(n: int) -> int:
        barrier.wait(60)
        return httpx.put(f"{url}/v0/customers/new-{n:02}", json=CUSTOMER, timeout=60).status_code

    barrier = threading.Barrier(3)
    with ThreadPoolExecutor(3) as pool:
        answers = [sorted(pool.map(put, [n] * 3)) for n in range(60)]
    assert answers == [[200, 200, 201]] * 60


@pytest.mark.service
def test_nothing_acknowledged_is_lost_while_the_database_is_stopped_and_started(
    home: Path,
    serve_home: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
    own_postgres: OwnPostgres,
) -> None:
    upgrade_database(own_postgres.url)
    monkeypatch.setenv("GRAPHLEADS_DATABASE_URL", own_postgres.url)
    url, ended = serve_home(home), threading.Event()

    def put_until_the_end(name: str) -> dict[str, httpx.Response]:
        answers: dict[str, httpx.Response] = {}
        with httpx.Client(base_url=url, timeout=60) as client:
            while not ended.is_set():
                customer = f"{name}-{len(answers)}"
                answers[customer] = client.put(f"/v0/customers/{customer}", json=CUSTOMER)
        return answers

    with httpx.Client(base_url=url, timeout=60) as client, ThreadPoolExecutor(3) as pool:
        putting = [pool.submit(put_until_the_end, name) for name in "abc"]
        try:
            _wait_for(client, 200)
            for end in (own_postgres.stop, own_postgres.kill):
                time.sleep(1)
                end()
                away = _wait_for(client, 503)
                assert (away.headers["retry-after"], away.json()["type"]) == ("5", "/docs#database-unavailable")
                own_postgres.start()
                _wait_for(client, 200)
            time.sleep(1)
        finally:
            ended.set()
        answers = {customer: answer for one in putting for customer, answer in one.result().items()}
        known = {customer for customer in answers if client.get(f"/v0/customers/{customer}").status_code == 200}

    told = {answer.status_code for answer in answers.values()}
    assert told == {201, 503}
    assert all(answer.headers["retry-after"] == "5" for answer in answers.values() if answer.status_code == 503)
    assert {customer for customer, answer in answers.items() if answer.status_code == 201} - known == set()


def _wait_for(client: httpx.Client, status: int) -> httpx.Response:
    """Return what /readyz says when it says so at last."""
    until = time.monotonic() + 60
    while (answer := client.get("/readyz")).status_code != status:
        assert time.monotonic() < until, answer.text
        time.sleep(0.05)
    return answer


@pytest.mark.parametrize("text_", ["a\0b", "a\ud800b"])
def test_a_text_that_no_database_keeps_is_refused(home: Path, serve: Serve, text_: str) -> None:
    client = serve(open_workspace(home, migrates=False))
    body = json.dumps({"name": text_, "status": "won"}).encode()
    put = client.put("/v0/customers/b", content=body, headers={"content-type": "application/json"})
    assert put.status_code in (400, 422), put.text
    assert client.get("/v0/customers/b").status_code == 404
    assert client.get("/v0/customers/a%00b").status_code in (404, 422)
