"""Answers: JSON made in one go, each with the headers that keep other pages away from it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from graphleads.view.document import render_compact

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""On every answer: a browser keeps none, shows none in another page, and takes none for something else."""


def json_answer(
    answer: object,
    status: int = 200,
    *,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer in JSON, of whatever `graphleads.view` makes; it is not checked against its schema again."""
    return Response(
        render_compact(answer), status_code=status, media_type=media_type, headers={**HEADERS, **(headers or {})}
    )
