"""What each node and each edge of a snapshot says, as numbers: equal content gives equal numbers in any snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.lookup import texts_of
from graphleads.graph.neo4j.model import (
    COMPANY_COLUMNS,
    CONTACT_POINT_COLUMNS,
    FACT_COLUMNS,
    KEY_COLUMNS,
    PERSON_COLUMNS,
    RELATIONSHIP_COLUMNS,
    SAID,
    STATEMENTS,
)
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind

_SEED = 0xCBF29CE484222325
_STEP = 0x9E3779B97F4A7C15
_NULL = 0xA0761D6478BD642F


class Prints(NamedTuple):
    """The rows of one kind: whose they are, and what they say.

    Attributes:
        key: uint64[n], a hash of the id of a node, or of what makes a relationship the same one.
        row: int64[n], a hash of all that is said of it.
    """

    key: NDArray[np.uint64]
    row: NDArray[np.int64]


def node_prints(snapshot: Snapshot) -> dict[NodeKind, Prints]:
    """Return the prints of all nodes, by kind, in node order."""
    ids = np.concatenate([hash_column(table["id"]) for table in snapshot.node_tables])
    arrays = (snapshot.node_array(name) for name in ("n_companies", "blocked", "known_from"))
    said = _mixed([ids, *arrays, *_stated(snapshot)])
    found, first = {}, 0
    for kind, table in zip(NodeKind, snapshot.node_tables, strict=True):
        own = slice(first, first + table.num_rows)
        columns = [said[own], *(hash_column(table[name]) for name in _COLUMNS[kind])]
        if kind is NodeKind.COMPANY:
            columns += [snapshot.node_array("status"), hash_column(family_ids(snapshot)), _former(snapshot)]
        found[kind] = Prints(key=ids[own], row=_mixed(columns).view(np.int64))
        first += table.num_rows
    return found


_COLUMNS = {
    NodeKind.COMPANY: COMPANY_COLUMNS[1:],
    NodeKind.PERSON: PERSON_COLUMNS[1:],
    NodeKind.CONTACT_POINT: CONTACT_POINT_COLUMNS[1:],
}


def fact_prints(snapshot: Snapshot) -> NDArray[np.uint64]:
    """Return uint64[n_edges], a hash of what each edge says, whenever that was known."""
    ids = np.concatenate([hash_column(table["id"]) for table in snapshot.node_tables])
    ends = [ids[snapshot.numbers("edges", end)] for end in ("source", "target")]
    return _mixed([*ends, *(hash_column(snapshot.edges[name]) for name in ("relation", *FACT_COLUMNS))])


def edge_prints(snapshot: Snapshot) -> Prints:
    """Return the prints of all edges, in their order."""
    edges = snapshot.edges
    known = [name for name in KEY_COLUMNS if name not in FACT_COLUMNS]
    key = _mixed([fact_prints(snapshot), *(hash_column(edges[name]) for name in known)])
    rest = [hash_column(edges[name]) for name in RELATIONSHIP_COLUMNS if name not in KEY_COLUMNS]
    weight = snapshot.node_array("edge_weight").view(np.int32)
    said = _mixed([key, *rest, weight, _by_owner(snapshot, "statements", "edge", SAID, len(key))])
    return Prints(key=key, row=said.view(np.int64))


def family_ids(snapshot: Snapshot) -> pa.Array:
    """Return the id of the first company of each company's corporate group, null where it is alone in it."""
    family = snapshot.node_array("family")
    _, first, group, size = np.unique(family, return_index=True, return_inverse=True, return_counts=True)
    return snapshot.companies["id"].chunk(0).take(pa.array(first[group], mask=size[group] == 1))


def hash_column(column: pa.ChunkedArray | pa.Array) -> NDArray[np.uint64]:
    """Return uint64[n], a hash of each value that depends on nothing but the value."""
    if isinstance(column, pa.ChunkedArray):
        parts = [hash_column(chunk) for chunk in column.chunks]
        return np.concatenate(parts) if parts else np.empty(0, np.uint64)
    if pa.types.is_dictionary(column.type):
        words = np.append(hash_column(column.dictionary), np.uint64(_NULL))
        codes = pc.fill_null(column.indices.cast(pa.int64()), len(words) - 1).to_numpy()
        return words[codes]  # type: ignore[no-any-return]
    hashes = _hash_values(column)
    if column.null_count:
        hashes = np.where(column.is_null().to_numpy(zero_copy_only=False), np.uint64(_NULL), hashes)
    return hashes


