"""Which persons share a declared key, and since when that was known.

All persons of a key are tied around the one that was known first. Where the register takes that one's key back, those
that are left are tied around the next from then on: what was known before stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.facts import read_facts
from graphleads.graph.order import days, encode, sortable
from graphleads.tables.delivery import Delivery

_READ = ("dataset", "id", "key", "key_confidence", "known_from", "known_until")


class Windows(NamedTuple):
    """From when to when persons were known by a key, in days since 1970.

    Attributes:
        key: int64[n], equal where dataset and key are.
        id: int64[n], in the order of the persons' ids.
        row: int64[n], where dataset and id are read.
        confidence: float32[n], what the register says that the key is worth.
        first: int32[n], since when the person was known by it at all.
        begin: int32[n].
        end: int32[n].
    """

    key: NDArray[np.int64]
    id: NDArray[np.int64]
    row: NDArray[np.int64]
    confidence: NDArray[np.float32]
    first: NDArray[np.int32]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]

    def of(self, rows: NDArray[Any]) -> Windows:
        """Return some of them."""
        return Windows(**{name: column[rows] for name, column in self._asdict().items()})


class Pairs(NamedTuple):
    """Pairs of persons who share a key, and from when to when that was known.

    Attributes:
        left: The one that was known first.
        right: The other one.
        dataset: The dataset that says so.
        probability: float32, the less confident of the two.
        known_from: date32.
        known_until: date32.
    """

    left: pa.Array
    right: pa.Array
    dataset: pa.Array
    probability: pa.Array
    known_from: pa.Array
    known_until: pa.Array


def pair_persons(deliveries: Sequence[Delivery]) -> Pairs:
    """Return the persons of each dataset who share a declared key."""
    persons = read_facts(deliveries, ("persons",)).read("persons", _READ).combine_chunks()
    keyed = pc.and_(pc.is_valid(persons["key"]), pc.greater(persons["key_confidence"], 0))
    persons = persons.filter(pc.fill_null(keyed, False)).combine_chunks()
    found = [np.zeros((5, 0), np.int64), *_rounds(_windows(persons))]
    left, right, known_from, known_until, confidence = np.concatenate(found, axis=1)
    return Pairs(
        left=_taken(persons["id"], left),
        right=_taken(persons["id"], right),
        dataset=_taken(persons["dataset"].cast(pa.string()), left),
        probability=pa.array(confidence.astype(np.int32).view(np.float32)),
        known_from=pa.array(known_from.astype(np.int32)).cast(pa.date32()),
        known_until=pa.array(known_until.astype(np.int32)).cast(pa.date32()),
    )


def _taken(column: pa.ChunkedArray, rows: NDArray[np.int64]) -> pa.Array:
    taken = column.take(pa.array(rows)).combine_chunks()
    return pa.array([], column.type) if isinstance(taken, pa.ChunkedArray) else taken


def _windows(persons: pa.Table) -> Windows:
    """Return the windows of all versions, those of one person that meet as one."""
    key = encode(persons["key"]) * (1 + encode(persons["dataset"]).max(initial=0)) + encode(persons["dataset"])
    every = Windows(
        key=key,
        id=sortable(persons["id"]).astype(np.int64),
        row=np.arange(persons.num_rows),
        confidence=persons["key_confidence"].to_numpy().astype(np.float32),
        first=days(persons["known_from"]),
        begin=days(persons["known_from"]),
        end=days(persons["known_until"]),
    )
    every = every.of(np.lexsort((every.begin, every.confidence, every.id, every.key)))
    same = np.zeros(len(every.key), bool)
    alike = [column[1:] == column[:-1] for column in (every.key, every.id, every.confidence)]
    same[1:] = np.logical_and.reduce(alike)
    begins, end = _met(same, every.begin, every.end)
    return every._replace(end=end).of(begins)


@njit(cache=True)
def _met(
    same: NDArray[np.bool_], begin: NDArray[np.int32], end: NDArray[np.int32]
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Return which windows begin a run of those that meet, and where the run ends."""
    begins, ends = np.ones(len(begin), np.bool_), end.copy()
    run = 0
    for at in range(1, len(begin)):
        if same[at] and begin[at] <= ends[run]:
            begins[at] = False
            ends[run] = max(ends[run], end[at])
        else:
            run = at
    return begins, ends


def _rounds(windows: Windows) -> Iterator[NDArray[np.int64]]:
    """Yield int64[5, n_pairs]: rows of both persons, from when, until when, and the bits of the confidence."""
    while len(windows.key):
        windows = windows.of(np.lexsort((windows.id, windows.first, windows.key)))
        other = np.diff(windows.key, prepend=windows.key[0] - 1) == 0
        middle = windows.of(np.maximum.accumulate(np.where(other, 0, np.arange(len(other)))))
        begin, end = np.maximum(windows.begin, middle.begin), np.minimum(windows.end, middle.end)
        tied = other & (begin < end) & (windows.id != middle.id)
        less = np.minimum(windows.confidence, middle.confidence).view(np.int32)
        yield np.stack([column[tied].astype(np.int64) for column in (middle.row, windows.row, begin, end, less)])
        left = windows._replace(begin=np.maximum(windows.begin, middle.end))
        windows = left.of(other & (left.begin < left.end))
