from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

FLAWED = "id,name,jurisdiction\nX-T:1,Alder,GB\n,Nameless,GB\n"


def ingest(run: Run, folder: Path, *options: str) -> Result:
    (folder / "companies.csv").write_text(FLAWED, encoding="utf-8")
    words = ("--mapping", "plain", "--dataset", "list", "--observed-on", "2026-06-01", *options)
    return run("ingest", "table", folder / "companies.csv", *words)


def test_the_summary_names_the_command_that_shows_the_issues(run: Run, tmp_path: Path) -> None:
    result = ingest(run, tmp_path)
    (delivery,) = json.loads(run("deliveries", "list", "--json").stdout)

    assert f"deliveries issues {delivery['id']}`" in result.stdout
    (issue,) = json.loads(run("deliveries", "issues", "2026-06", "--json").stdout)
    assert list(issue) == ["file", "row", "column", "code", "message", "sample"]
    assert (issue["file"], issue["row"]) == ("companies.csv", 3)
    assert run("deliveries", "issues", "2026-06", "--csv").stdout.startswith(
        "\ufefffile,row,column,code,message,sample"
    )
    assert "companies.csv" in run("deliveries", "issues", "2026-06").stdout


def test_the_last_delivery_is_removed_and_restored(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path)
    assert run("run").exit_code == 0
    assert "list" in run("deliveries", "list").stdout
    removed = run("deliveries", "remove", "2026-06")

    assert "is removed; no delivery is left." in removed.stdout
    assert "deliveries restore 2026-06-01-" in removed.stdout
    assert "No delivery is left: what was built before is served" in run("status").stdout
    assert run("company", "X-T:1").exit_code == 0
    assert "Nothing was ingested yet" in run("deliveries", "list").stdout
    (kept,) = json.loads(run("deliveries", "list", "--removed", "--json").stdout)
    assert json.loads(run("deliveries", "restore", kept["id"], "--json").stdout) == kept
    assert run("deliveries", "list", "--removed").stdout == "No delivery was removed.\n"
    assert json.loads(run("status", "--json").stdout)["stale"] == []


def test_the_future_is_refused_as_wrong_use(run: Run, tmp_path: Path) -> None:
    result = ingest(run, tmp_path, "--observed-on", "2999-01-01")

    assert result.exit_code == 2
    assert "Error: 2999-01-01 is in the future" in result.stderr


def test_the_demo_leaves_what_is_not_made_up_alone(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path)
    (tmp_path / "crm.csv").write_text("id,name,status\n7,Alder,won\n", encoding="utf-8")
    assert run("customers", "import", tmp_path / "crm.csv").exit_code == 0
    result = run("demo", "--companies", 1000)

    assert result.exit_code == 1
    assert "holds 1 delivery and 1 customer that are not made up" in result.stderr
    assert "--home DIR demo`" in result.stderr
    assert len(json.loads(run("deliveries", "list", "--json").stdout)) == 1


@pytest.mark.usefixtures("demo")
def test_filters_that_leave_nothing_are_named(run: Run) -> None:
    shown = run("recommend", "--jurisdiction", "FR", "--industry", "zz").stdout

    assert "with --jurisdiction and --industry: without, there may be some; try." in shown
    assert "free to be called" not in shown


@pytest.mark.usefixtures("demo")
def test_the_age_of_a_register_is_noted_beside_the_answer(run: Run) -> None:
    said = "Warning: The register is of 2026-06-30: 3 years before the day that is asked for.\n"

    for form in ("--json", "--csv"):
        result = run("recommend", "-k", 1, "--as-of", "2029-12-01", form)
        assert (result.exit_code, result.stderr) == (0, said)


@pytest.mark.usefixtures("demo")
def test_claims_and_exclusions_are_listed_by_name(run: Run) -> None:
    first, second = json.loads(run("recommend", "-k", 2, "--json").stdout)["items"]
    company, other = first["company"], second["company"]
    claimed = run("claim", company["id"], "--owner", "ann").stdout

    assert claimed.startswith(f"{company['name']} ({company['id']}) is claimed by ann since ")
    (claim,) = json.loads(run("claims", "--owner", "ann", "--json").stdout)
    assert (claim["company"], claim["name"]) == (company["id"], company["name"])
    assert "bob has claimed no company" in run("claims", "--owner", "bob").stdout
    assert company["name"] in run("claims", "--csv").stdout
    run("exclude", other["id"], "--reason", "a competitor", "--by", "ann")
    assert other["name"] in run("exclusions", "--csv").stdout
    refused = run("claim", other["id"], "--owner", "ann")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "'a competitor'" in refused.stderr
