"""Recommendation runs that were shown, kept whole: what was asked of which snapshot with which config, and the answer.

A run's id is a hash of its content, so the same answer to the same question is one run however often it is shown, and
an id in a message or a CRM always leads back to exactly what somebody saw. What is kept has a format of its own, with
a number: whatever the product's classes become, a run is read by the rules of the format that it was written in.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, RowMapping, delete, func, null, select, update

from graphleads.db.insert import upsert
from graphleads.db.schema import runs
from graphleads.db.session import Session
from graphleads.errors import GraphLeadsError, RunNotFound, VersionUnsupported
from graphleads.leads.first_format import read_first_item
from graphleads.remedy import Remedy

JsonObject = Mapping[str, Any]

FORMAT = 2
"""The format that runs are written in."""

_DROPPED = 50
"""Old runs that are dropped when one is kept: more than come, and few enough that nobody waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContent:
    """What a run is made of: JSON values, or what has a JSON form and comes back in it.

    Attributes:
        snapshot: Id of the snapshot that was asked.
        question: What was asked.
        config: The ranking's config.
        items: The leads in order of rank, as `graphleads.leads.shown` has them.
        model: The card of the model that ranked, None where none did.
        n_candidates: How many companies could have been offered, None where nobody counted.
        warnings: What a person was told of the answer.
        withheld: The unsure matches whose companies were not offered, the first of them.
        n_withheld: How many there were, None where nobody counted.
        ignored: What was near and not followed.
    """

    snapshot: str
    question: JsonObject
    config: JsonObject
    items: Sequence[Any]
    model: JsonObject | None = None
    n_candidates: int | None = None
    warnings: Sequence[Any] = ()
    withheld: Sequence[Any] = ()
    n_withheld: int | None = None
    ignored: Sequence[Any] = ()

    def id(self, team: str) -> str:
        """Return the run's id in a team: `R-` and 20 hex digits of a SHA-256 of the question and the answer."""
        return str(self.row(team)["id"])

    def row(self, team: str) -> dict[str, Any]:
        """Return the run's row without who and when; the leads, most of it, are put into JSON once for id and row."""
        items = orjson.Fragment(_dump(self.items))
        parts = _dump([team, self.snapshot, self.question, self.config, items])
        number = f"R-{hashlib.sha256(parts).hexdigest()[:20]}"
        content = {name: getattr(self, name) for name in _TOLD} | {"items": items}
        return {"id": number, "team": team, "snapshot": self.snapshot, "format": FORMAT, "content": content}


_TOLD = ("question", "config", "items", "model", "n_candidates", "warnings", "withheld", "n_withheld", "ignored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was shown: first at `created_at`, last at `shown_at`; one that is pinned is kept for good."""

    id: str
    team: str
    by: str
    content: RunContent
    created_at: datetime
    shown_at: datetime
    pinned_at: datetime | None = None


@dataclass(slots=True)
class _Coming:
    """A run that somebody waits to be kept, and what became of it."""

    row: dict[str, Any]
    is_written: bool = False
    error: BaseException | None = None


@dataclass(slots=True)
class _Queue:
    """Runs that wait to be written together, and the locks of those who add to them and who write them."""

    coming: list[_Coming] = field(default_factory=list)
    adding: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)


