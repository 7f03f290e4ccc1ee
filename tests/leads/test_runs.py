from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from graphleads.errors import RunNotFound
from graphleads.leads.runs import Run, RunContent, RunKeeper, last_run, load_run, save_run

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


def keep_together(keeper: RunKeeper, engine: Engine, contents: Sequence[RunContent]) -> list[Future[str]]:
    """Keep runs in a thread each, all of which wait while another transaction is being written."""
    with ThreadPoolExecutor(len(contents)) as threads, keeper._writing:
        kept = [threads.submit(keeper.keep, engine, content, now=NOW) for content in contents]
        while len(keeper._coming) < len(contents):
            time.sleep(0.001)
    return kept


def test_runs_that_come_together_are_kept_in_one_transaction(engine: Engine) -> None:
    contents = [replace(CONTENT, snapshot=f"S-{n}") for n in range(6)]
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    kept = keep_together(RunKeeper(), engine, [*contents, contents[0]])

    assert len(commits) == 1
    assert [load_run(engine, one.result()).content for one in kept] == [*contents, contents[0]]


def test_a_run_that_could_not_be_kept_is_said_to_whoever_showed_it(engine: Engine) -> None:
    keeper = RunKeeper()
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO elsewhere")
        connection.commit()
    kept = keep_together(keeper, engine, [replace(CONTENT, snapshot=f"S-{n}") for n in range(3)])
    assert [type(one.exception()) for one in kept] == [OperationalError] * 3

    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO runs")
        connection.commit()
    assert load_run(engine, keeper.keep(engine, CONTENT, now=NOW)).content == CONTENT
