from __future__ import annotations

import asyncio
from importlib.metadata import version

import httpx

from graphleads_api.app import create_app


def get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_healthz_says_that_it_is_alive_and_which_version_it_is() -> None:
    answer = get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": version("graphleads")}


def test_an_unknown_address_is_not_found() -> None:
    assert get("/nothing").status_code == 404
