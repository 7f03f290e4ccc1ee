from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.describe import thrives_on
from graphleads.graph.entity_view import EntityView
from graphleads.graph.snapshot import open_snapshot
from graphleads.model import View
from graphleads.recommend.company_state import open_versions, own_states, read_states
from graphleads.testing.staging import stage_delivery

DAYS = [date(2023, 1, 1), date(2024, 6, 29), date(2024, 6, 30), date(2024, 9, 1), date(2025, 1, 1), date(2025, 6, 30),
        date(2026, 1, 1)]  # fmt: skip


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"record": name, "id": f"X-TEST:{name}", "name": name, "status": "active", "mentioned": False} | more


BEFORE = [
    row("steady"),
    row("leaves"),
    row("dies"),
    row("founded", incorporated_on="2024-08-01"),
    row("ended", dissolved_on="2024-12-31"),
    row("named", mentioned=True, status="unknown"),
    row("planned", start_on="2024-07-15"),
]
AFTER = [
    row("steady"),
    row("dies", status="dissolved", start_on="2024-10-01"),
    row("founded", incorporated_on="2024-08-01"),
    row("ended", dissolved_on="2024-12-31"),
    row("named"),
    row("planned", start_on="2024-07-15"),
    row("comes"),
]


def test_what_kernels_read_of_a_day_is_what_the_view_of_it_says(tmp_path: Path) -> None:
    for day, rows in (("2024-06-30", BEFORE), ("2025-06-30", AFTER)):
        stage_delivery(tmp_path / "staged", {"companies": rows}, observed_on=day)
    other = [row("elsewhere", id="X-TEST:steady", status="dissolved", start_on="2025-03-01")]
    stage_delivery(tmp_path / "staged", {"companies": other}, observed_on="2025-05-01", dataset="more")
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    build_snapshot(source, BuildConfig(max_drop=1.0))
    snapshot = open_snapshot(tmp_path / "snapshots")
    own, versions = own_states(snapshot), open_versions(snapshot)
    companies = np.arange(snapshot.n_companies, dtype=np.int32)
    seen = set()
    for valid_on, known_on in product(DAYS, DAYS):
        entities = EntityView(snapshot, View(valid_on=valid_on, known_on=known_on))
        found = read_states(entities, companies, own, versions)
        described = entities.companies(companies, ["mentioned", "incorporated_on", "dissolved_on"])
        thrives = thrives_on(described, *entities.standing(companies), entities.day.valid_on)
        assert found.thrives.tolist() == thrives.tolist(), (valid_on, known_on)
        assert found.mentioned.tolist() == pc.fill_null(described["mentioned"], True).to_pylist(), (valid_on, known_on)
        seen.add(tuple(thrives.tolist()))
    assert len(seen) > 5
