"""The imports that were made, each with how much of what it wrote later ones have otherwise by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import Connection, exists, func, select

from graphleads.crm.importing import CustomerImport
from graphleads.crm.version import CUSTOMERS, DEALS, Versioned
from graphleads.db.schema import imports
from graphleads.db.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedImport(CustomerImport):
    """An import in a list.

    Attributes:
        n_written_over: Customers and deals that it wrote and a later import wrote over, which an undo of it leaves as
            they are; 0 of one that is undone.
    """

    n_written_over: int


def list_imports(session: Session) -> list[ListedImport]:
    """Return all imports of a team, the first one first."""
    return list_latest_imports(session)[::-1]


def list_latest_imports(session: Session, *, after: int | None = None, limit: int | None = None) -> list[ListedImport]:
    """Return the imports of a team, the last one first.

    Args:
        session: Whose imports.
        after: Only those that were made before the one of this number.
        limit: At most so many; None for all.
    """
    columns = [imports.c[one.name] for one in fields(CustomerImport)]
    query = select(*columns).where(imports.c.team == session.team).order_by(imports.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(imports.c.id < after)
    with session.read() as connection:
        made = [CustomerImport(**row) for row in connection.execute(query).mappings()]
        counting = [one.id for one in made if one.undone_at is None]
        over = _count_written_over(connection, session.team, counting) if counting else Counter[int]()
    return [
        ListedImport(**{name.name: getattr(one, name.name) for name in fields(one)}, n_written_over=over[one.id])
        for one in made
    ]


def _count_written_over(connection: Connection, team: str, counting: Collection[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for kind in (CUSTOMERS, DEALS):
        found.update(_written_over(connection, kind, team, (min(counting), max(counting))))
    return found


def _written_over(connection: Connection, kind: Versioned, team: str, numbers: tuple[int, int]) -> dict[int, int]:
    """Return of the imports between two numbers how many ids each wrote that a later one, not undone, has written."""
    own, later = kind.versions.c, kind.versions.alias()
    written = exists().where(
        later.c.team == own.team,
        later.c.external_id == own.external_id,
        later.c.id > own.id,
        later.c.import_id != own.import_id,
        imports.c.id == later.c.import_id,
        imports.c.undone_at.is_(None),
    )
    query = (
        select(own.import_id, func.count(own.external_id.distinct()))
        .where(own.team == team, own.import_id.between(*numbers), written)
        .group_by(own.import_id)
    )
    return dict(map(tuple, connection.execute(query)))
