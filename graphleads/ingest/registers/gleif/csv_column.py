"""The columns of GLEIF's CSV as the fields of its XML: repetitions, numbered in the CSV, become lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.row_block import RowBlock
from graphleads.formats.xml_records import TEXT
from graphleads.ingest.registers.gleif.layout import DELETED, Layout

_NUMBER = re.compile(r"\.(\d+)(?=\.|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of a CSV go.

    Attributes:
        fields: The fields of a record by path, with their types.
        places: What is read: (path, place from 1, part) by column; place 0 and no part for what is not repeated.
        known: The columns that are read or left out on purpose.
    """

    fields: Mapping[str, pa.DataType]
    places: Mapping[str, tuple[str, int, str | None]]
    known: Sequence[str]

    @property
    def read(self) -> list[str]:
        """The columns that are read."""
        return list(self.places)

    def gather(self, block: RowBlock) -> RowBlock:
        """Return a block with a column for every field of a record, null where the CSV has none."""
        columns = {path: self._field(path, kind, block) for path, kind in self.fields.items()}
        return RowBlock(file=block.file, columns=columns, rows=block.rows)

    def _field(self, path: str, kind: pa.DataType, block: RowBlock) -> pa.Array:
        found = {(place, part): block.columns[name] for name, (of, place, part) in self.places.items() if of == path}
        if not pa.types.is_list(kind):
            return found.get((0, None), pa.nulls(block.n_rows, kind))
        slots = [
            _slot({part: one for (at, part), one in found.items() if at == place}, kind.value_type, block.n_rows)
            for place in sorted({place for place, _ in found})
        ]
        return _interleave(slots, kind, block.n_rows)


def plan_columns(header: Collection[str], layout: Layout) -> Columns:
    """Return where the columns of a header go."""
    fields = dict(_fields(layout.record))
    places: dict[str, tuple[str, int, str | None]] = {}
    known = []
    for column in header:
        bare = _NUMBER.sub("", column)
        path = layout.renamed.get(bare, DELETED if bare == "DeletedAt" else bare)
        number = _NUMBER.search(column)
        place = _place(path, fields, int(number[1]) if number else 0)
        if place is not None:
            places[column] = place
        if place is not None or _is_ignored(path, layout.ignored):
            known.append(column)
    return Columns(fields=fields, places=places, known=known)


def _fields(kind: pa.StructType, above: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for field in kind:
        inside = pa.types.is_struct(field.type)
        yield from _fields(field.type, f"{above}{field.name}.") if inside else [(above + field.name, field.type)]


def _place(path: str, fields: Mapping[str, pa.DataType], number: int) -> tuple[str, int, str | None] | None:
    above, _, part = path.rpartition(".")
    for of, named in ((path, None), (above, part)):
        kind = fields.get(of)
        if kind is None or (named is not None and not _has(kind, named)):
            continue
        if not pa.types.is_list(kind):
            return of, 0, None
        return of, max(number, 1), named or (TEXT if _has(kind, TEXT) else None)
    return None


def _has(kind: pa.DataType, part: str) -> bool:
    inside = kind.value_type if pa.types.is_list(kind) else kind
    return bool(pa.types.is_struct(inside) and inside.get_field_index(part) >= 0)


def _is_ignored(path: str, ignored: Collection[str]) -> bool:
    parts = path.split(".")
    return any(".".join(parts[:n]) in ignored for n in range(1, len(parts) + 1))


def _slot(parts: Mapping[str | None, pa.Array], kind: pa.DataType, n_rows: int) -> pa.Array:
    """Return one repetition of a field, null where it has nothing."""
    if not pa.types.is_struct(kind):
        return parts[None]
    columns = [parts.get(field.name, pa.nulls(n_rows, field.type)) for field in kind]
    return pa.StructArray.from_arrays(columns, fields=list(kind), mask=pc.is_null(pc.coalesce(*columns)))


def _interleave(slots: Sequence[pa.Array], kind: pa.ListType, n_rows: int) -> pa.ListArray:
    """Return what the slots have of each row as one list a row."""
    if not slots:
        return pa.nulls(n_rows, kind)
    there = np.column_stack([pc.is_valid(slot).to_numpy(zero_copy_only=False) for slot in slots])
    row, slot = np.nonzero(there)
    offsets = np.concatenate(([0], np.cumsum(there.sum(axis=1)))).astype(np.int32)
    values = pa.concat_arrays(slots).take(pa.array(slot * n_rows + row))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
