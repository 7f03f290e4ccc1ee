"""The documentation: the OpenAPI document, and the same as one page that loads nothing from anywhere."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from graphleads.errors import GraphLeadsError
from graphleads_api.answer import HEADERS, json_answer
from graphleads_api.errors import MEANING, REQUEST_INVALID, kind_of, status_of
from graphleads_api.openapi import body_schema, curl_line, operations
from graphleads_api.schema_text import limits, references, type_name

router = APIRouter(include_in_schema=False)

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "pre{background:#f4f4f4;padding:.7rem;overflow-x:auto}h2{margin-top:2.5rem}"
    "dl{display:grid;grid-template-columns:minmax(10rem,max-content) 1fr;gap:.15rem 1rem}dd{margin:0}"
)
_CODE = re.compile(r"`([^`]+)`")
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    **HEADERS,
    "content-security-policy": f"default-src 'none'; frame-ancestors 'none'; style-src 'sha256-{_STYLE_HASH}'",
}


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """Return the OpenAPI document."""
    return json_answer(request.app.openapi())


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Return the documentation as a page."""
    base = str(request.base_url).rstrip("/")
    return HTMLResponse("\n".join(_page(request.app.openapi(), base)), headers=_HEADERS)


def _page(document: dict[str, Any], base: str) -> Iterator[str]:
    title, description = f"{document['info']['title']} {document['info']['version']}", document["info"]["description"]
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
    yield f"<h1>{title}</h1><p>{_text(description)}</p>"
    yield "<p>For machines: <a href=/openapi.json>openapi.json</a>.</p>"
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        example = curl_line(base, path, method, operation=operation, schemas=schemas)
        yield f"<h2 id={operation['operationId']}><code>{method} {path}</code></h2>"
        yield f"<p>{_text(operation['description'])}</p><pre>{escape(example)}</pre>"
        yield _list([*_parameters(operation), *_fields(operation, schemas)])
        yield _list((status, _answer(answer)) for status, answer in operation["responses"].items())
    yield "<h2>Shapes</h2>"
    for name, schema in sorted(schemas.items()):
        if "properties" in schema:
            yield f"<h3 id={name}><code>{name}</code></h3><p>{_text(schema.get('description', ''))}</p>"
            yield _list(_properties(schema))
    yield "<h2>Errors</h2>"
    for name, meaning in [(REQUEST_INVALID, f"422: {MEANING[422]}"), *_errors(GraphLeadsError)]:
        yield f"<p id={name}><code>{name}</code> {_text(meaning)}</p>"


def _parameters(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in operation.get("parameters", ()):
        yield one["name"], _say(one["schema"], one.get("description"), required=one["required"])


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[tuple[str, str]]:
    schema = body_schema(operation, schemas)
    for name, field in schema.get("properties", {}).items():
        yield name, _say(field, field.get("description"), required=name in schema.get("required", ()))


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in schema["properties"].items():
        yield name, _say(field, field.get("description"), required=False)


def _say(schema: dict[str, Any], description: str | None, *, required: bool) -> str:
    """Return what a value is: its type, whether it must be there, its limits and default, and what it means."""
    kind = ", ".join([type_name(schema), *(["required"] if required else []), *limits(schema)])
    return f"<i>{_linked(kind, references(schema))}.</i> {_text(description or '')}"


def _answer(answer: dict[str, Any]) -> str:
    """Return what an answer is: its description, and its shape where it has one."""
    schema: dict[str, Any] = next((one.get("schema", {}) for one in answer.get("content", {}).values()), {})
    shape = f" <i>{_linked(type_name(schema), references(schema))}</i>" if schema else ""
    return _text(answer["description"]) + shape


def _linked(text: str, names: Iterable[str]) -> str:
    shown = escape(text)
    for name in names:
        shown = re.sub(rf"\b{re.escape(name)}\b", f"<a href=#{name}>{name}</a>", shown)
    return shown


def _errors(kind: type[GraphLeadsError]) -> Iterator[tuple[str, str]]:
    meaning = (kind.__doc__ or "").splitlines()[0]
    yield kind_of(kind), f"{status_of(kind)}: {meaning}"
    for below in kind.__subclasses__():
        yield from _errors(below)


def _list(rows: Iterable[tuple[str, str]]) -> str:
    """Return names with what is said of each, as HTML."""
    return "<dl>" + "".join(f"<dt><code>{escape(name)}</code><dd>{html}" for name, html in rows) + "</dl>"


def _text(text: str) -> str:
    """Return a text as HTML; the only Markdown in a description is `code`."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
