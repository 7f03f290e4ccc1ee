from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import graphleads as gl
from graphleads.errors import (
    Conflict,
    CustomerNotFound,
    EntityNotFound,
    LeadConflict,
    NotFound,
    SettingInvalid,
    StepMissing,
    ValueInvalid,
)
from graphleads.leads.lead_row import LEAD_COLUMNS
from graphleads.testing.known_graph import company
from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace

Open = Callable[[], Workspace]


def test_the_package_opens_a_workspace_and_makes_nothing_before_something_is_put_in(tmp_path: Path) -> None:
    workspace = gl.open_workspace(tmp_path / "home")

    assert isinstance(workspace, gl.Workspace)
    assert workspace.status().next_step == "ingest READER FILES…"
    assert (workspace.leads.claims(), workspace.leads.exclusions(), workspace.customers.matches()) == ([], [], [])
    assert not (tmp_path / "home").exists()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    with pytest.raises(SettingInvalid, match="is no folder"):
        gl.open_workspace(tmp_path / "home")


@pytest.mark.parametrize(
    "ask",
    [
        lambda ws: ws.recommend(),
        lambda ws: ws.explain("X-KNOWN:01"),
        lambda ws: ws.match(),
        lambda ws: ws.graph.company("X-KNOWN:01"),
        lambda ws: ws.graph.search("Alder"),
        lambda ws: ws.claim("X-KNOWN:01", owner="ann"),
        lambda ws: ws.graph(),
        lambda ws: ws.link(),
        lambda ws: ws.build(),
        lambda ws: ws.run(),
    ],
)
def test_everything_before_ingest_says_to_ingest(tmp_path: Path, ask: Callable[[Workspace], object]) -> None:
    with pytest.raises(StepMissing, match=r"run `graphleads ingest READER FILES…` first"):
        ask(gl.open_workspace(tmp_path))


def test_steps_out_of_order_name_the_step_to_run(open_home: Open) -> None:
    workspace = open_home()

    with pytest.raises(StepMissing, match="not linked yet: run `graphleads link` first"):
        workspace.build()
    with pytest.raises(StepMissing, match="run `graphleads run` first"):
        workspace.recommend()
    workspace.link()
    with pytest.raises(StepMissing, match="run `graphleads build` first"):
        workspace.recommend()
    workspace.build()
    with pytest.raises(StepMissing, match="run `graphleads customers import FILE` first"):
        workspace.match()
    with pytest.raises(StepMissing, match="run `graphleads customers import FILE` first"):
        workspace.recommend()


def test_run_does_what_is_stale_and_nothing_else(open_home: Open, home: Path) -> None:
    workspace = open_home()
    workspace.import_customers(pd.DataFrame({"id": ["a"], "name": ["Alder Ltd"], "status": ["won"]}))

    def done() -> list[str]:
        return [step.name for step in workspace.run() if step.done]

    assert done() == ["link", "build", "match"]
    assert done() == []
    assert workspace.status().stale == ()
    workspace.import_customers(pd.DataFrame({"id": ["c"], "name": ["Cedar Ltd"], "status": ["won"]}))
    assert workspace.status().stale == ("match",)
    assert done() == ["match"]
    stage_delivery(
        home / "staged",
        {"companies": [{"record": "k", "id": "X-MORE:1", "name": "Kauri Ltd"}]},
        observed_on="2025-07-01",
        dataset="more",
    )
    assert workspace.status().stale == ("link", "build", "match")
    assert done() == ["link", "build", "match"]


def test_a_changed_setting_makes_the_build_stale(open_home: Open, home: Path) -> None:
    open_home().run()
    (home / "graphleads.yaml").write_text("build:\n  merge_probability: 0.9\n")

    assert open_home().status().stale == ("build",)


