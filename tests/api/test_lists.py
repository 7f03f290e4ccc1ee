"""What was written is read back page by page: matches, imports, runs, deliveries; and an import is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphleads.testing.known_graph import company
from graphleads.workspace.workspace import Workspace

ALDER, BIRCH, ELM = company("Alder"), company("Birch"), company("Elm")
MIXED = {"name": "Alder Ltd", "status": "won", "identifiers": [{"value": BIRCH}], "jurisdiction": "GB"}


def pages(client: httpx.Client, path: str, **asked: Any) -> Iterator[list[Any]]:
    """Yield the items of each page until there are no more."""
    after: dict[str, Any] = {}
    while True:
        answer = client.get(path, params={"limit": 1, **asked, **after})
        assert answer.status_code == 200, answer.text
        yield answer.json()["items"]
        if answer.json()["next"] is None:
            return
        after = {"after": answer.json()["next"]}


def test_matches_show_both_sides_what_was_decided_and_how_many_stand_how(
    client: httpx.Client, workspace: Workspace
) -> None:
    client.put("/v0/customers/mixed", json={**MIXED, "phone": "+44 113 000 0001"})
    client.put("/v0/customers/nobody", json={"name": "Quite Unknown GmbH", "status": "open"})
    workspace.customers.refuse("c", company("Cedar"), by="bob")

    found = client.get("/v0/matches").json()
    assert found["counts"] == {"sure": 1, "unsure": 1, "none": 1, "confirmed": 0, "refused": 1}
    assert [(one["customer"]["id"], one["state"]) for one in found["items"]] == [
        ("a", "sure"), ("c", "refused"), ("mixed", "unsure"), ("nobody", "none"),
    ]  # fmt: skip
    sure, refused, unsure, nobody = found["items"]
    assert sure["company"] == ALDER
    assert (refused["company"], refused["decisions"]) == (
        None,
        [
            {
                "company": company("Cedar"), "verdict": "different", "by": "bob",
                "at": "2025-07-01T12:00:00+00:00", "reason": None,
            }
        ],
    )  # fmt: skip
    assert unsure["company"] is None
    assert unsure["customer"] == {
        "id": "mixed", "name": "Alder Ltd", "status": "won", "owner": None, "jurisdiction": "GB", "locality": None,
        "contacts": ["+44 113 000 0001"],
    }  # fmt: skip
    assert {one["id"]: one["contacts"] for one in unsure["candidates"]} == {ALDER: ["+44 113 000 0001"], BIRCH: []}
    assert unsure["candidates"][0]["probability"] >= unsure["candidates"][1]["probability"]
    assert {"name", "locality", "jurisdiction", "status"} <= set(unsure["candidates"][0])
    assert nobody["candidates"] == []

    assert [[one["customer"]["id"] for one in page] for page in pages(client, "/v0/matches")] == [
        ["a"], ["c"], ["mixed"], ["nobody"],
    ]  # fmt: skip
    states = [page[0]["customer"]["id"] for page in pages(client, "/v0/matches", state="unsure")]
    assert states == ["mixed"]
    (one,) = client.get("/v0/matches", params={"customer": "c"}).json()["items"]
    assert one == refused
    assert client.get("/v0/matches", params={"customer": "x"}).json()["code"] == "customer-not-found"


def test_what_was_taken_back_is_no_decision(client: httpx.Client, workspace: Workspace) -> None:
    workspace.customers.refuse("a", ALDER, by="bob")
    workspace.customers.forget("a", ALDER, by="bob")
    assert client.get("/v0/matches", params={"customer": "a"}).json()["items"][0]["decisions"] == []


def test_imports_say_who_did_what_and_whether_it_can_be_undone(client: httpx.Client, workspace: Workspace) -> None:
    client.put("/v0/customers/a", json={"name": "Alder Ltd", "status": "lost"})
    client.put("/v0/customers/n", json={"name": "Quite Unknown GmbH", "status": "open"})
    client.delete("/v0/customers/n")
    assert [[(one["id"], one["file"]) for one in page] for page in pages(client, "/v0/imports")] == [
        [(4, "HTTP")], [(3, "HTTP")], [(2, "HTTP")], [(1, "the DataFrame")],
    ]  # fmt: skip
    last, third, second, first = client.get("/v0/imports").json()["items"]
    assert (last["n_ended"], third["n_new"], second["n_changed"], first["n_new"]) == (1, 1, 1, 2)
    assert [one["n_written_over"] for one in (last, third, second, first)] == [0, 1, 0, 1]
    assert all(one["undoable"] and one["not_undoable_because"] is None for one in (last, third, second, first))

    undone = client.post("/v0/imports/1/undo", json={"by": "Ines"})
    assert undone.status_code == 200, undone.text
    told = undone.json()
    assert (told["removed"], told["restored"]) == (["c"], [])
    assert told["left"] == [{"external_id": "a", "import_id": 2, "file": "HTTP"}]
    assert (told["undone_by"], told["undoable"]) == ("Ines", False)
    assert client.get("/v0/customers/a").json()["customer"]["status"] == "lost"
    assert client.get("/v0/customers/c").status_code == 404

    listed = client.get("/v0/imports").json()["items"][-1]
    assert (listed["undoable"], listed["n_written_over"]) == (False, 0)
    assert listed["not_undoable_because"] == "It was undone by Ines on 2025-07-01 12:00 UTC."
    again = client.post("/v0/imports/1/undo", json={})
    assert (again.status_code, again.json()["code"]) == (409, "import-undone")
    assert again.json()["values"] == {
        "number": 1, "undone_at": "2025-07-01T12:00:00+00:00", "undone_by": "Ines"
    }  # fmt: skip
    nothing = client.post("/v0/imports/99/undo", json={})
    assert (nothing.status_code, nothing.json()["code"]) == (404, "import-not-found")
    assert "customers imports" not in nothing.text
    assert client.post("/v0/imports/0/undo", json={}).status_code == 422
    assert client.post("/v0/imports/1/undo", json={"by": " "}).status_code == 422
    assert [one.undone_by for one in workspace.customers.imports()] == ["Ines", None, None, None]


def test_an_undone_import_of_others_writes_over_nothing(client: httpx.Client) -> None:
    client.put("/v0/customers/a", json={"name": "Alder Ltd", "status": "lost"})
    client.post("/v0/imports/2/undo", json={})
    assert client.get("/v0/imports").json()["items"][-1]["n_written_over"] == 0


def test_runs_are_listed_the_last_one_first(client: httpx.Client, workspace: Workspace) -> None:
    assert client.get("/v0/runs").json() == {"items": [], "next": None}
    ids = [client.post("/v0/recommendations", json={"k": k}).json()["run"]["id"] for k in (1, 2)]
    workspace.leads.pin(ids[0])

    found = client.get("/v0/runs").json()["items"]
    assert {one["id"] for one in found} == set(ids)
    first = next(one for one in found if one["id"] == ids[0])
    assert {name: first[name] for name in ("as_of", "k", "n_seeds", "n_leads", "pinned_at")} == {
        "as_of": "2025-07-01", "k": 1, "n_seeds": 1, "n_leads": 1, "pinned_at": "2025-07-01T12:00:00+00:00",
    }  # fmt: skip
    assert [page[0]["id"] for page in pages(client, "/v0/runs")] == [one["id"] for one in found]
    assert [one["id"] for one in client.get("/v0/runs", params={"pinned": True}).json()["items"]] == [ids[0]]
    for place in ("R-0", "yesterday/R-0", "0001-01-01T00:00:00+14:00/R-0"):
        assert client.get("/v0/runs", params={"after": place}).status_code == 422


def test_deliveries_say_what_was_ingested(client: httpx.Client, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name\nX-MORE:1,Kauri Ltd\n,Nameless\n", encoding="utf-8")
    workspace.ingest("table", tmp_path / "companies.csv", mapping="plain", dataset="more", observed_on="2025-07-01")
    known, more = client.get("/v0/deliveries").json()["items"]
    assert (known["dataset"], known["kind"], known["observed_on"], known["n_issues"]) == (
        "known", "full", "2025-06-30", 0,
    )  # fmt: skip
    assert known["n_rows_staged"]["companies"] == 10
    assert (more["n_rows_read"], more["n_issues"], sum(more["issues"].values())) == (2, 1, 1)
    assert [one["name"] for one in more["files"]] == ["companies.csv"]
    assert [page[0]["dataset"] for page in pages(client, "/v0/deliveries")] == ["known", "more"]
    assert [one["dataset"] for one in client.get("/v0/deliveries", params={"dataset": "more"}).json()["items"]] == [
        "more"
    ]
    assert client.get("/v0/deliveries", params={"after": "nothing"}).status_code == 422


def test_claims_and_exclusions_come_a_page_at_a_time(client: httpx.Client) -> None:
    for one in (BIRCH, ELM):
        client.post("/v0/claims", json={"company": one, "owner": "ann"})
    for one in (company("Gum"), company("Fir")):
        client.post("/v0/exclusions", json={"company": one, "reason": "far away", "by": "ann"})
    assert [page[0]["company"] for page in pages(client, "/v0/claims")] == [BIRCH, ELM]
    assert [page[0]["company"] for page in pages(client, "/v0/exclusions")] == [company("Fir"), company("Gum")]


@pytest.mark.parametrize(
    "path",
    ["/v0/claims", "/v0/exclusions", "/v0/matches", "/v0/imports", "/v0/runs", "/v0/deliveries", "/v0/customers"],
)
def test_every_list_refuses_what_it_does_not_know(client: httpx.Client, path: str) -> None:
    for params in ({"limit": 0}, {"limit": 1001}, {"page": 2}, {"after": ""}):
        assert client.get(path, params=params).status_code == 422, params
