"""What a company or person is called and described as on a day: one rule, for all at a build, for some at a question.

The best record of a company is one that does not merely mention it, is open on the day, is of the register that names
the company, and was seen last; ties by dataset and record. Each field is the best record's that has it. What came to be
known after the day asked for is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.order import RowOrder, by_node, days
from graphleads.graph.parts import one_chunk

COMPANY = (
    "name", "entity_type", "jurisdiction", "legal_form", "size_class", "incorporated_on", "dissolved_on", "capital",
    "capital_currency", "n_employees_min", "n_employees_max", "region", "locality", "postcode", "business_scope",
)  # fmt: skip
"""What a company node takes from its records: each field from the best record that has it."""

PERSON = ("name", "given_name", "family_name", "birth_year", "birth_month", "nationality", "residence", "kind")

ALIVE = ("active", "unknown")
STATUSES = ("active", "in_liquidation", "inactive", "dissolved", "unclear", "unknown")
"""Statuses by precedence: a company with several registrations in one register is what the first of these says."""

GONE = "no longer in the register"

SeenOn = Callable[[pa.Table], NDArray[np.int32]]
"""Returns int32[n_rows]: when each of some versions was last seen, as far as that was known."""


class Day(NamedTuple):
    """The day whose facts count, and the day up to which they were known, both since 1970."""

    valid_on: int
    known_on: int


def last_seen(rows: pa.Table) -> NDArray[np.int32]:
    """Return int32[n_rows]: when each version was last seen at all."""
    return days(rows["last_seen_on"])


def describe_companies(
    records: pa.Table, ids: pa.Array, day: Day, *, columns: Sequence[str] = COMPANY, seen_on: SeenOn = last_seen
) -> pa.Table:
    """Return one row a company: `id`, some columns of `COMPANY`, `mentioned`, and `row` of `records` for the name.

    Args:
        records: What each record says of them, as `gather.gather_records` returns it; `node` counts `ids`.
        ids: The companies.
        day: The day that is asked for.
        columns: Some of `COMPANY`.
        seen_on: Says when versions were last seen.
    """
    records = one_chunk(records)
    order = _known(records, len(ids), day)
    order.refine(records["mentioned"])
    order.refine(~is_open_on(records, day))
    order.refine(records["rank"])
    _refine_last_seen(order, records, seen_on)
    node = records["node"].to_numpy()
    first = _first_of_each(records, order.rows, node, (*columns, "mentioned"), len(ids))
    best = {name: records[name].chunk(0).take(rows) for name, rows in first.items()}
    # A company that nothing describes is called by its id.
    if "name" in best:
        best["name"] = pc.coalesce(best["name"], ids)
    best["mentioned"] = pc.fill_null(best["mentioned"], True)
    return pa.table({"id": ids, **best, "row": first.get("name", pa.nulls(len(ids), pa.int64()))})


def describe_persons(persons: pa.Table, ids: pa.Array, day: Day, *, seen_on: SeenOn = last_seen) -> pa.Table:
    """Return one row a person: `id` and the columns of `PERSON`, from the record seen last.

    Who is known from a tie before any record of them is described as by the first records that came.

    Args:
        persons: Versions of what records say of them; `node` counts `ids`.
        ids: The persons.
        day: The day that is asked for.
        seen_on: Says when versions were last seen.
    """
    persons = one_chunk(persons)
    order = _known_or_first(persons, len(ids), day)
    order.refine(~is_open_on(persons, day))
    _refine_last_seen(order, persons, seen_on)
    # A record may say two things at once: which counts must not hang on the order in which they are kept.
    for name in PERSON:
        order.refine(persons[name])
    first = _first_of_each(persons, order.rows, persons["node"].to_numpy(), PERSON, len(ids))
    best = {name: persons[name].chunk(0).take(rows) for name, rows in first.items()}
    best["name"] = pc.coalesce(best["name"], pa.scalar(""))
    return pa.table({"id": ids, **best})


def _known(rows: pa.Table, n: int, day: Day) -> RowOrder:
    """Return the order by node of the rows that were known on a day, or before."""
    known = np.flatnonzero(days(rows["known_from"]) <= day.known_on)
    order = by_node(rows["node"].to_numpy()[known], n=n)
    order.rows = known[order.rows]
    return order


def _known_or_first(rows: pa.Table, n: int, day: Day) -> RowOrder:
    """Return what `_known` does, and of a node of which nothing was known the rows that came first."""
    node, since = rows["node"].to_numpy(), days(rows["known_from"])
    first = np.full(n, FOREVER, np.int32)
    np.minimum.at(first, node, since)
    known = np.flatnonzero(since <= np.maximum(first[node], day.known_on))
    order = by_node(node[known], n=n)
    order.rows = known[order.rows]
    return order


def _refine_last_seen(order: RowOrder, rows: pa.Table, seen_on: SeenOn) -> None:
    """Put the rows seen last first, ties by dataset and record."""
    order.refine(lambda tied: -seen_on(rows.take(pa.array(tied))))
    order.refine(rows["dataset"])
    order.refine(rows["record"])


def is_open(rows: pa.Table) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a version is the register's last word and has not ended."""
    still: NDArray[np.bool_] = (days(rows["valid_to"]) == FOREVER) & (days(rows["known_until"]) == FOREVER)
    return still


