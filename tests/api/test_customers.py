from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace

BIRCH = {"name": "Birch Ltd", "status": "won", "identifiers": [{"value": company("Birch")}], "jurisdiction": "UK"}


def test_a_guess_is_a_candidate_and_never_the_company(client: httpx.Client) -> None:
    mixed = {"name": "Alder Ltd", "status": "won", "identifiers": [{"value": company("Birch")}], "jurisdiction": "GB"}
    answer = client.put("/v0/customers/mixed", json=mixed).json()
    assert (answer["match"]["state"], answer["company"]) == ("unsure", None)
    assert {one["id"] for one in answer["candidates"]} == {company("Alder"), company("Birch")}
    assert client.get("/v0/customers/mixed").json() == answer


def test_people_at_a_customer_are_not_stored_and_said(client: httpx.Client) -> None:
    body = {**BIRCH, "owner": "Ann\u200b  Lee", "custom": {"Contact email": "bo@birch.example", "Tier": "A &amp; B"}}
    answer = client.put("/v0/customers/p1", json=body).json()
    assert answer["dropped_personal"] == {"Contact email": 1}
    assert answer["customer"]["custom"] == {"Tier": "A & B"}
    assert client.get("/v0/customers/p1").json()["customer"]["owner"] == "Ann Lee"
    assert client.put("/v0/customers/p2", json={**BIRCH, "name": "NULL"}).status_code == 422


def test_a_customer_is_brought_in_and_found_in_the_register_at_once(client: httpx.Client, workspace: Workspace) -> None:
    new = client.put("/v0/customers/crm%2F7%20%F0%9F%A6%80", json=BIRCH)

    assert new.status_code == 201
    answer = new.json()
    assert answer["customer"]["external_id"] == "crm/7 🦀"
    assert answer["customer"]["jurisdiction"] == "GB"
    assert answer["customer"]["identifiers"] == [{"scheme": "", "value": company("Birch")}]
    assert (answer["match"]["state"], answer["match"]["company"]) == ("sure", company("Birch"))
    assert {fact["source"]["dataset"] for fact in answer["company"]["facts"]} == {"known"}
    assert client.get("/v0/customers/crm%2F7%20%F0%9F%A6%80").json() == answer
    assert company("Birch") in workspace.recommend().run.seeds
    assert [(one.file, one.n_new) for one in workspace.customers.imports()][-1] == ("HTTP", 1)


def test_a_customer_is_brought_up_to_date_and_twice_is_once(client: httpx.Client, workspace: Workspace) -> None:
    client.put("/v0/customers/7", json=BIRCH)
    before = len(workspace.customers.imports())

    assert client.put("/v0/customers/7", json=BIRCH).status_code == 200
    assert len(workspace.customers.imports()) == before
    lost = client.put("/v0/customers/7", json={"name": "Birch Ltd", "status": "lost"})
    assert lost.status_code == 200
    assert (lost.json()["customer"]["status"], lost.json()["customer"]["identifiers"]) == ("lost", [])
    assert company("Birch") in [item.company.id for item in workspace.recommend()]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"status": "Closed Won"}, "'won', 'open' or 'lost'"),
        ({"name": " "}, "not allowed here"),
        ({"name": "a\0b"}, "not allowed here"),
        ({"jurisdiction": "Narnia"}, "'Narnia' is no country"),
        ({"email_domain": "ann@example.com"}, "not allowed here"),
        ({"value": "1e3"}, "valid number"),
        ({"won_on": "04.05.2026"}, "write the day as 2026-06-30"),
        ({"custom": {"a": {"b": 1}}}, "valid string"),
        ({"custom": {str(n): "" for n in range(101)}}, "at most 100 items"),
        ({"external_id": "8"}, "Nothing of that name can be said here"),
    ],
)
def test_a_customer_that_cannot_be_used_says_why(client: httpx.Client, change: dict[str, Any], detail: str) -> None:
    answer = client.put("/v0/customers/7", json={**BIRCH, **change})

    assert (answer.status_code, detail in answer.json()["detail"]) == (422, True), answer.text
    assert client.get("/v0/customers/7").status_code == 404


def test_who_is_no_customer_is_not_found(client: httpx.Client) -> None:
    assert client.get("/v0/customers/nobody").json()["type"] == "/docs#customer-not-found"


def test_deals_are_read_back_page_by_page(client: httpx.Client, workspace: Workspace, tmp_path: Path) -> None:
    assert client.get("/v0/deals").json() == {"items": [], "next": None}
    deals = tmp_path / "deals.csv"
    deals.write_text(
        "Deal ID,Company ID,Company,Stage,Amount\n1,7,Birch Ltd,won,5\n2,7,Birch Ltd,lost,\n3,8,Oak Ltd,Talks,\n",
        encoding="utf-8",
    )
    workspace.import_customers(deals)

    page = client.get("/v0/deals", params={"limit": 2}).json()
    assert ([one["external_id"] for one in page["items"]], page["next"]) == (["1", "2"], "2")
    assert page["items"][0] == {
        "external_id": "1", "customer": "7", "account": "Birch Ltd", "name": None, "product": None, "stage": "won",
        "status": "won", "amount": 5.0, "currency": None, "probability": None, "opened_on": None, "expected_on": None,
        "closed_on": None, "owner": None, "custom": {},
    }  # fmt: skip
    page = client.get("/v0/deals", params={"limit": 2, "after": "2"}).json()
    assert ([one["external_id"] for one in page["items"]], page["next"]) == (["3"], None)
    found = client.get("/v0/deals", params={"customer": "7", "status": "lost"}).json()
    assert [one["external_id"] for one in found["items"]] == ["2"]
    assert client.get("/v0/deals", params={"status": "perhaps"}).status_code == 422
    assert client.get("/v0/customers/7").json()["customer"]["status"] == "won"


def test_a_customer_ends_and_comes_back(client: httpx.Client, workspace: Workspace) -> None:
    client.put("/v0/customers/crm%2F7", json=BIRCH)
    assert client.delete("/v0/customers/crm%2F7").status_code == 204
    assert client.get("/v0/customers/crm%2F7").status_code == 404
    assert client.delete("/v0/customers/crm%2F7").status_code == 404
    assert company("Birch") not in workspace.recommend().run.seeds
    assert client.put("/v0/customers/crm%2F7", json=BIRCH).status_code == 201


def test_the_two_forms_of_a_salesforce_id_are_one_customer(client: httpx.Client, workspace: Workspace) -> None:
    short, long = "0015g00000AbCdE", "0015g00000AbCdEAAV"
    assert client.put(f"/v0/customers/{short}", json=BIRCH).status_code == 201
    again = client.put(f"/v0/customers/{long}", json={**BIRCH, "owner": "Ann"})
    assert (again.status_code, again.json()["customer"]["external_id"]) == (200, short)
    assert (again.json()["match"]["customer"], again.json()["match"]["state"]) == (short, "sure")
    assert workspace.customers.confirm(long, company("Birch"), by="Ann").customer == short
    assert client.delete(f"/v0/customers/{long}").status_code == 204
    assert client.get(f"/v0/customers/{short}").status_code == 404


def test_an_id_may_hold_the_end_of_a_line(client: httpx.Client) -> None:
    assert client.put("/v0/customers/a%0Ab", json=BIRCH).status_code == 201
    assert client.get("/v0/customers/a%0Ab").json()["customer"]["external_id"] == "a b"
    assert client.delete("/v0/customers/a%20b").status_code == 204
