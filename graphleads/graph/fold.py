"""Deliveries folded in date order into versions of facts, each with its two times.

*Valid* is when the fact is true in the world, *known* when the register said so. A fact that a later delivery no longer
carries is superseded by a version that ends on that delivery's day; only a void hides one. Dates are int32 days since
1970; `BEGINNING` and `FOREVER` stand for unbounded, so that a day is in force if `from <= day < to`. A fact that was
first seen when it had ended, and of which nobody says when it began, is sure of its last day alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.order import encode

BEGINNING = date(1, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
FOREVER = date(9999, 12, 31).toordinal() - date(1970, 1, 1).toordinal()

TIMES = ("valid_from", "valid_to", "known_from", "known_until", "last_seen_on")
"""The columns that folding adds, date32 without nulls."""

STATED_DATES = ("op", "published_on", "start_on", "end_on")
"""The staged columns that the times come from."""

_NOT_SAID = np.int32(np.iinfo(np.int32).min)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Calendar(NamedTuple):
    """When the deliveries of one dataset were, in order, and which records each of them speaks of.

    Attributes:
        days: int32[n_deliveries], days since 1970, ascending.
        full: bool[n_deliveries], whether a delivery is the whole state.
        spoken: int64[n], sorted `record code × n_deliveries + delivery` of every record in an update.
        voided: int64[n], the same for records that a delivery voids.
    """

    days: NDArray[np.int32]
    full: NDArray[np.bool_]
    spoken: NDArray[np.int64]
    voided: NDArray[np.int64]


class _Said(NamedTuple):
    """What the rows say, as arrays for the kernel; dates are days since 1970 or `_NOT_SAID`."""

    content: NDArray[np.uint64]
    delivery: NDArray[np.int32]
    record: NDArray[np.int64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    published: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which rows versions come from, and the two times of each.

    Attributes:
        rows: int64[n_versions], ascending positions of rows; a row may have several versions.
        times: int32[5, n_versions], the columns of `TIMES` in days since 1970.
        n_never: How many rows have no version, since what they say is true on no day.
    """

    rows: NDArray[np.int64]
    times: NDArray[np.int32]
    n_never: int

    def of(self, rows: pa.Table) -> pa.Table:
        """Return the versions of the rows, with the columns of `TIMES` instead of the dates that were stated."""
        said = rows.select([name for name in rows.column_names if name not in STATED_DATES])
        if said.num_columns and (len(self.rows) != rows.num_rows or (np.diff(self.rows) != 1).any()):
            said = said.take(pa.array(self.rows))
        times = [pa.array(column, pa.int32()).cast(pa.date32()) for column in self.times]
        return pa.table(
            {**dict(zip(said.column_names, said.columns, strict=True)), **dict(zip(TIMES, times, strict=True))}
        )


def date_versions(rows: pa.Table, day: int) -> Versions:
    """Return the versions of what a dataset's only delivery states: each row is one.

    Args:
        rows: Statements with `STATED_DATES`; no voids.
        day: When the delivery was observed, in days since 1970.
    """
    start, end, published = (_days(rows[name]) for name in ("start_on", "end_on", "published_on"))
    end = _ended(rows, start, end, np.int32(day))
    times = np.empty((5, rows.num_rows), np.int32)
    over = (end != _NOT_SAID) & (end <= day)
    surely = np.where(published == _NOT_SAID, end - 1, np.minimum(published, end - 1))
    times[0] = np.where(start == _NOT_SAID, np.where(over, surely, BEGINNING), start)
    times[1] = np.where(end == _NOT_SAID, FOREVER, end)
    times[2] = np.where(published == _NOT_SAID, day, np.minimum(published, day))
    times[3] = FOREVER
    times[4] = day
    return _whole(np.arange(rows.num_rows), times)


