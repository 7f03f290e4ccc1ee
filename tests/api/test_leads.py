from __future__ import annotations

import httpx
import pytest

from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.known_graph import company
from graphleads.view.lead import recommendations_object
from graphleads.workspace.workspace import Workspace, open_workspace

ALDER, BIRCH, ELM = company("Alder"), company("Birch"), company("Elm")


def leads(client: httpx.Client, **ask: object) -> set[str]:
    answer = client.post("/v0/recommendations", json=ask)
    assert answer.status_code == 200, answer.text
    return {item["company"]["id"] for item in answer.json()["items"]}


def test_leads_have_the_form_of_the_command_line(client: httpx.Client, workspace: Workspace) -> None:
    answer = client.post("/v0/recommendations", json={"k": 10}).json()

    assert list(answer) == ["run", "items", "next"]
    assert answer["next"] is None
    assert answer["run"]["as_of"] == "2025-07-01"
    assert answer["run"]["seeds"] == [ALDER]
    assert [item["rank"] for item in answer["items"]] == [1, 2]
    birch = next(item for item in answer["items"] if item["company"]["id"] == BIRCH)
    assert birch["company"] == {
        "id": BIRCH, "name": "Birch Ltd", "jurisdiction": "GB", "locality": "Leeds", "status": "active"
    }  # fmt: skip
    assert birch["reasons"][0]["path"][0] == {
        "from": {"id": ALDER, "kind": "company", "name": "Alder Ltd"},
        "to": {"id": "X-KNOWN-PERSON:ann", "kind": "person", "name": "Ann Archer"},
        "direction": "backward",
        "kind": "director",
        "title": None,
        "share_min": None,
        "share_max": None,
        "start_on": "2019-03-01",
        "end_on": None,
        "source": {"dataset": "known", "record": "Alder-ann", "observed_on": "2025-06-30"},
    }
    assert recommendations_object(workspace.recommend(k=10))["run"]["id"] == answer["run"]["id"]


def test_every_part_of_the_question_counts(client: httpx.Client) -> None:
    assert len(leads(client, k=1)) == 1
    assert leads(client, owner="ann") == {BIRCH, ELM}
    assert leads(client, jurisdictions=["Brazil"]) == set()
    assert leads(client, industries=["62"]) == set()
    assert company("Iroko") in leads(client, as_of="2021-06-30")
    assert leads(client, seeds=[ALDER], as_of="2021-06-30", known_on="2021-06-30") == set()
    assert company("Dogwood") not in leads(client, seeds=[BIRCH])
    asked = client.post("/v0/recommendations", json={"n_reasons": 1, "language": "zh"}).json()
    assert [len(item["reasons"]) for item in asked["items"]] == [1, 1]
    assert "客户" in asked["items"][0]["reasons"][0]["sentence"]
    asked = client.post("/v0/recommendations", json={"n_reasons": 0}).json()
    assert [item["reasons"] for item in asked["items"]] == [[], []]


def test_a_run_is_kept_and_can_be_asked_for_what_is_new(client: httpx.Client) -> None:
    first = client.post("/v0/recommendations", json={"k": 1})
    second = client.post("/v0/recommendations", json={"k": 2}).json()
    run = first.json()["run"]["id"]

    assert first.headers["content-location"] == f"/v0/recommendations/{run}"
    assert client.get(f"/v0/recommendations/{run}").content == first.content
    new = client.get(f"/v0/recommendations/{second['run']['id']}", params={"new_since": run}).json()
    assert new["run"] == second["run"]
    assert new["items"] == second["items"][1:]
    assert (new["left"], "left" in second) == ([], False)
    (gone,) = client.get(f"/v0/recommendations/{run}", params={"new_since": second["run"]["id"]}).json()["left"]
    assert (gone["company"], gone["rank"], gone["why"]) == (second["items"][1]["company"], 2, "further_down")
    assert gone["detail"] == "it is lead 2, behind the 1 that were asked for"
    assert client.get(f"/v0/recommendations/{run}", params={"new_since": second["run"]["id"]}).json()["items"] == []
    assert client.get(f"/v0/recommendations/{run}", params={"new_since": "R-0"}).status_code == 404


def test_a_claim_is_settled_and_the_second_is_told_who_was_first(client: httpx.Client) -> None:
    claimed = client.post("/v0/claims", json={"company": BIRCH, "owner": "ann"})
    again = client.post("/v0/claims", json={"company": BIRCH, "owner": "ann"})
    second = client.post("/v0/claims", json={"company": BIRCH, "owner": "bob"})

    assert claimed.status_code == 201
    assert claimed.json() == {
        "id": 1, "team": "main", "company": BIRCH, "owner": "ann", "claimed_at": "2025-07-01T12:00:00+00:00",
        "run": None, "rank": None, "score": None,
    }  # fmt: skip
    assert again.json() == claimed.json()
    assert (second.status_code, second.json()["type"]) == (409, "/docs#lead-conflict")
    assert "was claimed by ann on 2025-07-01" in second.json()["detail"]
    assert leads(client) == {ELM}

    assert client.delete("/v0/claims/1").status_code == 204
    assert client.delete("/v0/claims/1").status_code == 404
    assert leads(client) == {BIRCH, ELM}
    assert client.post("/v0/claims", json={"company": BIRCH, "owner": "bob"}).json()["id"] == 2


