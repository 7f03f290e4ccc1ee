from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from graphleads.testing.known_graph import company
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace

Serve = Callable[[Workspace], httpx.Client]

ALDER, BIRCH, FIR = company("Alder"), company("Birch"), company("Fir")


def test_a_company_is_found_by_name_and_by_identifier(client: httpx.Client) -> None:
    for text in ("alder", ALDER):
        (first, *_) = client.get("/v0/companies/search", params={"q": text}).json()["items"]
        assert (first["id"], first["kind"], first["name"]) == (ALDER, "company", "Alder Ltd")
    assert len(client.get("/v0/companies/search", params={"q": "ltd", "limit": 2}).json()["items"]) <= 2


def test_a_company_is_shown_with_its_facts_and_who_works_on_it(client: httpx.Client) -> None:
    client.post("/v0/claims", json={"company": BIRCH, "owner": "ann"})
    answer = client.get(f"/v0/companies/{BIRCH}", params={"limit": 1}).json()

    assert (answer["id"], answer["owner"], answer["mentioned"]) == (BIRCH, "ann", False)
    assert ("locality", "Leeds") in {(fact["field"], fact["value"]) for fact in answer["facts"]}
    assert answer["facts"][0]["source"] == {"dataset": "known", "record": "Birch", "observed_on": "2025-06-30"}
    assert (len(answer["relationships"]), answer["n_relationships"]) == (1, 2)


def test_relationships_are_counted_before_they_are_listed(client: httpx.Client) -> None:
    path = f"/v0/companies/{ALDER}/relationships"
    today = client.get(path).json()
    then = client.get(path, params={"as_of": "2021-06-30", "kind": "director", "limit": 0}).json()

    assert list(today) == ["node", "as_of", "counts", "items", "warnings"]
    assert today["counts"] == [
        {"relation": "contact", "kind": "phone", "n": 1},
        {"relation": "interest", "kind": "shareholding", "n": 1},
        {"relation": "role", "kind": "auditor", "n": 1},
        {"relation": "role", "kind": "director", "n": 3},
    ]
    assert len(today["items"]) == 6
    assert next(one["ignored"] for one in today["items"] if one["kind"] == "auditor") == "auditor"
    assert (then["as_of"], then["items"]) == ("2021-06-30", [])
    assert today["warnings"] == []
    assert then["warnings"][0].startswith("No register says anything of 2021-06-30 itself")
    assert {"relation": "role", "kind": "director", "n": 4} in then["counts"]
    listed = client.get(path, params={"kind": ["shareholding", "phone"]}).json()["items"]
    assert {one["kind"] for one in listed} == {"phone", "shareholding"}
    assert client.get(path, params={"kind": "friend"}).status_code == 422


def test_paths_connect_two_and_more(client: httpx.Client) -> None:
    two = client.get("/v0/paths", params={"id": [ALDER, BIRCH]}).json()
    three = client.get("/v0/paths", params={"id": [ALDER, BIRCH, company("Cedar")]}).json()

    assert [one["name"] for one in two["ends"]] == ["Alder Ltd", "Birch Ltd"]
    assert two["items"][0]["n_hops"] == 2
    assert [step["to"]["name"] for step in two["items"][0]["path"]] == ["Ann Archer", "Birch Ltd"]
    assert three["items"][0]["n_hops"] == 1
    assert client.get("/v0/paths", params={"id": [ALDER, FIR]}).json()["items"] == []


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"id": [ALDER]}, 422),
        ({}, 422),
        ({"id": [ALDER, ALDER]}, 422),
        ({"id": [ALDER] * 11}, 422),
        ({"id": [ALDER, "X-KNOWN:99"]}, 404),
        ({"id": [ALDER, BIRCH], "max_hops": 9}, 422),
        ({"id": [ALDER, BIRCH], "limit": 10**9}, 422),
        ({"id": [ALDER, BIRCH], "via": "x"}, 422),
    ],
)
def test_paths_that_cannot_be_asked_for_are_refused(client: httpx.Client, params: dict[str, Any], status: int) -> None:
    assert client.get("/v0/paths", params=params).status_code == status