def test_a_changed_cap_costs_no_build(open_home: Open, home: Path) -> None:
    open_home().run()
    before = open_home().explain(company("Fir"), seeds=[company("Alder")]).explanation
    (home / "graphleads.yaml").write_text("recommend:\n  proximity:\n    walk:\n      person_cap: 5\n")
    after = open_home().explain(company("Fir"), seeds=[company("Alder")]).explanation

    assert open_home().status().stale == ()
    assert (before.rank, after.rank) == (None, 5)


def test_leads_are_ranked_explained_and_kept_as_a_run(ready: Workspace) -> None:
    leads = ready.recommend(k=10)
    frame = leads.to_pandas()

    assert tuple(frame.columns) == LEAD_COLUMNS
    assert set(frame["near_owner"]) == {"ann"}
    assert set(frame["company_id"]) == {company("Birch"), company("Elm")}
    assert list(frame["rank"]) == [1, 2]
    assert frame["score"].is_monotonic_decreasing
    reasons = dict(zip(frame["company_id"], frame["reason"], strict=True))
    assert reasons[company("Birch")].startswith("Ann Archer, director of your customer Alder Ltd since 2019, is also")
    assert leads.run.as_of == date(2025, 7, 1)
    kept = ready._team.run(leads.run_id or "")
    assert [item["company"]["id"] for item in kept.content.items] == list(frame["company_id"])
    assert ready.recommend(k=10).run_id == leads.run_id


def test_no_leads_is_an_empty_frame_of_the_same_shape(ready: Workspace) -> None:
    leads = ready.recommend(jurisdictions=["Brazil"])

    assert len(leads) == 0
    assert tuple(leads.to_pandas().columns) == LEAD_COLUMNS


def test_who_left_ties_nothing_today_and_did_then(ready: Workspace) -> None:
    today = {item.company.id for item in ready.recommend()}
    then = {item.company.id for item in ready.recommend(as_of="2021-06-30")}

    assert company("Iroko") not in today
    assert company("Iroko") in then


def test_seeds_by_id_stand_in_for_customers_who_stay_out_all_the_same(ready: Workspace) -> None:
    found = {item.company.id for item in ready.recommend(seeds=[company("Birch")])}

    assert company("Alder") not in found
    assert company("Dogwood") not in found
    with pytest.raises(EntityNotFound, match="There is no company X-KNOWN:99"):
        ready.recommend(seeds=["X-KNOWN:99"])
    with pytest.raises(EntityNotFound, match="is a person, not a company"):
        ready.recommend(seeds=["X-KNOWN-PERSON:ann"])


def test_a_dissolved_seed_works_and_is_said_to_be_dissolved(ready: Workspace) -> None:
    leads = ready.recommend(seeds=[company("Dogwood")])

    assert company("Birch") in {item.company.id for item in leads}
    assert leads.run.warnings == (
        "Dogwood Ltd (X-KNOWN:04) is in liquidation: leads around it rest on what was true before.",
    )


def test_claimed_and_excluded_companies_are_not_offered(ready: Workspace) -> None:
    ready.claim(company("Birch"), owner="ann")
    ready.leads.exclude(company("Elm"), reason="a competitor", by="ann")

    assert len(ready.recommend()) == 0
    with pytest.raises(LeadConflict, match="was claimed by ann"):
        ready.claim(company("Birch"), owner="bob")
    with pytest.raises(Conflict, match="a competitor"):
        ready.leads.exclude(company("Elm"), reason="another reason", by="bob")
    assert ready.explain(company("Birch")).owner == "ann"
    assert ready.explain(company("Elm")).excluded_because == "a competitor"

    ready.leads.release(company("Birch"), by="ann")
    ready.leads.include(company("Elm"), by="ann")

    assert {item.company.id for item in ready.recommend()} == {company("Birch"), company("Elm")}
    with pytest.raises(NotFound, match="Nobody has claimed"):
        ready.leads.release(company("Birch"), by="ann")


def test_only_a_company_that_is_there_can_be_claimed(ready: Workspace) -> None:
    with pytest.raises(EntityNotFound, match="There is no company X-KNOWN:99"):
        ready.claim("X-KNOWN:99", owner="ann")


