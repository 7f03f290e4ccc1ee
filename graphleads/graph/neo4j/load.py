"""A snapshot into a database that holds nothing of graphleads yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphleads.errors import Conflict
from graphleads.graph.neo4j.batch import CREATE_NODES, CREATE_RELATIONSHIPS, parameters_of
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.indexes import make_constraints, make_indexes
from graphleads.graph.neo4j.marker import begin, read_marker, refuse_foreign, resume
from graphleads.graph.neo4j.model import LOADING, READY
from graphleads.graph.neo4j.places import Places
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.neo4j.steps import Step, run_steps
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind, Progress
from graphleads.remedy import Remedy

CONSTRAINTS_STEP, INDEXES_STEP = "constraints", "indexes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a load or a sync did.

    Attributes:
        snapshot: The snapshot that the database holds now.
        unchanged: Whether it held that before.
        n_nodes: Nodes that were written.
        n_relationships: Relationships that were written.
        n_ended: Nodes and relationships that ended.
    """

    snapshot: str
    unchanged: bool = False
    n_nodes: int = 0
    n_relationships: int = 0
    n_ended: int = 0


def load(
    server: Neo4jServer, snapshot: Snapshot, *, beside: bool, progress: Progress, now: Callable[[], datetime]
) -> Written:
    """Load a snapshot into an empty database, or go on where a load of it was broken off.

    Args:
        server: The server.
        snapshot: The snapshot.
        beside: Whether the database was named as one that may hold other data.
        progress: Where to say how far it is.
        now: The clock.

    Raises:
        Neo4jForeign: If the database holds somebody else's data.
        Conflict: If it holds another snapshot, or another load begins meanwhile.
        Neo4jError: If the server does not answer or cannot do it; what is done stays, and the next load goes on.
    """
    marker = read_marker(server)
    if marker is not None and marker.state == READY and marker.id == snapshot.id:
        return Written(snapshot=snapshot.id, unchanged=True)
    if marker is not None and (marker.state != LOADING or marker.target != snapshot.id):
        raise Conflict(f"{server.place} holds another snapshot, {marker.id or marker.target}.", Remedy.BRING_UP_TO_DATE)
    if marker is None:
        refuse_foreign(server, beside=beside)
    rows = GraphRows(snapshot)
    writing = begin(server, {"state": LOADING, "target": snapshot.id}) if marker is None else resume(server)
    run_steps(writing, _steps(server, rows), left=marker, progress=progress)
    writing.finish(snapshot, rows.schemes(), now=now())
    return Written(snapshot=snapshot.id, n_nodes=snapshot.n_nodes, n_relationships=int(snapshot.edges.num_rows))


def _steps(server: Neo4jServer, rows: GraphRows) -> list[Step]:
    places = Places(rows)
    nodes = [
        Step(name=kind.value, n=n, prepare=_creating_nodes(rows, kind, places)) for kind, n in rows.n_nodes.items()
    ]
    relationships = [
        Step(
            name=relation,
            n=len(edges),
            prepare=_creating_relationships(rows, relation, places),
            before=lambda: places.find_all(server),
        )
        for relation, edges in rows.edges_of.items()
    ]
    return [
        *nodes,
        Step(name=CONSTRAINTS_STEP, n=0, prepare=_nothing, before=lambda: make_constraints(server)),
        *relationships,
        Step(name=INDEXES_STEP, n=0, prepare=_nothing, before=lambda: make_indexes(server)),
    ]


def _creating_nodes(
    rows: GraphRows, kind: NodeKind, places: Places
) -> Callable[[NDArray[np.int64]], Callable[[Run], None]]:
    def prepare(batch: NDArray[np.int64]) -> Callable[[Run], None]:
        parameters = parameters_of(rows.nodes(kind, batch))

        def write(run: Run) -> None:
            made = run(CREATE_NODES[kind], **parameters)[0]
            places.note(rows.first[kind] + batch[made["at"]], np.array(made["node"], np.int64))

        return write

    return prepare


def _creating_relationships(
    rows: GraphRows, relation: str, places: Places
) -> Callable[[NDArray[np.int64]], Callable[[Run], Any]]:
    def prepare(batch: NDArray[np.int64]) -> Callable[[Run], Any]:
        found = rows.relationships(rows.edges_of[relation][batch])
        ends = {"source": places.of(found.source), "target": places.of(found.target)}
        parameters = parameters_of(found.table)
        return lambda run: run(CREATE_RELATIONSHIPS[relation], **ends, **parameters)

    return prepare


def _nothing(_: NDArray[np.int64]) -> Callable[[Run], Any]:
    return lambda _: None
