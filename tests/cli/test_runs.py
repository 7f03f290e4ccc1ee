from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, update

from graphleads.db.schema import runs
from graphleads.workspace.workspace import open_workspace

Run = Callable[..., Result]


@pytest.fixture
def shown(run: Run, demo: Path) -> dict[str, Any]:
    """Three leads of the demo, as JSON, whose run is kept in the home where `run` runs."""
    del demo
    result = run("recommend", "-k", 3, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_run_is_shown_as_it_was(run: Run, shown: dict[str, Any]) -> None:
    again = run("runs", "show", shown["run"]["id"], "--json")
    assert json.loads(again.stdout) == shown
    table = run("runs", "show", shown["run"]["id"]).stdout
    assert shown["items"][2]["company"]["id"] in table
    assert f"3 of {shown['run']['n_candidates']:,} leads as of" in table


def test_a_run_that_lacks_almost_everything_is_shown(run: Run, shown: dict[str, Any], demo: Path) -> None:
    kept = {"items": [{"company": {"id": "X-DEMO:00000010"}}, {}], "mood": "good"}
    with open_workspace(demo) as workspace, workspace.database.engine.begin() as connection:
        connection.execute(update(runs).values(content=kept))
    for words in (("runs", "show"), ("recommend", "-k", 3, "--new-since")):
        result = run(*words, shown["run"]["id"])
        assert result.exit_code == 0, result.output
    assert "X-DEMO:00000010" in run("runs", "show", shown["run"]["id"]).stdout


def test_a_run_is_pinned_and_let_go(run: Run, shown: dict[str, Any], demo: Path) -> None:
    number = shown["run"]["id"]

    def pinned() -> bool:
        with open_workspace(demo) as workspace, workspace.database.engine.connect() as connection:
            return connection.execute(select(runs.c.pinned_at).where(runs.c.id == number)).scalar_one() is not None

    assert f"{number} is kept for good since" in run("runs", "pin", number).stdout
    assert pinned()
    assert run("runs", "unpin", number).exit_code == 0
    assert not pinned()
    result = run("runs", "pin", "R-0")
    assert (result.exit_code, "There is no run 'R-0'" in result.stderr) == (1, True)


def test_a_claim_names_the_run_that_offered_the_company(run: Run, shown: dict[str, Any]) -> None:
    lead = shown["items"][1]
    words = ("claim", lead["company"]["id"], "--owner", "Ann", "--run", shown["run"]["id"], "--json")
    claim = json.loads(run(*words).stdout)
    assert (claim["run"], claim["rank"], claim["score"]) == (shown["run"]["id"], 2, lead["score"])


def test_runs_are_listed(run: Run, shown: dict[str, Any], demo: Path) -> None:
    def line() -> dict[str, Any]:
        listed = json.loads(run("runs", "list", "--json").stdout)["items"]
        return next(one for one in listed if one["id"] == number)

    number = shown["run"]["id"]
    assert {name: line()[name] for name in ("n_leads", "k", "pinned_at", "as_of", "n_seeds")} == {
        "n_leads": 3, "k": 3, "pinned_at": None, "as_of": shown["run"]["as_of"], "n_seeds": len(shown["run"]["seeds"]),
    }  # fmt: skip
    assert number in run("runs", "list").stdout
    assert len(json.loads(run("runs", "list", "--limit", 1, "--json").stdout)["items"]) == 1
    assert "No run is kept" in run("runs", "list", "--pinned").stdout
    run("runs", "pin", number)
    assert "pinned since" in run("runs", "list", "--pinned").stdout
    with open_workspace(demo) as workspace, workspace.database.engine.begin() as connection:
        connection.execute(update(runs).values(content={"mood": "good", "question": []}))
    assert {name: line()[name] for name in ("n_leads", "k", "as_of", "n_seeds")} == {
        "n_leads": 0, "k": None, "as_of": None, "n_seeds": 0,
    }  # fmt: skip


def test_what_left_since_an_earlier_run_is_said(run: Run, shown: dict[str, Any]) -> None:
    earlier, lead = shown["run"]["id"], shown["items"][0]["company"]
    run("claim", lead["id"], "--owner", "Ann")
    later = json.loads(run("recommend", "-k", 3, "--new-since", earlier, "--json").stdout)
    assert [(one["company"]["id"], one["rank"], one["why"]) for one in later["left"]] == [(lead["id"], 1, "claimed")]
    table = run("recommend", "-k", 3, "--new-since", earlier).stdout
    assert "no lead any more" in table
    assert "Ann has claimed it" in table
    again = json.loads(run("runs", "show", later["run"]["id"], "--new-since", earlier, "--json").stdout)
    assert again["left"] == later["left"]
    assert "Ann has claimed it" in run("runs", "show", later["run"]["id"], "--new-since", earlier).stdout
