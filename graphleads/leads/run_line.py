"""The runs of a team in brief, the one that was shown last first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import RowMapping, and_, or_, select
from typing_extensions import TypedDict

from graphleads.db.schema import runs
from graphleads.db.session import Session
from graphleads.errors import ValueInvalid
from graphleads.leads.shown import complete

_COLUMNS = [runs.c[name] for name in ("id", "team", "by", "snapshot", "created_at", "shown_at", "pinned_at", "content")]


class _Question(TypedDict):
    """What of a run's question is listed."""

    valid_on: str | None
    k: int | None
    seeds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in a list.

    Attributes:
        id: Its id.
        team: Whose it is.
        by: Who asked.
        snapshot: The snapshot that answered.
        as_of: The day whose facts counted, None where the run does not say it.
        k: How many leads were asked for, None where the run does not say it.
        n_seeds: Companies that it looked around.
        n_leads: Leads that it has.
        created_at: When it was shown first.
        shown_at: When it was shown last.
        pinned_at: Since when it is kept for good, None if it is not.
    """

    id: str
    team: str
    by: str
    snapshot: str
    as_of: date | None
    k: int | None
    n_seeds: int
    n_leads: int
    created_at: datetime
    shown_at: datetime
    pinned_at: datetime | None

    @property
    def place(self) -> str:
        """Where it stands in the list: what follows it is asked for with this."""
        return f"{self.shown_at.isoformat()}/{self.id}"


def list_runs(
    session: Session, *, pinned: bool = False, after: str | None = None, limit: int | None = None
) -> list[RunLine]:
    """Return the runs of a team, the one that was shown last first.

    Args:
        session: Whose runs.
        pinned: Only those that are kept for good.
        after: Only those behind this place: a run that is shown again meanwhile goes to the front.
        limit: At most so many; None for all.

    Raises:
        ValueInvalid: If `after` is no place in the list.
    """
    columns = runs.c
    query = select(*_COLUMNS).where(columns.team == session.team)
    if pinned:
        query = query.where(columns.pinned_at.is_not(None))
    if after is not None:
        moment, run = _parse_place(after)
        query = query.where(or_(columns.shown_at < moment, and_(columns.shown_at == moment, columns.id > run)))
    query = query.order_by(columns.shown_at.desc(), columns.id).limit(limit)
    with session.read() as connection:
        return [_make_line(row) for row in connection.execute(query).mappings()]


def _parse_place(place: str) -> tuple[datetime, str]:
    moment, _, run = place.partition("/")
    try:
        shown_at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        shown_at = None
    if shown_at is None or not run:
        raise ValueInvalid(f"{place[:80]!r} is no place in the list of runs: give what the list before ends with.")
    return shown_at, run


def _make_line(row: RowMapping) -> RunLine:
    told = {name: row[name] for name in row if name != "content"}
    # A run is read whatever it lacks.
    content = row["content"]
    question, items = complete(_Question, content.get("question")), content.get("items")
    return RunLine(
        **told,
        as_of=_parse_day(question["valid_on"]),
        k=question["k"],
        n_seeds=len(question["seeds"]),
        n_leads=len(items) if isinstance(items, list) else 0,
    )


def _parse_day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