class Runs:
    """The runs of one team. Many threads may show some at once; they are kept in few transactions.

    A transaction ends with the disk's word that it holds the data, which may take longer than to rank. Runs that come
    while one is awaited are written together in the next; nobody is answered before the own run is held.

    Args:
        session: Whose runs, and by whom.
        keep_days: Days that a run is kept after it was last shown, unless it is pinned; None keeps all.
    """

    def __init__(self, session: Session, *, keep_days: int | None = None) -> None:
        self._session = session
        self._keep_days = keep_days
        self._queue = _Queue()

    def keep(self, content: RunContent) -> str:
        """Keep a run that is being shown and return its id; one that is kept already is shown again."""
        session, now = self._session, self._session.now()
        run = _Coming(row=content.row(session.team) | {"by": session.actor, "created_at": now, "shown_at": now})
        with self._queue.adding:
            self._queue.coming.append(run)
        with self._queue.writing:
            if not run.is_written and run.error is None:
                self._write_coming()
        if run.error is not None:
            raise run.error
        return str(run.row["id"])

    def load(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            RunNotFound: If there is none of that id.
            VersionUnsupported: If it is of a format that this version does not know.
        """
        query = select(runs).where(runs.c.team == self._session.team, runs.c.id == run_id)
        with self._session.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise _not_found(run_id)
        return _make_run(row)

    def last(self) -> str | None:
        """Return the id of the run that was shown last, None if there is none."""
        query = select(runs.c.id).where(runs.c.team == self._session.team).order_by(runs.c.shown_at.desc(), runs.c.id)
        with self._session.read() as connection:
            return connection.execute(query.limit(1)).scalar()

    def pin(self, run_id: str) -> datetime:
        """Keep a run for good, and return since when that is so.

        Raises:
            RunNotFound: If there is none of that id.
        """
        now = self._session.now()
        return self._set_pinned(run_id, func.coalesce(runs.c.pinned_at, now)) or now

    def unpin(self, run_id: str) -> None:
        """Let a run be dropped again when nobody was shown it for long; raises as `pin`."""
        self._set_pinned(run_id, null())

    def _set_pinned(self, run_id: str, pinned_at: ColumnElement[Any]) -> datetime | None:
        one = (runs.c.team == self._session.team) & (runs.c.id == run_id)
        with self._session.write() as connection:
            set_to = connection.execute(
                update(runs).where(one).values(pinned_at=pinned_at).returning(runs.c.id, runs.c.pinned_at)
            ).first()
        if set_to is None:
            raise _not_found(run_id)
        pinned: datetime | None = set_to[1]
        return pinned

    def drop_old(self) -> int:
        """Drop runs that nobody was shown for longer than they are kept, 50 at most, and return how many."""
        if self._keep_days is None:
            return 0
        shown_before = self._session.now() - timedelta(days=self._keep_days)
        old = (
            select(runs.c.id)
            .where(runs.c.team == self._session.team, runs.c.shown_at < shown_before, runs.c.pinned_at.is_(None))
            .order_by(runs.c.shown_at)
        )
        with self._session.read() as connection:
            if connection.execute(old.limit(1)).first() is None:
                return 0
        with self._session.write() as connection:
            # Whoever shows or pins one of them at this moment holds it, and it is passed over.
            found = connection.execute(old.limit(_DROPPED).with_for_update(skip_locked=True)).scalars().all()
            connection.execute(delete(runs).where(runs.c.id.in_(found)))
        return len(found)

    def _write_coming(self) -> None:
        with self._queue.adding:
            coming, self._queue.coming = self._queue.coming, []
        rows = {run.row["id"]: run.row for run in coming}
        try:
            with self._session.write() as connection:
                upsert(connection, runs, [rows[number] for number in sorted(rows)], update=("shown_at",))
        except BaseException as error:  # noqa: BLE001 - it is raised to each of those whose run it concerns
            for run in coming:
                run.error = error
            return
        for run in coming:
            run.is_written = True
        with suppress(GraphLeadsError):  # Runs that stay for longer do no harm.
            self.drop_old()


def _not_found(run_id: str) -> RunNotFound:
    return RunNotFound(f"There is no run {run_id!r}.", Remedy.FIND_RUN, run=run_id)


def _make_run(row: RowMapping) -> Run:
    read = _READ.get(row["format"])
    if read is None:
        raise VersionUnsupported(
            f"The run {row['id']} is of format {row['format']}, this graphleads knows up to {FORMAT}: "
            "install a newer one."
        )
    told = {name: row[name] for name in ("id", "team", "by", "created_at", "shown_at", "pinned_at")}
    return Run(content=read(row["snapshot"], row["content"]), **told)


def _read_told(snapshot: str, content: JsonObject) -> RunContent:
    """Return the content of a run; what it does not tell is as if nobody had, what is not known here is passed over."""
    told = {"question": {}, "config": {}, "items": []} | {name: content[name] for name in _TOLD if name in content}
    lists = {name: tuple(told.get(name) or ()) for name in ("warnings", "withheld", "ignored")}
    return RunContent(snapshot=snapshot, **(told | lists))


def _read_first(snapshot: str, content: JsonObject) -> RunContent:
    told = _read_told(snapshot, content)
    return replace(told, items=[read_first_item(one) for one in told.items])


_READ: Mapping[int, Callable[[str, JsonObject], RunContent]] = {1: _read_first, 2: _read_told}
"""How each format is read. The first one told the question, the config and the items."""


def _dump(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY)