def _hash_values(column: pa.Array) -> NDArray[np.uint64]:
    kind = column.type
    if pa.types.is_decimal(kind):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        texts = texts_of(column)
        return _hash_texts(texts.offsets, texts.data)  # type: ignore[no-any-return]
    if pa.types.is_floating(kind):
        numbers = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy().view(np.int64)
    else:
        whole = column.cast(pa.int32()) if pa.types.is_date32(kind) else column
        numbers = pc.fill_null(whole.cast(pa.int64()), 0).to_numpy()
    return _mixed([numbers])


def _stated(snapshot: Snapshot) -> Iterable[NDArray[np.uint64]]:
    """Yield, by table of `STATEMENTS`, a hash of what each node's rows say."""
    for name, columns in STATEMENTS.items():
        yield _by_owner(snapshot, name, "node", columns, snapshot.n_nodes)


def _by_owner(snapshot: Snapshot, table: str, owner: str, columns: tuple[str, ...], n: int) -> NDArray[np.uint64]:
    rows = snapshot.table(table)
    said = _mixed([hash_column(rows[name]) for name in columns])
    return _hash_rows_of(snapshot.numbers(table, owner), said, n)  # type: ignore[no-any-return]


def _former(snapshot: Snapshot) -> NDArray[np.uint64]:
    """Return a hash of the ids that stand for each company now; they are sorted, and few."""
    moved = snapshot.table("redirects")
    node = snapshot.nodes_of(moved["company"].to_pylist())
    order = np.argsort(node, kind="stable")
    return _hash_rows_of(node[order], hash_column(moved["id"])[order], snapshot.n_companies)  # type: ignore[no-any-return]


def _mixed(columns: Iterable[NDArray[Any]]) -> NDArray[np.uint64]:
    """Return a hash of each row of several columns of whole numbers."""
    mixed: NDArray[np.uint64] | None = None
    for column in columns:
        if mixed is None:
            mixed = np.full(len(column), _SEED, np.uint64)
        _mix_in(mixed, column if column.dtype == np.uint64 else column.astype(np.int64).view(np.uint64))
    return np.empty(0, np.uint64) if mixed is None else mixed


@njit(cache=True, nogil=True)
def _mix(mixed: np.uint64, number: np.uint64) -> np.uint64:
    mixed = (mixed ^ number) * np.uint64(_STEP)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


@njit(cache=True, nogil=True)
def _mix_in(mixed: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> None:
    for at in range(len(mixed)):
        mixed[at] = _mix(mixed[at], numbers[at])


@njit(cache=True, nogil=True)
def _hash_texts(offsets: NDArray[Any], data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return a hash of each text, eight bytes at a time."""
    hashes = np.empty(len(offsets) - 1, np.uint64)
    for at in range(len(hashes)):
        begin, end = offsets[at], offsets[at + 1]
        mixed = _mix(np.uint64(_SEED), np.uint64(end - begin))
        whole = end - (end - begin) % 8
        for first in range(begin, whole, 8):
            mixed = _mix(mixed, _word(data, first))
        if whole < end:
            word = np.uint64(0)
            for place in range(whole, end):
                word = (word << np.uint64(8)) | np.uint64(data[place])
            mixed = _mix(mixed, word)
        hashes[at] = mixed
    return hashes


@njit(cache=True, nogil=True)
def _word(data: NDArray[np.uint8], at: int) -> np.uint64:
    """Return eight bytes as a number, written out so that the compiler makes one read of it."""
    return (
        (np.uint64(data[at]) << np.uint64(56))
        | (np.uint64(data[at + 1]) << np.uint64(48))
        | (np.uint64(data[at + 2]) << np.uint64(40))
        | (np.uint64(data[at + 3]) << np.uint64(32))
        | (np.uint64(data[at + 4]) << np.uint64(24))
        | (np.uint64(data[at + 5]) << np.uint64(16))
        | (np.uint64(data[at + 6]) << np.uint64(8))
        | np.uint64(data[at + 7])
    )


@njit(cache=True, nogil=True)
def _hash_rows_of(owner: NDArray[Any], said: NDArray[np.uint64], n: int) -> NDArray[np.uint64]:
    """Return uint64[n], a hash of the rows of each owner in their order."""
    hashes = np.full(n, np.uint64(_SEED), np.uint64)
    for row in range(len(owner)):
        hashes[owner[row]] = _mix(hashes[owner[row]], said[row])
    return hashes
