"""What the registers say of whether a company may be a lead on a day: arrays that a kernel reads.

Of most companies it is what they say on the snapshot's own day. Of those with one record it is read from the snapshot's
own memory; only what several records say has to be weighed against each other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import ALIVE, STATUSES, thrives_on
from graphleads.graph.entity_view import EntityView
from graphleads.graph.kernel import kernel, part
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.text_kernel import first_not_below

_UNKNOWN = len(STATUSES) - 1


class CompanyStates(NamedTuple):
    """What is said of companies on a day.

    Attributes:
        thrives: bool[n_companies], those that the registers say nothing against.
        mentioned: bool[n_companies], those that are known only as somebody's holder or subsidiary.
        by_place: Whether the arrays are of the companies that are asked for, in their order, and not of all by node.
    """

    thrives: NDArray[np.bool_]
    mentioned: NDArray[np.bool_]
    by_place: bool


class Dated(NamedTuple):
    """The versions of one table by company.

    Attributes:
        node: int32[n_rows], ascending.
        valid_from: int32[n_rows], as the other times days since 1970.
    """

    node: NDArray[np.int32]
    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]


class Versions(NamedTuple):
    """Every record and every status of every company.

    A set of rows is one bit each, the lowest of a byte first; an empty one has all.

    Attributes:
        records: What each record says.
        mentioned: The records that only mention a company.
        has_founding: The records with a day in `founded_on`.
        founded_on: int32[n_records].
        has_end: The records with a day in `ended_on`.
        ended_on: int32[n_records].
        statuses: Every status that a record says.
        code: int8[n_statuses], the position in `STATUSES`, by word of the dictionary.
        word: int32[n_statuses], into `code`.
        alive: bool[n_words], which of `STATUSES` are a living company's.
    """

    records: Dated
    mentioned: NDArray[np.uint8]
    has_founding: NDArray[np.uint8]
    founded_on: NDArray[np.int32]
    has_end: NDArray[np.uint8]
    ended_on: NDArray[np.int32]
    statuses: Dated
    code: NDArray[np.int8]
    word: NDArray[np.int32]
    alive: NDArray[np.bool_]


def own_states(snapshot: Snapshot) -> CompanyStates:
    """Return what a snapshot says of all of its companies on its own day."""
    mentioned = snapshot.companies["mentioned"].to_numpy()
    return CompanyStates(thrives=snapshot.node_array("thrives"), mentioned=mentioned, by_place=False)


def open_versions(snapshot: Snapshot) -> Versions:
    """Return what a snapshot says of its companies on any day; no column is copied."""
    records, statuses = (
        {name: table[name].chunk(0) for name in table.column_names}
        for table in (snapshot.table("records"), snapshot.table("statuses"))
    )
    words = statuses["status"].dictionary.to_pylist() or ["unknown"]
    return Versions(
        records=_dated(records),
        mentioned=_memory(records["mentioned"], 1, np.uint8),
        has_founding=_memory(records["incorporated_on"], 0, np.uint8),
        founded_on=_memory(records["incorporated_on"], 1, np.int32),
        has_end=_memory(records["dissolved_on"], 0, np.uint8),
        ended_on=_memory(records["dissolved_on"], 1, np.int32),
        statuses=_dated(statuses),
        code=np.array([STATUSES.index(word) for word in words], np.int8),
        word=statuses["status"].indices.to_numpy(),
        alive=np.array([status in ALIVE for status in STATUSES]),
    )


def _dated(columns: dict[str, pa.Array]) -> Dated:
    names = ("valid_from", "valid_to", "known_from", "known_until")
    times = (columns[name].view(pa.int32()).to_numpy() for name in names)
    return Dated(columns["node"].to_numpy(), *times)


def _memory(column: pa.Array, at: int, kind: type[np.generic]) -> NDArray[Any]:
    """Return one of a column's buffers; a column of a snapshot begins where its buffers do."""
    buffer = column.buffers()[at]
    return np.empty(0, kind) if buffer is None else np.frombuffer(buffer, kind)


