"""What is refused before anything reads it: another Host, a body that is no JSON, a body that is too large.

There are no keys yet, so the server answers this machine alone. A web page that somebody visits on it can still send
requests here: one that was resolved to this address by a name of its own has that name as Host; a form cannot declare
JSON; and anything else asks for leave first, which nobody gives.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphleads_api.errors import problem

MAX_BODY = 1 << 20
"""Bytes of the largest body: a thousand seeds of the longest ids are half of it."""

_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?", re.IGNORECASE)
_WITH_BODY = ("POST", "PUT", "PATCH")
_TOO_LARGE = f"The body is larger than {MAX_BODY:,} bytes: send less at a time."


class Guard:
    """ASGI middleware that lets through what this machine asked in JSON of bounded size."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refuse(scope, Headers(scope=scope))
        if refusal is None:
            await self._app(scope, _bounded(receive), send)
        else:
            await refusal(scope, receive, send)


def _refuse(scope: Scope, headers: Headers) -> Response | None:
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return problem(400, "The request must name one Host.")
    if not _is_here(hosts[0], scope.get("server")):
        return problem(421, f"{hosts[0][:200]!r} is not this server: it answers this machine alone, as localhost.")
    if scope["method"] in _WITH_BODY and not _is_json(headers.get("content-type", "")):
        return problem(415, "The body must be JSON: send it with `Content-Type: application/json`.")
    length = headers.get("content-length", "0")
    return problem(413, _TOO_LARGE) if length.isascii() and length.isdigit() and int(length[:12]) > MAX_BODY else None


def _is_here(host: str, server: tuple[str, int | None] | None) -> bool:
    found = _HOST.fullmatch(host)
    port = server[1] if server else None
    return found is not None and port in (None, int(found[1] or 80))


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.lower().partition(";")
    return media_type.strip() == "application/json" and parameters.strip() in ("", "charset=utf-8")


def _bounded(receive: Receive) -> Receive:
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return receive_bounded
