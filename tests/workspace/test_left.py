"""What an earlier run showed and a later one does not is said, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from graphleads.db.schema import runs
from graphleads.leads.shown import LeftLead
from graphleads.model import CustomerRecord, CustomerStatus
from graphleads.testing.known_graph import company, known_tables
from graphleads.testing.staging import stage_delivery
from graphleads.view.lead import recommendations_object
from graphleads.workspace.answer import Recommendations
from graphleads.workspace.workspace import Workspace

ALDER, BIRCH, ELM = company("Alder"), company("Birch"), company("Elm")


def left(workspace: Workspace, earlier: Recommendations, **question: Any) -> dict[str, LeftLead]:
    """Return what left, the same of a run that is kept and of one that is asked for now."""
    later = workspace.recommend(**question)
    now = workspace.leads.new_since(earlier.run_id or "", later).left
    kept = workspace.leads.run(later.run_id or "", new_since=earlier.run_id).left
    assert now == kept
    assert now is not None
    return {one["company"]["id"]: one for one in now}


def put(workspace: Workspace, name: str, status: CustomerStatus) -> None:
    workspace.customers.put(
        CustomerRecord(external_id=f"crm-{name}", name=f"{name} Ltd", status=status, owner="bob"), source="test"
    )


def test_a_lead_that_is_still_one_has_not_left(ready: Workspace) -> None:
    earlier = ready.recommend()
    assert {one.company.id for one in earlier} == {BIRCH, ELM}
    assert left(ready, earlier) == {}
    assert "left" not in recommendations_object(earlier)
    assert recommendations_object(ready.leads.new_since(earlier.run_id or "", earlier))["left"] == []


def test_who_was_claimed_excluded_or_won_has_left_and_whose_it_is_now(ready: Workspace) -> None:
    earlier = ready.recommend()
    ready.claim(BIRCH, owner="ann")
    ready.leads.exclude(ELM, reason="a competitor", by="bob")
    gone = left(ready, earlier, seeds=[ALDER])
    assert {key: (one["why"], one["detail"], one["owner"]) for key, one in gone.items()} == {
        BIRCH: ("claimed", "ann has claimed it", "ann"),
        ELM: ("excluded", "it is excluded: a competitor", None),
    }
    assert gone[BIRCH]["rank"] == next(one.rank for one in earlier if one.company.id == BIRCH)
    assert gone[BIRCH]["company"]["name"] == "Birch Ltd"
    ready.leads.release(BIRCH, by="ann")
    ready.leads.include(ELM, by="bob")
    put(ready, "Birch", CustomerStatus.WON)
    put(ready, "Elm", CustomerStatus.OPEN)
    gone = left(ready, earlier, seeds=[ALDER])
    assert {key: (one["why"], one["customer"], one["owner"]) for key, one in gone.items()} == {
        BIRCH: ("won", "crm-Birch", "bob"),
        ELM: ("open", "crm-Elm", "bob"),
    }
    ready.customers.doubt("crm-Birch", BIRCH, by="ann")
    assert left(ready, earlier, seeds=[ALDER])[BIRCH]["why"] == "withheld"


def test_what_the_registers_and_the_question_say_is_said(ready: Workspace) -> None:
    earlier = ready.recommend()
    assert left(ready, earlier, k=1).popitem()[1]["why"] == "further_down"
    assert left(ready, earlier, k=1, language="zh").popitem()[1]["detail"].startswith("它现在排第2位")
    abroad = left(ready, earlier, jurisdictions=["BR"])
    assert {one["why"] for one in abroad.values()} == {"jurisdiction"}
    assert {one["detail"] for one in abroad.values()} == {"it is in another jurisdiction"}
    assert left(ready, earlier, seeds=[company("Juniper")])[BIRCH]["why"] == "far"

    tables = known_tables()
    rows = [{**row, "status": "dissolved"} if row["id"] == BIRCH else row for row in tables["companies"]]
    tables["companies"] = [row for row in rows if row["id"] != ELM]
    for name in ("roles", "contact_points", "interests"):
        tables[name] = [row for row in tables[name] if ELM not in row.values()]
    stage_delivery(ready.configuration.home / "staged", tables, observed_on="2025-07-01", dataset="known")
    ready.link()
    ready.build(accept_drop=True)
    gone = left(ready, earlier, seeds=[ALDER])
    assert (gone[BIRCH]["why"], gone[BIRCH]["status"], gone[BIRCH]["detail"]) == (
        "not_alive", "dissolved", "it is dissolved",
    )  # fmt: skip
    assert gone[ELM]["why"] in ("gone", "not_alive")


@pytest.mark.parametrize("question", [{}, {"seeds": ["X-KNOWN:99"], "k": 1}, {"seeds": [ALDER], "valid_on": "x"}])
def test_a_run_that_does_not_tell_what_was_asked_says_what_the_team_knows(
    ready: Workspace, question: dict[str, Any]
) -> None:
    earlier, later = ready.recommend(), ready.recommend(k=1)
    shown = {one.company.id for one in later}
    (lost,) = {BIRCH, ELM} - shown
    with ready.database.engine.begin() as connection:
        mine = runs.c.id == later.run_id
        content = connection.execute(select(runs.c.content).where(mine)).scalar_one()
        connection.execute(update(runs).where(mine).values(content=content | {"question": question}))
    (told,) = ready.leads.run(later.run_id or "", new_since=earlier.run_id).left or ()
    assert (told["company"]["id"], told["why"], told["status"]) == (lost, "unknown", None)
    ready.claim(lost, owner="ann")
    (told,) = ready.leads.run(later.run_id or "", new_since=earlier.run_id).left or ()
    assert told["why"] == "claimed"


def test_an_answer_that_was_not_kept_says_what_the_team_knows(ready: Workspace) -> None:
    earlier, later = ready.recommend(), ready.recommend(k=1)
    told = ready.leads.new_since(earlier.run_id or "", replace(later, run=replace(later.run, id=None))).left
    assert told is not None
    assert [one["why"] for one in told] == ["unknown"]
