from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("demo")


def test_a_review_comes_back_as_decisions(run: Run, tmp_path: Path) -> None:
    shown = run("match", "--review", "--csv").stdout
    rows = list(csv.DictReader(shown.removeprefix("\ufeff").splitlines()))
    assert rows
    rows[0]["decision"] = "Confirm"
    bad = rows[0] | {"customer": "nobody", "decision": "refuse"}
    path = tmp_path / "decided.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, bad])
    result = run("match", "--decisions", path, "--by", "ann")
    assert result.exit_code == 0, result.output
    assert "1 decision of decided.csv made, says ann." in result.stdout
    assert f"{len(rows) + 2} " in result.stdout
    answer = json.loads(run("customers", "show", rows[0]["customer"], "--json").stdout)
    assert (answer["match"]["state"], answer["match"]["company"]) == ("confirmed", rows[0]["company"])
    assert run("match", "--forget", rows[0]["customer"], rows[0]["company"]).exit_code == 0
    answer = json.loads(run("customers", "show", rows[0]["customer"], "--json").stdout)
    assert answer["match"]["state"] == "unsure"


def test_a_file_without_decisions_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer;company\nx;y\n", encoding="utf-8")
    result = run("match", "--decisions", tmp_path / "a.csv")
    assert (result.exit_code, "a.csv has no column 'decision'" in result.stderr) == (1, True)
    assert run("match", "--decisions", tmp_path / "gone.csv").exit_code == 1


def test_one_kind_of_decision_at_a_time(run: Run) -> None:
    assert run("match", "--review", "--confirm-all-above", 90).exit_code == 2
    assert run("match", "--confirm-all-above", 40).exit_code == 2
    assert "matches confirmed" in run("match", "--confirm-all-above", 99.9).stdout


def test_what_nobody_can_tell_is_said_with_a_reason(run: Run) -> None:
    sure = json.loads(run("customers", "matches", "--state", "sure", "--json").stdout)["items"][0]
    pair = (sure["customer"]["id"], sure["company"])
    said = run("match", "--unsure", *pair, "--reason", "two of that name", "--by", "Ann")
    assert f"({pair[0]}) may be {pair[1]}, says Ann." in said.stdout
    (one,) = json.loads(run("customers", "matches", "--customer", pair[0], "--json").stdout)["items"]
    assert (one["state"], one["decisions"][0]["reason"]) == ("unsure", "two of that name")
    assert (
        f"may be {pair[1]}, says Ann: two of that name"
        in run("customers", "matches", "--state", "unsure", "--csv").stdout
    )
