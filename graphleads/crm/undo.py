"""An import taken back by itself: what it wrote, customer by customer and deal by deal, where no later one has it so.

What a later import wrote over stays as that one has it. What a later file had as it was stays, too: the version is
handed over to that file's import.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, func, insert, literal, select, update

from graphleads.crm.importing import CustomerImport, select_imports
from graphleads.crm.standing import settle
from graphleads.crm.version import CUSTOMERS, DEALS, Versioned, in_chunks
from graphleads.db.change import Topic, count_change
from graphleads.db.schema import deal_versions, imports
from graphleads.db.session import Session
from graphleads.errors import ImportNotFound, ImportUndone
from graphleads.remedy import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCustomer:
    """A customer that an undo left as it is, and the later import that wrote it or found it so."""

    external_id: str
    import_id: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftDeal:
    """A deal that an undo left as it is, and the later import that wrote it or found it so."""

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
        restored_deals: External ids of the deals that are again as they were before it, sorted.
        removed_deals: External ids of those that were not there before it, sorted.
        left_deals: Those that stay as they are, by external id, and because of which import.
    """

    restored: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[LeftCustomer, ...]
    restored_deals: tuple[str, ...]
    removed_deals: tuple[str, ...]
    left_deals: tuple[LeftDeal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrote:
    """What an import wrote: the external ids that are taken back, and the later imports that others are left for."""

    back: frozenset[str]
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _TakenBack:
    """External ids of what is again as it was, and of what was not there before."""

    restored: tuple[str, ...]
    removed: tuple[str, ...]


def undo_import(session: Session, import_id: int) -> UndoneImport:
    """Take back what an import wrote where nothing later has it so; it stands in the way of no other.

    Raises:
        ImportNotFound: If the team has no import of that number.
        ImportUndone: If it is undone already.
    """
    now, team = session.now(), session.team
    with session.write() as connection:
        made = select_imports(connection, team)
        wanted, later = _find(made, import_id), [one for one in made if one.id > import_id and one.undone_at is None]
        customers, deals = (_look(connection, kind, import_id, later) for kind in (CUSTOMERS, DEALS))
        undone = {"undone_at": now, "undone_by": session.actor}
        connection.execute(update(imports).where(imports.c.id == import_id).values(undone))
        accounts_back = _take_back(connection, CUSTOMERS, team, import_id, customers)
        deals_back = _take_back(connection, DEALS, team, import_id, deals)
        moved = _customers_of(connection, team, deals.back)
        settle(connection, team, customers.back | moved)
        count_change(connection, team, Topic.CUSTOMERS, customers.back | moved)
    files = {one.id: one.file for one in later}
    told = {one.name: getattr(wanted, one.name) for one in fields(wanted)} | undone
    return UndoneImport(
        **told,
        restored=accounts_back.restored,
        removed=accounts_back.removed,
        left=tuple(
            LeftCustomer(external_id=one, import_id=n, file=files[n]) for one, n in sorted(customers.left.items())
        ),
        restored_deals=deals_back.restored,
        removed_deals=deals_back.removed,
        left_deals=tuple(
            LeftDeal(external_id=one, import_id=n, file=files[n]) for one, n in sorted(deals.left.items())
        ),
    )


def no_import(import_id: int) -> ImportNotFound:
    """Return the error that there is no import of a number."""
    return ImportNotFound(f"There is no import {import_id}.", Remedy.LIST_IMPORTS, number=import_id)


def _find(made: Sequence[CustomerImport], import_id: int) -> CustomerImport:
    wanted = next((one for one in made if one.id == import_id), None)
    if wanted is None:
        raise no_import(import_id)
    if wanted.undone_at is not None:
        raise ImportUndone(
            f"Import {import_id} was undone already, by {wanted.undone_by} on {wanted.undone_at:%Y-%m-%d %H:%M} UTC.",
            number=import_id,
            undone_at=wanted.undone_at.isoformat(),
            undone_by=wanted.undone_by,
        )
    return wanted


def _look(connection: Connection, kind: Versioned, import_id: int, later: Sequence[CustomerImport]) -> _Wrote:
    """Return what an import wrote, and hand over to later ones what they found so."""
    wrote: frozenset[str] = frozenset(connection.execute(kind.written_by(import_id)).scalars())
    over = _written_over(connection, kind, import_id)
    confirmed = _confirmed(connection, kind, later, wrote - over.keys())
    _hand_over(connection, kind, import_id, confirmed)
    return _Wrote(back=wrote - over.keys() - confirmed.keys(), left=over | confirmed)


def _take_back(connection: Connection, kind: Versioned, team: str, import_id: int, wrote: _Wrote) -> _TakenBack:
    """Derive what is current from the imports that are left."""
    kind.derive(connection, team, import_id)
    columns = kind.current.c
    query = select(columns.external_id).where(columns.team == team, columns.external_id.in_(kind.written_by(import_id)))
    there: frozenset[str] = frozenset(connection.execute(query).scalars())
    return _TakenBack(restored=tuple(sorted(wrote.back & there)), removed=tuple(sorted(wrote.back - there)))


def _written_over(connection: Connection, kind: Versioned, import_id: int) -> dict[str, int]:
    """Return of what an import wrote that which a later one wrote over, and the last that did."""
    columns, own = kind.versions.c, kind.versions.alias()
    query = (
        select(columns.external_id, func.max(columns.import_id))
        .join(own, (own.c.external_id == columns.external_id) & (own.c.team == columns.team))
        .join(imports, imports.c.id == columns.import_id)
        .where(own.c.import_id == import_id, columns.id > own.c.id, columns.import_id != import_id)
        .where(imports.c.undone_at.is_(None))
        .group_by(columns.external_id)
    )
    return dict(map(tuple, connection.execute(query)))


def _confirmed(
    connection: Connection, kind: Versioned, later: Sequence[CustomerImport], left: Collection[str]
) -> dict[str, int]:
    """Return of some ids those that a later import found as they were, and the last that did."""
    found: dict[str, int] = {}
    for one in later if left else ():
        listed = connection.execute(select(kind.confirmed).where(imports.c.id == one.id)).scalar_one()
        found |= {external_id: one.id for external_id in listed or () if external_id in left}
    return found


def _hand_over(connection: Connection, kind: Versioned, import_id: int, confirmed: Mapping[str, int]) -> None:
    """Append what an import has of some ids as versions of the imports that found them so."""
    columns, names = kind.versions.c, ["team", "external_id", *kind.columns]
    for number in sorted(set(confirmed.values())):
        for chunk in in_chunks([one for one, by in confirmed.items() if by == number]):
            said = select(*(columns[name] for name in names), literal(number)).where(
                columns.import_id == import_id, columns.external_id.in_(chunk)
            )
            connection.execute(insert(kind.versions).from_select([*names, "import_id"], said))


def _customers_of(connection: Connection, team: str, deals: Collection[str]) -> set[str]:
    """Return the customers that some deals are with, or ever were."""
    columns, found = deal_versions.c, set[str]()
    for chunk in in_chunks(deals):
        query = select(columns.customer).where(columns.team == team, columns.external_id.in_(chunk)).distinct()
        found |= {one for one in connection.execute(query).scalars() if one is not None}
    return found
