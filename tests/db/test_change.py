from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from graphleads.db.change import MOST_KEYS, Changed, Topic, count_change, read_changed, read_changes
from graphleads.db.connect import write
from graphleads.db.schema import customers


def test_each_topic_of_each_team_is_counted_apart(engine: Engine) -> None:
    assert read_changes(engine, "north") == {Topic.CUSTOMERS: 0, Topic.LEADS: 0}
    with write(engine) as connection:
        count_change(connection, "north", Topic.LEADS, ["X-A:1"])
        count_change(connection, "north", Topic.LEADS, ["X-A:2", "X-A:1"])
        count_change(connection, "south", Topic.CUSTOMERS, ["a"])

    assert read_changes(engine, "north") == {Topic.CUSTOMERS: 0, Topic.LEADS: 2}
    assert read_changes(engine, "south") == {Topic.CUSTOMERS: 1, Topic.LEADS: 0}


def count_and_fail(engine: Engine) -> None:
    with write(engine) as connection:
        count_change(connection, "main", Topic.LEADS, ["X-A:1"])
        connection.execute(insert(customers).values(team="main", external_id="a"))


def test_what_was_not_committed_is_not_counted(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        count_and_fail(engine)

    assert read_changes(engine, "main") == {Topic.CUSTOMERS: 0, Topic.LEADS: 0}


def test_what_changed_since_a_number_is_named(engine: Engine) -> None:
    with write(engine) as connection:
        count_change(connection, "main", Topic.LEADS, ["X-A:1"])
        count_change(connection, "main", Topic.LEADS, ["X-A:2", "X-A:3"])
        count_change(connection, "main", Topic.CUSTOMERS, ["a"])

    with engine.connect() as connection:
        assert read_changed(connection, "main", Topic.LEADS, since=2) == Changed(n=2, keys=frozenset())
        assert read_changed(connection, "main", Topic.LEADS, since=1) == Changed(
            n=2, keys=frozenset({"X-A:2", "X-A:3"})
        )
        assert read_changed(connection, "main", Topic.LEADS, since=0).keys == frozenset({"X-A:1", "X-A:2", "X-A:3"})
        assert read_changed(connection, "other", Topic.LEADS, since=0) == Changed(n=0, keys=frozenset())


def test_a_change_of_too_much_is_not_named(engine: Engine) -> None:
    with write(engine) as connection:
        count_change(connection, "main", Topic.CUSTOMERS, [str(n) for n in range(MOST_KEYS + 1)])

    with engine.connect() as connection:
        assert read_changed(connection, "main", Topic.CUSTOMERS, since=0) == Changed(n=1, keys=None)
