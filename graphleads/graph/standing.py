"""How a company stands on a day, where several registers speak of it: by one rule, for all at a build, for some later.

Each dataset has one word on a company: that of its registrations there which says most of living, or that it left.
Between datasets the register that names companies and says when they were founded counts, of registers alike in that
what was seen last, and of two words of one day the worse. What another one saw later counts only if it says that the
company is ended.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import STATUSES, Day, SeenOn, is_known_on, is_open_on, last_seen
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.order import by_node, days, keep

_UNKNOWN, _GONE, _DISSOLVED = len(STATUSES) - 1, STATUSES.index("inactive"), STATUSES.index("dissolved")
_ENDINGS = tuple(STATUSES.index(word) for word in ("in_liquidation", "inactive", "dissolved"))
_IN_PASSING, _OF_A_MENTION = 1 << 9, 1 << 10
"""How far behind in rank a record is that does not say when the company was founded, such as one in a file of officers,
and one that only mentions the company."""


class Standing(NamedTuple):
    """How companies stand on a day.

    Attributes:
        status: int8[n_companies], the position in `STATUSES`.
        ended_on: int32[n_companies], the day on which it ended or will, since 1970; `FOREVER` where none is known.
    """

    status: NDArray[np.int8]
    ended_on: NDArray[np.int32]


class _Words(NamedTuple):
    """The word of each dataset on each company, by company.

    Attributes:
        node: int64[n_words], ascending.
        code: int8[n_words], the position in `STATUSES`.
        left: bool[n_words], whether the dataset described the company and does no more.
        rank: int32[n_words], of the register: the lowest names companies.
        seen: int32[n_words], when it said so last; 0 where no other dataset speaks of the company.
        ended_on: int32[n_words], as in `Standing`.
    """

    node: NDArray[np.int64]
    code: NDArray[np.int8]
    left: NDArray[np.bool_]
    rank: NDArray[np.int32]
    seen: NDArray[np.int32]
    ended_on: NDArray[np.int32]


def standing_on(
    statuses: pa.Table, records: pa.Table, n_companies: int, day: Day, *, seen_on: SeenOn = last_seen
) -> Standing:
    """Return how each company stands on a day; unknown where nothing is said.

    Args:
        statuses: The statuses of companies by `node`, each with its times, dataset and record.
        records: What each record says of them, by `node`: `dataset`, `mentioned`, `rank`, `incorporated_on`,
            `dissolved_on` and its times.
        n_companies: How many companies there are.
        day: The day that is asked for.
        seen_on: Says when versions were last seen.
    """
    words = _words(statuses, records, day, seen_on)
    counts = _that_count(words)
    standing = Standing(np.full(n_companies, _UNKNOWN, np.int8), np.full(n_companies, FOREVER, np.int32))
    standing.status[words.node[counts]] = words.code[counts]
    standing.ended_on[words.node[counts]] = words.ended_on[counts]
    return standing


def _words(statuses: pa.Table, records: pa.Table, day: Day, seen_on: SeenOn) -> _Words:
    records = keep(records, is_known_on(records, day) & (days(records["valid_from"]) <= day.valid_on))
    statuses = _last_of_each_record(keep(statuses, is_open_on(statuses, day)))
    n_datasets, (of_records, of_statuses) = _codes(records["dataset"], statuses["dataset"])
    of_records += records["node"].to_numpy() * np.int64(n_datasets)
    of_statuses += statuses["node"].to_numpy() * np.int64(n_datasets)
    keys, place = np.unique(np.concatenate([of_records, of_statuses]), return_inverse=True)
    place_r, place_s = np.split(place, [len(of_records)])
    node = keys // max(n_datasets, 1)
    code, started = _said(statuses, place_s, len(keys))
    left, rank, ended_on = _recorded(records, place_r, len(keys), day)
    undated = (code == _DISSOLVED) & (ended_on == FOREVER)
    ended_on[undated] = started[undated]
    code[left & (code == _UNKNOWN)] = _GONE
    several = _repeated(node)
    seen = np.zeros(len(keys), np.int32)
    says = _codes_of(statuses) == code[place_s]
    for rows, place, wanted in (
        (_absent(records, day), place_r, left[place_r] | (code[place_r] == _UNKNOWN)), (statuses, place_s, says),
    ):  # fmt: skip
        at = np.flatnonzero(wanted & several[place])
        np.maximum.at(seen, place[at], seen_on(rows.take(pa.array(at))))
    return _Words(node, code, left, rank, seen, ended_on)


def _last_of_each_record(statuses: pa.Table) -> pa.Table:
    """Return of each record the status that began last."""
    order = by_node(statuses["node"].to_numpy(), n=int(pc.max(statuses["node"]).as_py() or 0) + 1)
    order.refine(statuses["dataset"])
    order.refine(statuses["record"])
    first = order.starts()
    order.refine(-days(statuses["valid_from"]))
    return statuses.take(pa.array(order.rows[first]))


def _codes(*columns: pa.ChunkedArray) -> tuple[int, list[NDArray[np.int64]]]:
    """Return how many words there are in columns of words, and int64 codes that are equal where the words are."""
    chunks = [chunk.cast(pa.string()).dictionary_encode() for column in columns for chunk in column.chunks]
    if not chunks:
        return 0, [np.empty(0, np.int64) for _ in columns]
    together = pa.chunked_array(chunks).unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in together.chunks]).astype(np.int64)
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return len(together.chunk(0).dictionary), list(np.split(codes, ends))


def _codes_of(statuses: pa.Table) -> NDArray[np.int8]:
    words = pc.index_in(statuses["status"].cast(pa.string()), value_set=pa.array(STATUSES))
    codes: NDArray[np.int8] = words.to_numpy().astype(np.int8)
    return codes


def _said(statuses: pa.Table, place: NDArray[np.int64], n: int) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Return the first status by precedence of each place, and since when one that is dissolved is so at the latest."""
    codes, code = _codes_of(statuses), np.full(n, _UNKNOWN, np.int8)
    np.minimum.at(code, place, codes)
    begun = days(statuses["valid_from"])
    begun = np.where(begun == BEGINNING, days(statuses["known_from"]), begun)
    started = np.full(n, BEGINNING, np.int32)
    dissolved = codes == _DISSOLVED
    np.maximum.at(started, place[dissolved], begun[dissolved])
    return code, started


