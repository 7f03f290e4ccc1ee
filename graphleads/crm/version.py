"""Versions of customers and deals: appended by imports, and what is current, or was on a day, derived from them.

What ends gets a version, too, that says why: it is current no more, and as it was before once that import is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)

from graphleads.db.schema import (
    DEAL_COLUMNS,
    RECORD_COLUMNS,
    customer_versions,
    customers,
    deal_versions,
    deals,
    imports,
)

_CHUNK = 500
"""Ids in one statement: databases have a limit, and this is below every one's."""


@dataclass(frozen=True, eq=False)
class Versioned:
    """What imports append versions of, by external id.

    Attributes:
        versions: Its versions.
        current: Its current rows, derived from them.
        columns: The columns that both share, without team and external id.
        confirmed: The column of an import that names those that it found as they were.
    """

    versions: Table
    current: Table
    columns: tuple[str, ...]
    confirmed: Column[Any]

    def append(
        self,
        connection: Connection,
        team: str,
        rows: Sequence[Mapping[str, Any]],
        import_id: int,
        *,
        ended: Mapping[str, str],
    ) -> None:
        """Append a version of each row as an import has it; `ended` says of some external ids why they are no more."""
        written = [
            {**row, "team": team, "import_id": import_id, "ended": ended.get(row["external_id"])} for row in rows
        ]
        connection.execute(insert(self.versions), written)

    def take(self, connection: Connection, team: str, import_id: int) -> None:
        """Make current what an import says, for no version is later than its own.

        Args:
            connection: A connection in the transaction that appended the versions.
            team: Whose they are.
            import_id: The import.
        """
        which = {"of_team": team, "of_import": import_id}
        connection.execute(self._delete_touched, which)
        connection.execute(self._insert_touched, which)

    def derive(self, connection: Connection, team: str, import_id: int) -> None:
        """Make what an import touched what its last version says whose import was not undone."""
        table, columns = self.current, self.versions.c
        touched = self.written_by(import_id)
        last = self.last(team).where(columns.external_id.in_(touched), imports.c.undone_at.is_(None))
        connection.execute(delete(table).where(table.c.team == team, table.c.external_id.in_(touched)))
        there = self._current.where(columns.id.in_(last), columns.ended.is_(None))
        connection.execute(insert(table).from_select(self._names, there))

    def read(self, connection: Connection, team: str, wanted: Collection[str] | None = None) -> Iterator[Any]:
        """Yield the last versions that are current as rows of external id and columns; of some, or of all."""
        columns = self.versions.c
        query = self._said.join(self.current, self.current.c.version_id == columns.id)
        query = query.where(self.current.c.team == team)
        if wanted is None:
            yield from connection.execute(query).mappings()
            return
        for chunk in in_chunks(wanted):
            yield from connection.execute(query.where(self.current.c.external_id.in_(chunk))).mappings()

    def history(
        self, connection: Connection, team: str, wanted: Collection[str], *, by: datetime | None
    ) -> Iterator[Any]:
        """Yield of some what each import said, in its order, as rows with `imported_at`; by a moment, None is now."""
        columns = self.versions.c
        query = (
            self._said.add_columns(imports.c.imported_at)
            .join(imports, imports.c.id == columns.import_id)
            .where(columns.team == team, _counted(by))
            .order_by(columns.id)
        )
        for chunk in in_chunks(wanted):
            yield from connection.execute(query.where(columns.external_id.in_(chunk))).mappings()

    def as_of(self, connection: Connection, team: str, moment: datetime) -> Iterator[Any]:
        """Yield what was current at a moment: of imports made by then and not undone by then."""
        last = self.last(team).where(_counted(moment))
        there = self._said.where(self.versions.c.id.in_(last), self.versions.c.ended.is_(None))
        yield from connection.execute(there).mappings()

    def written_by(self, import_id: int) -> Select[Any]:
        """Select the external ids of what an import wrote."""
        return select(self.versions.c.external_id).where(self.versions.c.import_id == import_id)

    def last(self, team: str) -> Select[tuple[int]]:
        """Select the last version of each of a team, to be narrowed down to the imports that count."""
        columns = self.versions.c
        return (
            select(func.max(columns.id))
            .join(imports, imports.c.id == columns.import_id)
            .where(columns.team == team)
            .group_by(columns.external_id)
        )

    @property
    def _names(self) -> list[str]:
        return ["team", "external_id", "version_id", *self.columns]

    @property
    def _current(self) -> Select[Any]:
        columns = self.versions.c
        return select(*(columns.id if name == "version_id" else columns[name] for name in self._names))

    @cached_property
    def _said(self) -> Select[Any]:
        return select(*(self.versions.c[name] for name in ("external_id", *self.columns)))

    # One customer at a time is brought in again and again: making these takes longer than running them for one.

    @cached_property
    def _delete_touched(self) -> Delete:
        touched = select(self.versions.c.external_id).where(self.versions.c.import_id == bindparam("of_import"))
        columns = self.current.c
        return delete(self.current).where(columns.team == bindparam("of_team"), columns.external_id.in_(touched))

    @cached_property
    def _insert_touched(self) -> Insert:
        columns = self.versions.c
        said = self._current.where(
            columns.import_id == bindparam("of_import"),
            columns.team == bindparam("of_team"),
            columns.ended.is_(None),
        )
        return insert(self.current).from_select(self._names, said)


CUSTOMERS = Versioned(customer_versions, customers, RECORD_COLUMNS, imports.c.confirmed)
DEALS = Versioned(deal_versions, deals, DEAL_COLUMNS, imports.c.confirmed_deals)


def _counted(by: datetime | None) -> ColumnElement[bool]:
    """Select the imports that were made by a moment and not undone by then; None is now."""
    standing = imports.c.undone_at.is_(None)
    return standing if by is None else and_(imports.c.imported_at <= by, or_(standing, imports.c.undone_at > by))


def in_chunks(ids: Collection[str]) -> Iterator[list[str]]:
    """Yield ids in as many at a time as one statement may name, sorted."""
    ordered = sorted(ids)
    for at in range(0, len(ordered), _CHUNK):
        yield ordered[at : at + _CHUNK]
