"""Statements of one record as periods of what they say.

A delivery states the present; the statements that it keeps beside say what was true before. A fact that the next
statement repeats is one fact, one that it changes holds until that statement's day, and one that it leaves out ends
there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.bods.directory import NO_DAY, Versions
from graphleads.tables.schema import STAGED, StagedTable

SEPARATOR = "\x1f"
"""What stands between a record and its statement's number until the statements are folded."""


class StatementFold:
    """Holds the rows of records with several statements until all are read."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._held: dict[str, list[pa.Table]] = {}

    def hold(self, batch: StagedBatch) -> None:
        """Take rows whose record is followed by `SEPARATOR` and the statement's number in the directory."""
        if batch.rows.num_rows:
            self._held.setdefault(batch.table, []).append(batch.rows)

    def finish(self) -> Iterator[StagedBatch]:
        """Yield the rows with the periods for which they hold."""
        for name in sorted(self._held):
            rows = pa.concat_tables(self._held.pop(name)).unify_dictionaries().combine_chunks()
            yield StagedBatch(table=name, rows=_fold(STAGED[name], rows, self._versions))


def _fold(table: StagedTable, rows: pa.Table, versions: Versions) -> pa.Table:
    parts = pc.split_pattern(rows["record"].combine_chunks(), SEPARATOR, max_splits=1, reverse=True)
    statement = pc.list_element(parts, 1).cast(pa.int64()).to_numpy()
    rows = _with(rows, {"record": pc.list_element(parts, 0)})
    if not table.dated:
        return rows.filter(pa.array(~versions.superseded[statement]))
    sequence = versions.sequence[statement]
    fact = _facts(table, rows, sequence)
    order = np.lexsort((sequence, fact))
    rows, statement, fact, sequence = rows.take(pa.array(order)), statement[order], fact[order], sequence[order]
    follows = np.zeros(len(rows), np.bool_)
    follows[1:] = (fact[1:] == fact[:-1]) & (sequence[1:] == sequence[:-1] + 1)
    own = [one.name for one in table.own if one.name not in table.identity]
    content = _codes([rows[name] for name in ("record", *own)])
    begins_next = _begins_next(_codes([rows[name] for name in ("record", *table.identity)]), sequence, rows["start_on"])
    repeats = follows.copy()
    repeats[1:] &= content[1:] == content[:-1]
    return _periods(rows, statement, follows=follows, repeats=repeats, begins_next=begins_next, versions=versions)


def _begins_next(thing: NDArray[np.int64], sequence: NDArray[np.int32], starts: pa.ChunkedArray) -> NDArray[np.int32]:
    """Return the day on which the next statement says that the same thing begins anew, `NO_DAY` if none does.

    Args:
        thing: int64[n], the same for rows of one record that say what may change: who holds what in whom.
        sequence: int32[n], the place of each row's statement in its record.
        starts: date32[n].
    """
    start = _days(starts)
    key = thing * (int(sequence.max(initial=0)) + 2) + sequence
    order = np.lexsort((start, key))
    keys, first = np.unique(key[order], return_index=True)
    place = np.minimum(np.searchsorted(keys, key + 1), len(keys) - 1)
    begins = np.where(keys[place] == key + 1, start[order][first][place], NO_DAY)
    days: NDArray[np.int32] = np.where((start == NO_DAY) | (begins > start), begins, NO_DAY).astype(np.int32)
    return days


def _facts(table: StagedTable, rows: pa.Table, sequence: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return which fact each row is, those that one statement has several times apart: int64[n]."""
    fact = _codes([rows[name] for name in ("record", "start_on", *table.identity)])
    place = np.arange(len(fact))
    order = np.lexsort((place, sequence, fact))
    again = (fact[order][1:] == fact[order][:-1]) & (sequence[order][1:] == sequence[order][:-1])
    first = np.maximum.accumulate(np.where(np.concatenate(([False], again)), 0, place))
    occurrence = np.empty(len(fact), np.int64)
    occurrence[order] = place - first
    return fact * (int(occurrence.max(initial=0)) + 1) + occurrence


def _periods(
    rows: pa.Table,
    statement: NDArray[np.int64],
    *,
    follows: NDArray[np.bool_],
    repeats: NDArray[np.bool_],
    begins_next: NDArray[np.int32],
    versions: Versions,
) -> pa.Table:
    """Return the last row of each run of repeated facts, from the day that the first of the run says.

    Args:
        rows: The rows by fact and sequence.
        statement: int64[n], the statement of each row.
        follows: bool[n], whether the row before is of the same fact and the statement before.
        repeats: bool[n], whether it also says the same.
        begins_next: int32[n], when the next statement says that it begins anew, which ends it.
        versions: The order of the statements.
    """
    last = np.append(~repeats[1:], True)
    first = np.maximum.accumulate(np.where(repeats, 0, np.arange(len(rows))))[last]
    kept, opening = np.flatnonzero(last), first
    changed = follows[opening]
    start, end = (_days(rows[name])[kept] for name in ("start_on", "end_on"))
    made = versions.made_on[statement[opening]]
    begun = np.where(start == NO_DAY, np.iinfo(np.int32).min, start)
    start = np.where(changed & (made != NO_DAY), np.maximum(begun, made), start)
    superseded, until = versions.superseded[statement[kept]], versions.until[statement[kept]]
    end = np.where(superseded, np.minimum(end, np.minimum(until, begins_next[kept])), end)
    folded = _with(
        rows.take(pa.array(kept)),
        {
            "start_on": _dates(start),
            "end_on": _dates(end),
            "published_on": rows["published_on"].combine_chunks().take(pa.array(opening)),
        },
    )
    # A statement that is superseded on an unknown day or before the fact began leaves nothing.
    whole = ~(superseded & ((end == NO_DAY) | ((start != NO_DAY) & (end <= start))))
    return folded.filter(pa.array(whole))


def _with(rows: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    for name, values in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    return rows


def _codes(columns: list[pa.ChunkedArray]) -> NDArray[np.int64]:
    """Return a number for each row, the same for rows that are alike: int64[n]."""
    codes: NDArray[np.int64] = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values = column.combine_chunks()
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        own = pc.fill_null(encoded.indices.cast(pa.int64()), len(encoded.dictionary)).to_numpy()
        codes = np.unique(codes * (len(encoded.dictionary) + 1) + own, return_inverse=True)[1].astype(np.int64)
    return codes


def _days(column: pa.ChunkedArray) -> NDArray[np.int32]:
    days: NDArray[np.int32] = pc.fill_null(column.cast(pa.int32()), int(NO_DAY)).to_numpy()
    return days


def _dates(days: NDArray[np.int32]) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=days == NO_DAY).cast(pa.date32())