def test_a_customer_cannot_be_claimed_unless_it_is_lost(ready: Workspace) -> None:
    with pytest.raises(Conflict, match=r"is the won customer a, so it is no lead: .* --refuse a X-KNOWN:01`"):
        ready.claim(company("Alder"), owner="ann")
    with pytest.raises(Conflict, match="is the open customer c"):
        ready.claim(company("Cedar"), owner="ann")
    ready.customers.confirm("e", company("Elm"), by="ann")

    assert ready.claim(company("Elm"), owner="ann").company == company("Elm")


def test_an_excluded_company_cannot_be_claimed_before_it_is_included(ready: Workspace) -> None:
    ready.leads.exclude(company("Elm"), reason="a competitor", by="ann")
    with pytest.raises(Conflict, match=r"excluded, 'a competitor', by ann: `graphleads include X-KNOWN:05` first"):
        ready.claim(company("Elm"), owner="bob")
    ready.leads.include(company("Elm"), by="ann")

    assert ready.claim(company("Elm"), owner="bob").owner == "bob"


def test_what_is_claimed_stays_claimed_when_it_is_won(ready: Workspace) -> None:
    claim = ready.claim(company("Elm"), owner="ann")
    ready.import_customers(pd.DataFrame({"id": ["e"], "name": ["Elm Ltd"], "status": ["won"]}))
    ready.customers.confirm("e", company("Elm"), by="ann")

    assert ready.claim(company("Elm"), owner="ann") == claim


def test_claims_are_listed_by_owner(ready: Workspace) -> None:
    ready.claim(company("Birch"), owner="ann")
    ready.claim(company("Elm"), owner="bob")

    assert [one.company for one in ready.leads.claims(owner="bob")] == [company("Elm")]
    assert ready.graph.names([company("Elm"), "X-GONE:1"]) == {company("Elm"): "Elm Ltd"}


def test_an_old_register_is_said_to_be_old(ready: Workspace) -> None:
    assert ready.recommend(as_of="2025-12-27").run.warnings == ()
    assert ready.recommend(as_of="2025-12-28").run.warnings == (
        "The register is of 2025-06-30: 6 months before the day that is asked for.",
    )


