"""A session for tests: on a database, by somebody, at a moment that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from graphleads.db.session import Session

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def session_on(engine: Engine, *, by: str = "Ann", now: datetime = NOW, team: str = "main") -> Session:
    """Return a session whose clock stands still."""
    return Session(engine, team, by, lambda: now)
