from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from graphleads.db.change import Topic, count_change, read_changes
from graphleads.db.connect import write
from graphleads.db.schema import customers


def test_each_topic_of_each_team_is_counted_apart(engine: Engine) -> None:
    assert read_changes(engine, "north") == {Topic.CUSTOMERS: 0, Topic.LEADS: 0}
    with write(engine) as connection:
        count_change(connection, "north", Topic.LEADS)
        count_change(connection, "north", Topic.LEADS)
        count_change(connection, "south", Topic.CUSTOMERS)

    assert read_changes(engine, "north") == {Topic.CUSTOMERS: 0, Topic.LEADS: 2}
    assert read_changes(engine, "south") == {Topic.CUSTOMERS: 1, Topic.LEADS: 0}


def count_and_fail(engine: Engine) -> None:
    with write(engine) as connection:
        count_change(connection, "main", Topic.LEADS)
        connection.execute(insert(customers).values(team="main", external_id="a"))


def test_what_was_not_committed_is_not_counted(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        count_and_fail(engine)

    assert read_changes(engine, "main") == {Topic.CUSTOMERS: 0, Topic.LEADS: 0}
