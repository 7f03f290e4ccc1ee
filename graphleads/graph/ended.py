"""Ties end with the companies that they tie: the day on which a company ended is the last one of whatever it has.

A register that keeps who directed a company does not say that they do no more because it was dissolved. When that came
to be known is a time of its own, so that a tie is known to go on until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import Day
from graphleads.graph.fold import BEGINNING, FOREVER
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days, take_places
from graphleads.graph.sighting import Sightings
from graphleads.graph.standing import standing_on


class Ends(NamedTuple):
    """When companies ended, as was known from one day to another; of each company the whole of time, in order.

    Attributes:
        node: int32[n], ascending; only companies of which some end was ever known.
        ended_on: int32[n], since 1970 as the other days; `FOREVER` where no end was known.
        known_from: int32[n].
        known_until: int32[n].
    """

    node: NDArray[np.int32]
    ended_on: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]


class Spans(NamedTuple):
    """Statements, each over a span of known time, within which it ends on one day.

    Attributes:
        row: int64[n], the statement.
        valid_to: int32[n], since 1970 as the other days.
        known_from: int32[n].
        known_until: int32[n].
    """

    row: NDArray[np.int64]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]

    def take(self, places: NDArray[Any]) -> Spans:
        """Return some of them."""
        return take_places(self, places)

    def joined(self, other: Spans) -> Spans:
        """Return these and others."""
        columns = zip(self._asdict().items(), other, strict=True)
        return Spans(**{name: np.concatenate([own, others]) for (name, own), others in columns})


def find_ends(records: pa.Table, statuses: pa.Table, observed_on: Iterable[int], sightings: Sightings) -> Ends:
    """Return when companies ended, as was known after each delivery.

    Args:
        records: What each record says of companies, by `node`, as the snapshot has it.
        statuses: Their statuses, likewise.
        observed_on: The days of the deliveries, since 1970.
        sightings: What the deliveries showed.
    """
    ending = pc.or_(pc.is_valid(records["dissolved_on"]), pa.array(days(records["valid_to"]) != FOREVER))
    dissolved = pc.fill_null(pc.equal(statuses["status"].cast(pa.string()), "dissolved"), False)
    nodes = np.unique(
        np.concatenate([rows["node"].filter(of).to_numpy() for rows, of in ((records, ending), (statuses, dissolved))])
    )
    records, statuses = (_of_nodes(rows, nodes) for rows in (records, statuses))
    ended_on, since = np.full(len(nodes), FOREVER, np.int32), np.full(len(nodes), BEGINNING, np.int32)
    found = []
    for day in sorted(set(observed_on)):
        seen_on = partial(sightings.seen_on, known_on=day)
        now = standing_on(statuses, records, len(nodes), Day(day, day), seen_on=seen_on).ended_on
        changed = np.flatnonzero(now != ended_on)
        found.append((changed, ended_on[changed], since[changed], np.full(len(changed), day, np.int32)))
        ended_on[changed], since[changed] = now[changed], day
    found.append((np.arange(len(nodes)), ended_on, since, np.full(len(nodes), FOREVER, np.int32)))
    place, *times = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((times[1], place))
    return Ends(nodes[place[order]].astype(np.int32), *(time[order] for time in times))


def _of_nodes(rows: pa.Table, nodes: NDArray[np.int32]) -> pa.Table:
    """Return the rows of some nodes, ascending; `node` counts these."""
    columns = ["node", "dataset", "record", "mentioned", "rank", "incorporated_on", "dissolved_on", "status"]
    columns += ["valid_from", "valid_to", "known_from", "known_until", "last_seen_on"]
    node = rows["node"].to_numpy()
    kept = rows.select([name for name in columns if name in rows.column_names])
    kept = kept.filter(pa.array(np.isin(node, nodes, assume_unique=False)))
    place = np.searchsorted(nodes, kept["node"].to_numpy()).astype(np.int32)
    return kept.set_column(0, "node", pa.array(place))


def end_with(spans: Spans, node: NDArray[np.int32], ends: Ends) -> Spans:
    """Return spans that end, as soon as that is known, with the node at an end of each statement.

    Args:
        spans: Statements.
        node: int32[n], the node of each span.
        ends: When companies ended.
    """
    begin, end = (np.searchsorted(ends.node, node, side=side) for side in ("left", "right"))
    cut = np.flatnonzero(begin < end)
    if not len(cut):
        return spans
    of, at = np.repeat(cut, (end - begin)[cut]), rows_between(begin[cut], end[cut])
    pieces = Spans(
        row=of,
        valid_to=np.minimum(spans.valid_to[of], ends.ended_on[at]),
        known_from=np.maximum(spans.known_from[of], ends.known_from[at]),
        known_until=np.minimum(spans.known_until[of], ends.known_until[at]),
    )
    pieces = _joined(pieces.take(pieces.known_from < pieces.known_until))
    whole = spans.take(begin == end)
    return whole.joined(pieces._replace(row=spans.row[pieces.row]))


def _joined(pieces: Spans) -> Spans:
    """Return the pieces, each of those that end alike and follow each other in known time as one."""
    if not len(pieces.row):
        return pieces
    first = np.flatnonzero(np.append(True, (np.diff(pieces.row) != 0) | (np.diff(pieces.valid_to) != 0)))
    last = np.append(first[1:], len(pieces.row)) - 1
    return pieces.take(first)._replace(known_until=pieces.known_until[last])
