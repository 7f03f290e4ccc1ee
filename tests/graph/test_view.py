from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.view import TieView
from graphleads.model import View
from graphleads.testing.staging import stage_delivery

NEVER = "9999-12-31"


def build(folder: Path, company: dict[str, object]) -> Snapshot:
    rows = {"companies": [{"record": "1", "id": "X-TEST:1", "name": "Alder Ltd", "status": "active"} | company]}
    stage_delivery(folder / "staged", rows, observed_on="2025-06-30", dataset="test")
    source = BuildInput(staged=folder / "staged", same_as=None, snapshots=folder / "snapshots")
    build_snapshot(source, BuildConfig())
    return open_snapshot(folder / "snapshots")


@pytest.mark.parametrize(
    ("company", "until", "thrives"),
    [
        ({}, NEVER, True),
        ({"incorporated_on": "2025-08-01"}, "2025-08-01", False),
        ({"dissolved_on": "2025-07-15"}, "2025-07-15", True),
        ({"dissolved_on": "2025-06-30"}, NEVER, False),
        ({"status": "dissolved"}, NEVER, False),
        ({"mentioned": True}, NEVER, False),
    ],
)
def test_the_view_ends_where_a_company_begins_or_ends(
    tmp_path: Path, company: dict[str, object], until: str, thrives: bool
) -> None:
    snapshot = build(tmp_path, company)
    assert snapshot.view_until == days_since_1970(date.fromisoformat(until))
    assert snapshot.node_array("thrives").tolist() == [thrives]


def test_the_weights_of_a_snapshot_are_those_of_the_same_settings_in_any_order(tmp_path: Path) -> None:
    snapshot = build(tmp_path, {})
    days = View(valid_on=snapshot.observed_on, known_on=snapshot.observed_on)
    for walk in (None, WalkConfig(), WalkConfig(holder_cap=7)):
        assert TieView(snapshot, days, walk).weight is snapshot.node_array("edge_weight")
    other = TieView(snapshot, days, WalkConfig(share_floor=0.5))
    assert other.weight is not snapshot.node_array("edge_weight")
