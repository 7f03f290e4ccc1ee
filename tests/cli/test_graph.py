from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import Result

Run = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("demo")


def read_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def read_csv(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("\ufeff")
    return list(csv.reader(result.stdout.removeprefix("\ufeff").splitlines()))


@pytest.fixture
def lead(run: Run) -> dict[str, Any]:
    """The first lead whose first reason has a step between."""
    items = read_json(run("recommend", "-k", 20, "--json"))["items"]
    return next(item for item in items if len(item["reasons"][0]["path"]) == 2)


def test_relationships_are_counted_before_they_are_listed(run: Run, lead: dict[str, Any]) -> None:
    company = lead["company"]["id"]
    answer = read_json(run("relationships", company, "--json"))
    assert answer["node"]["id"] == company
    assert sum(one["n"] for one in answer["counts"]) == len(answer["items"])
    assert all(company in (one["source"]["id"], one["target"]["id"]) for one in answer["items"])
    assert all(one["sources"] for one in answer["items"])
    directors = read_json(run("relationships", company, "--kind", "director", "--json"))["items"]
    assert {one["kind"] for one in directors} <= {"director"}
    assert run("relationships", company).exit_code == 0


def test_the_path_of_a_reason_is_among_the_paths(run: Run, lead: dict[str, Any]) -> None:
    steps = lead["reasons"][0]["path"]
    ends = (steps[0]["from"]["id"], steps[-1]["to"]["id"])
    answer = read_json(run("paths", *ends, "--json"))
    through = [[step["to"]["id"] for step in path["path"]] for path in answer["items"]]
    assert [step["to"]["id"] for step in steps] in through
    assert answer["items"][0]["n_hops"] <= len(steps)
    assert steps[0]["to"]["name"] in run("paths", *ends).stdout


def test_no_path_says_what_to_do(run: Run, lead: dict[str, Any]) -> None:
    steps = lead["reasons"][0]["path"]
    result = run("paths", steps[0]["from"]["id"], steps[-1]["to"]["id"], "--max-hops", 1)
    assert result.exit_code == 0
    assert "--max-hops" in result.stdout


def test_export_writes_what_other_tools_read(run: Run, lead: dict[str, Any], tmp_path: Path) -> None:
    company = lead["company"]["id"]
    target = tmp_path / "around.graphml"
    assert run("export", target, "--format", "graphml", "--around", company, "--hops", 1).exit_code == 0
    assert nx.read_graphml(target).nodes[company]["kind"] == "company"
    files = read_json(run("export", tmp_path / "all", "--format", "csv", "--json"))["files"]
    assert [Path(file).name for file in files] == ["nodes.csv", "edges.csv"]
    assert len(Path(files[0]).read_text().splitlines()) > 1000


def test_leads_as_csv(run: Run) -> None:
    header, *rows = read_csv(run("recommend", "-k", 3, "--csv"))
    assert header == [
        *("rank", "company_id", "name", "jurisdiction", "locality", "status", "score", "percent_of_best"),
        *("near_customer_id", "near_customer", "near_owner"),
        *("was_customer_id", "was_customer", "was_owner", "was_customer_until", "reason", "second_reason"),
    ]
    assert [row[0] for row in rows] == ["1", "2", "3"]


def test_any_table_as_csv_and_nothing_else(run: Run) -> None:
    columns = ["score", "id", "name", "kind", "place", "status", "found by", "to us"]
    assert read_csv(run("search", "brook", "--csv", "--limit", 2))[0] == columns
    assert read_csv(run("snapshot", "list", "--csv"))[0][0] == "snapshot"
    assert read_csv(run("config", "show", "--csv"))[0] == ["setting", "value", "from"]


def test_an_industry_keeps_its_trades(run: Run) -> None:
    every = {item["company"]["id"] for item in read_json(run("recommend", "-k", 500, "--json"))["items"]}
    some = {
        item["company"]["id"] for item in read_json(run("recommend", "-k", 500, "--industry", "4", "--json"))["items"]
    }
    assert some < every
    company = sorted(some)[0]
    codes = [
        fact["value"]
        for fact in read_json(run("company", company, "--json"))["facts"]
        if fact["field"] == "classification"
    ]
    assert any(code.startswith("UK-SIC-2007: 4") for code in codes)


def test_what_an_earlier_run_showed_is_not_new(run: Run) -> None:
    before = read_json(run("recommend", "-k", 3, "--json"))
    after = read_json(run("recommend", "-k", 2, "--new-since", before["run"]["id"], "--json"))
    assert [item["rank"] for item in after["items"]] == [4, 5]
    missing = run("recommend", "--new-since", "R-0")
    assert missing.exit_code == 1
    assert "R-0" in missing.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("relationships", "X-DEMO:1", "--kind", "friend"), "'friend' is no kind of relationship"),
        (("relationships", "X-DEMO:no/such 🦊"), "There is no entity"),
        (("paths", "X-DEMO:1"), "give 2 to 10"),
        (("paths", "X-DEMO:00000001", "X-DEMO:00000001"), "a path has two ends"),
        (("export", "x.graphml", "--format", "graphml"), "--around"),
        (("recommend", "--industry", " "), "An industry is empty"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code in (1, 2)
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_customers_stand_for_their_companies(run: Run) -> None:
    listed = read_json(run("customers", "matches", "--state", "sure", "--json"))["items"]
    first, second = listed[0], next(one for one in listed if one["company"] != listed[0]["company"])
    ids = [one["customer"]["id"] for one in (first, second)]
    answer = read_json(run("paths", "--customer", ids[0], "--customer", second["customer"]["name"], "--json"))
    assert [one["id"] for one in answer["ends"]] == [first["company"], second["company"]]
    around = read_json(run("recommend", "--customer", ids[0], "--customer", ids[1], "--json"))
    assert around["run"]["seeds"] == sorted([first["company"], second["company"]])
    lead = around["items"][0]["company"]["id"]
    assert read_json(run("explain", lead, "--customer", ids[0], "--json"))["run"]["seeds"] == [first["company"]]
    wrong = run("paths", "--customer", "no such customer at all", "--customer", ids[0])
    assert (wrong.exit_code, "There is no customer 'no such customer at all'" in wrong.stderr) == (1, True)
    assert run("paths").exit_code == 2


@pytest.mark.parametrize("command", ["company", "relationships", "paths", "recommend", "explain", "export"])
def test_every_question_of_a_day_is_asked_as_known_on_another(
    run: Run, lead: dict[str, Any], command: str, tmp_path: Path
) -> None:
    company, seed = lead["company"]["id"], lead["reasons"][0]["path"][0]["from"]["id"]
    about = {"paths": [company, seed], "recommend": ["--seed", seed], "explain": [company, "--seed", seed]}
    of = [str(tmp_path / "out")] if command == "export" else about.get(command, [company])
    asked = run(command, *of, "--as-of", "2000-01-01", "--known-on", "2999-01-01")
    assert asked.exit_code == 0, asked.output
    assert ("No register says anything of 2000-01-01 itself" in asked.stderr) == (command != "export")
    early = run(command, *of, "--known-on", "1800-01-01")
    assert command in {"recommend", "explain", "export"} or "as known on 1800-01-01" in early.stderr
