"""Which persons share a declared key, and since when that was known.

Persons of one key are a group: each pair of them is one person as probably as any other, whoever was known first. In a
large group each is paired with those only that were known first: so many records of one person tie nothing anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.facts import read_facts
from graphleads.graph.order import days, encode, sortable, take_places
from graphleads.tables.delivery import Delivery

_FULLY_PAIRED = 40
"""With how many of a group each is paired: those who were known first. A person in more companies ties nothing."""

_READ = ("dataset", "id", "key", "key_confidence", "known_from", "known_until")


class Windows(NamedTuple):
    """From when to when persons were known by a key, in days since 1970.

    Attributes:
        key: int64[n], equal where dataset and key are.
        id: int64[n], in the order of the persons' ids.
        row: int64[n], where dataset and id are read.
        confidence: float32[n], what the register says that the key is worth.
        rank: int64[n], how many persons were known by the key before this one, ties by id.
        begin: int32[n].
        end: int32[n].
    """

    key: NDArray[np.int64]
    id: NDArray[np.int64]
    row: NDArray[np.int64]
    confidence: NDArray[np.float32]
    rank: NDArray[np.int64]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]

    def of(self, rows: NDArray[Any]) -> Windows:
        """Return some of them."""
        return take_places(self, rows)


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
    windows = _windows(persons)
    left, right = map(windows.of, _pair(windows))
    return Pairs(
        left=_taken(persons["id"], left.row),
        right=_taken(persons["id"], right.row),
        dataset=_taken(persons["dataset"].cast(pa.string()), left.row),
        probability=pa.array(np.minimum(left.confidence, right.confidence)),
        known_from=pa.array(np.maximum(left.begin, right.begin)).cast(pa.date32()),
        known_until=pa.array(np.minimum(left.end, right.end)).cast(pa.date32()),
    )


def _taken(column: pa.ChunkedArray, rows: NDArray[np.int64]) -> pa.Array:
    taken = column.take(pa.array(rows)).combine_chunks()
    return pa.array([], column.type) if isinstance(taken, pa.ChunkedArray) else taken


def _windows(persons: pa.Table) -> Windows:
    """Return the windows of all versions, those of one person that meet as one, by key and rank."""
    key = encode(persons["key"]) * (1 + encode(persons["dataset"]).max(initial=0)) + encode(persons["dataset"])
    every = Windows(
        key=key,
        id=sortable(persons["id"]).astype(np.int64),
        row=np.arange(persons.num_rows),
        confidence=persons["key_confidence"].to_numpy().astype(np.float32),
        rank=np.zeros(persons.num_rows, np.int64),
        begin=days(persons["known_from"]),
        end=days(persons["known_until"]),
    )
    every = every.of(np.lexsort((every.begin, every.confidence, every.id, every.key)))
    same = np.zeros(len(every.key), bool)
    alike = [column[1:] == column[:-1] for column in (every.key, every.id, every.confidence)]
    same[1:] = np.logical_and.reduce(alike)
    begins, end = _met(same, every.begin, every.end)
    return _ranked(every._replace(end=end).of(begins))


def _ranked(windows: Windows) -> Windows:
    """Return windows by key and rank."""
    if not len(windows.key):
        return windows
    order = windows.of(np.lexsort((windows.begin, windows.id, windows.key)))
    new = np.append(True, (np.diff(order.key) != 0) | (np.diff(order.id) != 0))
    first = np.repeat(order.begin[new], np.diff(np.append(np.flatnonzero(new), len(new))))
    by_rank = np.lexsort((order.begin, order.id, first, order.key))
    order, new = order.of(by_rank), new[by_rank]
    person = np.cumsum(new)
    of_key = np.maximum.accumulate(np.where(np.append(True, np.diff(order.key) != 0), person, 0))
    return order._replace(rank=person - of_key)


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


def _pair(windows: Windows) -> NDArray[np.int64]:
    """Return int64[2, n_pairs], the places of both windows of each pair, of the person that was known first first."""
    told = (windows.key, windows.rank, windows.begin, windows.end)
    pairs = np.empty((2, _write_pairs(*told, np.empty((2, 0), np.int64))), np.int64)
    _write_pairs(*told, pairs)
    return pairs


@njit(cache=True)
def _write_pairs(
    key: NDArray[np.int64], rank: NDArray[np.int64], begin: NDArray[np.int32], end: NDArray[np.int32],
    into: NDArray[np.int64],
) -> int:  # fmt: skip
    """Write as many pairs as there is room for; return how many there are."""
    n, first = 0, 0
    for at in range(len(key)):
        if key[at] != key[first]:
            first = at
        for other in range(first, at):
            if rank[other] >= min(_FULLY_PAIRED, rank[at]):
                break
            if max(begin[at], begin[other]) < min(end[at], end[other]):
                if n < into.shape[1]:
                    into[0, n], into[1, n] = other, at
                n += 1
    return n