def _recorded(
    records: pa.Table, place: NDArray[np.int64], n: int, day: Day
) -> tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32]]:
    """Return of each place whether its records have left, the rank of their register, and when the last one ended."""
    mentioned, until = records["mentioned"].to_numpy(), days(records["valid_to"])
    gone = until <= day.valid_on
    there, left = np.zeros(n, bool), np.zeros(n, bool)
    there[place[~mentioned & ~gone]] = True
    left[place[~mentioned & gone]] = True
    left &= ~there
    rank = np.full(n, np.iinfo(np.int32).max, np.int32)
    in_passing = records["incorporated_on"].is_null().to_numpy()
    np.minimum.at(rank, place, records["rank"].to_numpy() + _OF_A_MENTION * mentioned + _IN_PASSING * in_passing)
    counts = ~mentioned & (gone == left[place])
    until = np.minimum(until, pc.fill_null(records["dissolved_on"].cast(pa.int32()), FOREVER).to_numpy())
    ended_on = np.full(n, BEGINNING, np.int32)
    np.maximum.at(ended_on, place[counts], until[counts])
    return left, rank, np.where(there | left, ended_on, np.int32(FOREVER))


def _absent(records: pa.Table, day: Day) -> pa.Table:
    """Return the records; those that left are seen to be absent as often as their dataset is delivered."""
    seen = np.where(days(records["valid_to"]) <= day.valid_on, np.int32(FOREVER), days(records["last_seen_on"]))
    column = pa.array(seen, pa.int32()).cast(pa.date32())
    return records.set_column(records.column_names.index("last_seen_on"), "last_seen_on", column)


def _repeated(node: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return bool[n]: whether a number of an ascending array is there several times."""
    again = node[1:] == node[:-1]
    repeated: NDArray[np.bool_] = np.append(again, False) | np.append(False, again)
    return repeated


def _that_count(words: _Words) -> NDArray[np.int64]:
    """Return the places of the words that count, one a company."""
    stated = (words.code != _UNKNOWN) & ~words.left
    rank, worst = np.where(stated, words.rank, 0), np.where(stated, -words.code, words.left)
    order = np.lexsort((worst, -words.seen, rank, ~stated, words.node))
    first = order[np.append(True, np.diff(words.node[order]) != 0)] if len(order) else order
    base = first[np.cumsum(np.append(True, np.diff(words.node) != 0)) - 1] if len(order) else order
    later = np.isin(words.code, _ENDINGS) & stated[base]
    below = words.rank > words.rank[base]
    later &= np.where(below, ~words.left & (words.seen > words.seen[base]), words.seen >= words.seen[base])
    over = np.flatnonzero(later)
    over = over[np.lexsort((words.code[over], words.seen[over]))]
    counts = first.copy()
    # Of several that come later the last one stays.
    counts[np.searchsorted(words.node[first], words.node[over])] = over
    return counts
