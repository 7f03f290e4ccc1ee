from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from graphleads.db.connect import write
from graphleads.db.schema import customer_versions, lead_events

EVENT = {"team": "main", "company": "X-A:1", "kind": "claimed", "by": "Ann"}


def test_moments_come_back_aware_and_in_utc(engine: Engine) -> None:
    moment = datetime(2024, 5, 1, 8, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=8)))
    with write(engine) as connection:
        connection.execute(insert(lead_events).values(**EVENT, at=moment))
        stored = connection.execute(select(lead_events.c.at)).scalar_one()
    assert stored == datetime(2024, 5, 1, 0, 30, 15, 250_000, tzinfo=UTC)
    assert stored.tzinfo is UTC


def test_a_moment_without_a_zone_is_a_mistake(engine: Engine) -> None:
    with pytest.raises(StatementError, match="2024-05-01T00:00:00 has no time zone"), write(engine) as connection:
        connection.execute(insert(lead_events).values(**EVENT, at=datetime(2024, 5, 1)))


def test_a_version_needs_its_import(engine: Engine) -> None:
    version = {"team": "main", "external_id": "1", "name": "A", "status": "won", "identifiers": [], "custom": {}}
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), write(engine) as connection:
        connection.execute(insert(customer_versions).values(**version, import_id=7))
