"""Inserts that leave a race to the database: `INSERT … ON CONFLICT`, which SQLite and PostgreSQL share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def insert_unless_current(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row unless its team and company have a current one; return its id, None if somebody was first.

    Args:
        connection: A connection in a transaction.
        table: A table whose rows are current until their `until` is set: claims, exclusions.
        values: The row.
    """
    statement = _make_unless_current(connection.dialect.name, table)
    number: int | None = connection.execute(statement, [values]).scalar_one_or_none()
    return number


@lru_cache(maxsize=8)
def _make_unless_current(dialect: str, table: Table) -> ReturningInsert[Any]:
    settled = _insert(dialect, table).on_conflict_do_nothing(
        index_elements=[table.c.team, table.c.company], index_where=table.c.until.is_(None)
    )
    return settled.returning(table.c.id)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, update: Collection[str]) -> None:
    """Insert rows; where one with the same primary key is there, set its columns `update` instead."""
    if rows:
        connection.execute(_make_upsert(connection.dialect.name, table, tuple(update)), list(rows))


@lru_cache(maxsize=32)
def _make_upsert(dialect: str, table: Table, update: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    # Making it takes longer than a small one takes to run.
    statement = _insert(dialect, table)
    key = list(table.primary_key.columns)
    return statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in update})


def insert_or_count(connection: Connection, table: Table, key: Mapping[str, Any]) -> int:
    """Insert a row whose `n` is 1; where one with the same primary key is there, add 1 to its `n`; return `n`."""
    statement = _make_count(connection.dialect.name, table)
    return int(connection.execute(statement, [{**key, "n": 1}]).scalar_one())


@lru_cache(maxsize=8)
def _make_count(dialect: str, table: Table) -> ReturningInsert[Any]:
    statement = _insert(dialect, table)
    settled = statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_={"n": table.c.n + 1})
    return settled.returning(table.c.n)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
