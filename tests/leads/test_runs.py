from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, ProgrammingError

from graphleads.errors import RunNotFound
from graphleads.leads.runs import Run, RunContent, Runs
from graphleads.testing.session import session_on

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
CONTENT = RunContent(
    snapshot="S-1",
    question={"seeds": ["GB-COH:01234567"], "k": 2},
    config={"damping": 0.85},
    items=[{"rank": 1, "company": {"id": "X-A:1", "name": "示例有限公司"}, "score": 0.25, "reasons": []}],
)


def test_a_run_comes_back_as_it_was_shown(engine: Engine) -> None:
    run_id = Runs(session_on(engine)).keep(CONTENT)
    assert run_id == "R-ae61de56ff080919b9df"
    assert Runs(session_on(engine)).load(run_id) == Run(
        id=run_id, team="main", by="Ann", content=CONTENT, created_at=NOW, shown_at=NOW
    )


def test_the_order_of_keys_is_no_part_of_a_run(engine: Engine) -> None:
    turned = replace(CONTENT, question=dict(reversed(list(CONTENT.question.items()))))
    assert turned.id("main") == CONTENT.id("main")


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, snapshot="S-2"),
        replace(CONTENT, question={"seeds": [], "k": 2}),
        replace(CONTENT, config={"damping": 0.5}),
        replace(CONTENT, items=[]),
    ],
)
def test_whatever_is_in_a_run_is_in_its_id(other: RunContent) -> None:
    assert other.id("main") != CONTENT.id("main")
    assert CONTENT.id("other") != CONTENT.id("main")


def test_the_same_run_twice_is_one(engine: Engine) -> None:
    first = Runs(session_on(engine)).keep(CONTENT)
    assert Runs(session_on(engine, now=LATER)).keep(CONTENT) == first
    run = Runs(session_on(engine)).load(first)
    assert (run.created_at, run.shown_at) == (NOW, LATER)


def test_a_run_of_another_team_is_not_found(engine: Engine) -> None:
    run_id = Runs(session_on(engine, team="other")).keep(CONTENT)
    with pytest.raises(RunNotFound, match=f"There is no run '{run_id}'"):
        Runs(session_on(engine)).load(run_id)


def keep_together(runs: Runs, contents: Sequence[RunContent]) -> list[Future[str]]:
    """Keep runs in a thread each, all of which wait while another transaction is being written."""
    with ThreadPoolExecutor(len(contents)) as threads, runs._queue.writing:
        kept = [threads.submit(runs.keep, content) for content in contents]
        while len(runs._queue.coming) < len(contents):
            time.sleep(0.001)
    return kept


def test_runs_that_come_together_are_kept_in_one_transaction(engine: Engine) -> None:
    contents = [replace(CONTENT, snapshot=f"S-{n}") for n in range(6)]
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    kept = keep_together(Runs(session_on(engine)), [*contents, contents[0]])

    assert len(commits) == 1
    assert [Runs(session_on(engine)).load(one.result()).content for one in kept] == [*contents, contents[0]]


def test_a_run_that_could_not_be_kept_is_said_to_whoever_showed_it(engine: Engine) -> None:
    runs = Runs(session_on(engine))
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO elsewhere")
        connection.commit()
    kept = keep_together(runs, [replace(CONTENT, snapshot=f"S-{n}") for n in range(3)])
    missing = {"sqlite": OperationalError, "postgresql": ProgrammingError}[engine.dialect.name]
    assert [type(one.exception()) for one in kept] == [missing] * 3

    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO runs")
        connection.commit()
    assert Runs(session_on(engine)).load(runs.keep(CONTENT)).content == CONTENT
