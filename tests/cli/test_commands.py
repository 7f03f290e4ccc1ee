from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from graphleads.cli.app import graphleads

Run = Callable[..., Result]


def read_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def first_lead(run: Run) -> str:
    company: str = read_json(run("recommend", "-k", 1, "--json"))["items"][0]["company"]["id"]
    return company


def test_the_demo_prints_leads_that_say_why(run: Run) -> None:
    result = run("demo", "--companies", 1000, "-k", 5)

    assert result.exit_code == 0
    assert "your customer" in result.stdout
    assert "Everybody here is made up." in result.stdout
    assert "serve, then open http://127.0.0.1:8000/docs for its documentation." in result.stdout
    assert "Making up a register of 1,000 companies" in result.stderr


def test_the_demo_twice_gives_the_same_leads(run: Run) -> None:
    first = read_json(run("demo", "--companies", 1000, "--json"))

    assert read_json(run("demo", "--companies", 1000, "--json")) == first


@pytest.mark.usefixtures("demo")
def test_recommend_prints_the_documented_object(run: Run) -> None:
    answer = read_json(run("recommend", "-k", 3, "--json"))

    assert list(answer) == ["run", "items", "next"]
    assert list(answer["run"]) == [
        *("id", "snapshot", "as_of", "seeds", "config", "n_candidates", "warnings", "n_withheld", "withheld", "ignored")
    ]
    assert answer["run"]["n_candidates"] > 3
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    for item in answer["items"]:
        assert list(item) == [
            *("rank", "company", "customers", "near", "score", "percent_of_best", "reasons", "other_points")
        ]
        assert list(item["company"]) == ["id", "name", "jurisdiction", "locality", "status"]
        for reason in item["reasons"]:
            assert list(reason) == ["sentence", "points", "confidence", "path"]
            assert reason["path"][0]["from"]["id"] in answer["run"]["seeds"]
            assert reason["path"][-1]["to"]["id"] == item["company"]["id"]
            assert all(step["source"]["dataset"] == "demo" for step in reason["path"])
            steps = reason["path"]
            assert [step["to"] for step in steps[:-1]] == [step["from"] for step in steps[1:]]
    assert answer["next"] is None


@pytest.mark.usefixtures("demo")
def test_a_claim_takes_a_lead_off_everybodys_list(run: Run) -> None:
    company = first_lead(run)

    assert read_json(run("claim", company, "--owner", "ann", "--json"))["owner"] == "ann"
    assert first_lead(run) != company
    second = run("claim", company, "--owner", "bob")
    assert (second.exit_code, second.stdout) == (1, "")
    assert second.stderr.startswith(f"Error: {company} was claimed by ann on ")
    assert [one["company"] for one in read_json(run("claims", "--json"))] == [company]
    assert "Claimed by ann." in run("explain", company).stdout
    assert "Claimed by ann." in run("company", company).stdout
    assert run("release", company).exit_code == 0
    assert first_lead(run) == company


@pytest.mark.usefixtures("demo")
def test_an_exclusion_takes_a_lead_off_until_it_is_taken_back(run: Run) -> None:
    company = first_lead(run)

    assert "is not offered any more" in run("exclude", company, "--reason", "a competitor", "--by", "ann").stdout
    assert first_lead(run) != company
    assert "a competitor" in run("exclusions").stdout
    assert run("include", company, "--by", "ann").exit_code == 0
    assert first_lead(run) == company


@pytest.mark.usefixtures("demo")
def test_reasons_are_told_in_chinese(run: Run) -> None:
    answer = read_json(run("recommend", "-k", 1, "--lang", "zh", "--json"))

    assert "贵方客户" in answer["items"][0]["reasons"][0]["sentence"]


def test_explain_prints_the_path_with_its_sources_and_what_was_not_followed(run: Run, demo: Path) -> None:
    shown = run("explain", first_lead(run)).stdout

    assert "is lead 1." in shown
    assert "[demo " in shown
    with (demo / "demo" / "answers" / "decoys.csv").open(encoding="utf-8") as file:
        decoy = next(row["company"] for row in csv.DictReader(file) if row["reason"] == "nominee")
    shown = run("explain", decoy).stdout
    assert "is no lead: no tie that is followed leads to it" in shown
    assert "Not followed: " in shown


def test_a_customer_is_shown_and_its_match_decided(run: Run, demo: Path) -> None:
    with (demo / "demo" / "answers" / "true_matches.csv").open(encoding="utf-8") as file:
        truth = next(row for row in csv.DictReader(file) if "X-DEMO:" in "".join(row.values()))
    customer = next(value for value in truth.values() if value.startswith("001DEMO"))
    company = next(value for value in truth.values() if value.startswith("X-DEMO:"))

    decided = read_json(run("match", "--confirm", customer, company, "--by", "ann", "--json"))
    assert (decided["match"]["state"], decided["match"]["company"]) == ("confirmed", company)
    assert decided["company"]["facts"][0]["source"]["dataset"] == "demo"
    shown = run("customers", "show", customer).stdout
    assert "Match: confirmed, 100%" in shown
    assert f"({company})" in shown
    refused = read_json(run("match", "--refuse", customer, company, "--by", "ann", "--json"))
    assert refused["match"]["state"] == "refused"