def read_states(
    entities: EntityView, companies: NDArray[np.integer[Any]], own: CompanyStates, versions: Versions
) -> CompanyStates:
    """Return what was said of some companies on a day.

    Args:
        entities: The entities of the day.
        companies: Company nodes, ascending.
        own: What is said of all on the snapshot's own day.
        versions: What is said on any day.
    """
    thrives, mentioned = own.thrives[companies], own.mentioned[companies]
    changed = np.flatnonzero(~entities.are_settled(companies))
    several = np.zeros(len(changed), bool)
    days = (entities.day.valid_on, entities.day.known_on)
    _read_changed(companies, changed, versions, days, (thrives, mentioned, several))
    weighed = changed[several]
    if len(weighed):
        others = companies[weighed]
        described = entities.companies(others, ["mentioned", "incorporated_on"])
        thrives[weighed] = thrives_on(described, *entities.standing(others), entities.day.valid_on)
        mentioned[weighed] = pc.fill_null(described["mentioned"], True).to_numpy()
    return CompanyStates(thrives=thrives, mentioned=mentioned, by_place=True)


@kernel
def _read_changed(
    companies: NDArray[np.integer[Any]], changed: NDArray[np.int64], versions: Versions, days: tuple[int, int],
    into: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:  # fmt: skip
    """Write what was said of companies with one record at most, and which have several."""
    thrives, mentioned, several = into
    for at in range(len(changed)):
        place = changed[at]
        node = companies[place]
        first = first_not_below(versions.records.node, node, 0)
        there = first < len(versions.records.node) and versions.records.node[first] == node
        if there and first + 1 < len(versions.records.node) and versions.records.node[first + 1] == node:
            several[at] = True
            continue
        known = there and _is_known(first, versions.records, days)
        mentioned[place] = not known or _has(first, versions.mentioned)
        thrives[place] = not mentioned[place] and _lives(node, first, versions, days)


@part
def _lives(node: int, row: int, versions: Versions, days: tuple[int, int]) -> bool:
    """Return whether a company that one record describes is founded, not ended and of a living status."""
    valid_on, records = days[0], versions.records
    if _has(row, versions.has_founding) and versions.founded_on[row] > valid_on:
        return False
    if records.valid_to[row] <= valid_on or (_has(row, versions.has_end) and versions.ended_on[row] <= valid_on):
        return False
    status = _UNKNOWN
    first = first_not_below(versions.statuses.node, node, 0)
    at = first
    while at < len(versions.statuses.node) and versions.statuses.node[at] == node:
        code = int(versions.code[versions.word[at]])
        if code < status and _is_open(at, versions.statuses, days) and not _is_replaced(at, first, versions, days):
            status = code
        at += 1
    return bool(versions.alive[status])


@part
def _is_replaced(row: int, first: int, versions: Versions, days: tuple[int, int]) -> bool:
    """Return whether the record, which is the company's only one, says another status that began later."""
    node, other = versions.statuses.node, first
    while other < len(node) and node[other] == node[row]:
        later = versions.statuses.valid_from[other] - versions.statuses.valid_from[row]
        if (later > 0 or (later == 0 and other < row)) and _is_open(other, versions.statuses, days):
            return True
        other += 1
    return False


@part
def _is_known(row: int, dated: Dated, days: tuple[int, int]) -> bool:
    return bool(dated.known_from[row] <= days[1] < dated.known_until[row])


@part
def _is_open(row: int, dated: Dated, days: tuple[int, int]) -> bool:
    return bool(dated.valid_from[row] <= days[0] < dated.valid_to[row] and _is_known(row, dated, days))


@part
def _has(row: int, bits: NDArray[np.uint8]) -> bool:
    """Return whether a row has a bit; of a column without nulls nothing is kept of that."""
    return bool(len(bits) == 0 or bits[row >> 3] >> (row & 7) & 1)
