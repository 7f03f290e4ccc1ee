"""Imports of customers and deals, and what came of undoing one, as JSON objects and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from graphleads.view.page import first_page

if TYPE_CHECKING:
    from graphleads.crm.import_log import ListedImport
    from graphleads.crm.importing import CustomerImport
    from graphleads.crm.undo import LeftCustomer, LeftDeal, UndoneImport
    from graphleads.view.list_shape import ImportAnswer, ImportsAnswer, LeftAnswer, UndoneAnswer


def imports_object(made: Sequence[ListedImport], *, limit: int | None) -> ImportsAnswer:
    """Return imports; of one more than `limit`, that there are more."""
    shown, following = first_page(made, lambda one: one.id, limit=limit)
    return {"items": [import_line(one) for one in shown], "next": following}


def import_line(made: ListedImport) -> ImportAnswer:
    """Return what an import did, and whether it can be undone."""
    return _line(made, made.n_written_over)


def import_rows(made: Iterable[ListedImport]) -> Iterator[tuple[object, ...]]:
    """Yield a row an import: its number, file, who made it and when, what it did, and whether it counts."""
    for one in made:
        yield (
            *(one.id, one.file, one.by, f"{one.imported_at:%Y-%m-%d %H:%M} UTC"),
            *(one.n_new, one.n_changed, one.n_ended, one.n_rejected, one.n_deals),
            "undone" if one.undone_at else f"{one.n_written_over:,} written over" if one.n_written_over else "",
        )


def undone_object(undone: UndoneImport) -> UndoneAnswer:
    """Return an import that was taken back, and what became of what it wrote."""
    return {
        **_line(undone, 0),
        "restored": list(undone.restored),
        "removed": list(undone.removed),
        "left": _left(undone.left),
        "restored_deals": list(undone.restored_deals),
        "removed_deals": list(undone.removed_deals),
        "left_deals": _left(undone.left_deals),
    }


def _line(made: CustomerImport, n_written_over: int) -> ImportAnswer:
    return {
        "id": made.id,
        "file": made.file,
        "by": made.by,
        "imported_at": made.imported_at,
        "n_new": made.n_new,
        "n_changed": made.n_changed,
        "n_unchanged": made.n_unchanged,
        "n_rejected": made.n_rejected,
        "n_ended": made.n_ended,
        "n_deals": made.n_deals,
        "undone_at": made.undone_at,
        "undone_by": made.undone_by,
        "undoable": made.undone_at is None,
        "not_undoable_because": _why_not(made),
        "n_written_over": n_written_over,
    }


def _why_not(made: CustomerImport) -> str | None:
    if made.undone_at is None:
        return None
    return f"It was undone by {made.undone_by} on {made.undone_at:%Y-%m-%d %H:%M} UTC."


def _left(left: Iterable[LeftCustomer | LeftDeal]) -> list[LeftAnswer]:
    return [{"external_id": one.external_id, "import_id": one.import_id, "file": one.file} for one in left]