@pytest.mark.usefixtures("demo")
def test_match_review_offers_companies_to_decide_between(run: Run) -> None:
    for item in read_json(run("match", "--review", "--json"))["items"]:
        assert item["candidates"]
        assert item["candidates"][0]["probability"] < 0.95


@pytest.mark.usefixtures("demo")
def test_a_dry_run_writes_nothing_and_an_import_can_be_undone(run: Run, tmp_path: Path) -> None:
    crm = tmp_path / "crm.csv"
    crm.write_text("id,name,status\nNEW-1,Some Firm Ltd,won\nNEW-1,Twice Ltd,won\n", encoding="utf-8")

    dry = read_json(run("customers", "import", crm, "--dry-run", "--json"))
    assert (dry["new"], dry["import_id"], len(dry["rejected"])) == (["NEW-1"], None, 1)
    assert run("customers", "show", "NEW-1").exit_code == 1
    made = run("customers", "import", crm)
    assert "1 new, 0 changed, 0 unchanged, 1 rejected" in made.stdout
    assert run("customers", "show", "NEW-1").exit_code == 0
    assert "is undone: 1 new" in run("customers", "undo", 2).stdout
    assert run("customers", "show", "NEW-1").exit_code == 1
    assert "undone" in run("customers", "imports").stdout


@pytest.mark.usefixtures("demo")
def test_status_run_and_snapshots(run: Run) -> None:
    assert read_json(run("status", "--json"))["stale"] == []
    assert [step["done"] for step in read_json(run("run", "--json"))["steps"]] == [False, False, False]
    (snapshot,) = read_json(run("snapshot", "list", "--json"))
    assert snapshot["current"]
    sound = {"snapshot": snapshot["id"], "sound": True, "wrong": []}
    assert read_json(run("snapshot", "verify", "--json")) == sound
    assert read_json(run("snapshot", "verify", "--all", "--json")) == [sound]
    assert run("snapshot", "verify").stdout == f"Snapshot {snapshot['id']}: every file matches its checksum.\n"
    assert run("snapshot", "use", snapshot["id"]).exit_code == 0
    assert run("link").stdout.startswith("Nothing changed")
    assert run("build").stdout.startswith("Nothing changed")
    assert "Next: `graphleads" in run("status").stdout


def test_a_flipped_byte_is_found(run: Run, demo: Path) -> None:
    (edges,) = (demo / "snapshots").glob("*/edges.arrow")
    content = bytearray(edges.read_bytes())
    content[1000] ^= 1
    edges.write_bytes(content)
    result = run("snapshot", "verify")

    assert result.exit_code == 1
    assert result.stderr == f"Error: snapshot {edges.parent.name}: edges.arrow does not match its checksum.\n"


@pytest.mark.usefixtures("demo")
def test_search_and_company_find_one_another(run: Run) -> None:
    company = first_lead(run)
    answer = read_json(run("company", company, "--json"))

    assert answer["id"] == company
    assert answer["n_relationships"] >= len(answer["relationships"]) > 0
    hits = read_json(run("search", answer["name"], "--json"))["items"]
    assert company in [hit["id"] for hit in hits]
    assert "Nothing is called" in run("search", "zzzzqqqqxxxx").stdout


@pytest.mark.usefixtures("demo")
def test_the_same_files_twice_change_nothing_and_say_so(run: Run, demo: Path) -> None:
    files = [
        demo / "demo" / f"{name}.csv"
        for name in ("companies", "persons", "interests", "roles", "links", "contact_points")
    ]
    words = ("ingest", "table", *files, "--mapping", "plain", "--dataset", "demo", "--observed-on", "2026-06-30")

    assert run(*words).stdout.startswith("Nothing changed: demo of 2026-06-30 is there already")
    assert read_json(run(*words, "--json"))["already_there"] is True


def test_settings_are_shown_with_where_they_come_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "graphleads.yaml").write_text("team: north\n", encoding="utf-8")
    shown = read_json(run("config", "show", "--json"))["settings"]

    assert {"name": "team", "value": "north", "origin": "graphleads.yaml"} in shown
    assert "north" in run("config", "show").stdout


def test_every_command_has_help() -> None:
    def walk(group: Any) -> list[Any]:
        commands = list(group.commands.values())
        return commands + [below for one in commands if hasattr(one, "commands") for below in walk(one)]

    for command in walk(graphleads):
        assert command.help, command.name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.name}"
        # A server prints nothing, and a mapping is YAML.
        if not hasattr(command, "commands") and command.name not in ("serve", "init-mapping"):
            assert "--json" in [name for one in command.params for name in one.opts], command.name
