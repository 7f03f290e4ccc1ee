"""Into Neo4j: online, by the importer's files, and what changed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from benchmarks.neo4j.machinery import import_files
from benchmarks.neo4j.plain import load_plainly
from benchmarks.speed.place import Place
from benchmarks.speed.row import Limit, Peer, Row
from graphleads.graph.neo4j.check import check
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.files import write_import_files
from graphleads.graph.neo4j.load import load
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.neo4j.sync import sync
from graphleads.graph.snapshot import Snapshot
from graphleads.model import Silence


class _Stopwatch:
    """Progress that notes when each step began."""

    def __init__(self) -> None:
        self._steps = [("start", time.perf_counter())]

    @property
    def seconds(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self._steps[0][1]

    def step(self, name: str, total: int | None = None) -> None:  # noqa: ARG002 - the protocol
        self._steps.append((name, time.perf_counter()))

    def advance(self, n: int = 1) -> None:
        pass

    def took(self) -> dict[str, float]:
        """Return the seconds of each step until now."""
        ends = [begun for _, begun in self._steps[1:]] + [time.perf_counter()]
        return {name: end - begun for (name, begun), end in zip(self._steps, ends, strict=True)}


def measure_load(server: Neo4jServer, snapshot: Snapshot) -> tuple[list[Row], float]:
    """Load a snapshot online; return the rows, and the seconds of all of it."""
    watch = _Stopwatch()
    written = load(server, snapshot, beside=False, progress=watch, now=_now)
    seconds, took = watch.seconds, watch.took()
    n = {relation: len(edges) for relation, edges in GraphRows(snapshot).edges_of.items()}
    rate = sum(n.values()) / sum(took[relation] for relation in n)
    theirs = load_plainly(server, snapshot, _PLAIN)
    peer = Peer(
        name="plain UNWIND",
        seconds=n[_PLAIN] / theirs,
        ratio=n[_PLAIN] / took[_PLAIN] / theirs,
        note=f"{theirs:,.0f} a second, batches of 10,000 rows, one after another; {_PLAIN} relationships of both",
    )
    steps = ", ".join(f"{name} {of:.1f} s" for name, of in took.items() if of >= 0.05)
    note = f"{written.n_nodes:,} nodes and {written.n_relationships:,} relationships; {steps}"
    return [
        Row(step="online load: relationships", value=rate, unit="rows/s", limit=Limit(must=15_000, at_least=True),
            peers=(peer,), note="the steps that write relationships; nodes and indexes apart"),
        Row(step="online load: all of it", value=seconds, unit="s", note=note),
    ], seconds  # fmt: skip


def measure_sync(server: Neo4jServer, before: Snapshot, after: Snapshot, load_seconds: float) -> list[Row]:
    """Sync a database that holds one snapshot with the next one, and compare every row of both."""
    start = time.perf_counter()
    done = sync(server, after, find=lambda _: before, compare_all=False, progress=Silence(), now=_now)
    seconds = time.perf_counter() - start
    note = (
        f"{seconds:.1f} s by {load_seconds:.1f} s; {done.n_nodes:,} nodes and {done.n_relationships:,} relationships "
        f"written, {done.n_ended:,} ended; {_compare(server, after)}"
    )
    limit = Limit(must=0.1)
    return [Row(step="sync of 1 % by a load's time", value=seconds / load_seconds, unit="", limit=limit, note=note)]


def measure_import(place: Place, snapshot: Snapshot, *, heap: str) -> list[Row]:
    """Write the importer's files and import them into a server's empty folder."""
    start = time.perf_counter()
    files = write_import_files(snapshot, place.fresh("files"), database="neo4j", progress=Silence())
    written = time.perf_counter() - start
    target = place.fresh("imported")
    start = time.perf_counter()
    import_files(target, files.command, heap=heap)
    imported = time.perf_counter() - start
    asked = place.companies == _ASKED_AT
    note = "" if asked else f"asked for at {_ASKED_AT:,} companies"
    size = f"{files.size / 1e9:.2f} GB; {note}".rstrip("; ")
    rate = f"{files.n_relationships / imported:,.0f} relationships a second, nodes included"
    return [
        Row(step="import files: write", value=written, unit="s", limit=Limit(must=60), note=size),
        Row(step="import files: import", value=imported, unit="s", limit=Limit(must=180), note=rate),
    ]


_ASKED_AT = 1_000_000
_PLAIN = "contact"


def _compare(server: Neo4jServer, snapshot: Snapshot) -> str:
    found = check(server, snapshot, sample=0, every_row=True, progress=Silence())
    wrong = found.n_missing + found.n_extra + found.n_different
    return f"compared with the snapshot, {wrong:,} of {found.n_hashed:,} rows differ"


def _now() -> datetime:
    return datetime.now(UTC)
