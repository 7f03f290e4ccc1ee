from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.types import Message, Scope

from graphleads_api.answer import HEADERS
from graphleads_api.security import MAX_BODY, Guard

JSON = {"content-type": "application/json"}


def ask(*hosts: str, port: int | None = 8000) -> int:
    """Return the status that a guarded application answers to a GET with these Hosts at a port."""
    sent: list[Message] = []

    async def application(scope: Scope, receive: object, send: object) -> None:
        sent.append({"type": "http.response.start", "status": 200})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    headers = [(b"host", host.encode()) for host in hosts]
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "server": ("127.0.0.1", port)}
    asyncio.run(Guard(application)(scope, receive, send))
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_this_machine_is_answered_under_its_own_names(host: str) -> None:
    assert ask(host) == 200


def test_port_80_goes_without_saying() -> None:
    assert (ask("localhost", port=80), ask("localhost", port=8000)) == (200, 421)


@pytest.mark.parametrize(
    "host",
    [
        "example.com", "example.com:8000", "localhost:8001", "localhost.example.com:8000", "127.0.0.1.nip.io:8000",
        "localhost:8000@example.com", "127.0.0.2:8000", "0.0.0.0:8000", "", "localhost:", "localhost:８０００",
    ],
)  # fmt: skip
def test_any_other_host_is_refused(host: str) -> None:
    assert ask(host) == 421


def test_no_host_or_two_are_refused() -> None:
    assert (ask(), ask("localhost:8000", "localhost:8000")) == (400, 400)


def test_a_page_that_somebody_visits_cannot_ask(client: httpx.Client) -> None:
    answer = client.get("/readyz", headers={"host": "example.com"})

    assert answer.status_code == 421
    assert answer.json()["detail"].startswith("'example.com' is not this server")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_that_is_not_said_to_be_json_is_refused(client: httpx.Client, content_type: str) -> None:
    answer = client.post("/v0/claims", content=b"{}", headers={"content-type": content_type})

    assert answer.status_code == 415


def test_a_body_in_utf8_may_say_so(client: httpx.Client) -> None:
    headers = {"content-type": "application/json; charset=UTF-8"}

    assert client.post("/v0/recommendations", content=b'{"k": 1}', headers=headers).status_code == 200


def test_a_large_body_is_refused_whether_or_not_it_says_how_large_it_is(client: httpx.Client) -> None:
    chunked = {**JSON, "transfer-encoding": "chunked"}

    assert client.post("/v0/claims", content=b" " * (MAX_BODY + 1), headers=JSON).status_code == 413
    assert client.post("/v0/claims", content=b" " * (MAX_BODY + 1), headers=chunked).status_code == 413
    assert client.post("/v0/recommendations", content=b" " * (MAX_BODY - 2) + b"{}", headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b"", b"{", b"\xff\xfe", b'{"k": ' + b"9" * 5000 + b"}"]
)
def test_a_body_that_cannot_be_read_is_refused(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v0/recommendations", content=body, headers=JSON)

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/nothing", "/v0/companies/X-KNOWN:01", "/v0/claims"])
def test_every_answer_carries_the_headers_that_keep_other_pages_away(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert not [name for name in answer.headers if name.startswith("access-control")]
