"""Many customers come in by one request, each with its result, and some fields of one are changed by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace

BIRCH = {"name": "Birch Ltd", "status": "won", "identifiers": [{"value": company("Birch")}], "jurisdiction": "UK"}
ELM = {"name": "Elm Ltd", "status": "open", "identifiers": [{"value": company("Elm")}]}


def put(client: httpx.Client, *customers: dict[str, Any]) -> dict[str, Any]:
    answer = client.put("/v0/customers", json={"customers": customers})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def results(told: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(one["external_id"], one["result"]) for one in told["items"]]


def test_each_customer_of_many_has_its_result(client: httpx.Client, workspace: Workspace) -> None:
    client.put("/v0/customers/e", json=ELM)
    told = put(
        client,
        {"external_id": "b", **BIRCH, "custom": {"Contact email": "bo@birch.example", "Tier": "A"}},
        {"external_id": "e", **ELM},
        {"external_id": "a", "name": "Alder Ltd", "status": "won", "owner": "bob"},
    )
    assert results(told) == [("b", "created"), ("e", "unchanged"), ("a", "changed")]
    assert [told[f"n_{one}"] for one in ("created", "changed", "unchanged", "refused")] == [1, 1, 1, 0]
    birch = told["items"][0]
    assert (birch["match"]["state"], birch["match"]["company"]) == ("sure", company("Birch"))
    assert birch["dropped_personal"] == {"Contact email": 1}
    assert client.get("/v0/customers/b").json()["customer"]["custom"] == {"Tier": "A"}
    assert client.get("/v0/customers/b").json()["customer"]["jurisdiction"] == "GB"
    assert company("Birch") in workspace.recommend().run.seeds

    last = workspace.customers.imports()[-1]
    assert (last.id, last.file, last.n_new, last.n_changed, last.n_unchanged) == (told["import_id"], "HTTP", 1, 1, 1)
    again = put(client, {"external_id": "b", **BIRCH, "custom": {"Tier": "A"}})
    assert (again["import_id"], results(again)) == (None, [("b", "unchanged")])
    undone = client.post(f"/v0/imports/{told['import_id']}/undo", json={}).json()
    assert (undone["removed"], undone["restored"]) == (["b"], ["a"])
    assert client.get("/v0/customers/a").json()["customer"]["owner"] == "ann"


def test_one_that_cannot_be_used_does_not_stop_the_others(client: httpx.Client) -> None:
    told = put(
        client,
        {"external_id": "b", "name": "Birch Ltd", "status": "Closed Won"},
        {"external_id": "c1", **ELM, "jurisdiction": "Narnia"},
        {"external_id": "c2", **ELM, "name": "NULL"},
        {"external_id": "e", **ELM},
        {"external_id": "e ", **BIRCH},
        {**BIRCH},
        {"external_id": 7, **BIRCH, "colour": "red"},
        {"external_id": "n", **BIRCH, "name": "a\0b"},
    )
    assert results(told) == [
        ("b", "refused"), ("c1", "refused"), ("c2", "refused"), ("e", "created"), ("e", "refused"), (None, "refused"),
        (None, "refused"), ("n", "refused"),
    ]  # fmt: skip
    errors = [one["error"] for one in told["items"]]
    assert [one and one["code"] for one in errors] == [
        "request-invalid", "value-invalid", "value-invalid", None, "value-invalid", "request-invalid",
        "request-invalid", "request-invalid",
    ]  # fmt: skip
    assert errors[0]["errors"] == [{"at": "status", "message": "Input should be 'won', 'open' or 'lost'"}]
    assert "'Narnia' is no country" in errors[1]["detail"]
    assert "is there twice" in errors[4]["detail"]
    assert errors[5]["detail"] == "external_id: This must be said."
    assert errors[6]["detail"].endswith(", and 1 more.")
    assert (told["n_created"], told["n_refused"]) == (1, 7)
    assert client.get("/v0/customers/e").json()["customer"]["name"] == "Elm Ltd"
    assert client.get("/v0/customers/b").status_code == 404


def test_the_two_forms_of_a_salesforce_id_are_one_of_many(client: httpx.Client) -> None:
    short, long = "0015g00000AbCdE", "0015g00000AbCdEAAV"
    assert results(put(client, {"external_id": short, **BIRCH})) == [(short, "created")]
    told = put(client, {"external_id": long, **BIRCH, "owner": "Ann"}, {"external_id": short, **BIRCH})
    assert results(told) == [(short, "changed"), (short, "refused")]
    assert told["items"][0]["match"]["customer"] == short


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"customers": []},
        {"customers": ["b"]},
        {"customers": [{"external_id": "b", **BIRCH}] * 501},
        {"customers": [{"external_id": "b", **BIRCH}], "dry_run": True},
    ],
)
def test_many_that_cannot_be_read_at_all_are_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    assert client.put("/v0/customers", json=body).status_code == 422


def test_what_a_patch_does_not_name_stays_and_null_clears(client: httpx.Client, workspace: Workspace) -> None:
    full = {
        **BIRCH, "owner": "Ann", "phone": "+44 113 000 0009", "locality": "Leeds", "won_on": "2024-05-04", "value": 5.5,
        "custom": {"Tier": "A", "Zone": "Nord"},
    }  # fmt: skip
    before = client.put("/v0/customers/b", json=full).json()["customer"]
    changed = client.patch(
        "/v0/customers/b", json={"owner": "Bob", "phone": None, "custom": {"Tier": None, "New": "x"}}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["customer"] == {
        **before, "owner": "Bob", "phone": None, "custom": {"Zone": "Nord", "New": "x"},
    }  # fmt: skip
    assert changed.json()["match"]["state"] == "sure"
    assert workspace.customers.imports()[-1].n_changed == 1

    n_imports = len(workspace.customers.imports())
    assert client.patch("/v0/customers/b", json={}).json() == client.get("/v0/customers/b").json()
    assert client.patch("/v0/customers/b", json={"owner": " Bob "}).status_code == 200
    assert len(workspace.customers.imports()) == n_imports

    lost = client.patch("/v0/customers/b", json={"status": "lost"}).json()["customer"]
    assert (lost["status"], lost["won_on"], lost["value"]) == ("lost", None, 5.5)
    client.patch("/v0/customers/b", json={"custom": {}, "identifiers": [{"value": company("Birch")}]})
    assert client.get("/v0/customers/b").json()["customer"] == lost
    cleared = client.patch("/v0/customers/b", json={"identifiers": None, "custom": None, "jurisdiction": None}).json()
    assert [cleared["customer"][name] for name in ("identifiers", "custom", "jurisdiction")] == [[], {}, None]


def test_a_change_that_is_taken_back_takes_its_match_along(client: httpx.Client) -> None:
    client.put("/v0/customers/b", json=BIRCH)
    moved = client.patch("/v0/customers/b", json={"name": "Elm Ltd", "identifiers": ELM["identifiers"]}).json()
    assert (moved["match"]["state"], moved["match"]["company"]) == ("sure", company("Elm"))
    number = client.get("/v0/imports").json()["items"][0]["id"]
    assert client.post(f"/v0/imports/{number}/undo", json={}).json()["restored"] == ["b"]
    back = client.get("/v0/customers/b").json()
    assert (back["match"]["state"], back["match"]["company"]) == ("sure", company("Birch"))


def test_a_patch_keeps_the_deals_and_what_the_account_says_beside_them(
    client: httpx.Client, workspace: Workspace, tmp_path: Path
) -> None:
    client.put("/v0/customers/e", json=ELM)
    deals = tmp_path / "deals.csv"
    deals.write_text("Deal ID,Company ID,Company,Stage,Amount\n1,e,Elm Ltd,won,5\n", encoding="utf-8")
    number = workspace.import_customers(deals).import_id
    assert client.get("/v0/customers/e").json()["customer"]["status"] == "won"
    patched = client.patch("/v0/customers/e", json={"owner": "Bob"}).json()["customer"]
    assert (patched["status"], patched["value"], patched["owner"]) == ("won", 5.0, "Bob")
    assert [one["external_id"] for one in client.get("/v0/deals").json()["items"]] == ["1"]
    client.post(f"/v0/imports/{number}/undo", json={})
    account = client.get("/v0/customers/e").json()["customer"]
    assert (account["status"], account["value"], account["owner"]) == ("open", None, "Bob")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": None}, 422),
        ({"status": None}, 422),
        ({"name": " "}, 422),
        ({"status": "perhaps"}, 422),
        ({"jurisdiction": "Narnia"}, 422),
        ({"external_id": "x"}, 422),
        ({"custom": {"a": 1}}, 422),
    ],
)
def test_a_patch_that_cannot_be_used_changes_nothing(client: httpx.Client, change: dict[str, Any], status: int) -> None:
    before = client.get("/v0/customers/a").json()
    assert client.patch("/v0/customers/a", json=change).status_code == status
    assert client.get("/v0/customers/a").json() == before


def test_who_is_not_there_cannot_be_patched(client: httpx.Client) -> None:
    gone = client.patch("/v0/customers/nobody", json={"owner": "Bob"})
    assert (gone.status_code, gone.json()["code"]) == (404, "customer-not-found")
    client.delete("/v0/customers/a")
    assert client.patch("/v0/customers/a", json={"owner": "Bob"}).status_code == 404
