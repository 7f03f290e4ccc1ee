"""What the API's description says is true: every example works, and every answer is one that is documented."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from graphleads.errors import GraphLeadsError
from graphleads.workspace.workspace import Workspace, open_workspace
from graphleads_api.app import create_app
from graphleads_api.errors import MEANING, kind_of
from graphleads_api.openapi import operations
from graphleads_api.request import RUN

DOCUMENT = create_app(open_workspace("no such home")).openapi()
OPERATIONS = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/version"),
    ("POST", "/v0/recommendations"),
    ("GET", "/v0/recommendations/{run}"),
    ("POST", "/v0/claims"),
    ("DELETE", "/v0/claims/{claim}"),
    ("POST", "/v0/exclusions"),
    ("GET", "/v0/companies/search"),
    ("GET", "/v0/companies/{company}"),
    ("GET", "/v0/companies/{company}/relationships"),
    ("GET", "/v0/companies/{company}/explain"),
    ("GET", "/v0/paths"),
    ("GET", "/v0/claims"),
    ("GET", "/v0/exclusions"),
    ("DELETE", "/v0/exclusions/{company}"),
    ("GET", "/v0/customers"),
    ("GET", "/v0/deals"),
    ("PUT", "/v0/customers"),
    ("PUT", "/v0/customers/{external_id}"),
    ("PATCH", "/v0/customers/{external_id}"),
    ("DELETE", "/v0/customers/{external_id}"),
    ("GET", "/v0/customers/{external_id}"),
    ("GET", "/v0/matches"),
    ("POST", "/v0/matches/decisions"),
    ("GET", "/v0/imports"),
    ("POST", "/v0/imports/{number}/undo"),
    ("GET", "/v0/runs"),
    ("GET", "/v0/deliveries"),
}
ORDER = ("POST", "PUT", "PATCH", "GET", "DELETE")


@pytest.fixture
def demo(demo_home: Path, tmp_path: Path, serve: Callable[[Workspace], httpx.Client]) -> httpx.Client:
    """The demo's register, served."""
    shutil.copytree(demo_home, tmp_path / "home")
    return serve(open_workspace(tmp_path / "home"))


def test_the_description_is_served_and_has_every_operation(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()

    assert document == DOCUMENT
    assert document["openapi"].startswith("3.1")
    assert {(method, path) for path, method, _ in operations(document)} == OPERATIONS


@pytest.mark.parametrize(
    "operation", [one for *_, one in operations(DOCUMENT)], ids=lambda operation: operation["operationId"]
)
def test_an_operation_documents_its_errors_as_problems(operation: dict[str, Any]) -> None:
    errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}

    assert set(errors) >= {"400", "421", "422", "503"}
    assert ("413" in errors, "415" in errors) == ("requestBody" in operation,) * 2
    for status, answer in errors.items():
        assert answer["description"] == MEANING[int(status)]
        assert list(answer["content"]) == ["application/problem+json"]


def test_every_example_works_and_answers_what_is_documented(
    demo: httpx.Client, curl: Callable[[httpx.Client, Sequence[str]], httpx.Response]
) -> None:
    run = demo.post("/v0/recommendations", json={"k": 5}).json()["run"]["id"]
    for _, method, operation in sorted(operations(DOCUMENT), key=lambda one: ORDER.index(one[1])):
        (sample,) = operation["x-codeSamples"]
        program, *words = shlex.split(sample["source"].replace(RUN, run))
        answer = curl(demo, words)

        assert (program, answer.is_success) == ("curl", True), f"{sample['source']}: {answer.text}"
        assert str(answer.status_code) in operation["responses"]
        if method != "DELETE":
            schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json(), {**schema, "components": DOCUMENT["components"]})


def test_links_lead_from_an_answer_to_what_takes_something_of_it(client: httpx.Client) -> None:
    ids = {operation["operationId"] for *_, operation in operations(DOCUMENT)}
    links = [
        link
        for *_, operation in operations(DOCUMENT)
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]

    assert len(links) == 2
    assert {link["operationId"] for link in links} <= ids


def test_the_page_shows_every_operation_and_every_error_and_loads_nothing(client: httpx.Client) -> None:
    page = client.get("/docs")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f"<code>{method} {path}</code>" in page.text for method, path in OPERATIONS)
    assert all(f"<p id={kind}>" in page.text for kind in ("lead-conflict", "request-invalid", kind_of(GraphLeadsError)))
    assert page.text.count("<pre>curl ") == len(OPERATIONS)
    assert "Version <code>v0</code> has" in page.text
    assert page.text.index("/v0/recommendations") < page.text.index("/healthz")
    assert "<dt><code>k</code><dd><i>integer, at least 1, at most 1,000, default 50.</i> How many leads." in page.text
    shapes = [name for name, schema in DOCUMENT["components"]["schemas"].items() if "properties" in schema]
    assert [name for name in shapes if f"<h3 id={name}>" not in page.text] == []
    assert "<dt><code>200</code><dd>Ranked leads, best first. <i><a href=#Leads>Leads</a></i>" in page.text
    assert "`" not in page.text
    assert not any(word in page.text for word in ("src=", "<script", "<link", "@import"))
