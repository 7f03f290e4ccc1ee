"""Recommendation runs that were shown, kept whole: what was asked of which snapshot with which config, and the answer.

A run's id is a hash of its content, so the same answer to the same question is one run however often it is shown, and
an id in a message or a CRM always leads back to exactly what somebody saw.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine, RowMapping, select

from graphleads.db.connect import write
from graphleads.db.insert import upsert
from graphleads.db.schema import DEFAULT_TEAM, runs
from graphleads.errors import RunNotFound

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContent:
    """What a run is made of: JSON values, or what has a JSON form and comes back in it.

    Attributes:
        snapshot: Id of the snapshot that was asked.
        query: What was asked.
        config: The ranking's config.
        items: The recommendations in order of rank.
    """

    snapshot: str
    query: JsonObject
    config: JsonObject
    items: Sequence[Any]

    def id(self, team: str) -> str:
        """Return the run's id in a team: `R-` and 20 hex digits of the content's SHA-256."""
        return str(self.row(team)["id"])

    def row(self, team: str) -> dict[str, Any]:
        """Return the run's row without its moments; the leads, most of it, are put into JSON once for id and row."""
        items = orjson.Fragment(_dump(self.items))
        parts = _dump([team, self.snapshot, self.query, self.config, items])
        number = f"R-{hashlib.sha256(parts).hexdigest()[:20]}"
        query, config = self.query, self.config
        return {"id": number, "team": team, "snapshot": self.snapshot, "query": query, "config": config, "items": items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was shown: first at `created_at`, last at `shown_at`."""

    id: str
    team: str
    content: RunContent
    created_at: datetime
    shown_at: datetime


class RunKeeper:
    """Keeps the runs of one team that many threads show at once, in few transactions.

    A transaction ends with the disk's word that it holds the data, which may take longer than to rank. Runs that come
    while one is awaited are written together in the next; nobody is answered before the own run is held.
    """

    def __init__(self, team: str = DEFAULT_TEAM) -> None:
        self._team = team
        self._coming: list[_Coming] = []
        self._adding = threading.Lock()
        self._writing = threading.Lock()

    def keep(self, engine: Engine, content: RunContent, *, now: datetime) -> str:
        """Keep a run that is being shown and return its id; one that is kept already is shown again."""
        run = _Coming(row=content.row(self._team) | {"created_at": now, "shown_at": now})
        with self._adding:
            self._coming.append(run)
        with self._writing:
            if not run.is_written and run.error is None:
                self._write_coming(engine)
        if run.error is not None:
            raise run.error
        return str(run.row["id"])

    def _write_coming(self, engine: Engine) -> None:
        with self._adding:
            coming, self._coming = self._coming, []
        rows = {run.row["id"]: run.row for run in coming}
        try:
            with write(engine) as connection:
                upsert(connection, runs, [rows[number] for number in sorted(rows)], update=("shown_at",))
        except BaseException as error:  # noqa: BLE001 - it is raised to each of those whose run it concerns
            for run in coming:
                run.error = error
            return
        for run in coming:
            run.is_written = True


@dataclass(slots=True)
class _Coming:
    """A run that somebody waits to be kept, and what became of it."""

    row: dict[str, Any]
    is_written: bool = False
    error: BaseException | None = None


def save_run(engine: Engine, content: RunContent, *, now: datetime, team: str = DEFAULT_TEAM) -> str:
    """Keep a run that is being shown and return its id; one that is kept already is shown again."""
    return RunKeeper(team).keep(engine, content, now=now)


def load_run(engine: Engine, run_id: str, *, team: str = DEFAULT_TEAM) -> Run:
    """Return a run of a team.

    Raises:
        RunNotFound: If there is none of that id.
    """
    query = select(runs).where(runs.c.team == team, runs.c.id == run_id)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise RunNotFound(f"There is no run {run_id!r}: `recommend` prints the id of every run.")
    return _make_run(row)


def last_run(engine: Engine, *, team: str = DEFAULT_TEAM) -> Run | None:
    """Return the run of a team that was shown last, None if none was."""
    query = select(runs).where(runs.c.team == team).order_by(runs.c.shown_at.desc(), runs.c.id).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _make_run(row)


def _make_run(row: RowMapping) -> Run:
    content = RunContent(snapshot=row["snapshot"], query=row["query"], config=row["config"], items=row["items"])
    return Run(
        id=row["id"],
        team=row["team"],
        content=content,
        created_at=row["created_at"],
        shown_at=row["shown_at"],
    )


def _dump(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY)
