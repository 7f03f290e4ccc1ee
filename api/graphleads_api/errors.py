"""Every error as RFC 9457 problem details, and the one table of which status it has.

Reference:
    RFC 9457, Problem Details for HTTP APIs. https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from graphleads.errors import Conflict, DatabaseUnavailable, GraphLeadsError, NotFound, StepMissing, ValueInvalid
from graphleads.remedy import advise
from graphleads.view.list_shape import WrongPart
from graphleads_api.answer import json_answer

STATUS: Mapping[type[GraphLeadsError], int] = {
    ValueInvalid: 422,
    NotFound: 404,
    Conflict: 409,
    StepMissing: 409,
    GraphLeadsError: 503,
}
"""The status of every error; one that is not named has that of the kind that it is of."""

PROBLEM_TYPE = "application/problem+json"

MEANING: Mapping[int, str] = {
    400: "The request is not readable: no JSON, or no Host.",
    404: "Something that was asked for is not there.",
    409: "Something else is in the way: somebody's claim, an undo that was made before, a match that nobody has "
    "decided, or a step of the main job that was not run yet.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not declared as application/json.",
    421: "The Host is not this machine.",
    422: "A parameter or field is missing, unknown or cannot be used.",
    503: "The workspace has to be put right first: a snapshot or the database is damaged or of another version; or the "
    "database does not answer, and Retry-After says when to ask again.",
}
"""The statuses of problems, as the documentation says them."""

REQUEST_INVALID = "request-invalid"
"""What the documentation calls a request with parameters or fields that cannot be used."""

_MOST_ERRORS = 20

_RETRY_SECONDS = 5
"""When to ask again where the database does not answer: a server that is started again takes about as long."""
_SAID = {
    "extra_forbidden": "Nothing of that name can be said here",
    "missing": "This must be said",
    "string_pattern_mismatch": "This is empty, or has characters that are not allowed here",
}
_NO_JSON = "The body is no JSON that can be read: send one JSON object in UTF-8."
_UNFORESEEN = "Something went wrong that nobody foresaw; what was there is unchanged. The server's log says more."


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    told: Mapping[str, Any] | None = None,
    errors: Sequence[WrongPart] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an error as problem details.

    Args:
        status: The HTTP status.
        detail: What is wrong and what to do next, in one sentence.
        kind: What the documentation calls this kind of error; None where the status says it all.
        told: More members: `code`, `next_step`, `values`.
        errors: Each thing that is wrong with the request: `at` and `message`.
        headers: More headers.
    """
    content: dict[str, Any] = {
        "type": f"/docs#{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase if kind is None else kind.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        **(told or {}),
    }
    if errors:
        content["errors"] = errors
    return json_answer(content, status, media_type=PROBLEM_TYPE, headers=headers)


def problem_of(error: GraphLeadsError, status: int | None = None) -> Response:
    """Return one of the product's errors as problem details, by its own status unless another is given."""
    kind = type(error)
    away = isinstance(error, DatabaseUnavailable)
    return problem(
        status or status_of(kind),
        tell(error),
        kind=kind_of(kind),
        told={
            "code": error.code(),
            "next_step": error.remedy.code if error.remedy else None,
            "values": error.values,
        },
        headers={"retry-after": str(_RETRY_SECONDS)} if away else None,
    )


def tell(error: GraphLeadsError) -> str:
    """Return what is wrong and what to do next in one sentence that names no command."""
    return advise(error.what, error.remedy.http.format_map(error.values) if error.remedy else "")


def status_of(error: type[GraphLeadsError]) -> int:
    """Return the status that a kind of error has."""
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def kind_of(error: type[GraphLeadsError]) -> str:
    """Return what the documentation calls a kind of error: `lead-conflict` for `LeadConflict`."""
    return error.code()


def answer_errors(app: FastAPI) -> None:
    """Make an application answer every error with problem details."""
    app.add_exception_handler(GraphLeadsError, _answer_own)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unforeseen)


async def _answer_own(_request: Request, error: Exception) -> Response:
    assert isinstance(error, GraphLeadsError)  # noqa: S101 - what the handler is registered for
    return problem_of(error)


async def _answer_invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what the handler is registered for
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400, _NO_JSON)
    errors = list_errors(found)
    return problem(422, say_errors(errors, len(found)), kind=REQUEST_INVALID, errors=errors)


def list_errors(found: Sequence[Any]) -> list[WrongPart]:
    """Return the first of what a check found wrong: each with its place and what is wrong there."""
    return [
        {"at": ".".join(map(str, one["loc"])), "message": _SAID.get(one["type"], one["msg"])}
        for one in found[:_MOST_ERRORS]
    ]


def say_errors(errors: Sequence[WrongPart], n: int) -> str:
    """Return in one sentence the first of `n` things that are wrong."""
    return f"{errors[0]['at']}: {errors[0]['message']}" + (f", and {n - 1:,} more." if n > 1 else ".")


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    said = {
        400: _NO_JSON,
        404: f"There is nothing at {request.url.path[:200]}: /docs shows what there is.",
        405: f"{request.method} is not understood at {request.url.path[:200]}: /docs shows what is.",
    }
    return problem(error.status_code, said.get(error.status_code, error.detail), headers=error.headers)


async def _answer_unforeseen(_request: Request, _error: Exception) -> Response:
    return problem(500, _UNFORESEEN)
