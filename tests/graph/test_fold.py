"""Expected versions are written out: (title, valid_from, valid_to, known_from, known_until, last_seen_on)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphleads.graph.facts import read_facts
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import open_deliveries
from graphleads.testing.staging import stage_delivery

BEGINNING, FOREVER = "0001-01-01", "9999-12-31"
FULL, UPDATE = DeliveryKind.FULL, DeliveryKind.UPDATE
Said = tuple[str, DeliveryKind, list[dict[str, object]]]


def role(title: str = "Director", **more: str) -> dict[str, object]:
    return {"record": "r1", "company": "X-T:1", "holder": "X-P:1", "kind": "director", "title": title, **more}


OTHER: dict[str, object] = {"record": "r2", "company": "X-T:2", "holder": "X-P:2", "kind": "secretary"}


def versions(staged: Path, *deliveries: Said) -> list[tuple[str, ...]]:
    """Return the versions of the roles of X-T:1 after some deliveries."""
    for observed_on, kind, rows in deliveries:
        stage_delivery(staged, {"roles": rows}, observed_on=observed_on, kind=kind)
    roles = read_facts(open_deliveries(staged)).read("roles").to_pylist()
    names = ("title", "valid_from", "valid_to", "known_from", "known_until", "last_seen_on")
    return sorted(tuple(str(row[name]) for name in names) for row in roles if row["company"] == "X-T:1")


def test_a_single_delivery_leaves_what_is_not_said_unbounded(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [role()])) == [
        ("Director", BEGINNING, FOREVER, "2023-01-01", FOREVER, "2023-01-01")
    ]


def test_a_published_fact_is_known_from_its_publication(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [role(start_on="2020-02-03", published_on="2020-03-01")])) == [
        ("Director", "2020-02-03", FOREVER, "2020-03-01", FOREVER, "2023-01-01")
    ]


def test_a_fact_seen_again_stays_one_version(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [role()]), ("2024-01-01", FULL, [role()])) == [
        ("Director", BEGINNING, FOREVER, "2023-01-01", FOREVER, "2024-01-01")
    ]


def test_a_fact_absent_from_a_later_full_delivery_ends_that_day(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [role(), OTHER]), ("2024-01-01", FULL, [OTHER])) == [
        ("Director", BEGINNING, "2024-01-01", "2024-01-01", FOREVER, "2023-01-01"),
        ("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
    ]


def test_a_fact_first_seen_in_a_later_full_delivery_begins_that_day(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [OTHER]), ("2024-01-01", FULL, [OTHER, role()])) == [
        ("Director", "2024-01-01", FOREVER, "2024-01-01", FOREVER, "2024-01-01")
    ]


def test_a_fact_that_comes_back_without_a_start_has_two_periods(tmp_path: Path) -> None:
    found = versions(
        tmp_path,
        ("2023-01-01", FULL, [role(), OTHER]),
        ("2024-01-01", FULL, [OTHER]),
        ("2025-01-01", FULL, [OTHER, role()]),
    )
    assert found == [
        ("Director", BEGINNING, "2024-01-01", "2024-01-01", FOREVER, "2023-01-01"),
        ("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
        ("Director", "2025-01-01", FOREVER, "2025-01-01", FOREVER, "2025-01-01"),
    ]


def test_a_fact_that_comes_back_with_its_start_was_never_gone(tmp_path: Path) -> None:
    found = versions(
        tmp_path,
        ("2023-01-01", FULL, [role(start_on="2019-01-01"), OTHER]),
        ("2024-01-01", FULL, [OTHER]),
        ("2025-01-01", FULL, [OTHER, role(start_on="2019-01-01")]),
    )
    assert found == [
        ("Director", "2019-01-01", "2024-01-01", "2024-01-01", "2025-01-01", "2023-01-01"),
        ("Director", "2019-01-01", FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
        ("Director", "2019-01-01", FOREVER, "2025-01-01", FOREVER, "2025-01-01"),
    ]


def test_a_changed_fact_supersedes_the_version_before(tmp_path: Path) -> None:
    found = versions(
        tmp_path,
        ("2023-01-01", FULL, [role(start_on="2019-01-01")]),
        ("2024-01-01", FULL, [role(start_on="2019-01-01", end_on="2023-08-01")]),
    )
    assert found == [
        ("Director", "2019-01-01", "2023-08-01", "2024-01-01", FOREVER, "2024-01-01"),
        ("Director", "2019-01-01", FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
    ]


@pytest.mark.parametrize("before", [[], [("2022-01-01", FULL, [OTHER])], [("2022-01-01", FULL, [role(), OTHER])]])
def test_a_fact_first_seen_when_it_had_ended_is_sure_of_its_last_day(tmp_path: Path, before: list[Any]) -> None:
    ended = role(end_on="2020-05-01")
    last = versions(tmp_path, *before, ("2023-01-01", FULL, [ended, OTHER]), ("2024-01-01", FULL, [ended, OTHER]))[-1]
    assert last == ("Director", "2020-04-30", "2020-05-01", "2023-01-01", FOREVER, "2024-01-01")


def test_a_fact_that_was_seen_in_force_has_been_so_since_nobody_knows_when(tmp_path: Path) -> None:
    found = versions(
        tmp_path, ("2022-01-01", FULL, [role(), OTHER]), ("2023-01-01", FULL, [role(end_on="2022-05-01"), OTHER])
    )
    assert found[0] == ("Director", BEGINNING, "2022-05-01", "2023-01-01", FOREVER, "2023-01-01")


def test_an_ended_fact_was_in_force_since_it_was_published(tmp_path: Path) -> None:
    ended = role(end_on="2020-05-01", published_on="2019-03-01")
    assert versions(tmp_path, ("2023-01-01", FULL, [ended])) == [
        ("Director", "2019-03-01", "2020-05-01", "2019-03-01", FOREVER, "2023-01-01")
    ]


def test_the_end_of_an_ended_fact_may_be_corrected(tmp_path: Path) -> None:
    ends = [("2022-01-01", FULL, [role(end_on="2020-05-01")]), ("2023-01-01", FULL, [role(end_on="2020-07-01")])]
    last = ("Director", "2020-06-30", "2020-07-01", "2023-01-01", FOREVER, "2023-01-01")
    assert versions(tmp_path, *ends)[-1] == last


def test_an_update_speaks_only_of_the_records_in_it(tmp_path: Path) -> None:
    found = versions(tmp_path, ("2023-01-01", FULL, [role(), OTHER]), ("2024-01-01", UPDATE, [OTHER]))
    assert found == [("Director", BEGINNING, FOREVER, "2023-01-01", FOREVER, "2023-01-01")]


def test_an_update_that_replaces_a_record_ends_what_it_no_longer_says(tmp_path: Path) -> None:
    replaced = {**role(), "title": "Chair", "kind": "chair"}
    found = versions(tmp_path, ("2023-01-01", FULL, [role()]), ("2024-01-01", UPDATE, [replaced]))
    assert found == [
        ("Chair", "2024-01-01", FOREVER, "2024-01-01", FOREVER, "2024-01-01"),
        ("Director", BEGINNING, "2024-01-01", "2024-01-01", FOREVER, "2023-01-01"),
        ("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
    ]


def test_an_end_ends_the_fact_on_the_day_of_its_delivery(tmp_path: Path) -> None:
    found = versions(tmp_path, ("2023-01-01", FULL, [role()]), ("2024-01-01", UPDATE, [role(op="end")]))
    assert found == [
        ("Director", BEGINNING, "2024-01-01", "2024-01-01", FOREVER, "2024-01-01"),
        ("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
    ]


def test_a_void_hides_in_a_full_delivery_too(tmp_path: Path) -> None:
    found = versions(
        tmp_path,
        ("2023-01-01", FULL, [role(), OTHER]),
        ("2024-01-01", FULL, [role(op="void"), OTHER | {"op": "assert"}]),
    )
    assert found == [("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01")]


def test_only_a_void_hides(tmp_path: Path) -> None:
    found = versions(tmp_path, ("2023-01-01", FULL, [role()]), ("2024-01-01", UPDATE, [role(op="void")]))
    assert found == [("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_staging_does_not_matter(tmp_path: Path, order: tuple[int, int]) -> None:
    deliveries: list[Said] = [("2023-01-01", FULL, [role(), OTHER]), ("2024-01-01", FULL, [OTHER])]
    assert versions(tmp_path, *(deliveries[at] for at in order)) == [
        ("Director", BEGINNING, "2024-01-01", "2024-01-01", FOREVER, "2023-01-01"),
        ("Director", BEGINNING, FOREVER, "2023-01-01", "2024-01-01", "2023-01-01"),
    ]


def test_a_company_s_name_and_status_change_apart_from_each_other(tmp_path: Path) -> None:
    before = {"record": "1", "id": "X-T:1", "name": "Old Ltd", "status": "active", "start_on": "2001-01-01"}
    after = before | {"name": "New Ltd"}
    stage_delivery(tmp_path, {"companies": [before]}, observed_on="2023-01-01")
    stage_delivery(tmp_path, {"companies": [after]}, observed_on="2024-01-01")
    facts = read_facts(open_deliveries(tmp_path))
    known = [row for row in facts.read("names").to_pylist() if str(row["known_until"]) == FOREVER]
    assert sorted((row["name"], str(row["valid_from"]), str(row["valid_to"])) for row in known) == [
        ("New Ltd", "2024-01-01", FOREVER),
        ("Old Ltd", BEGINNING, "2024-01-01"),
    ]
    assert [
        (row["status"], str(row["valid_from"]), str(row["valid_to"])) for row in facts.read("statuses").to_pylist()
    ] == [("active", "2001-01-01", FOREVER)]


def test_what_is_said_to_be_published_before_a_delivery_that_left_it_out_is_known_since_it_was_seen(
    tmp_path: Path,
) -> None:
    late = role(start_on="2020-02-03", published_on="2020-03-01")
    found = versions(tmp_path, ("2023-01-01", FULL, [OTHER]), ("2024-01-01", FULL, [OTHER, late]))
    assert found == [("Director", "2020-02-03", FOREVER, "2024-01-01", FOREVER, "2024-01-01")]


def test_a_published_change_is_known_from_its_publication_if_no_delivery_said_otherwise_since(tmp_path: Path) -> None:
    dates = {"start_on": "2019-01-01", "end_on": "2023-08-01"}
    first = ("2023-01-01", FULL, [role(start_on="2019-01-01")])
    assert [row[3:5] for row in versions(tmp_path / "a", first, ("2024-01-01", FULL, [role(**dates)]))] == [
        ("2024-01-01", FOREVER), ("2023-01-01", "2024-01-01"),
    ]  # fmt: skip
    for name, published_on, known in (("b", "2022-12-01", "2024-01-01"), ("c", "2023-09-01", "2023-09-01")):
        change = role(**dates, published_on=published_on)
        found = versions(tmp_path / name, first, ("2024-01-01", FULL, [change]))
        assert [row[3:5] for row in found] == [(known, FOREVER), ("2023-01-01", known)]


def test_what_had_ended_before_a_silence_is_one_fact_seen_twice(tmp_path: Path) -> None:
    past = role(start_on="2019-01-01", end_on="2020-01-01")
    found = versions(
        tmp_path, ("2023-01-01", FULL, [past]), ("2024-01-01", FULL, [OTHER]), ("2025-01-01", FULL, [past, OTHER])
    )
    assert found == [
        ("Director", "2019-01-01", "2020-01-01", "2023-01-01", "2025-01-01", "2023-01-01"),
        ("Director", "2019-01-01", "2020-01-01", "2025-01-01", FOREVER, "2025-01-01"),
    ]


def test_what_comes_back_after_a_void_was_hidden_until_then(tmp_path: Path) -> None:
    past = role(start_on="2019-01-01", end_on="2020-01-01")
    found = versions(
        tmp_path, ("2023-01-01", FULL, [past]), ("2024-01-01", UPDATE, [past | {"op": "void"}]),
        ("2025-01-01", UPDATE, [past]),
    )  # fmt: skip
    assert [row[3:5] for row in found] == [("2023-01-01", "2024-01-01"), ("2025-01-01", FOREVER)]


def test_what_a_delivery_carries_is_known_on_its_day(tmp_path: Path) -> None:
    assert versions(tmp_path, ("2023-01-01", FULL, [role(published_on="2023-01-02")]))[0][3] == "2023-01-01"
