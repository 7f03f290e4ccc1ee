from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.neo4j import asking, machinery, register
from graphleads.graph.snapshot import Snapshot


def test_one_row_in_a_hundred_changes(tmp_path: Path) -> None:
    file = tmp_path / "roles.csv"
    rows = [f"C{n},P{n},director,,2001-02-03," for n in range(250)]
    file.write_text("\n".join(["company,holder,kind,title,start_on,end_on", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "changed").mkdir()
    changed = register._change(file, tmp_path / "changed", "end_on", date(2026, 7, 1))
    assert changed.read_text(encoding="utf-8").splitlines() == [
        "company,holder,kind,title,start_on,end_on",
        *(f"C{n},P{n},director,,2001-02-03,2026-07-01" for n in (0, 100, 200)),
    ]


def test_the_power_iteration_is_a_walk(known_snapshot: Snapshot) -> None:
    mass = asking._iterate(known_snapshot, np.array([0, 1], np.int32))
    assert mass.sum() == pytest.approx(1)
    # Alder has more ties than Birch, whose only one leads to Ann, who leads back to both.
    assert mass[0] > mass[1] > 0
    assert mass[known_snapshot.node_of("X-KNOWN:10")] == 0


def test_the_procedures_are_those_of_the_pom() -> None:
    text = Path(machinery.__file__).with_name("pom.xml").read_text(encoding="utf-8")
    assert f"<gds.version>{machinery.GDS_VERSION}</gds.version>" in text
