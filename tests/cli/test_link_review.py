from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import open_workspace

Run = Callable[..., Result]


def stage(tmp_path: Path, *names: str) -> None:
    """Stage a company and holders of these names, each of which is said to have its number."""
    alder = {
        "record": "a",
        "id": "GB-COH:09900123",
        "name": "Alder Holdings Limited",
        "mentioned": False,
        "jurisdiction": "GB",
    }
    holders = [
        {"record": f"s{n}", "id": f"X-BODS:p/{n}", "name": name, "mentioned": True} for n, name in enumerate(names)
    ]
    numbers = [{"record": one["record"], "id": one["id"], "scheme": "GB-COH", "value": "09900123"} for one in holders]
    tables: dict[str, list[dict[str, object]]] = {"companies": [alder, *holders], "identifiers": numbers}
    stage_delivery(tmp_path / "home" / "staged", tables, observed_on="2024-01-01")


def test_what_waits_for_review_is_listed_with_the_reason(run: Run, tmp_path: Path) -> None:
    stage(tmp_path, "Stranger Plc", "Nobody Ltd")

    assert "link --review`" in run("link").stdout
    shown = run("link", "--review", "--limit", 1)

    assert shown.exit_code == 0, shown.output
    for said in (
        "Stranger Plc",
        "Alder Holdings Limited, GB",
        "09900123",
        "GB-COH",
        "another name",
        "1 of 2 are shown",
    ):
        assert said in " ".join(shown.stdout.split()), said


def test_it_is_listed_for_machines_and_spreadsheets(run: Run, tmp_path: Path) -> None:
    stage(tmp_path, "Stranger Plc", "Nobody Ltd")
    run("link")

    answer = json.loads(run("link", "--review", "--json").stdout)
    assert answer["n"] == 2
    assert [(one["name"], one["other_name"], one["record"]) for one in answer["items"]] == [
        ("Stranger Plc", "Alder Holdings Limited", "s0"),
        ("Nobody Ltd", "Alder Holdings Limited", "s1"),
    ]
    table = list(csv.reader(run("link", "--review", "--csv").stdout.removeprefix("\ufeff").splitlines()))
    assert table[0][:2] == ["stated of", "number"]
    with open_workspace(tmp_path / "home") as workspace:
        assert workspace.registers.review(limit=1).items == answer["items"][:1]


def test_where_nothing_waits_that_is_said(run: Run, tmp_path: Path) -> None:
    stage(tmp_path, "Alder Holdings Ltd")
    run("link")

    assert run("link", "--review").stdout == "No number that a record states waits for review.\n"
    assert json.loads(run("link", "--review", "--json").stdout) == {"n": 0, "items": []}


def test_before_anything_was_linked_the_next_step_is_said(run: Run, tmp_path: Path) -> None:
    stage(tmp_path, "Stranger Plc")

    result = run("link", "--review")

    assert result.exit_code != 0
    assert "not linked yet" in result.stderr
