"""How a company stands where several registers speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.link import link
from graphleads.testing.staging import stage_delivery

NATIONAL, LEI = "GB-COH:00000001", "XI-LEI:00000000000000000A98"

Said = tuple[str, str, Mapping[str, Any] | None]
"""A full delivery: its dataset, its day, and what it says of the company, None if it has it no more."""


def row(**said: Any) -> dict[str, Any]:
    return {"record": "1", "id": NATIONAL, "name": "One Ltd"} | said


def stand(home: Path, deliveries: Sequence[Said], on: str | None = None) -> tuple[str, bool]:
    """Return the status of the company, and whether it may be a lead."""
    for dataset, day, said in deliveries:
        rows = [row(record="other", id="GB-COH:00000099", name="Other Ltd", status="active")]
        rows += [] if said is None else [row(**said)]
        identifiers = [{"record": "1", "id": LEI, "scheme": "GB-COH", "value": "00000001"}]
        tables = {"companies": rows} | ({"identifiers": identifiers} if said and said.get("id") == LEI else {})
        stage_delivery(home / "staged", tables, observed_on=day, dataset=dataset)
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig(max_drop=1))
    snapshot = open_snapshot(home / "snapshots")
    then = None if on is None else date.fromisoformat(on)
    company = EmbeddedStore(snapshot).company(NATIONAL, valid_on=then, known_on=then)
    return company.status, bool(snapshot.node_array("thrives")[snapshot.node_of(NATIONAL)])


LIVES, ENDED = {"status": "active"}, {"status": "dissolved", "dissolved_on": "2019-02-01"}
FIRM = LIVES | {"incorporated_on": "2001-01-01"}
GONE, LIVING = "inactive", "active"
OF_LEI = {"id": LEI, "status": "active"}


@pytest.mark.parametrize(
    ("deliveries", "status"),
    [
        # An older file of the same register calls active what left.
        ([("firms", "2026-09-01", LIVES), ("officers", "2026-09-02", LIVES), ("firms", "2026-10-01", None)], GONE),
        # Whatever the older file is, it was read last but did not see more.
        ([("officers", "2026-11-01", LIVES), ("firms", "2026-09-01", LIVES), ("firms", "2026-10-01", None)], "active"),
        # Who directs a company is delivered without one that has no director, and with one that is no more.
        ([("firms", "2026-10-01", FIRM), ("officers", "2026-09-01", LIVES), ("officers", "2026-11-01", None)], LIVING),
        ([("firms", "2026-09-01", FIRM), ("firms", "2026-10-01", None), ("officers", "2026-10-01", LIVES)], GONE),
        # Absent on the day of the other's last word, too.
        (
            [
                ("firms", "2026-09-01", LIVES), ("officers", "2026-11-01", LIVES), ("firms", "2026-10-01", None),
                ("firms", "2026-11-01", None),
            ],
            "inactive",
        ),
        # What was seen last counts, either way.
        ([("firms", "2026-09-01", LIVES), ("officers", "2026-10-01", ENDED)], "dissolved"),
        ([("firms", "2026-09-01", ENDED), ("officers", "2026-10-01", LIVES)], "active"),
        ([("firms", "2026-10-01", ENDED), ("officers", "2026-10-01", LIVES)], "dissolved"),
        # The register that names companies is not called a liar by another that lives longer, but may be late.
        ([("firms", "2026-09-01", ENDED), ("lei", "2026-10-01", OF_LEI)], "dissolved"),
        ([("firms", "2026-09-01", LIVES), ("lei", "2026-10-01", OF_LEI | ENDED)], "dissolved"),
        ([("firms", "2026-10-01", LIVES), ("lei", "2026-09-01", OF_LEI | ENDED)], "active"),
        # Who says nothing of a status contradicts nobody.
        ([("firms", "2026-09-01", ENDED), ("notes", "2026-10-01", {})], "dissolved"),
        ([("firms", "2026-09-01", LIVES), ("firms", "2026-10-01", None), ("notes", "2026-11-01", {})], "unknown"),
        ([("notes", "2026-09-01", {}), ("firms", "2026-09-01", LIVES), ("firms", "2026-10-01", None)], "inactive"),
    ],
)  # fmt: skip
def test_the_word_that_counts(tmp_path: Path, deliveries: Sequence[Said], status: str) -> None:
    assert stand(tmp_path, deliveries) == (status, status in {"active", "unknown"})


def test_of_two_registrations_in_one_register_the_living_one_counts(tmp_path: Path) -> None:
    rows = [row(**LIVES), row(record="2", **ENDED)]
    stage_delivery(tmp_path / "staged", {"companies": rows}, observed_on="2026-09-01", dataset="firms")
    assert stand(tmp_path, [("notes", "2026-09-01", {})]) == ("active", True)


def test_a_later_word_changes_nothing_of_an_earlier_day(tmp_path: Path) -> None:
    before: list[Said] = [("firms", "2026-09-01", LIVES), ("officers", "2026-09-02", ENDED)]
    later: list[Said] = [("firms", "2026-10-01", LIVES), ("officers", "2026-11-01", None)]
    assert stand(tmp_path / "a", before, on="2026-09-15") == stand(tmp_path / "b", before + later, on="2026-09-15")
