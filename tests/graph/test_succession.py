"""Where a register says one holder at a time, the predecessor ends when the successor begins."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import DeliveryKind
from graphleads.testing.staging import stage_delivery

FIRM = "X-E:firm"
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
CHAIR = {"roles": ["chair"]}


def chair(who: str, **said: Any) -> dict[str, Any]:
    role = {"record": who, "company": FIRM, "holder": f"X-E-PERSON:{who}", "kind": "chair"}
    return role | said


def deliver(
    home: Path, day: date, *roles: dict[str, Any], declared: Any = CHAIR, kind: DeliveryKind = DeliveryKind.UPDATE
) -> Snapshot:
    people = sorted({role["record"] for role in roles})
    tables = {
        "companies": [{"record": "firm", "id": FIRM, "name": "Firm", "status": "active"}],
        "persons": [{"record": who, "id": f"X-E-PERSON:{who}", "name": f"{who.title()} Archer"} for who in people],
        "roles": roles,
    }
    stage_delivery(home / "staged", tables, observed_on=str(day), kind=kind, one_at_a_time=declared)
    build_snapshot(
        BuildInput(staged=home / "staged", same_as=None, snapshots=home / "snapshots"), BuildConfig(max_drop=1)
    )
    return open_snapshot(home / "snapshots")


def chairs(snapshot: Snapshot, valid_on: date, known_on: date) -> set[str]:
    ties = EmbeddedStore(snapshot).relationships(FIRM, valid_on=valid_on, known_on=known_on)
    return {tie.source.id.removeprefix("X-E-PERSON:") for tie in ties}


def test_with_starts_in_one_delivery_each_ends_when_the_next_begins(tmp_path: Path) -> None:
    roles = [
        chair("ann", start_on="2010-01-01"),
        chair("bob", start_on="2015-01-01"),
        chair("cy", start_on="2020-01-01"),
    ]
    snapshot = deliver(tmp_path, AUGUST, *roles)
    assert chairs(snapshot, date(2014, 12, 31), AUGUST) == {"ann"}
    assert chairs(snapshot, date(2015, 1, 1), AUGUST) == {"bob"}
    assert chairs(snapshot, AUGUST, AUGUST) == {"cy"}


def test_without_the_register_saying_so_they_hold_side_by_side(tmp_path: Path) -> None:
    roles = [chair("ann", start_on="2010-01-01"), chair("bob", start_on="2015-01-01")]
    assert chairs(deliver(tmp_path, AUGUST, *roles, declared={}), AUGUST, AUGUST) == {"ann", "bob"}


def test_who_is_named_later_succeeds_and_nobody_knows_before(tmp_path: Path) -> None:
    deliver(tmp_path, AUGUST, chair("ann"))
    snapshot = deliver(tmp_path, SEPTEMBER, chair("bob", start_on="2026-08-15"))
    assert chairs(snapshot, date(2026, 8, 20), AUGUST) == {"ann"}
    assert chairs(snapshot, date(2026, 8, 14), SEPTEMBER) == {"ann"}
    assert chairs(snapshot, date(2026, 8, 15), SEPTEMBER) == {"bob"}


def test_without_starts_the_later_delivery_counts(tmp_path: Path) -> None:
    deliver(tmp_path, AUGUST, chair("ann"))
    snapshot = deliver(tmp_path, SEPTEMBER, chair("bob"))
    assert "ann" in chairs(snapshot, AUGUST, SEPTEMBER)
    assert chairs(snapshot, SEPTEMBER, SEPTEMBER) == {"bob"}


def test_in_full_deliveries_it_ends_on_the_successor_s_start(tmp_path: Path) -> None:
    deliver(tmp_path, AUGUST, chair("ann"), kind=DeliveryKind.FULL)
    snapshot = deliver(tmp_path, SEPTEMBER, chair("bob", start_on="2026-08-15"), kind=DeliveryKind.FULL)
    assert chairs(snapshot, date(2026, 8, 20), AUGUST) == {"ann"}
    assert chairs(snapshot, date(2026, 8, 20), SEPTEMBER) == {"bob"}


def test_those_who_begin_on_one_day_or_are_named_together_hold_side_by_side(tmp_path: Path) -> None:
    same_day = [chair(who, start_on="2010-01-01") for who in ("ann", "bob")]
    assert chairs(deliver(tmp_path / "a", AUGUST, *same_day), AUGUST, AUGUST) == {"ann", "bob"}
    for kind in DeliveryKind:
        home = tmp_path / kind
        deliver(home, AUGUST, chair("ann"), kind=kind)
        snapshot = deliver(home, SEPTEMBER, chair("ann"), chair("bob"), kind=kind)
        assert chairs(snapshot, SEPTEMBER, SEPTEMBER) == {"ann", "bob"}


def test_an_end_of_its_own_stays(tmp_path: Path) -> None:
    roles = [chair("ann", start_on="2010-01-01", end_on="2016-01-01"), chair("bob", start_on="2015-01-01")]
    assert chairs(deliver(tmp_path, AUGUST, *roles), date(2015, 6, 1), AUGUST) == {"ann", "bob"}


def test_later_deliveries_change_no_earlier_answer(tmp_path: Path) -> None:
    days = (AUGUST, SEPTEMBER, OCTOBER)
    first = [chair("ann", start_on="2010-01-01"), chair("dee", start_on="2012-01-01")]
    given = [(first, {}), ([chair("bob")], CHAIR), ([chair("dee", start_on="2012-01-01"), chair("ann")], CHAIR)]
    answers: dict[tuple[date, date], set[str]] = {}
    for known_on, (roles, declared) in zip(days, given, strict=True):
        snapshot = deliver(tmp_path, known_on, *roles, declared=declared)
        for (valid_on, known), answer in answers.items():
            assert chairs(snapshot, valid_on, known) == answer
        for valid_on in (date(2011, 1, 1), date(2013, 1, 1), *days):
            answers[valid_on, known_on] = chairs(snapshot, valid_on, known_on)
    assert answers[AUGUST, AUGUST] == {"ann", "dee"}
    assert answers[SEPTEMBER, SEPTEMBER] == {"bob"}
