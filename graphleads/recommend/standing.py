"""What the registers say of whether a company may be a lead, read by kernels from the snapshot's own memory."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.describe import ALIVE, STATUSES
from graphleads.graph.kernel import kernel, part
from graphleads.graph.lookup import texts_of
from graphleads.graph.snapshot import Snapshot

_UNKNOWN = STATUSES.index("unknown")


class Day(NamedTuple):
    """The two days that a query asks for, since 1970, and whether the snapshot's own view is of them."""

    valid_on: int
    known_on: int
    in_view: bool


class Statuses(NamedTuple):
    """Every status of every company, by company, with the record that says so and when.

    Attributes:
        node: int32[n_rows], ascending.
        code: int8[n_words], the position in `STATUSES` of each word of the dictionary.
        word: int32[n_rows], into `code`.
        dataset: int32[n_rows], equal where the datasets are.
        record_bounds: The bounds of each record's id in `record`.
        record: uint8[n_bytes].
        valid_from: int32[n_rows], as the other times days since 1970.
    """

    node: NDArray[np.int32]
    code: NDArray[np.int8]
    word: NDArray[np.int32]
    dataset: NDArray[np.int32]
    record_bounds: NDArray[Any]
    record: NDArray[np.uint8]
    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]


class Standing(NamedTuple):
    """What is said of each company; a set of companies is one bit each, the lowest of a byte first.

    Attributes:
        status: int8[n_companies], the position in `STATUSES` on the day of the snapshot.
        thrives: bool[n_companies], those that the registers say nothing against on that day.
        statuses: What it was on any day.
        alive: bool[n_statuses], which statuses are a living company's.
        mentioned: The companies that are known only as somebody's holder or subsidiary.
        has_founding: The companies with a day in `founded_on`.
        founded_on: int32[n_companies], days since 1970.
        has_end: The companies with a day in `ended_on`.
        ended_on: int32[n_companies].
    """

    status: NDArray[np.int8]
    thrives: NDArray[np.bool_]
    statuses: Statuses
    alive: NDArray[np.bool_]
    mentioned: NDArray[np.uint8]
    has_founding: NDArray[np.uint8]
    founded_on: NDArray[np.int32]
    has_end: NDArray[np.uint8]
    ended_on: NDArray[np.int32]


def open_standing(snapshot: Snapshot) -> Standing:
    """Return what a snapshot says of its companies; no column is copied."""
    companies = snapshot.companies
    has_founding, founded_on = _days(companies["incorporated_on"].chunk(0))
    has_end, ended_on = _days(companies["dissolved_on"].chunk(0))
    return Standing(
        status=snapshot.node_array("status"),
        thrives=snapshot.node_array("thrives"),
        statuses=_open_statuses(snapshot.table("statuses")),
        alive=np.array([status in ALIVE for status in STATUSES]),
        mentioned=_memory(companies["mentioned"].chunk(0), 1, np.uint8),
        has_founding=has_founding,
        founded_on=founded_on,
        has_end=has_end,
        ended_on=ended_on,
    )


def _open_statuses(table: pa.Table) -> Statuses:
    columns = {name: table[name].chunk(0) for name in table.column_names}
    record = texts_of(columns["record"])
    words = columns["status"].dictionary.to_pylist() or ["unknown"]
    return Statuses(
        node=columns["node"].to_numpy(),
        code=np.array([STATUSES.index(word) for word in words], np.int8),
        word=columns["status"].indices.to_numpy(),
        dataset=columns["dataset"].indices.to_numpy(),
        record_bounds=record.offsets,
        record=record.data,
        **{
            name: columns[name].view(pa.int32()).to_numpy()
            for name in ("valid_from", "valid_to", "known_from", "known_until")
        },
    )


def _days(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return which days are there, and the days."""
    there = _memory(column, 0, np.uint8)
    if column.null_count == 0:
        there = np.full(len(column) // 8 + 1, 255, np.uint8)
    return there, _memory(column, 1, np.int32)


def _memory(column: pa.Array, at: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return one of a column's buffers; a column of a snapshot begins where its buffers do."""
    buffer = column.buffers()[at]
    return np.empty(0, kind) if buffer is None else np.frombuffer(buffer, kind)


@part
def has_bit(bits: NDArray[np.uint8], at: int) -> bool:
    """Return whether a bit is set."""
    return bool(bits[at >> 3] >> (at & 7) & 1)


@part
def first_not_below(numbers: NDArray[np.int32], wanted: int, low: int) -> int:
    """Return the first place from `low` on of a number that is not below the wanted one, in ascending numbers."""
    high = len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part
def is_alive(node: int, first: int, standing: Standing, day: Day) -> bool:
    """Return whether a company, whose statuses begin at `first`, is founded, not dissolved and of a living status."""
    if has_bit(standing.has_founding, node) and standing.founded_on[node] > day.valid_on:
        return False
    if has_bit(standing.has_end, node) and standing.ended_on[node] <= day.valid_on:
        return False
    return bool(standing.alive[status_on(node, first, standing, day)])


@part
def status_on(node: int, first: int, standing: Standing, day: Day) -> int:
    """Return the position in `STATUSES` of a company's status, whose rows begin at `first`.

    A record's status is the one that began last; a company's is the first of its records' by precedence.
    """
    if day.in_view:
        return int(standing.status[node])
    statuses = standing.statuses
    found, row = len(STATUSES), first
    while row < len(statuses.node) and statuses.node[row] == node:
        code = int(statuses.code[statuses.word[row]])
        if code < found and _is_in_force(row, statuses, day) and not _is_replaced(row, first, statuses, day):
            found = code
        row += 1
    return found if found < len(STATUSES) else _UNKNOWN


@part
def _is_replaced(row: int, first: int, statuses: Statuses, day: Day) -> bool:
    """Return whether the record of a row says another status that began later."""
    other = first
    while other < len(statuses.node) and statuses.node[other] == statuses.node[row]:
        if _replaces(other, row, statuses) and _is_in_force(other, statuses, day):
            return True
        other += 1
    return False


@part
def _is_in_force(row: int, statuses: Statuses, day: Day) -> bool:
    return bool(
        statuses.valid_from[row] <= day.valid_on < statuses.valid_to[row]
        and statuses.known_from[row] <= day.known_on < statuses.known_until[row]
    )


@part
def _replaces(row: int, other: int, statuses: Statuses) -> bool:
    """Return whether a row is of the same record as another one and began later, or alike and stands before it."""
    later = statuses.valid_from[row] - statuses.valid_from[other]
    if later < 0 or (later == 0 and row >= other) or statuses.dataset[row] != statuses.dataset[other]:
        return False
    bounds = statuses.record_bounds
    begin, length = bounds[row], bounds[row + 1] - bounds[row]
    if length != bounds[other + 1] - bounds[other]:
        return False
    for at in range(length):  # noqa: SIM110 (kernels have no generators)
        if statuses.record[begin + at] != statuses.record[bounds[other] + at]:
            return False
    return True


@kernel
def read_statuses(companies: NDArray[np.int32], standing: Standing, day: Day, into: NDArray[np.int8]) -> None:
    """Write the status of each company, ascending nodes."""
    first = 0
    for at in range(len(companies)):
        if not day.in_view:
            first = first_not_below(standing.statuses.node, companies[at], first)
        into[at] = status_on(companies[at], first, standing, day)
