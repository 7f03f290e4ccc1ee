"""The (:Snapshot): what a database holds, whose it is, and how far a load or a sync of it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from graphleads.errors import Conflict, Neo4jForeign, VersionUnsupported
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.model import ENTITY, FORMAT, LABELS, MADE_BY, READY, SNAPSHOT
from graphleads.graph.snapshot import Snapshot
from graphleads.remedy import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a database says of itself.

    Attributes:
        id: The snapshot that it holds, or held before a load or sync began; None before the first load is done.
        state: loading, syncing or ready.
        target: The snapshot that a load or sync leads to.
        step: What it writes now.
        done: The numbers of the batches of that step that are written.
        base: What a sync compares with: a snapshot's id, or None where it compares with the database itself.
        n_nodes: Live nodes when it was last ready.
        n_relationships: Live relationships then.
        loaded_at: When that was.
    """

    id: str | None = None
    state: str
    target: str | None = None
    step: str | None = None
    done: tuple[int, ...] = ()
    base: str | None = None
    n_nodes: int | None = None
    n_relationships: int | None = None
    loaded_at: datetime | None = None


_MARKER = f"(s:{SNAPSHOT} {{made_by: '{MADE_BY}'}})"
LOCK = f"MATCH {_MARKER} SET s.made_by = '{MADE_BY}'"
"""Waits for whoever writes to the (:Snapshot), and lets nobody else until the transaction ends."""

_ONE = f"CREATE CONSTRAINT graphleads_snapshot_made_by IF NOT EXISTS FOR (s:{SNAPSHOT}) REQUIRE s.made_by IS UNIQUE"
_READ = f"MATCH {_MARKER} RETURN properties(s) AS said LIMIT 1"
_BEGIN = f"MERGE {_MARKER} SET s += $said, s.done = [], s.run = $run"
_ADVANCE = (
    # The run is read after the lock is held, so as it is then.
    f"{LOCK} WITH s WHERE s.run = $run SET s.done = s.done + $batch RETURN 1 AS held"
)
_NEXT_STEP = f"{LOCK} WITH s WHERE s.run = $run SET s.step = $step, s.done = [] RETURN 1 AS held"
_FINISH = (
    f"{LOCK} WITH s WHERE s.run = $run SET s += $said REMOVE s.target, s.step, s.done, s.base, s.run RETURN 1 AS held"
)
_DONE = f"MATCH {_MARKER} RETURN $batch IN s.done AS done"


def read_marker(server: Neo4jServer) -> Marker | None:
    """Return what a database says of itself, None if it holds nothing of graphleads.

    Raises:
        VersionUnsupported: If another version of the model is in it.
    """
    rows = server.read(lambda run: run(_READ))
    if not rows:
        return None
    said = rows[0]["said"]
    if said.get("format") != FORMAT:
        raise VersionUnsupported(
            f"{server.place} was loaded with model {said.get('format')}, this is {FORMAT}: load into an empty database."
        )
    names = ("id", "state", "target", "step", "base", "n_nodes", "n_relationships")
    loaded_at = said.get("loaded_at")
    return Marker(
        **{name: said.get(name) for name in names},
        done=tuple(said.get("done", ())),
        loaded_at=None if loaded_at is None else loaded_at.to_native(),
    )


def refuse_foreign(server: Neo4jServer, *, beside: bool) -> None:
    """Refuse a database without a (:Snapshot) of ours that somebody else's data is in.

    Args:
        server: The server.
        beside: Whether it was named as one that may hold other data.

    Raises:
        Neo4jForeign: If it has nodes and was not named, or has nodes of our labels.
    """
    if not server.read(lambda run: run("MATCH (n) RETURN 1 AS one LIMIT 1")):
        return
    taken = [label for label in (ENTITY, *LABELS.values()) if _has(server, label)]
    if taken:
        raise Neo4jForeign(
            f"{server.place} has (:{taken[0]}) nodes that are not graphleads': use another database, or an empty one."
        )
    if not beside:
        raise Neo4jForeign(
            f"{server.place} holds somebody else's data and nothing was changed.", Remedy.USE_EMPTY_DATABASE
        )


def _has(server: Neo4jServer, label: str) -> bool:
    # One of the model's labels; a count of a label alone is kept by the server and reads no node.
    return bool(server.read(lambda run: run(f"MATCH (n:{label}) RETURN count(n) AS n"))[0]["n"])


class Writing:
    """A load or sync under way: who does it, and how far it is. One that began later takes its place.

    Attributes:
        server: The server.
    """

    def __init__(self, server: Neo4jServer, run: str) -> None:
        self.server = server
        self._run = run

    def batch(self, number: int, work: Callable[[Run], Any], *, timeout: float) -> Any:
        """Do one batch of the current step and note that it is done, both or neither; one that is done is left.

        Raises:
            Conflict: If another load or sync has begun since.
        """

        def once(run: Run) -> Any:
            if run(_DONE, batch=number)[0]["done"]:
                return None
            answer = work(run)
            self._hold(run(_ADVANCE, batch=number, run=self._run))
            return answer

        return self.server.write(once, timeout=timeout)

    def begin_step(self, name: str) -> None:
        """Go on to a step."""
        self._hold(self.server.write(lambda run: run(_NEXT_STEP, step=name, run=self._run)))

    def finish(self, snapshot: Snapshot, schemes: list[str], *, now: datetime) -> None:
        """Say that the snapshot is whole."""
        said = describe(snapshot, schemes) | {"state": READY, "loaded_at": now}
        self._hold(self.server.write(lambda run: run(_FINISH, said=said, run=self._run)))

    def _hold(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            raise Conflict(
                f"Another load or sync of {self.server.place} has begun since and goes on; this one ended, "
                "and nothing is written twice."
            )


def begin(server: Neo4jServer, said: dict[str, Any]) -> Writing:
    """Begin a load or a sync, or take one up, and return it; `said` is what the (:Snapshot) says from now on."""
    token = uuid.uuid4().hex
    server.write(lambda run: run(_ONE))
    server.write(lambda run: run(_BEGIN, said=said | {"format": FORMAT, "version": version("graphleads")}, run=token))
    return Writing(server, token)


def resume(server: Neo4jServer) -> Writing:
    """Take up what another process has left, and return it."""
    token = uuid.uuid4().hex
    server.write(lambda run: run(f"MATCH {_MARKER} SET s.run = $run", run=token))
    return Writing(server, token)


def describe(snapshot: Snapshot, schemes: list[str]) -> dict[str, Any]:
    """Return what a (:Snapshot) says of a snapshot that is whole."""
    return {
        "id": snapshot.id,
        "n_nodes": snapshot.n_nodes,
        "n_relationships": int(snapshot.edges.num_rows),
        "observed_on": snapshot.observed_on,
        "schemes": schemes,
    }
