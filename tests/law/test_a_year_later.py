"""What was answered in 2025 is answered again after the register of 2026: a story a cause, and the lead written out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from graphleads.errors import StepMissing
from graphleads.testing.staging import stage_delivery
from graphleads.view.document import render_json
from graphleads.view.lead import explanation_object, recommendations_object
from graphleads.workspace.answer import Recommendations
from graphleads.workspace.workspace import Workspace, open_workspace

DAY = "2025-06-01"
ALDER, BIRCH, CEDAR = "X-STORY:alder", "X-STORY:birch", "X-STORY:cedar"

Tables = dict[str, list[dict[str, Any]]]
Change = Callable[[Tables], None]
"""What the register of 2026 says otherwise."""


def register() -> Tables:
    """The register of 2025: Alder and Birch in one house, Ann, who directs both, and Cedar on its own."""
    return {
        "companies": [_company(ALDER, "Alder Ltd"), _company(BIRCH, "Birch Ltd"), _company(CEDAR, "Cedar Ltd")],
        "persons": [{"record": "ann", "id": "X-STORY-PERSON:ann", "name": "Ann Archer"}],
        "roles": [
            {"record": f"d-{one}", "company": one, "holder": "X-STORY-PERSON:ann", "kind": "director"}
            for one in (ALDER, BIRCH)
        ],
        "contact_points": [_at_house(ALDER), _at_house(BIRCH)],
        "classifications": [{"record": BIRCH, "id": BIRCH, "scheme": "NACE-2", "code": "62.01"}],
    }


def _company(entity: str, name: str) -> dict[str, Any]:
    return {"record": entity, "id": entity, "name": name, "status": "active", "jurisdiction": "GB", "locality": "Leeds"}


def _at_house(entity: str) -> dict[str, Any]:
    return {"record": entity, "id": entity, "kind": "address", "key": "1 high st", "display": "1 High Street"}


def _newcomers(n: int) -> list[str]:
    return [f"X-STORY:new{at:02}" for at in range(n)]


def an_agent_moves_in(tables: Tables) -> None:
    """Thirty companies more at the address, which makes it a hub, and nothing else ties Birch to Alder."""
    tables["companies"] += [_company(one, f"New {one[-2:]}") for one in _newcomers(30)]
    tables["contact_points"] += [_at_house(one) for one in _newcomers(30)]


def ann_directs_many(tables: Tables) -> None:
    """Ten companies more that Ann directs: fewer than make a hub, more than she passes everything on to."""
    tables["companies"] += [_company(one, f"New {one[-2:]}") for one in _newcomers(10)]
    tables["roles"] += [
        {"record": f"d-{one}", "company": one, "holder": "X-STORY-PERSON:ann", "kind": "director"}
        for one in _newcomers(10)
    ]


def alder_buys_birch(tables: Tables) -> None:
    """Both are one family from then on."""
    share = {"record": "s", "subject": BIRCH, "holder": ALDER, "kind": "shareholding", "share_min": 0.6}
    tables["interests"] = [share]


def birch_changes_its_trade(tables: Tables) -> None:
    """Retail, not software."""
    tables["classifications"] = [{"record": BIRCH, "id": BIRCH, "scheme": "NACE-2", "code": "47.11"}]


def birch_is_renamed(tables: Tables) -> None:
    """And so are Ann, who marries, and the house."""
    tables["companies"][1]["name"] = "Birch Holdings Ltd"
    tables["persons"][0]["name"] = "Ann Baker"
    for point in tables["contact_points"]:
        point["display"] = "1 HIGH ST."


def birch_moves(tables: Tables) -> None:
    """To another country."""
    tables["companies"][1] |= {"jurisdiction": "FR", "locality": "Lyon"}


def birch_dies(tables: Tables) -> None:
    """It is dissolved, and Ann is its director no more."""
    tables["companies"][1] |= {"status": "dissolved", "dissolved_on": "2025-12-01"}
    del tables["roles"][1]


def birch_leaves(tables: Tables) -> None:
    """The register says nothing of it any more."""
    for name in ("companies", "roles", "contact_points"):
        del tables[name][1]
    tables["classifications"] = []


def nothing_changes(tables: Tables) -> None:
    """Everything was seen again a year later, and only that."""


CHANGES: Sequence[Change] = (
    an_agent_moves_in, ann_directs_many, alder_buys_birch, birch_changes_its_trade, birch_is_renamed, birch_moves,
    birch_dies, birch_leaves, nothing_changes,
)  # fmt: skip


def claim_birch(workspace: Workspace) -> None:
    """Somebody works on it."""
    workspace.claim(BIRCH, owner="bob")


def exclude_birch(workspace: Workspace) -> None:
    """Nobody is to work on it."""
    workspace.leads.exclude(BIRCH, reason="rival", by="bob")


def win_birch(workspace: Workspace) -> None:
    """It is a customer, too."""
    customers(workspace, {"a": ("Alder Ltd", "won"), "b": ("Birch Ltd", "won")})
    workspace.customers.confirm("b", BIRCH, by="bob")


def win_cedar(workspace: Workspace) -> None:
    """It is a customer, around which others are near, and Alder is one no more."""
    customers(workspace, {"a": ("Alder Ltd", "lost"), "c": ("Cedar Ltd", "won")})
    workspace.customers.confirm("c", CEDAR, by="bob")


def take_alder_for_cedar(workspace: Workspace) -> None:
    """The customer was another company all the time."""
    workspace.customers.confirm("a", CEDAR, by="bob")


Decision = Callable[[Workspace], None]
"""What a team says in 2026."""

DECISIONS: Sequence[Decision] = (claim_birch, exclude_birch, win_birch, win_cedar, take_alder_for_cedar)

QUESTIONS: Sequence[dict[str, Any]] = (
    {}, {"exclude_families": True}, {"industries": ["62"]}, {"industries": ["47"]}, {"jurisdictions": ["GB"]},
    {"jurisdictions": ["FR"]}, {"as_of": "2026-02-01"}, {"seeds": [ALDER, CEDAR]},
)  # fmt: skip


@pytest.fixture(scope="module")
def home_of_2025(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the register of 2025, and Alder won."""
    home = tmp_path_factory.mktemp("law") / "home"
    with open_home(home, in_year=2025) as opened:
        deliver(opened, register(), observed_on="2025-05-01")
        customers(opened, {"a": ("Alder Ltd", "won")})
        opened.customers.confirm("a", ALDER, by="ann")
    return home


