"""Recommendation runs that were shown, kept whole: what was asked of which snapshot with which config, and the answer.

A run's id is a hash of its content, so the same answer to the same question is one run however often it is shown, and
an id in a message or a CRM always leads back to exactly what somebody saw.
"""

from __future__ import annotations

import hashlib
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
    """What a run is made of, as JSON values.

    Attributes:
        snapshot: Id of the snapshot that was asked.
        query: What was asked.
        config: The ranking's config.
        items: The recommendations in order of rank.
    """

    snapshot: str
    query: JsonObject
    config: JsonObject
    items: Sequence[JsonObject]

    def id(self, team: str) -> str:
        """Return the run's id in a team: `R-` and 20 hex digits of the content's SHA-256."""
        parts = [team, self.snapshot, self.query, self.config, self.items]
        content = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
        return f"R-{hashlib.sha256(content).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was shown: first at `created_at`, last at `shown_at`."""

    id: str
    team: str
    content: RunContent
    created_at: datetime
    shown_at: datetime


def save_run(engine: Engine, content: RunContent, *, now: datetime, team: str = DEFAULT_TEAM) -> str:
    """Keep a run that is being shown and return its id; one that is kept already is shown again."""
    number = content.id(team)
    row = {
        "id": number,
        "team": team,
        "snapshot": content.snapshot,
        "query": content.query,
        "config": content.config,
        "items": content.items,
        "created_at": now,
        "shown_at": now,
    }
    with write(engine) as connection:
        upsert(connection, runs, [row], update=("shown_at",))
    return number


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