def fold_versions(
    rows: pa.Table,
    *,
    identity: Sequence[str],
    delivery: NDArray[np.int32],
    record: NDArray[np.int64],
    calendar: Calendar,
) -> Versions:
    """Return the versions of the facts that the rows of several deliveries state.

    Args:
        rows: Statements of one dataset in delivery order, with `record` and `STATED_DATES`; no voids.
        identity: The columns that, with the record and the start, say which fact a row is.
        delivery: int32[n_rows], the ordinal of each row's delivery.
        record: int64[n_rows], the code that `calendar` has for each row's record; -1 where no update speaks of it.
        calendar: The dataset's deliveries.
    """
    content_of = [name for name in rows.column_names if name not in ("record", *STATED_DATES)]
    start, end, published = (_days(rows[name]) for name in ("start_on", "end_on", "published_on"))
    end = _ended(rows, start, end, calendar.days[delivery])
    fact = _apart(_mix([start.astype(np.int64)], [rows[name] for name in ("record", *identity)]), delivery)
    content = _mix([end.astype(np.int64)], [rows[name] for name in content_of])
    said = _Said(content, delivery, record, start, end, published)
    taken, times = _fold(np.lexsort((delivery, fact)), fact, said, calendar)
    by_row = np.argsort(taken, kind="stable")
    return _whole(taken[by_row], times[:, by_row])


def _ended(
    rows: pa.Table, start: NDArray[np.int32], end: NDArray[np.int32], day: NDArray[np.int32] | np.int32
) -> NDArray[np.int32]:
    """Return when each row ends: a row that says no more than that it ended does so on the delivery's day.

    An end before the start is none, whatever reader let it through: what is in force does not go by it.
    """
    ends = pc.equal(rows["op"], "end").to_numpy(zero_copy_only=False)
    end = np.where(end < start, _NOT_SAID, end)
    return np.where(ends & (end == _NOT_SAID), day, end)


def _whole(rows: NDArray[np.int64], times: NDArray[np.int32]) -> Versions:
    """Return the versions but for those that are never true, or never known."""
    true, known = times[0] < times[1], times[2] < times[3]
    whole = true & known
    if whole.all():
        return Versions(rows=rows, times=times, n_never=0)
    n_never = len(np.setdiff1d(rows[known & ~true], rows[whole]))
    return Versions(rows=rows[whole], times=times[:, whole], n_never=n_never)


def _days(column: pa.ChunkedArray) -> NDArray[np.int32]:
    days: NDArray[np.int32] = pc.fill_null(column.cast(pa.int32()), int(_NOT_SAID)).to_numpy()
    return days


def _mix(codes: list[NDArray[np.int64]], columns: list[pa.ChunkedArray]) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each row; 20 million rows collide with a probability of 1 in 100,000."""
    mixed = np.zeros(len(codes[0]), np.uint64)
    for one in (*codes, *(encode(column.unify_dictionaries()) for column in columns)):
        mixed = (mixed ^ one.view(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def _apart(fact: NDArray[np.uint64], delivery: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the facts with those that one delivery states several times told apart by their order in it."""
    order = np.lexsort((delivery, fact))
    again = (fact[order][1:] == fact[order][:-1]) & (delivery[order][1:] == delivery[order][:-1])
    position = np.arange(len(fact))
    first = np.maximum.accumulate(np.where(np.concatenate(([False], again)), 0, position)) if len(fact) else position
    occurrence = np.empty(len(fact), np.int64)
    occurrence[order] = position - first
    return np.where(occurrence == 0, fact, _mix([fact.view(np.int64), occurrence], []))


@njit(cache=True)
def _within(keys: NDArray[np.int64], key: int) -> bool:
    at = np.searchsorted(keys, key)
    return bool(at < len(keys) and keys[at] == key)


@njit(cache=True)
def _silence(record: int, after: int, before: int, calendar: Calendar) -> int:
    """Return the first delivery between two that speaks of the record without the fact, -1 if none does."""
    for d in range(after + 1, before):
        if calendar.full[d] or _within(calendar.spoken, record * len(calendar.full) + d):
            return d
    return -1


@njit(cache=True)
def _last_silence(record: int, before: int, calendar: Calendar) -> int:
    """Return the day of the last delivery before one that speaks of the record, `BEGINNING` if none does."""
    for d in range(before - 1, -1, -1):
        if calendar.full[d] or _within(calendar.spoken, record * len(calendar.full) + d):
            return int(calendar.days[d])
    return BEGINNING


@njit(cache=True)
def _end_at(current: int, out: int, day: int, taken: NDArray[np.int64], times: NDArray[np.int32]) -> int:
    """Supersede a version by one that is known from, and ends on, a day; return the next free version."""
    taken[out] = taken[current]
    times[:, out] = times[:, current]
    times[1, out] = min(times[1, current], day)
    times[2, out] = day
    times[3, out] = FOREVER
    return out + 1