@pytest.fixture
def workspace(home_of_2025: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A home of 2025 to do with as one likes, opened in 2026."""
    shutil.copytree(home_of_2025, tmp_path / "home")
    with open_home(tmp_path / "home", in_year=2026) as opened:
        yield opened


def open_home(home: Path, *, in_year: int) -> Workspace:
    """Open a home on the first of June of a year."""
    return open_workspace(home, now=lambda: datetime(in_year, 6, 1, 12, tzinfo=UTC))


def customers(workspace: Workspace, accounts: dict[str, tuple[str, str]]) -> None:
    """Import customers by their ids, with names and statuses."""
    rows = [(one, *account) for one, account in accounts.items()]
    workspace.import_customers(pd.DataFrame(rows, columns=["id", "name", "status"]))


def deliver(workspace: Workspace, tables: Tables, *, observed_on: str) -> None:
    """Stage a delivery in a home, link and build it."""
    stage_delivery(Path(workspace.configuration.home) / "staged", tables, observed_on=observed_on, dataset="story")
    workspace.link()
    workspace.build(accept_drop=True)


def a_year_later(workspace: Workspace, change: Change) -> None:
    """Deliver the register of 2026."""
    tables = register()
    change(tables)
    deliver(workspace, tables, observed_on="2026-05-01")


def told(answer: Recommendations) -> str:
    """Return ranked leads as text without what names the run and the snapshot."""
    said = recommendations_object(answer)
    run = {**said["run"], "id": None, "snapshot": None}
    return render_json({**said, "run": run})


def said_of_leads(workspace: Workspace) -> list[str]:
    """Return all that is said of the leads of the day, and why Birch is one."""
    leads = [told(workspace.recommend(**{"as_of": DAY} | question, known_on=DAY)) for question in QUESTIONS]
    why = explanation_object(workspace.explain(BIRCH, as_of=DAY, known_on=DAY))
    return [*leads, render_json({**why, "run": None})]


def names(answer: Recommendations) -> list[str]:
    """Return what the leads are called."""
    return [item.company.name for item in answer]


def score(answer: Recommendations) -> list[float]:
    """Return what the leads score."""
    return [item.score for item in answer]


def test_one_lead_in_2025_and_none_after_the_register_of_2026(workspace: Workspace) -> None:
    """The story as it was told: an agent's address ties the two, and is a hub a year later."""
    house = register() | {"roles": []}
    deliver(workspace, house, observed_on="2025-05-15")
    assert names(workspace.recommend(as_of=DAY, known_on=DAY)) == ["Birch Ltd"]
    an_agent_moves_in(house)
    deliver(workspace, house, observed_on="2026-05-01")
    assert names(workspace.recommend(as_of="2026-06-01", known_on="2026-06-01")) == []
    assert names(workspace.recommend(as_of=DAY, known_on=DAY)) == ["Birch Ltd"]


def test_a_hub_passes_on_what_it_did_when_it_tied_two(workspace: Workspace) -> None:
    before = score(workspace.recommend(as_of=DAY, known_on=DAY))
    a_year_later(workspace, ann_directs_many)
    assert score(workspace.recommend(as_of=DAY, known_on=DAY)) == before


def test_a_family_of_2026_is_none_of_2025(workspace: Workspace) -> None:
    a_year_later(workspace, alder_buys_birch)
    assert names(workspace.recommend(as_of=DAY, known_on=DAY, exclude_families=True)) == ["Birch Ltd"]


def test_a_trade_of_2026_is_none_of_2025(workspace: Workspace) -> None:
    a_year_later(workspace, birch_changes_its_trade)
    assert names(workspace.recommend(as_of=DAY, known_on=DAY, industries=["47"])) == []
    assert names(workspace.recommend(as_of="2026-06-01", industries=["62"])) == []


def test_a_place_of_2026_is_none_of_2025(workspace: Workspace) -> None:
    a_year_later(workspace, birch_moves)
    assert names(workspace.recommend(as_of=DAY, known_on=DAY, jurisdictions=["GB"])) == ["Birch Ltd"]
    assert names(workspace.recommend(as_of=DAY, known_on=DAY, jurisdictions=["FR"])) == []


def test_everybody_is_called_what_they_were_called_in_2025(workspace: Workspace) -> None:
    a_year_later(workspace, birch_is_renamed)
    answer = workspace.recommend(as_of=DAY, known_on=DAY)
    assert names(answer) == ["Birch Ltd"]
    called = {
        node.name for reason in answer.items[0].reasons for step in reason.path for node in (step.start, step.end)
    }
    assert called == {"Alder Ltd", "Ann Archer", "Birch Ltd", "1 High Street"}


def test_a_source_is_dated_as_it_was_in_2025(workspace: Workspace) -> None:
    a_year_later(workspace, nothing_changes)
    sentences = {reason.sentence for reason in workspace.recommend(as_of=DAY, known_on=DAY).items[0].reasons}
    assert sentences == {
        "Ann Archer, director of your customer Alder Ltd, is also director of Birch Ltd (story, 1 May 2025).",
        "Birch Ltd and your customer Alder Ltd share the address 1 High Street (story, 1 May 2025).",
    }


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_nothing_that_was_said_of_leads_in_2025_changes(workspace: Workspace, change: Change) -> None:
    before = said_of_leads(workspace)
    a_year_later(workspace, change)
    assert said_of_leads(workspace) == before


@pytest.mark.parametrize("decide", DECISIONS, ids=lambda decide: decide.__name__)
def test_what_a_team_says_in_2026_it_had_not_said_in_2025(workspace: Workspace, decide: Decision) -> None:
    before = said_of_leads(workspace)
    now = names(workspace.recommend())
    decide(workspace)
    assert names(workspace.recommend()) != now
    assert said_of_leads(workspace) == before


def test_on_a_day_before_the_first_customer_there_is_nothing_to_start_from(workspace: Workspace) -> None:
    with pytest.raises(StepMissing, match="On 2025-05-31 no won customer was known"):
        workspace.recommend(as_of=DAY, known_on="2025-05-31")
