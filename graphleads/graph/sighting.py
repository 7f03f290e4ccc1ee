"""When the registers showed what they say, as far as that was known on a day.

A version of a fact keeps the last day on which it was seen. On an earlier day that was the last delivery until then
that would have carried it: whole deliveries carry every fact of their dataset, updates those of their records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.fold import BEGINNING
from graphleads.graph.lookup import find_places, texts_of
from graphleads.graph.order import days, days_since_1970
from graphleads.graph.parts import one_chunk

SIGHTINGS = pa.schema([("key", pa.large_string())])
"""A row for each record and day on which an update speaks of it: dataset, record and day of ISO 8601, sorted."""

_BETWEEN = "\x1f"
_DAY = len("2000-01-01")


def join_sightings(sightings: pa.Table) -> pa.Table:
    """Return the sightings that `Facts` has, as `SIGHTINGS`."""
    keys = _keys(sightings["dataset"], sightings["record"])
    on = sightings["seen_on"].cast(pa.large_string())
    keys = pc.binary_join_element_wise(keys, on, pa.scalar("", pa.large_string()))
    return pa.table({"key": keys}, schema=SIGHTINGS).sort_by("key")


def _keys(dataset: pa.ChunkedArray, record: pa.ChunkedArray) -> pa.ChunkedArray:
    whose = (dataset.cast(pa.large_string()), record.cast(pa.large_string()))
    nothing = pa.scalar("", pa.large_string())
    return pc.binary_join_element_wise(*whose, nothing, pa.scalar(_BETWEEN, pa.large_string()))


class Sightings:
    """The deliveries that a snapshot was built from, as what they showed and when."""

    def __init__(self, sources: Iterable[Mapping[str, Any]], updates: pa.Table) -> None:
        """Take the deliveries as a manifest lists them, and the updates as `SIGHTINGS`."""
        whole: dict[str, list[int]] = {}
        for one in sources:
            if one["kind"] == "full":
                whole.setdefault(one["dataset"], []).append(_day(one["observed_on"]))
        self._whole = {dataset: np.array(sorted(observed), np.int32) for dataset, observed in whole.items()}
        self._updates = one_chunk(updates)["key"].chunk(0)

    def seen_on(
        self, rows: pa.Table, known_on: int, *, known_from: NDArray[np.int32] | None = None
    ) -> NDArray[np.int32]:
        """Return int32[n_rows]: when each version was last seen, as far as that was known on a day, since 1970.

        Args:
            rows: Versions that were known then: `dataset`, `record`, `last_seen_on`, and `known_from` if not given.
            known_on: The day, since 1970.
            known_from: int32[n_rows], since when each was known.
        """
        seen = days(rows["last_seen_on"])
        late = np.flatnonzero(seen > known_on)
        if not len(late):
            return seen
        rows, seen = rows.take(pa.array(late)), seen.copy()
        since = days(rows["known_from"]) if known_from is None else known_from[late]
        seen[late] = np.maximum(since, np.maximum(self._last_whole(rows, known_on), self._last_update(rows, known_on)))
        return seen

    def _last_whole(self, rows: pa.Table, known_on: int) -> NDArray[np.int32]:
        datasets = rows["dataset"].combine_chunks()
        words = datasets.dictionary.to_pylist()
        last = np.array([_last_of(self._whole.get(word, ()), known_on) for word in words], np.int32)
        return last[datasets.indices.to_numpy()]  # type: ignore[no-any-return]

    def _last_update(self, rows: pa.Table, known_on: int) -> NDArray[np.int32]:
        found = np.full(rows.num_rows, BEGINNING, np.int32)
        if not len(self._updates):
            return found
        wanted = _keys(rows["dataset"], rows["record"]).combine_chunks()
        day = str(np.datetime64(known_on, "D"))
        place = find_places(texts_of(self._updates), [key + day for key in wanted.to_pylist()])
        at = np.where(place < 0, -2 - place, place)
        before = self._updates.take(pa.array(np.maximum(at, 0)))
        same = pc.equal(pc.utf8_slice_codeunits(before, 0, -_DAY), wanted).to_numpy(zero_copy_only=False) & (at >= 0)
        last = pc.utf8_slice_codeunits(before.filter(pa.array(same)), -_DAY).cast(pa.string()).cast(pa.date32())
        found[same] = last.cast(pa.int32()).to_numpy()
        return found


def _last_of(observed: Sequence[int] | NDArray[np.int32], known_on: int) -> int:
    at = int(np.searchsorted(observed, known_on, side="right"))
    return int(observed[at - 1]) if at else BEGINNING


def _day(observed_on: str) -> int:
    return days_since_1970(date.fromisoformat(observed_on))
