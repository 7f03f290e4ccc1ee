from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from graphleads.errors import RunNotFound
from graphleads.recommend.runs import Run, RunContent, last_run, load_run, save_run

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
CONTENT = RunContent(
    snapshot="S-1",
    query={"seeds": ["GB-COH:01234567"], "k": 2},
    config={"damping": 0.85},
    items=[{"rank": 1, "company": {"id": "X-A:1", "name": "示例有限公司"}, "score": 0.25, "reasons": []}],
)


def test_a_run_comes_back_as_it_was_shown(engine: Engine) -> None:
    run_id = save_run(engine, CONTENT, now=NOW)
    assert run_id == "R-ae61de56ff080919b9df"
    assert load_run(engine, run_id) == Run(id=run_id, team="main", content=CONTENT, created_at=NOW, shown_at=NOW)


def test_the_order_of_keys_is_no_part_of_a_run(engine: Engine) -> None:
    turned = replace(CONTENT, query=dict(reversed(CONTENT.query.items())))
    assert turned.id("main") == CONTENT.id("main")


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, snapshot="S-2"),
        replace(CONTENT, query={"seeds": [], "k": 2}),
        replace(CONTENT, config={"damping": 0.5}),
        replace(CONTENT, items=[]),
    ],
)
def test_whatever_is_in_a_run_is_in_its_id(other: RunContent) -> None:
    assert other.id("main") != CONTENT.id("main")
    assert CONTENT.id("other") != CONTENT.id("main")


def test_the_same_run_twice_is_one(engine: Engine) -> None:
    first = save_run(engine, CONTENT, now=NOW)
    assert save_run(engine, CONTENT, now=LATER) == first
    run = load_run(engine, first)
    assert (run.created_at, run.shown_at) == (NOW, LATER)


def test_the_last_run_is_the_one_shown_last(engine: Engine) -> None:
    assert last_run(engine) is None
    first = save_run(engine, CONTENT, now=NOW)
    save_run(engine, replace(CONTENT, snapshot="S-2"), now=NOW + timedelta(hours=1))
    save_run(engine, replace(CONTENT, snapshot="S-3"), now=LATER, team="other")
    save_run(engine, CONTENT, now=LATER)
    last = last_run(engine)
    assert last is not None
    assert last.id == first


def test_a_run_of_another_team_is_not_found(engine: Engine) -> None:
    run_id = save_run(engine, CONTENT, now=NOW, team="other")
    with pytest.raises(RunNotFound, match=f"There is no run '{run_id}'"):
        load_run(engine, run_id)