def test_why_a_company_is_a_lead_and_why_another_is_none(client: httpx.Client) -> None:
    birch = client.get(f"/v0/companies/{BIRCH}/explain").json()
    fir = client.get(f"/v0/companies/{FIR}/explain", params={"owner": "ann", "language": "en"}).json()
    around = client.get(f"/v0/companies/{ALDER}/explain", params={"seed": [BIRCH, FIR]}).json()

    assert (birch["rank"] is None, birch["ineligible"]) == (False, None)
    assert birch["reasons"][0]["sentence"].startswith("Ann Archer, director of your customer Alder Ltd since 2019")
    assert fir["rank"] is None
    assert "Nora Nominee" in {one["node"]["name"] for one in fir["ignored"]}
    assert around["run"]["seeds"] == [BIRCH, FIR]


def test_customers_stand_for_their_companies(client: httpx.Client) -> None:
    around = client.get(f"/v0/companies/{BIRCH}/explain", params={"customer": ["a", "Cedar Ltd"]}).json()
    assert around["run"]["seeds"] == [ALDER, company("Cedar")]
    paths = client.get("/v0/paths", params={"customer": "a", "id": "Birch Ltd"}).json()
    assert [one["id"] for one in paths["ends"]] == [BIRCH, ALDER]
    leads = client.post("/v0/recommendations", json={"customers": ["a"], "seeds": ["Cedar Ltd"]}).json()
    assert leads["run"]["seeds"] == [ALDER, company("Cedar")]


def test_what_is_not_known_is_said_with_candidates(client: httpx.Client) -> None:
    client.put(
        "/v0/customers/mixed",
        json={"name": "Alder Ltd", "status": "won", "identifiers": [{"value": BIRCH}], "jurisdiction": "GB"},
    )
    for asked, status, code, candidates in [
        ({"customers": ["Aldr Ltd"]}, 404, "customer-not-found", {"a", "c", "mixed"}),
        ({"customers": ["Alder Ltd"]}, 422, "value-invalid", {"a", "mixed"}),
        ({"customers": ["mixed"]}, 409, "match-undecided", {ALDER, BIRCH}),
        ({"seeds": ["Alder Trees"]}, 422, "value-invalid", {ALDER}),
        ({"customers": ["a"], "owner": "ann"}, 422, "value-invalid", None),
        ({"customers": []}, 422, "request-invalid", None),
    ]:
        answer = client.post("/v0/recommendations", json=asked)
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (status, f"/docs#{code}"), problem
        assert candidates is None or set(problem["values"]["candidates"]) == candidates
        assert ("`" in problem["detail"], " --" in problem["detail"]) == (False, False)


@pytest.mark.parametrize("value", ["a/b/../c", "🦀", "100%", "a?b#c", "ä ö", "explain", "a/explain/x", "%2F", "."])
def test_ids_may_hold_anything(workspace: Workspace, serve: Serve, value: str) -> None:
    odd = f"X-ODD:{value}"
    row = {"record": "o", "id": odd, "name": "Odd Ltd", "status": "active"}
    stage_delivery(
        workspace.configuration.home / "staged", {"companies": [row]}, observed_on="2025-07-01", dataset="odd"
    )
    workspace.link()
    workspace.build()
    client = serve(workspace)

    assert client.get(f"/v0/companies/{quote(odd, safe='')}").json()["id"] == odd
    assert client.get(f"/v0/companies/{quote(odd, safe='')}/relationships").json()["node"]["id"] == odd
    assert client.post("/v0/claims", json={"company": odd, "owner": "ann"}).json()["company"] == odd
    assert client.get("/v0/companies/search", params={"q": odd}).json()["items"][0]["id"] == odd


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v0/companies/", 422),
        ("/v0/companies/Alder", 422),
        ("/v0/companies/:1", 422),
        ("/v0/companies/X-KNOWN:99/relationships", 404),
        ("/v0/companies/X-KNOWN-PERSON:ann", 404),
        (f"/v0/companies/X-KNOWN:{'9' * 600}", 422),
        (f"/v0/companies/{ALDER}?limit=0", 422),
        (f"/v0/companies/{ALDER}?fields=name", 422),
        (f"/v0/companies/{ALDER}/relationships?limit=1001", 422),
        (f"/v0/companies/{ALDER}?as_of=1700000000", 422),
        ("/v0/companies/search", 422),
        ("/v0/companies/search?q=", 422),
        (f"/v0/companies/search?q={'x' * 201}", 422),
        ("/v0/companies/search?q=x&limit=101", 422),
        ("/v0/companies/search?q=%00%ff%f0%9f", 200),
        ("/v0/companies/%ff%fe", 422),
    ],
)
def test_a_request_that_cannot_be_used_is_refused(client: httpx.Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status
