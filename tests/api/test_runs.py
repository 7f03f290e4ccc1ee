"""A run that was kept is answered whatever it lacks, and says what was said when it was shown."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import select, update

from graphleads.db.schema import runs
from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace

BIRCH, ELM = company("Birch"), company("Elm")
TOLD = ("question", "config", "items", "model", "n_candidates", "warnings", "withheld", "n_withheld", "ignored")


def change_kept(workspace: Workspace, change: dict[str, Any], *, without: str | None = None) -> None:
    with workspace.database.engine.begin() as connection:
        content = connection.execute(select(runs.c.content)).scalars().one()
        kept = {name: one for name, one in (content | change).items() if name != without}
        connection.execute(update(runs).values(content=kept))


def read(client: httpx.Client, run: str) -> dict[str, Any]:
    answer = client.get(f"/v0/recommendations/{run}")
    assert answer.status_code == 200, answer.text
    document = client.get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/Leads", "components": document["components"]}
    jsonschema.validate(answer.json(), schema)
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def shown(client: httpx.Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v0/recommendations", json={"k": 1}).json()
    return answer


@pytest.mark.parametrize("name", TOLD)
def test_a_run_that_lacks_a_field_is_answered(
    client: httpx.Client, workspace: Workspace, shown: dict[str, Any], name: str
) -> None:
    change_kept(workspace, {}, without=name)
    told = read(client, shown["run"]["id"])
    assert told["run"]["snapshot"] == shown["run"]["snapshot"]
    assert told["items"] == ([] if name == "items" else shown["items"])
    assert client.get(f"/v0/recommendations/{shown['run']['id']}", params={"new_since": shown["run"]["id"]}).is_success


def test_a_run_with_fields_that_nobody_knows_is_answered_without_them(
    client: httpx.Client, workspace: Workspace, shown: dict[str, Any]
) -> None:
    change_kept(workspace, {"mood": "good", "items": [one | {"mood": "good"} for one in shown["items"]]})
    assert read(client, shown["run"]["id"]) == shown


@pytest.mark.parametrize("name", ["rank", "company", "near", "score", "percent_of_best", "reasons", "other_points"])
def test_a_lead_that_lacks_a_field_is_answered(
    client: httpx.Client, workspace: Workspace, shown: dict[str, Any], name: str
) -> None:
    (item,) = shown["items"]
    change_kept(workspace, {"items": [{key: one for key, one in item.items() if key != name}]})
    (told,) = read(client, shown["run"]["id"])["items"]
    assert {key: one for key, one in told.items() if key != name} == {
        key: one for key, one in item.items() if key != name
    }


def test_an_answer_says_how_many_leads_there_are_and_what_is_withheld(
    client: httpx.Client, workspace: Workspace, shown: dict[str, Any]
) -> None:
    run = shown["run"]
    assert (run["n_candidates"], run["warnings"], run["n_withheld"], run["withheld"]) == (2, [], 0, [])
    seeded = client.post("/v0/recommendations", json={"seeds": [company("Cedar")]}).json()
    assert read(client, seeded["run"]["id"]) == seeded
    explained = client.get(f"/v0/companies/{BIRCH}/explain").json()
    assert explained["run"]["n_candidates"] == 2


def test_a_claim_keeps_the_run_the_rank_and_the_score_that_it_came_from(
    client: httpx.Client, shown: dict[str, Any]
) -> None:
    (item,), run = shown["items"], shown["run"]["id"]
    lead = item["company"]["id"]
    other = ELM if lead == BIRCH else BIRCH
    refused = client.post("/v0/claims", json={"company": other, "owner": "ann", "run": run})
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        f"The run {run} did not offer {other}: name the run that did, or none.",
    )
    claimed = client.post("/v0/claims", json={"company": lead, "owner": "ann", "run": run}).json()
    assert (claimed["run"], claimed["rank"], claimed["score"]) == (run, 1, item["score"])
    assert client.post("/v0/claims", json={"company": other, "owner": "ann", "run": "R-0"}).status_code == 404