def test_a_delivery_of_the_future_is_refused(ready: Workspace, tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name,jurisdiction\nX-T:1,Alder,GB\n", encoding="utf-8")

    def ingest(observed_on: str) -> bool:
        files = tmp_path / "companies.csv"
        return ready.ingest("table", files, mapping="plain", dataset="t", observed_on=observed_on).already_there

    with pytest.raises(ValueInvalid, match="2025-07-03 is in the future"):
        ingest("2025-07-03")
    assert ingest("2025-07-02") is False


def test_a_database_that_is_no_url_is_refused(home: Path) -> None:
    (home / "graphleads.yaml").write_text("database_url: garbage\n", encoding="utf-8")

    with pytest.raises(SettingInvalid, match=r"database_url is 'garbage', no URL: write sqlite:///path"):
        gl.open_workspace(home).status()


def test_a_decision_makes_a_customer_and_outlives_the_matcher(ready: Workspace) -> None:
    ready.customers.confirm("e", company("Elm"), by="ann")
    ready.customers.refuse("a", company("Alder"), by="ann")
    ready.match()
    states = {match.customer: match.state.value for match in ready.customers.matches()}

    assert states == {"a": "refused", "c": "sure", "e": "confirmed"}
    with pytest.raises(StepMissing, match="was found in the register with certainty"):
        ready.recommend()


def test_a_lost_customer_may_be_a_lead(ready: Workspace) -> None:
    ready.customers.confirm("e", company("Elm"), by="ann")

    assert company("Elm") in {item.company.id for item in ready.recommend()}


def test_an_owners_leads_start_at_the_owners_customers(ready: Workspace) -> None:
    assert ready.recommend(owner="ann").run.seeds == (company("Alder"),)
    with pytest.raises(NotFound, match="'bob' has no won customer; those who have: ann"):
        ready.recommend(owner="bob")


def test_a_customer_is_shown_with_what_the_register_says(ready: Workspace) -> None:
    answer = ready.customers.get("a")

    assert answer.company is not None
    assert answer.company.id == company("Alder")
    assert {fact.source.dataset for fact in answer.company.facts} == {"known"}
    assert ready.customers.get("e").company is None
    with pytest.raises(CustomerNotFound):
        ready.customers.get("z")


def test_an_undone_import_leaves_no_customers(ready: Workspace) -> None:
    (made,) = ready.customers.imports()
    ready.customers.undo(made.id)

    assert ready.customers.matches() == []
    with pytest.raises(StepMissing, match="There are no customers yet"):
        ready.recommend()


def test_what_explains_a_nominee(ready: Workspace) -> None:
    explained = ready.explain(company("Fir")).explanation

    assert explained.rank is None
    assert next(one.node.name for one in explained.ignored) == "Nora Nominee"


def test_the_graph_is_there_for_analysts(ready: Workspace) -> None:
    assert ready.graph().company(company("Alder")).name == "Alder Ltd"
    assert company("Birch") in ready.graph().to_networkx(around=company("Alder"), hops=2)
    answer = ready.graph.company(company("Alder"), limit=2)
    assert (len(answer.relationships), answer.n_relationships > 2, answer.owner) == (2, True, None)
    assert ready.graph.search("Alder")[0].node.id == company("Alder")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"k": 0}, "0 leads cannot be asked for"),
        ({"k": 10_001}, "ask for 1 to 10,000"),
        ({"language": "fr"}, "There are no reasons in 'fr'"),
        ({"seeds": ["X-KNOWN:01"], "owner": "ann"}, "either companies to look around or an owner"),
        ({"seeds": "X-KNOWN:01"}, "as lists"),
        ({"seeds": ["Alder Trees"]}, "'Alder Trees' is no id, and no company is called so"),
        ({"as_of": "yesterday"}, "'yesterday' is no day"),
        ({"jurisdictions": ["Narnia"]}, "'Narnia' is no country"),
    ],
)
def test_a_question_that_cannot_be_used_says_why(ready: Workspace, question: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueInvalid, match=sentence):
        ready.recommend(**question)


def test_damage_is_found_and_said(ready: Workspace, home: Path) -> None:
    assert ready.registers.verify_snapshot() == []
    (snapshot,) = ready.registers.snapshots()
    edges = home / "snapshots" / snapshot.id / "edges.arrow"
    content = bytearray(edges.read_bytes())
    content[len(content) // 2] ^= 1
    edges.write_bytes(content)

    assert ready.registers.verify_snapshot() == ["edges.arrow does not match its checksum"]


def test_a_day_before_all_data_is_said_to_be_one(ready: Workspace) -> None:
    day = "2025-06-29"
    with pytest.raises(EntityNotFound, match=r"as known on 2025-06-29: .* ask for a later day"):
        ready.graph.company(company("Alder"), known_on=day)
    with pytest.raises(EntityNotFound, match="as known on 2025-06-29"):
        ready.graph.paths([company("Alder"), company("Elm")], known_on=day)
    answer = ready.recommend(seeds=[company("Alder")], known_on=day)
    assert (len(answer.items), answer.run.warnings) == (
        0,
        ("The registers say nothing yet by 2025-06-29: they do from 2025-06-30 on, so ask for a later day.",),
    )


def test_a_day_to_come_is_answered_with_what_is_known(ready: Workspace) -> None:
    answer = ready.graph.company(company("Alder"), as_of="2031-01-01", known_on="2031-01-01")
    assert (answer.company.name, answer.company.status, answer.n_relationships) == ("Alder Ltd", "active", 6)
