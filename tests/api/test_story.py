"""The main job by HTTP alone, as a CRM would do it, against a server in a process of its own."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphleads.workspace.workspace import open_workspace

STATUS = {"Closed Won": "won", "Closed Lost": "lost"}


@pytest.fixture
def crm(demo_home: Path) -> list[dict[str, str]]:
    """The accounts of the demo's CRM."""
    with (demo_home.parent / "made" / "customers.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def server(demo_home: Path, tmp_path: Path, serve_home: Callable[[Path], str]) -> Iterator[httpx.Client]:
    """A server over a register that was ingested and built, and nothing else."""
    shutil.copytree(demo_home, tmp_path / "home", ignore=shutil.ignore_patterns("graphleads.db*", "matched.json"))
    with httpx.Client(base_url=serve_home(tmp_path / "home"), timeout=60) as client:
        yield client


def ask(server: httpx.Client, **question: object) -> dict[str, Any]:
    answer = server.post("/v0/recommendations", json=question)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def companies(leads: dict[str, Any]) -> list[str]:
    return [item["company"]["id"] for item in leads["items"]]


def test_the_main_job_by_http_alone(server: httpx.Client, crm: list[dict[str, str]]) -> None:
    # The server is ready, and says what is missing before there are customers.
    assert server.get("/readyz").json()["status"] == "ready"
    nobody = server.post("/v0/recommendations", json={})
    assert (nobody.status_code, nobody.json()["type"]) == (409, "/docs#step-missing")

    # The CRM brings its accounts in; each is looked for in the register at once.
    for row in crm:
        customer = {
            "name": row["Account Name"],
            "status": STATUS.get(row["Stage"], "open"),
            "owner": row["Account Owner"],
            "identifiers": [{"value": row["Company Number"]}] if row["Company Number"] else [],
            "jurisdiction": "GB",
        }
        assert server.put(f"/v0/customers/{row['Account ID']}", json=customer).status_code == 201
    first = server.get(f"/v0/customers/{crm[0]['Account ID']}").json()
    assert first["match"]["state"] in ("sure", "unsure", "none")

    # It asks for leads; each says why, in words and as a path of sourced facts that starts at a customer.
    leads = ask(server, k=20)
    assert len(leads["items"]) == 20
    for item in leads["items"]:
        assert "your customer" in item["reasons"][0]["sentence"].lower()
        path = item["reasons"][0]["path"]
        assert path[0]["from"]["id"] in leads["run"]["seeds"]
        assert path[-1]["to"]["id"] == item["company"]["id"]
        assert all(step["source"]["dataset"] == "demo" for step in path)

    # A rep looks at the best one: what the register says, how it is connected, why it is a lead.
    best = companies(leads)[0]
    assert server.get(f"/v0/companies/{best}").json()["owner"] is None
    assert server.get(f"/v0/companies/{best}/explain").json()["rank"] == 1
    assert server.get(f"/v0/companies/{best}/relationships").json()["counts"]
    seed = leads["items"][0]["reasons"][0]["path"][0]["from"]["id"]
    assert server.get("/v0/paths", params={"id": [seed, best]}).json()["items"]

    # One rep claims it, another is told who was first, and nobody is offered it any more.
    claim = server.post("/v0/claims", json={"company": best, "owner": "Ines Calloway"})
    assert claim.status_code == 201
    late = server.post("/v0/claims", json={"company": best, "owner": "Priya Ashdene"})
    assert late.status_code == 409
    assert "Ines Calloway" in late.json()["detail"]
    excluded = companies(leads)[1]
    said = {"company": excluded, "reason": "asked not to be called", "by": "Ines Calloway"}
    assert server.post("/v0/exclusions", json=said).status_code == 201
    later = ask(server, k=20)
    assert not {best, excluded} & set(companies(later))

    # The CRM takes only what is new since the run that it had.
    new = server.get(f"/v0/recommendations/{later['run']['id']}", params={"new_since": leads["run"]["id"]}).json()
    assert companies(new) == [one for one in companies(later) if one not in companies(leads)]
    assert len(new["items"]) >= 2

    # A released lead is offered again; a lead that became a customer is a lead no more, and leads are around it too.
    assert server.delete(f"/v0/claims/{claim.json()['id']}").status_code == 204
    assert companies(ask(server, k=20))[0] == best
    won = {"name": leads["items"][0]["company"]["name"], "status": "won", "identifiers": [{"value": best}]}
    assert server.put("/v0/customers/won-today", json=won).json()["match"]["state"] == "sure"
    after = ask(server, k=20)
    assert best in after["run"]["seeds"]
    assert best not in companies(after)


def test_a_register_that_is_built_while_it_serves_is_served(server: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name\nX-NEW:1,Zephyr Kauri Ltd\n", encoding="utf-8")
    before = server.get("/readyz").json()["snapshot"]
    with open_workspace(tmp_path / "home") as workspace:
        workspace.ingest("table", tmp_path / "companies.csv", mapping="plain", dataset="new", observed_on="2026-07-01")
        workspace.run()

    assert server.get("/readyz").json()["snapshot"] != before
    assert server.get("/v0/companies/X-NEW:1").json()["name"] == "Zephyr Kauri Ltd"


def pages(server: httpx.Client, path: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the items of all pages of a list."""
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        answer = server.get(path, params={**asked, **after})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        after = {"after": answer.json()["next"]}


def bring_in(server: httpx.Client, crm: list[dict[str, str]]) -> dict[str, Any]:
    """Return what the nightly sync of all accounts is answered."""
    # The nightly sync brings all accounts in by one request; one that is broken costs itself alone.
    accounts = [
        {
            "external_id": row["Account ID"],
            "name": row["Account Name"],
            "status": STATUS.get(row["Stage"], "open"),
            "owner": row["Account Owner"],
            "identifiers": [{"value": row["Company Number"]}] if row["Company Number"] else [],
            "jurisdiction": "GB",
        }
        for row in crm
    ]
    night = server.put("/v0/customers", json={"customers": [*accounts, {"external_id": "broken", "status": "won"}]})
    assert night.status_code == 200, night.text
    told: dict[str, Any] = night.json()
    assert (told["n_created"], told["n_refused"]) == (len(crm), 1)
    assert told["items"][-1]["error"]["code"] == "request-invalid"
    listed = pages(server, "/v0/customers", limit=7)
    assert [one["id"] for one in listed] == sorted(row["Account ID"] for row in crm)
    again = server.put("/v0/customers", json={"customers": accounts}).json()
    assert (again["import_id"], again["n_unchanged"]) == (None, len(crm))
    return told


def take_back(server: httpx.Client, around: str) -> None:
    """Exclude a company and let it in again, and end the last customer."""
    # An exclusion is made, read and taken back, and so is a customer; the registers are those that were ingested.
    server.post("/v0/exclusions", json={"company": around, "reason": "asked not to be called", "by": "Ines"})
    assert [one["company"] for one in pages(server, "/v0/exclusions")] == [around]
    assert server.delete(f"/v0/exclusions/{around}", params={"by": "Ines"}).status_code == 204
    assert server.delete("/v0/customers/won-today").status_code == 204
    assert pages(server, "/v0/exclusions") == pages(server, "/v0/customers") == []
    (delivery,) = pages(server, "/v0/deliveries")
    assert (delivery["dataset"], delivery["n_issues"]) == ("demo", 0)


def test_an_integration_reads_back_all_that_it_writes(server: httpx.Client, crm: list[dict[str, str]]) -> None:
    said: list[str] = []
    server.event_hooks = {"response": [lambda answer: said.append(answer.read().decode())]}

    told = bring_in(server, crm)

    # Somebody decides what is unsure, with a reason; what was decided is read back.
    unsure = pages(server, "/v0/matches", state="unsure", limit=2)
    assert unsure
    first = {"customer": unsure[0]["customer"]["id"], "company": unsure[0]["candidates"][0]["id"], "verdict": "same"}
    nobody = {"customer": "nobody", "company": first["company"], "verdict": "same"}
    decided = server.post(
        "/v0/matches/decisions", json={"by": "Ines", "reason": "asked them", "decisions": [first, nobody]}
    ).json()
    assert [one["result"] for one in decided["items"]] == ["made", "refused"]
    (match,) = pages(server, "/v0/matches", customer=first["customer"])
    assert (match["state"], match["company"], match["decisions"][0]["by"]) == ("confirmed", first["company"], "Ines")

    # The CRM's own ids and names are enough to ask around a customer.
    sure = next(one for one in pages(server, "/v0/matches", state="sure") if one["customer"]["status"] == "won")
    customer, around = sure["customer"], sure["company"]
    leads = ask(server, customers=[customer["id"]], k=3)
    assert leads["run"]["seeds"] == [around]
    best, second = companies(leads)[:2]
    why = server.get(f"/v0/companies/{best}/explain", params={"customer": customer["id"]}).json()
    assert (why["rank"], why["near"][0]["id"]) == (1, customer["id"])
    assert server.get("/v0/paths", params={"customer": customer["id"], "id": best}).json()["items"]
    unknown = server.post("/v0/recommendations", json={"customers": [f"{customer['name']}!"]})
    assert (unknown.status_code, customer["id"] in unknown.json()["values"]["candidates"]) == (404, True)

    # One lead is claimed, one becomes a customer: the next run says that they left, and why.
    claim = server.post("/v0/claims", json={"company": best, "owner": "Ines", "run": leads["run"]["id"]}).json()
    won = {"name": leads["items"][1]["company"]["name"], "status": "won", "identifiers": [{"value": second}]}
    assert server.put("/v0/customers/won-today", json=won).json()["match"]["state"] == "sure"
    later = ask(server, customers=[customer["id"]], k=3)["run"]["id"]
    left = server.get(f"/v0/recommendations/{later}", params={"new_since": leads["run"]["id"]}).json()["left"]
    assert {(one["company"]["id"], one["why"]) for one in left} == {(best, "claimed"), (second, "won")}
    assert {one["id"] for one in pages(server, "/v0/runs", limit=1)} == {leads["run"]["id"], later}
    assert pages(server, "/v0/claims", limit=1) == [claim]

    # A field changes and the rest stays; that is taken back by itself, and only once.
    before = server.get(f"/v0/customers/{customer['id']}").json()
    changed = server.patch(
        f"/v0/customers/{customer['id']}", json={"owner": "Priya", "phone": "+44 113 496 0000"}
    ).json()
    assert changed["customer"] == {**before["customer"], "owner": "Priya", "phone": "+44 113 496 0000"}
    newest = pages(server, "/v0/imports", limit=2)[0]
    assert (newest["n_changed"], newest["undoable"]) == (1, True)
    undone = server.post(f"/v0/imports/{newest['id']}/undo", json={"by": "Ines"})
    assert (undone.status_code, undone.json()["restored"]) == (200, [customer["id"]])
    assert server.get(f"/v0/customers/{customer['id']}").json() == before
    assert server.post(f"/v0/imports/{newest['id']}/undo", json={}).json()["code"] == "import-undone"

    # What came at night can go as a whole; what came later by itself stays.
    back = server.post(f"/v0/imports/{told['import_id']}/undo", json={"by": "Ines"}).json()
    assert (len(back["removed"]), back["left"]) == (len(crm), [])
    assert [one["id"] for one in pages(server, "/v0/customers")] == ["won-today"]

    take_back(server, around)

    # Nothing of all that sends anybody to a shell.
    assert [one for one in said if "graphleads " in one or "`" in one or " --" in one] == []
