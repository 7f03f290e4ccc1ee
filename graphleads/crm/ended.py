"""Rows of an export that say of an account or deal that it is no more: deleted, or merged into another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from graphleads.crm.cell import CellTable
from graphleads.values.customer_header import fold_header

_DELETED = ("Is Deleted", "Deleted", "Is Archived", "Archived", "Excluído", "Eliminado", "是否删除", "已删除")
_MASTER = ("Master Record ID", "Master Record", "Merged Into", "Merged Into ID", "Master ID", "合并至")
_MERGED = (
    *("Merged Company IDs", "Merged Record IDs", "Merged Deal IDs", "Merged Object IDs", "hs_merged_object_ids"),
    *("Merged Account IDs", "Merged IDs"),
)
_TRUE = frozenset({"true", "1", "yes", "y", "是", "sim", "sí"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What an export says is no more.

    Attributes:
        table: The export without those rows.
        why: Why, by external id.
        columns: The headers that say so, by what they say: deleted, merged into, merged.
    """

    table: CellTable
    why: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    def others(self, headers: Sequence[str]) -> tuple[str, ...]:
        """Return those of some columns that say something else."""
        return tuple(header for header in headers if header not in self.columns.values())


def take_out_ended(table: CellTable, id_header: str | None) -> Ended:
    """Return an export without the rows of what was deleted or merged, and what those say.

    Args:
        table: The export.
        id_header: The column of the ids; None: nothing has one, so nothing can be said to have ended.
    """
    known = {"deleted": _DELETED, "merged into": _MASTER, "merged": _MERGED}
    found = {what: _find(table.headers, headers) for what, headers in known.items()}
    if id_header is None or not any(found.values()):
        return Ended(table=table)
    why: dict[str, str] = {}
    blocks = []
    for block in table.blocks:
        cells = {header: column.to_pylist() for header, column in block.columns.items()}
        nothing = [None] * block.n_rows
        told = (cells.get(header or "", nothing) for header in (id_header, *found.values()))
        stays = [_note(why, *row) for row in zip(*told, strict=True)]
        blocks.append(block if all(stays) else block.filter(pa.array(stays)))
    columns = {what: header for what, header in found.items() if header is not None}
    return Ended(table=replace(table, blocks=tuple(blocks)), why=why, columns=columns)


def _note(why: dict[str, str], own: str | None, deleted: str | None, master: str | None, merged: str | None) -> bool:
    """Note what a row says has ended, and return whether the row itself stays."""
    if own is not None:
        why.update({one: f"merged into {own}" for one in _split(merged) if one != own})
    if master is not None and master != own:
        reason = f"merged into {master}"
    elif (deleted or "").casefold() in _TRUE:
        reason = "deleted in the CRM"
    else:
        return True
    if own is not None:
        why[own] = reason
    return False


def _split(ids: str | None) -> Iterator[str]:
    return filter(None, (one.strip() for one in re.split(r"[;,|]", ids or "")))


def _find(headers: Sequence[str], known: Sequence[str]) -> str | None:
    folded = {fold_header(one): one for one in reversed(headers)}
    return next((folded[one] for one in map(fold_header, known) if one in folded), None)