def test_what_is_claimed_or_released_in_another_process_counts_at_once(
    client: httpx.Client, workspace: Workspace
) -> None:
    assert leads(client) == {BIRCH, ELM}
    with open_workspace(workspace.configuration.home) as elsewhere:
        elsewhere.claim(BIRCH, owner="bob")
        assert leads(client) == {ELM}
        elsewhere.leads.release(BIRCH, by="bob")
        assert leads(client) == {BIRCH, ELM}
        elsewhere.customers.put(
            CustomerRecord(external_id="b", name="Birch Ltd", status=CustomerStatus.OPEN), source="CRM"
        )
        assert leads(client) == {ELM}


def test_an_excluded_company_is_not_offered(client: httpx.Client) -> None:
    ask = {"company": ELM, "reason": "a competitor", "by": "ann"}
    excluded = client.post("/v0/exclusions", json=ask)

    assert excluded.status_code == 201
    assert excluded.json() == {**ask, "team": "main", "excluded_at": "2025-07-01T12:00:00+00:00"}
    assert client.post("/v0/exclusions", json=ask).json() == excluded.json()
    assert client.post("/v0/exclusions", json={**ask, "reason": "another"}).status_code == 409
    assert leads(client) == {BIRCH}


@pytest.mark.parametrize(
    ("ask", "status", "detail"),
    [
        ({"k": 10**9}, 422, "less than or equal to 1000"),
        ({"k": 0}, 422, "greater than or equal to 1"),
        ({"k": True}, 422, "valid integer"),
        ({"seeds": ["X-KNOWN:01"] * 10_000}, 422, "at most 1000 items"),
        ({"seeds": ["X-KNOWN:01"], "owner": "ann"}, 422, "not both"),
        ({"seeds": ["X-KNOWN:01/../🦀"]}, 404, "There is no company X-KNOWN:01/../🦀"),
        ({"seeds": ["Alder Trees"]}, 422, "'Alder Trees' is no id, and no company is called so"),
        ({"seeds": [1]}, 422, "valid string"),
        ({"seeds": "X-KNOWN:01"}, 422, "valid list"),
        ({"owner": "bob"}, 404, "those who have: ann"),
        ({"owner": " "}, 422, "not allowed here"),
        ({"as_of": "yesterday"}, 422, "write the day as 2026-06-30"),
        ({"as_of": 0}, 422, "write the day as 2026-06-30"),
        ({"as_of": "2026-02-30"}, 422, "day is out of range"),
        ({"jurisdictions": ["Narnia"]}, 422, "'Narnia' is no country"),
        ({"language": "fr"}, 422, "'en' or 'zh'"),
        ({"n_reasons": 11}, 422, "less than or equal to 10"),
        ({"exclude_families": "yes"}, 422, "valid boolean"),
        ([], 422, "dictionary"),
    ],
)
def test_a_question_that_cannot_be_used_says_why(client: httpx.Client, ask: object, status: int, detail: str) -> None:
    answer = client.post("/v0/recommendations", json=ask)

    assert (answer.status_code, detail in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**31), "1" * 50])
def test_a_claim_that_cannot_be_is_refused(client: httpx.Client, number: str) -> None:
    assert client.delete(f"/v0/claims/{number}").status_code == 422


def test_claims_and_exclusions_are_read_back_and_an_exclusion_is_taken_back(client: httpx.Client) -> None:
    claim = client.post("/v0/claims", json={"company": BIRCH, "owner": "ann"}).json()
    assert client.get("/v0/claims").json() == {"items": [claim], "next": None}
    assert client.get("/v0/claims", params={"owner": "bob"}).json() == {"items": [], "next": None}
    ask = {"company": company("Elm"), "reason": "asked not to be called", "by": "ann"}
    excluded = client.post("/v0/exclusions", json=ask).json()
    assert client.get("/v0/exclusions").json() == {"items": [excluded], "next": None}
    path = f"/v0/exclusions/{company('Elm')}"
    assert client.delete(path).status_code == 422
    assert client.delete(path, params={"by": "bob"}).status_code == 204
    assert client.get("/v0/exclusions").json() == {"items": [], "next": None}
    assert client.delete(path, params={"by": "bob"}).status_code == 404


def test_customers_are_listed_a_page_at_a_time(client: httpx.Client) -> None:
    first = client.get("/v0/customers", params={"limit": 1}).json()
    assert first["items"] == [
        {"id": "a", "name": "Alder Ltd", "status": "won", "owner": "ann", "match": "sure", "company": ALDER}
    ]
    second = client.get("/v0/customers", params={"limit": 1, "after": first["next"]}).json()
    assert ([one["id"] for one in second["items"]], second["next"]) == (["c"], None)
    assert [one["id"] for one in client.get("/v0/customers", params={"status": "open"}).json()["items"]] == ["c"]
    assert client.get("/v0/customers", params={"unmatched": True}).json() == {"items": [], "next": None}


@pytest.mark.parametrize("typed", ["JOSÉ NÚÑEZ", "Jose\u0301 Nu\u0301n\u0303ez", "Jos\u200bé  Núñez", "josé núñez"])
def test_a_rep_is_one_however_the_name_is_typed(client: httpx.Client, typed: str) -> None:
    client.patch("/v0/customers/a", json={"owner": "José Núñez"})
    claim = client.post("/v0/claims", json={"company": BIRCH, "owner": "José Núñez"}).json()
    again = client.post("/v0/claims", json={"company": BIRCH, "owner": typed})
    assert (again.status_code, again.json()) == (201, claim)
    assert client.get("/v0/claims", params={"owner": typed}).json()["items"] == [claim]
    assert [one["id"] for one in client.get("/v0/customers", params={"owner": typed}).json()["items"]] == ["a"]
    assert client.post("/v0/recommendations", json={"owner": typed}).json()["run"]["seeds"] == [ALDER]
    assert client.post("/v0/claims", json={"company": BIRCH, "owner": "José Nuñez"}).status_code == 409
