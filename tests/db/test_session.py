from __future__ import annotations

import pytest
from sqlalchemy import Engine

from graphleads.db.session import Session
from graphleads.errors import Conflict
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusions
from graphleads.testing.session import session_on


def test_what_is_done_at_once_is_seen_by_nobody_before_its_end(engine: Engine) -> None:
    outside = session_on(engine)
    with outside.at_once() as session:
        Claims(session).claim("X-T:1", owner="Ann")
        Exclusions(session).exclude("X-T:2", reason="asked")
        assert [one.company for one in Claims(session).current()] == ["X-T:1"]
        assert Claims(outside).current() == []

    assert [one.company for one in Claims(outside).current()] == ["X-T:1"]
    assert [one.company for one in Exclusions(outside).current()] == ["X-T:2"]


def claim_and_exclude(session: Session) -> None:
    with session.at_once() as together:
        Claims(together).claim("X-T:1", owner="Ann")
        Exclusions(together).exclude("X-T:2", reason="another")


def test_of_what_fails_at_once_nothing_is_left(engine: Engine) -> None:
    outside = session_on(engine)
    Exclusions(outside).exclude("X-T:2", reason="asked")

    with pytest.raises(Conflict, match="is excluded already"):
        claim_and_exclude(outside)

    assert Claims(outside).current() == []
