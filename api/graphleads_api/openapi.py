"""The description of the API: OpenAPI 3.1, with problems as they are sent and a request of every operation that works.

Reference:
    OpenAPI Specification 3.1. https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from graphleads_api.customer_body import CustomerItem
from graphleads_api.errors import MEANING, PROBLEM_TYPE
from graphleads_api.response import Problem

BASE_URL = "http://127.0.0.1:8000"
"""Where `graphleads serve` answers if it is not told otherwise."""

JsonObject = dict[str, Any]

_ALWAYS = (400, 421, 422, 503)
_WITH_BODY = (413, 415)
_NOT_SENT = ("HTTPValidationError", "ValidationError")
_SUMMARY = (
    "Ranked, unclaimed companies near the won customers, and why. Version `v0` has no keys and answers this machine "
    "alone. Errors are RFC 9457 problem details. Unknown parameters and fields are refused."
)


def documented(
    answer: type[Any], *errors: int, statuses: Sequence[int] = (200,), links: JsonObject | None = None
) -> dict[int | str, JsonObject]:
    """Return what an operation answers, for FastAPI.

    Args:
        answer: What it answers where all is well.
        errors: The statuses of its errors, beside those that every operation has.
        statuses: The statuses of `answer`.
        links: Operations that take something of the answer, by name.
    """
    success: JsonObject = {"model": answer, "description": (answer.__doc__ or "").splitlines()[0]}
    if links:
        success["links"] = links
    return {**dict.fromkeys(statuses, success), **{status: {} for status in errors}}


def describe(app: FastAPI) -> JsonObject:
    """Return the OpenAPI document of an application."""
    document = get_openapi(title=app.title, version=app.version, description=_SUMMARY, routes=app.routes)
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {Problem.__name__: problem}
    item = CustomerItem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= item.pop("$defs") | {CustomerItem.__name__: item}
    for name in _NOT_SENT:
        schemas.pop(name, None)
    for path, method, operation in operations(document):
        errors = {int(status) for status in operation["responses"] if status.startswith(("4", "5"))}
        errors |= {*_ALWAYS, *(_WITH_BODY if "requestBody" in operation else ())}
        answers = operation["responses"] | {str(status): _problem_response(status) for status in errors}
        operation["responses"] = dict(sorted(answers.items()))
        operation["x-codeSamples"] = [
            {"lang": "sh", "source": curl_line(BASE_URL, path, method, operation=operation, schemas=schemas)}
        ]
    return document


def operations(document: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """Yield every operation of a document: its path, its method in upper case, and what is said of it."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def curl_line(base: str, path: str, method: str, *, operation: JsonObject, schemas: JsonObject) -> str:
    """Return the example of an operation as one would type it.

    Args:
        base: Where the server is, for example `http://127.0.0.1:8000`.
        path: The operation's path.
        method: In upper case.
        operation: What the document says of it.
        schemas: The document's schemas.
    """
    examples = {
        (one["in"], one["name"]): one["schema"]["examples"][0]
        for one in operation.get("parameters", ())
        if "examples" in one["schema"]
    }
    for (place, name), example in examples.items():
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(str(example), safe=":"))
    query = urlencode([(name, one) for (place, name), one in examples.items() if place == "query"], doseq=True)
    words = ["curl"] if method in ("GET", "POST") else ["curl", "-X", method]
    body = body_schema(operation, schemas)
    if body:
        words += ["--json", json.dumps(body["examples"][0])]
    return shlex.join([*words, f"{base}{path}{'?' if query else ''}{query}"])


def body_schema(operation: JsonObject, schemas: JsonObject) -> JsonObject:
    """Return the schema of an operation's body, an empty one where it takes none."""
    if "requestBody" not in operation:
        return {}
    reference: str = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema: JsonObject = schemas[reference.rsplit("/", 1)[-1]]
    return schema


def _problem_response(status: int) -> JsonObject:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": MEANING[status], "content": {PROBLEM_TYPE: {"schema": schema}}}