@njit(cache=True)
def _begin(row: int, days: tuple[int, int, int], was_seen: bool, said: _Said) -> tuple[int, int]:
    """Return from when a new version is valid and known.

    One that had ended before it was seen began nobody knows when: it is sure of its last day, and of those since it was
    published. What a delivery said, or left out, after the fact is said to have been published was the register's word
    then.
    """
    day, carried, known_after = days
    published, end = said.published[row], said.end[row]
    begins = said.start[row]
    if begins == _NOT_SAID:
        begins = carried
        if end != _NOT_SAID and end <= (day if carried == BEGINNING else carried) and not was_seen:
            begins = end - 1 if published == _NOT_SAID else min(published, end - 1)
    return begins, (published if published != _NOT_SAID and known_after < published < day else day)


@njit(cache=True)
def _fold_fact(
    rows: NDArray[np.int64],
    out: int,
    taken: NDArray[np.int64],
    times: NDArray[np.int32],
    said: _Said,
    calendar: Calendar,
) -> int:
    """Write the versions of one fact from `out` on; return the next free place."""
    days, n_deliveries = calendar.days, len(calendar.days)
    record = said.record[rows[0]]
    current, seen_in = -1, -1
    for row in rows:
        d = said.delivery[row]
        gap = -1 if current < 0 else _silence(record, seen_in, d, calendar)
        ended = gap >= 0 and times[1, current] > days[gap]
        same = current >= 0 and not ended and said.content[row] == said.content[taken[current]]
        if same and gap < 0:
            times[4, current] = days[d]
            seen_in = d
            continue
        carried = BEGINNING
        if current >= 0 and not ended:
            carried = days[d] if times[1, current] - times[0, current] == 1 else times[0, current]
        elif _silence(record, -1, d, calendar) >= 0:
            carried = days[d]
        # Of what was seen in force it is known, as far as its end is not before that, that it was so then.
        was_seen = current >= 0 and not ended and (said.end[row] == _NOT_SAID or said.end[row] > times[2, current])
        begins, known = _begin(row, (days[d], carried, _last_silence(record, d, calendar)), was_seen, said)
        if current >= 0:
            voids = gap >= 0 and _within(calendar.voided, record * n_deliveries + gap)
            times[3, current] = days[gap] if ended or voids else known
            if ended and not voids:
                out = _end_at(current, out, days[gap], taken, times)
                times[3, out - 1] = FOREVER if said.start[row] == _NOT_SAID else known
        taken[out] = row
        times[0, out], times[1, out] = begins, (FOREVER if said.end[row] == _NOT_SAID else said.end[row])
        times[2, out], times[3, out], times[4, out] = known, FOREVER, days[d]
        current, seen_in = out, d
        out += 1
    closed: int = _close(current, seen_in, out, taken, times, said, calendar)
    return closed


@njit(cache=True)
def _close(  # noqa: PLR0913, PLR0917 - a part of the kernel above
    current: int,
    seen_in: int,
    out: int,
    taken: NDArray[np.int64],
    times: NDArray[np.int32],
    said: _Said,
    calendar: Calendar,
) -> int:
    """End the last version of a fact if a later delivery is silent about it, hide it if one voids its record."""
    record, n_deliveries = said.record[taken[current]], len(calendar.days)
    gap = _silence(record, seen_in, n_deliveries, calendar)
    if gap < 0:
        return out
    voids = _within(calendar.voided, record * n_deliveries + gap)
    if voids or times[1, current] > calendar.days[gap]:
        times[3, current] = calendar.days[gap]
        if not voids:
            out = _end_at(current, out, calendar.days[gap], taken, times)
    return out


@njit(cache=True)
def _fold(
    order: NDArray[np.int64], fact: NDArray[np.uint64], said: _Said, calendar: Calendar
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    n = len(order)
    taken = np.empty(2 * n, np.int64)
    times = np.empty((5, 2 * n), np.int32)
    out, i = 0, 0
    while i < n:
        j = i
        while j < n and fact[order[j]] == fact[order[i]]:
            j += 1
        out = _fold_fact(order[i:j], out, taken, times, said, calendar)
        i = j
    return taken[:out], times[:, :out]
