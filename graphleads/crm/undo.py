"""An import taken back by itself: what it wrote, customer by customer, where no later one has the customer so.

A customer that a later import wrote over stays as that one has it. One that a later file had as it was stays, too: the
version is handed over to that file's import.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, func, insert, literal, select, update

from graphleads.crm.importing import CustomerImport, select_imports
from graphleads.crm.version import derive_current
from graphleads.db.schema import RECORD_COLUMNS, customer_versions, customers, imports
from graphleads.db.session import Session
from graphleads.errors import Conflict, NotFound, Remedy

_VERSIONS = customer_versions.c
_CHUNK = 500
"""Ids in one statement: databases have a limit, and this is below every one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCustomer:
    """A customer that an undo left as it is, and the later import that wrote it or found it so."""

    external_id: str
    import_id: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneImport(CustomerImport):
    """An import that was taken back.

    Attributes:
        restored: External ids of the customers that are again as they were before it, sorted.
        removed: External ids of those that were not there before it, sorted.
        left: Those that stay as they are, by external id, and because of which import.
    """

    restored: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[LeftCustomer, ...]


def undo_import(session: Session, import_id: int) -> UndoneImport:
    """Take back what an import wrote where nothing later has it so; it stands in the way of no other.

    Raises:
        NotFound: If the team has no import of that number.
        Conflict: If it is undone already.
    """
    now = session.now()
    with session.write() as connection:
        made = select_imports(connection, session.team)
        wanted, later = _find(made, import_id), [one for one in made if one.id > import_id and one.undone_at is None]
        wrote: frozenset[str] = frozenset(connection.execute(_written_by(import_id)).scalars())
        over = _written_over(connection, import_id)
        confirmed = _confirmed(connection, later, wrote - over.keys())
        _hand_over(connection, import_id, confirmed)
        undone = {"undone_at": now, "undone_by": session.actor}
        connection.execute(update(imports).where(imports.c.id == import_id).values(undone))
        derive_current(connection, session.team, import_id)
        there = _there(connection, session.team, import_id)
    touched, files = wrote - over.keys() - confirmed.keys(), {one.id: one.file for one in later}
    left = (
        LeftCustomer(external_id=one, import_id=number, file=files[number])
        for one, number in sorted((over | confirmed).items())
    )
    told = {one.name: getattr(wanted, one.name) for one in fields(wanted)} | {"undone_at": now}
    return UndoneImport(
        **told, restored=tuple(sorted(touched & there)), removed=tuple(sorted(touched - there)), left=tuple(left)
    )


def _find(made: Sequence[CustomerImport], import_id: int) -> CustomerImport:
    wanted = next((one for one in made if one.id == import_id), None)
    if wanted is None:
        raise NotFound(f"There is no import {import_id}.", Remedy.LIST_IMPORTS, number=import_id)
    if wanted.undone_at is not None:
        raise Conflict(f"Import {import_id} was undone already, on {wanted.undone_at:%Y-%m-%d %H:%M} UTC.")
    return wanted


def _written_by(import_id: int) -> Select[Any]:
    return select(_VERSIONS.external_id).where(_VERSIONS.import_id == import_id)


def _written_over(connection: Connection, import_id: int) -> dict[str, int]:
    """Return of the customers that an import wrote those that a later one wrote over, and the last that did."""
    own = customer_versions.alias()
    query = (
        select(_VERSIONS.external_id, func.max(_VERSIONS.import_id))
        .join(own, (own.c.external_id == _VERSIONS.external_id) & (own.c.team == _VERSIONS.team))
        .join(imports, imports.c.id == _VERSIONS.import_id)
        .where(own.c.import_id == import_id, _VERSIONS.id > own.c.id, _VERSIONS.import_id != import_id)
        .where(imports.c.undone_at.is_(None))
        .group_by(_VERSIONS.external_id)
    )
    return dict(map(tuple, connection.execute(query)))


def _confirmed(
    connection: Connection, later: Sequence[CustomerImport], customers_left: Collection[str]
) -> dict[str, int]:
    """Return of some customers those that a later import found as they were, and the last that did."""
    found: dict[str, int] = {}
    for one in later:
        listed = connection.execute(select(imports.c.confirmed).where(imports.c.id == one.id)).scalar_one()
        found |= {external_id: one.id for external_id in listed or () if external_id in customers_left}
    return found


def _hand_over(connection: Connection, import_id: int, confirmed: Mapping[str, int]) -> None:
    """Append what an import has of some customers as versions of the imports that found them so."""
    names = ["team", "external_id", *RECORD_COLUMNS]
    for number in sorted(set(confirmed.values())):
        ids = sorted(one for one, by in confirmed.items() if by == number)
        for chunk in (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK)):
            said = select(*(_VERSIONS[name] for name in names), literal(number)).where(
                _VERSIONS.import_id == import_id, _VERSIONS.external_id.in_(chunk)
            )
            connection.execute(insert(customer_versions).from_select([*names, "import_id"], said))


def _there(connection: Connection, team: str, import_id: int) -> frozenset[str]:
    """Return of the customers that an import wrote those that there are."""
    columns = customers.c
    query = select(columns.external_id).where(columns.team == team, columns.external_id.in_(_written_by(import_id)))
    return frozenset(connection.execute(query).scalars())
