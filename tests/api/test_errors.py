from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from graphleads import errors
from graphleads.testing.known_graph import company
from graphleads.workspace.graph import WorkspaceGraph
from graphleads.workspace.workspace import Workspace, open_workspace
from graphleads_api.errors import kind_of, status_of

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (errors.ValueInvalid, 422, "value-invalid"),
        (errors.EntityNotFound, 404, "entity-not-found"),
        (errors.RunNotFound, 404, "run-not-found"),
        (errors.LeadConflict, 409, "lead-conflict"),
        (errors.StepMissing, 409, "step-missing"),
        (errors.SnapshotDamaged, 503, "snapshot-damaged"),
        (errors.VersionUnsupported, 503, "version-unsupported"),
        (errors.FileUnreadable, 503, "file-unreadable"),
        (errors.GraphLeadsError, 503, "graph-leads-error"),
    ],
)
def test_every_error_has_a_status_and_a_name(error: type[errors.GraphLeadsError], status: int, kind: str) -> None:
    assert (status_of(error), kind_of(error)) == (status, kind)


def test_an_error_is_a_problem_that_says_what_to_do(client: httpx.Client) -> None:
    answer = client.get("/v0/companies/X-KNOWN:99")

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
    assert answer.json() == {
        "type": "/docs#entity-not-found",
        "title": "Entity not found",
        "status": 404,
        "detail": "There is no company X-KNOWN:99: search finds companies by name.",
        "code": "entity-not-found",
        "next_step": "search-name",
        "values": {"company": "X-KNOWN:99"},
    }


def test_everything_that_is_wrong_with_a_request_is_listed(client: httpx.Client) -> None:
    answer = client.post("/v0/recommendations?page=2", json={"k": "20", "colour": "red", "seeds": []})

    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    problem = answer.json()
    assert problem["type"] == "/docs#request-invalid"
    assert {one["at"]: one["message"] for one in problem["errors"]} == {
        "query.page": "Nothing of that name can be said here",
        "body.k": "Input should be a valid integer",
        "body.colour": "Nothing of that name can be said here",
        "body.seeds": "List should have at least 1 item after validation, not 0",
    }
    assert problem["detail"].endswith(", and 3 more.")


def test_a_thousand_wrong_fields_are_counted_and_not_all_listed(client: httpx.Client) -> None:
    problem = client.post("/v0/recommendations", json={f"field{n}": n for n in range(1000)}).json()

    assert len(problem["errors"]) == 20
    assert problem["detail"].endswith(", and 999 more.")


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/nothing", 404, "There is nothing at /nothing: /docs shows what there is."),
        ("GET", "/v0/claims/", 404, "There is nothing at /v0/claims/: /docs shows what there is."),
        ("DELETE", "/v0/claims", 405, "DELETE is not understood at /v0/claims: /docs shows what is."),
        ("DELETE", "/healthz", 405, "DELETE is not understood at /healthz: /docs shows what is."),
    ],
)
def test_what_is_not_there_is_a_problem_too(
    client: httpx.Client, method: str, path: str, status: int, detail: str
) -> None:
    answer = client.request(method, path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert (answer.json()["type"], answer.json()["detail"]) == ("about:blank", detail)


def test_what_nobody_foresaw_is_a_problem_without_details(
    workspace: Workspace, serve: Callable[[Workspace], httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(WorkspaceGraph, "search", fail)
    answer = serve(workspace).get("/v0/companies/search?q=alder")

    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "secret" not in answer.text


ASKED = [
    ("GET", "/readyz", None),
    ("POST", "/v0/recommendations", {}),
    ("POST", "/v0/recommendations", {"owner": "nobody"}),
    ("POST", "/v0/recommendations", {"seeds": ["X-KNOWN:99"]}),
    ("POST", "/v0/recommendations", {"seeds": ["Alder"]}),
    ("POST", "/v0/recommendations", {"seeds": ["X-KNOWN-PERSON:ann"]}),
    ("POST", "/v0/recommendations", {"as_of": "1990-01-01", "known_on": "1990-01-01"}),
    ("GET", "/v0/recommendations/R-0", None),
    ("GET", "/v0/companies/Alder", None),
    ("GET", "/v0/companies/X-KNOWN:99/relationships", None),
    ("GET", "/v0/companies/X-KNOWN:99/explain", None),
    ("GET", "/v0/paths?id=X-KNOWN:98&id=X-KNOWN:99", None),
    ("GET", "/v0/customers/nobody", None),
    ("POST", "/v0/recommendations", {"customers": ["nobody"]}),
    ("GET", "/v0/paths?customer=nobody&customer=a", None),
    ("PATCH", "/v0/customers/nobody", {"owner": "ann"}),
    ("POST", "/v0/imports/99/undo", {}),
    ("GET", "/v0/matches?customer=nobody", None),
    ("POST", "/v0/claims", {"company": company("Alder"), "owner": "ann"}),
    ("POST", "/v0/claims", {"company": company("Elm"), "owner": "ann"}),
    ("DELETE", "/v0/claims/99", None),
]


@pytest.mark.parametrize("is_empty", [True, False])
def test_no_answer_names_a_command(
    workspace: Workspace, serve: Callable[[Workspace], httpx.Client], tmp_path: Path, is_empty: bool
) -> None:
    served = open_workspace(tmp_path / "empty") if is_empty else workspace
    if not is_empty:
        workspace.leads.exclude(company("Elm"), reason="a competitor", by="ann")
    client = serve(served)
    answers = [client.request(method, path, json=body) for method, path, body in ASKED]
    problems = [one.json() for one in answers if one.is_error]
    assert len(problems) == len(ASKED) - (0 if is_empty else 2)
    for problem in problems:
        assert problem["code"] == problem["type"].removeprefix("/docs#")
        assert ("`" in problem["detail"], " --" in problem["detail"]) == (False, False), problem
