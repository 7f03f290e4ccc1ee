from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import OperationalError, ProgrammingError

from graphleads.db.schema import runs
from graphleads.errors import RunNotFound, VersionUnsupported
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


def write_run(engine: Engine, number: int, content: dict[str, object]) -> str:
    """Put a run of a format into the database, as another version of the product left it."""
    row = {"id": f"R-{number}", "team": "main", "by": "Ann", "snapshot": "S-1", "format": number}
    with engine.connect() as connection:
        connection.execute(insert(runs), [row | {"content": content, "created_at": NOW, "shown_at": NOW}])
        connection.commit()
    return str(row["id"])


def test_a_run_of_the_first_format_is_read_by_its_rules(engine: Engine) -> None:
    tie: dict[str, Any] = {
        "kind": "director",
        "title": "Chair",
        "period": {"start_on": "2019-03-01", "end_on": None},
        "sources": [{"dataset": "register", "record": "r-1", "observed_on": "2024-01-01"}],
    }
    start, end = ({"id": f"X-A:{n}", "kind": "company", "name": f"No {n}"} for n in (1, 2))
    reason = {"sentence": "Why.", "points": 0.1, "confidence": 1.0}
    item = {"rank": 1, "company": {"id": "X-A:2", "facts": []}, "score": 0.1}
    path = [{"start": start, "end": end, "relationship": tie}]
    run_id = write_run(
        engine, 1, {"question": {"k": 1}, "config": {}, "items": [item | {"reasons": [reason | {"path": path}]}]}
    )

    content = Runs(session_on(engine)).load(run_id).content
    step = {"from": start, "to": end, "kind": "director", "title": "Chair", "start_on": "2019-03-01", "end_on": None}
    assert content.items == [item | {"reasons": [reason | {"path": [step | {"source": tie["sources"][0]}]}]}]
    assert (content.question, content.n_candidates, content.warnings) == ({"k": 1}, None, ())


@pytest.mark.parametrize("content", [{}, {"items": [None, {"reasons": [None, {"path": [None]}]}]}])
def test_a_run_of_the_first_format_that_lacks_something_is_read(engine: Engine, content: dict[str, object]) -> None:
    run_id = write_run(engine, 1, content)
    assert len(Runs(session_on(engine)).load(run_id).content.items) == len(content.get("items", []))  # type: ignore[arg-type]


def test_a_run_of_a_later_format_is_refused_in_a_sentence(engine: Engine) -> None:
    run_id = write_run(engine, 9, {"items": []})
    with pytest.raises(VersionUnsupported, match="The run R-9 is of format 9, this graphleads knows up to 2: install"):
        Runs(session_on(engine)).load(run_id)


def test_old_runs_are_dropped_when_one_is_kept_and_pinned_ones_stay(engine: Engine) -> None:
    first, second = (Runs(session_on(engine)).keep(replace(CONTENT, snapshot=f"S-{n}")) for n in (2, 3))
    Runs(session_on(engine)).pin(second)
    later = Runs(session_on(engine, now=NOW + timedelta(days=30)), keep_days=30)
    third = later.keep(replace(CONTENT, snapshot="S-4"))
    assert later.load(first).id == first

    last = Runs(session_on(engine, now=NOW + timedelta(days=31)), keep_days=30)
    last.keep(replace(CONTENT, snapshot="S-5"))
    with pytest.raises(RunNotFound):
        last.load(first)
    assert (last.load(second).pinned_at, last.load(third).id) == (NOW, third)


def test_a_pinned_run_can_be_let_go(engine: Engine) -> None:
    runs = Runs(session_on(engine))
    run_id = runs.keep(CONTENT)
    assert runs.pin(run_id) == NOW
    assert Runs(session_on(engine, now=LATER)).pin(run_id) == NOW
    runs.unpin(run_id)
    assert runs.load(run_id).pinned_at is None
    for act in (runs.pin, runs.unpin):
        with pytest.raises(RunNotFound, match="There is no run 'R-0'"):
            act("R-0")
