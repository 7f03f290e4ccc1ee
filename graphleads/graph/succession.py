"""One holder at a time: where a register keeps a post or a share so, the predecessor ends when the successor begins.

A successor is another holder of the same kind and company in the same dataset, who began later. Where one of the two
has no start it is whoever a later delivery names first, and only as long as no delivery names the predecessor again:
those whom a delivery states side by side hold side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.ended import Ends
from graphleads.graph.facts import Facts
from graphleads.graph.fold import BEGINNING, FOREVER, TIMES
from graphleads.graph.order import days, days_since_1970, encode, take_places
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import DeliveryManifest

_COMPANY = {"roles": "company", "interests": "subject"}
"""The tables that can have one holder at a time, and the column of what is held."""


class _Holders(NamedTuple):
    """Versions of what holders hold, sorted by what is held and then by `begin`; days since 1970.

    Attributes:
        held: int64[n], what is held.
        holder: int64[n].
        record: int64[n], the place of the record among those that updates speak of, -1 if none does.
        valid_from: int32[n].
        begin: int32[n], the start, or the first day on which a delivery stated it.
        known_from: int32[n].
        known_until: int32[n].
        first_seen: int32[n], the day of the first delivery that states it.
        started: bool[n], whether its start was stated.
        ends: bool[n], whether its end was stated.
        silent: bool[n], whether it ended since a delivery left it out.
        declared_from: int32[n], since when it is known that there is one holder at a time.
    """

    held: NDArray[np.int64]
    holder: NDArray[np.int64]
    record: NDArray[np.int64]
    valid_from: NDArray[np.int32]
    begin: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]
    first_seen: NDArray[np.int32]
    started: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    declared_from: NDArray[np.int32]


class _Seen(NamedTuple):
    """When a dataset's deliveries stated what.

    Attributes:
        whole: int32[n], the days of the full ones, ascending.
        updates: int64[n], sorted `(place of the record << 32) + day - BEGINNING` of the records of each update.
    """

    whole: NDArray[np.int32]
    updates: NDArray[np.int64]


def find_successions(facts: Facts, manifests: Iterable[DeliveryManifest], tables: Sequence[str]) -> Ends:
    """Return when statements end with their successor's beginning, as was known from one day to another.

    Args:
        facts: Folded facts.
        manifests: The deliveries' manifests, in order.
        tables: The staged tables whose facts count the statements, one after the other.

    Returns:
        The ends, whose `node` is the statement's number among the facts of all tables.
    """
    of_dataset: dict[str, list[DeliveryManifest]] = {}
    for one in manifests:
        of_dataset.setdefault(one.dataset, []).append(one)
    declared = {
        (table, name): kinds
        for table in tables
        for name, several in sorted(of_dataset.items())
        if (kinds := _declared(several, table))
    }
    found, before = [], 0
    for table in tables if declared else ():
        names = facts.read(table, ["dataset"])["dataset"].cast(pa.string())
        for (_, name), kinds in ((key, kinds) for key, kinds in declared.items() if key[0] == table):
            places = np.flatnonzero(pc.equal(names, name).to_numpy(zero_copy_only=False))
            found += _of_dataset(facts, of_dataset[name], table, kinds, places, before)
        before += len(names)
    columns = [np.concatenate(column) for column in zip(*found, strict=True)] if found else [np.zeros(0, np.int32)] * 4
    order = np.lexsort((columns[2], columns[0]))
    return Ends(*(column[order].astype(np.int32) for column in columns))


def _declared(manifests: Sequence[DeliveryManifest], table: str) -> dict[str, int]:
    """Return the kinds that have one holder at a time, and the day since when that is said."""
    since: dict[str, int] = {}
    for number, one in enumerate(manifests):
        day = days_since_1970(one.observed_on) if number else BEGINNING
        for kind in one.one_at_a_time.get(table, ()):
            since.setdefault(kind, day)
    return since


def _of_dataset(
    facts: Facts,
    manifests: Sequence[DeliveryManifest],
    table: str,
    kinds: Mapping[str, int],
    places: NDArray[np.int64],
    before: int,
) -> list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]]:
    """Return the columns of `Ends` for one table of a dataset, whose statements stand at some places of it."""
    said = facts.read(table, ["record", _COMPANY[table], "holder", "kind", *TIMES]).take(pa.array(places))
    stated = facts.read_stated(table, manifests[0].dataset)
    kind = said["kind"].cast(pa.string())
    kept = np.flatnonzero(pc.is_in(kind, pa.array(list(kinds))).to_numpy(zero_copy_only=False))
    if not len(kept):
        return []
    said, stated, kind = (one.take(pa.array(kept)) for one in (said, stated, kind))
    since = np.array(list(kinds.values()), np.int32)[pc.index_in(kind, pa.array(list(kinds))).to_numpy()]
    updates = facts.sightings.filter(pc.equal(facts.sightings["dataset"], manifests[0].dataset))
    names = pc.unique(updates["record"])
    record = pc.fill_null(pc.index_in(said["record"].cast(pa.string()), names), -1).to_numpy().astype(np.int64)
    spoken = pc.index_in(updates["record"], names).to_numpy().astype(np.int64)
    seen = _Seen(
        whole=np.array(
            [days_since_1970(one.observed_on) for one in manifests if one.kind is DeliveryKind.FULL], np.int32
        ),
        updates=np.sort((spoken << 32) + days(updates["seen_on"]) - BEGINNING),
    )
    holders, order = _holders(said, stated, encode(kind), _COMPANY[table], record, since)
    row, ended_on, known_from, known_until = _succeed(holders, seen)
    return [(places[kept[order[row]]] + before, ended_on, known_from, known_until)]


def _holders(
    said: pa.Table,
    stated: pa.Table,
    kind: NDArray[np.int64],
    company: str,
    record: NDArray[np.int64],
    since: NDArray[np.int32],
) -> tuple[_Holders, NDArray[np.int64]]:
    """Return the holders in order, and which rows they are."""
    held = encode(said[company].unify_dictionaries()) * (kind.max() + 1) + kind
    holder = encode(said["holder"].unify_dictionaries())
    valid_from, valid_to, known_from, known_until, _ = (days(said[name]) for name in TIMES)
    observed = days(stated["observed_on"])
    alike = np.lexsort((observed, encode(said["record"].unify_dictionaries()), holder, held))
    whose = [column[alike] for column in (held, holder, encode(said["record"].unify_dictionaries()))]
    new = np.append(True, np.any([np.diff(column) != 0 for column in whose], axis=0))
    first_seen = np.empty(len(held), np.int32)
    first_seen[alike] = observed[alike][np.flatnonzero(new)][np.cumsum(new) - 1]
    ends = (valid_to != FOREVER) & stated["ends"].to_numpy()
    begin = np.where(valid_from == BEGINNING, first_seen, valid_from)
    columns = _Holders(
        held=held, holder=holder, record=record, valid_from=valid_from, begin=begin, known_from=known_from,
        known_until=known_until, first_seen=first_seen, started=stated["starts"].to_numpy(), ends=ends,
        silent=(valid_to != FOREVER) & ~ends, declared_from=since,
    )  # fmt: skip
    order = np.lexsort((known_from, begin, held))
    return take_places(columns, order), order


@njit(cache=True)
def _restated(v: int, since: np.int64, of: _Holders, seen: _Seen) -> np.int64:
    """Return the first day from one on that a delivery states a version which no delivery left out."""
    if of.silent[v]:
        return np.int64(FOREVER)
    at = np.searchsorted(seen.whole, since)
    day = np.int64(seen.whole[at] if at < len(seen.whole) else FOREVER)
    if of.record[v] >= 0:
        key = (of.record[v] << 32) + since - BEGINNING
        at = np.searchsorted(seen.updates, key)
        if at < len(seen.updates) and seen.updates[at] >> 32 == of.record[v]:
            day = min(day, np.int64((seen.updates[at] & 0xFFFFFFFF) + BEGINNING))
    return day


@njit(cache=True)
def _span(v: int, w: int, of: _Holders, seen: _Seen) -> tuple[np.int64, np.int64]:
    """Return from when until when it is known that one succeeds another, nothing if it does not."""
    since = np.int64(max(of.known_from[v], of.known_from[w], of.declared_from[w]))
    until = np.int64(min(of.known_until[v], of.known_until[w]))
    if of.holder[v] == of.holder[w] or of.begin[w] <= of.valid_from[v]:
        return since, since
    if not (of.started[v] and of.started[w]):
        if of.first_seen[w] <= of.first_seen[v]:
            return since, since
        since = max(since, np.int64(of.first_seen[w]))
        until = min(until, np.int64(_restated(v, since, of, seen)))
    return since, until


@njit(cache=True)
def _cuts(v: int, first: int, last: int, of: _Holders, seen: _Seen) -> list[tuple[np.int64, np.int64, np.int64]]:
    """Return the (from, until, end) that successors among some rows give a version, the earliest end first."""
    cuts = [(np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]
    covered = np.int64(of.known_until[v])
    for w in range(first + np.searchsorted(of.begin[first:last], of.valid_from[v], side="right"), last):
        since, until = _span(v, w, of, seen)
        if since < until and since < covered:
            cuts.append((since, until, np.int64(of.begin[w])))
            if until >= covered:
                covered = since
        if covered <= of.known_from[v]:
            break
    return cuts


@njit(cache=True)
def _succeed(
    of: _Holders, seen: _Seen
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return version, end, and from and until when that is known, over the known time of each that is succeeded."""
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]
    first, n = 0, len(of.held)
    while first < n:
        last = first + 1
        while last < n and of.held[last] == of.held[first]:
            last += 1
        for v in range(first, last):
            if of.ends[v]:
                continue
            cuts = _cuts(v, first, last, of, seen)
            since = np.int64(of.known_from[v])
            while len(cuts) and since < of.known_until[v]:
                end, until = np.int64(FOREVER), np.int64(of.known_until[v])
                for cut in cuts:
                    if cut[0] > since:
                        until = min(until, cut[0])
                    elif cut[1] > since:
                        end, until = cut[2], min(until, cut[1])
                        break
                found.append((np.int64(v), end, since, until))
                since = until
        first = last
    row = np.empty(len(found), np.int64)
    times = np.empty((3, len(found)), np.int32)
    for place, one in enumerate(found):
        row[place], times[0, place], times[1, place], times[2, place] = one
    return row, times[0], times[1], times[2]
