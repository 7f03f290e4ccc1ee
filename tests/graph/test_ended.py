"""What a company had ends with it, as soon as that is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.testing.staging import stage_delivery

ANN, DEAD, HEIR, HELD = "X-E-PERSON:ann", "X-E:dead", "X-E:heir", "X-E:held"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def company(name: str, **said: Any) -> dict[str, Any]:
    return {"record": name, "id": f"X-E:{name}", "name": name, "status": "active"} | said


TIES = {
    "persons": [{"record": "ann", "id": ANN, "name": "Ann Archer"}],
    "roles": [{"record": "a", "company": DEAD, "holder": ANN, "kind": "director", "start_on": "2010-01-01"}],
    "interests": [{"record": "i", "subject": HELD, "holder": DEAD, "kind": "shareholding", "start_on": "2011-01-01"}],
    "links": [
        {"record": "b", "source": DEAD, "target": HELD, "kind": "branch_of"},
        {"record": "s", "source": DEAD, "target": HEIR, "kind": "succeeded_by", "start_on": "2019-02-01"},
    ],
    "contact_points": [{"record": "c", "id": DEAD, "kind": "phone", "key": "441130000001", "display": "1"}],
}


def deliver(home: Path, day: date, *companies: dict[str, Any], dataset: str = "firms") -> Snapshot:
    stage_delivery(home / "staged", {"companies": companies}, observed_on=str(day), dataset=dataset)
    build_snapshot(
        BuildInput(staged=home / "staged", same_as=None, snapshots=home / "snapshots"), BuildConfig(max_drop=1)
    )
    return open_snapshot(home / "snapshots")


def kinds(snapshot: Snapshot, valid_on: date, known_on: date) -> set[str]:
    ties = EmbeddedStore(snapshot).relationships(DEAD, valid_on=valid_on, known_on=known_on)
    return {tie.kind for tie in ties}


EVERY = {"director", "shareholding", "branch_of", "succeeded_by", "phone"}
DISSOLVED = {"status": "dissolved", "dissolved_on": "2019-02-01"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the ties, of a register of officers that says of none that it ended."""
    stage_delivery(tmp_path / "staged", TIES, observed_on="2026-08-01", dataset="ties")
    return tmp_path


@pytest.mark.parametrize("said", [DISSOLVED, {"dissolved_on": "2019-02-01"}, {"status": "dissolved"}])
def test_all_ties_end_with_a_company_but_those_to_what_it_became(home: Path, said: dict[str, Any]) -> None:
    snapshot = deliver(home, SEPTEMBER, company("dead", **said), company("heir"), company("held"))
    assert kinds(snapshot, SEPTEMBER, SEPTEMBER) == {"succeeded_by"}
    assert kinds(snapshot, date(2018, 1, 1), SEPTEMBER) == EVERY - {"succeeded_by"}


def test_they_end_with_a_company_that_left_its_register(home: Path) -> None:
    deliver(home, SEPTEMBER, company("dead"), company("heir"), company("held"))
    snapshot = deliver(home, OCTOBER, company("heir"), company("held"))
    assert kinds(snapshot, OCTOBER, OCTOBER) == {"succeeded_by"}
    assert kinds(snapshot, SEPTEMBER, OCTOBER) == EVERY


def test_until_the_end_is_known_they_go_on(home: Path) -> None:
    before = deliver(home, SEPTEMBER, company("dead"), company("heir"), company("held"))
    told = EmbeddedStore(before).relationships(DEAD, valid_on=SEPTEMBER, known_on=SEPTEMBER)
    after = deliver(home, OCTOBER, company("dead", **DISSOLVED), company("heir"), company("held"))
    assert EmbeddedStore(after).relationships(DEAD, valid_on=SEPTEMBER, known_on=SEPTEMBER) == told
    assert kinds(after, SEPTEMBER, OCTOBER) == {"succeeded_by"}


def test_they_go_on_with_a_company_that_was_restored(home: Path) -> None:
    deliver(home, SEPTEMBER, company("dead", **DISSOLVED), company("heir"), company("held"))
    snapshot = deliver(home, OCTOBER, company("dead"), company("heir"), company("held"))
    assert kinds(snapshot, SEPTEMBER, SEPTEMBER) == {"succeeded_by"}
    assert kinds(snapshot, SEPTEMBER, OCTOBER) == EVERY


def test_what_began_after_the_end_is_counted(tmp_path: Path) -> None:
    role = TIES["roles"][0] | {"start_on": "2020-01-01"}
    tables = {"persons": TIES["persons"], "roles": [role]}
    stage_delivery(tmp_path / "staged", tables, observed_on="2026-08-01", dataset="ties")
    snapshot = deliver(tmp_path, SEPTEMBER, company("dead", **DISSOLVED))
    assert kinds(snapshot, SEPTEMBER, SEPTEMBER) == set()
    assert (
        "1 ties are said to begin when a company that has them had ended; they tie nobody."
        in snapshot.manifest["warnings"]
    )
