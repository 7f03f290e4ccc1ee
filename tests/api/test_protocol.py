from __future__ import annotations

import asyncio
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from graphleads_api.protocol import MAX_HEAD, BoundedHead


class _Wire(asyncio.Transport):
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass


def _written(*reads: bytes) -> bytes:
    """Return what a connection answers before any request is."""

    async def receive() -> bytes:
        async def app(_scope: Any, _receive: Any, _send: Any) -> None:
            await asyncio.Event().wait()

        protocol = BoundedHead(Config(app, http=BoundedHead, interface="asgi3", ws="none"), ServerState(), {})
        wire = _Wire()
        protocol.connection_made(wire)
        for data in reads:
            protocol.data_received(data)
            await asyncio.sleep(0)  # what was asked is being answered
        return wire.written

    return asyncio.run(receive())


_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"


def test_a_body_counts_for_no_head() -> None:
    assert _written(_HEAD + b"x" * 100_000 + b"GET / HT", b"TP/1.1\r\n") == b""


def test_the_head_after_a_body_is_bounded_too() -> None:
    assert _written(_HEAD + b"x" * 100_000 + b"GET /", b"a" * MAX_HEAD) == b""
    assert _written(_HEAD + b"x" * 100_000 + b"GET /", b"a" * MAX_HEAD, b"a").startswith(b"HTTP/1.1 400 Bad Request")