def is_known_on(rows: pa.Table, day: Day) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a version was the register's word on a day."""
    known: NDArray[np.bool_] = days(rows["known_from"]) <= day.known_on
    return known & (day.known_on < days(rows["known_until"]))


def is_open_on(rows: pa.Table, day: Day) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a version was the register's word on a day, and true on the other."""
    true: NDArray[np.bool_] = days(rows["valid_from"]) <= day.valid_on
    true &= day.valid_on < days(rows["valid_to"])
    return true & is_known_on(rows, day)


def settled_on(companies: pa.Table, statuses: pa.Table, records: pa.Table, view_on: int) -> NDArray[np.int32]:
    """Return int32[n_companies, 2]: from which days on a company is what it is on the snapshot's own day.

    The first column is the day that is asked for, the second the day as known on which: from both on, until the
    snapshot's own view ends, nothing that makes its status begins or ends. What several records or versions say is
    weighed against each other by when they were seen, so that such a company is never settled.

    Args:
        companies: As `describe_companies` returns them.
        statuses: The statuses of companies by `node`, each with its times.
        records: What each record says of them, by `node`.
        view_on: The snapshot's own day, since 1970.
    """
    settled = np.full((companies.num_rows, 2), BEGINNING, np.int32)
    for name in ("incorporated_on", "dissolved_on"):
        _settle(settled[:, 0], np.arange(companies.num_rows), companies[name], view_on)
    for table in (statuses, records):
        node = table["node"].to_numpy()
        for at, times in enumerate((("valid_from", "valid_to"), ("known_from", "known_until"))):
            for name in times:
                _settle(settled[:, at], node, table[name], view_on)
    settled[np.bincount(records["node"].to_numpy(), minlength=len(settled)) > 1] = FOREVER
    return settled


def _settle(settled: NDArray[np.int32], node: NDArray[np.integer[Any]], dates: pa.ChunkedArray, view_on: int) -> None:
    numbers = pc.fill_null(dates.cast(pa.int32()), BEGINNING).to_numpy()
    past = numbers <= view_on
    np.maximum.at(settled, node[past], numbers[past])


def thrives_on(
    companies: pa.Table, status: NDArray[np.int8], ended_on: NDArray[np.int32], day: int
) -> NDArray[np.bool_]:
    """Return bool[n_companies]: described, founded by a day, not ended by then, and of a status that lives.

    Args:
        companies: As `describe_companies` returns them.
        status: int8[n_companies], of that day, as `standing.Standing` has it.
        ended_on: int32[n_companies], likewise.
        day: In days since 1970.
    """
    founded = companies["incorporated_on"].cast(pa.int32())
    there = pc.and_not(pc.fill_null(pc.less_equal(founded, day), True), companies["mentioned"])
    alive = np.isin(status, [STATUSES.index(word) for word in ALIVE]) & (ended_on > day)
    thrives: NDArray[np.bool_] = alive & there.to_numpy()
    return thrives


def _first_of_each(
    rows: pa.Table, order: NDArray[np.int64], node: NDArray[np.int32], columns: Sequence[str], n: int
) -> dict[str, pa.Array]:
    """Return, of each column, the row of the first value that is there among a node's, null where none is.

    Args:
        rows: One chunk a column.
        order: int64[n_rows], the rows by node, the best first.
        node: int32[n_rows], the node of each row.
        columns: The columns to return.
        n: How many nodes there are.
    """
    found = {}
    for name in columns:
        first = _first_there(order, node, pc.is_valid(rows[name]).to_numpy(), n)
        found[name] = pa.array(first, mask=first < 0)
    return found


@njit(cache=True, nogil=True)
def _first_there(
    order: NDArray[np.int64], node: NDArray[np.int32], there: NDArray[np.bool_], n: int
) -> NDArray[np.int64]:
    """Return int64[n]: the first row of each node, in the order, that has a value; -1 where none has."""
    first = np.full(n, -1, np.int64)
    for row in order:
        if there[row] and first[node[row]] < 0:
            first[node[row]] = row
    return first
