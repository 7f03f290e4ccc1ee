"""A database that holds one snapshot made to hold another, by writing what changed and ending what vanished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.neo4j.batch import (
    END_NODES,
    END_RELATIONSHIPS,
    PUT_NODES,
    PUT_RELATIONSHIPS,
    parameters_of,
)
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.difference import (
    Change,
    compare,
    nodes_of,
    read_nodes,
    read_relationships,
    relationships_of,
)
from graphleads.graph.neo4j.indexes import make_indexes
from graphleads.graph.neo4j.load import Written, load
from graphleads.graph.neo4j.marker import Marker, Writing, begin, read_marker, resume
from graphleads.graph.neo4j.model import LOADING, READY, SYNCING
from graphleads.graph.neo4j.places import find_places
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.neo4j.steps import Step, run_steps
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind, Progress
from graphleads.remedy import Remedy

Work = Callable[[Run], Any]
FindSnapshot = Callable[[str], Snapshot | None]
"""Returns a snapshot that is still kept, None if it is not."""


def sync(
    server: Neo4jServer,
    snapshot: Snapshot,
    *,
    find: FindSnapshot,
    compare_all: bool,
    progress: Progress,
    now: Callable[[], datetime],
) -> Written:
    """Make a database hold a snapshot, or go on where that was broken off.

    What changed is found by comparing the snapshot that it holds with the one that it shall hold. Where that is not on
    kept any more, or a load or sync of another one was broken off, the rows of the database itself are compared.

    Args:
        server: The server.
        snapshot: The snapshot that it shall hold.
        find: Finds the snapshot that it holds.
        compare_all: Whether to compare the rows of the database in any case.
        progress: Where to say how far it is.
        now: The clock.

    Raises:
        Neo4jOutOfStep: If it holds none.
        Conflict: If another load or sync begins meanwhile.
        Neo4jError: If the server does not answer or cannot do it; what is done stays, and the next sync goes on.
    """
    marker = read_marker(server)
    if marker is None:
        raise Neo4jOutOfStep(f"{server.place} holds no snapshot.", Remedy.LOAD)
    if marker.state == READY and marker.id == snapshot.id and not compare_all:
        return Written(snapshot=snapshot.id, unchanged=True)
    if marker.state == LOADING and marker.target == snapshot.id:
        return load(server, snapshot, beside=True, progress=progress, now=now)
    base = None if compare_all else _base(marker, snapshot, find)
    progress.step("compare")
    rows, held = _read_rows(snapshot, base)
    make_indexes(server)
    nodes, relationships = _changes(server, rows, held)
    writing, left = _begin(server, marker, snapshot, base)
    run_steps(writing, _steps(rows, nodes, relationships), left=left, progress=progress)
    writing.finish(snapshot, rows.schemes(), now=now())
    changed = (*nodes.values(), *relationships.values())
    return Written(
        snapshot=snapshot.id,
        n_nodes=sum(len(one.put) for one in nodes.values()),
        n_relationships=sum(len(one.put) for one in relationships.values()),
        n_ended=sum(len(one.ended) for one in changed),
    )


def _base(marker: Marker, snapshot: Snapshot, find: FindSnapshot) -> Snapshot | None:
    """Return the snapshot that the database holds but for what a sync to the same one has done; None if unknown."""
    if marker.state == READY and marker.id is not None:
        return find(marker.id)
    if marker.state == SYNCING and marker.target == snapshot.id and marker.base is not None:
        return find(marker.base)
    return None


def _begin(
    server: Neo4jServer, marker: Marker, snapshot: Snapshot, base: Snapshot | None
) -> tuple[Writing, Marker | None]:
    """Return the sync, begun or taken up, and how far it was."""
    if marker.state == SYNCING and base is not None:
        return resume(server), marker
    said = {"state": SYNCING, "target": snapshot.id, "base": None if base is None else base.id}
    return begin(server, said), None


def _read_rows(snapshot: Snapshot, base: Snapshot | None) -> tuple[GraphRows, GraphRows | None]:
    """Return the rows of both, made at the same time: what takes the time needs no Python."""
    with ThreadPoolExecutor(1) as beside:
        held = None if base is None else beside.submit(GraphRows, base)
        rows = GraphRows(snapshot)
        return rows, None if held is None else held.result()


def _changes(
    server: Neo4jServer, rows: GraphRows, held: GraphRows | None
) -> tuple[dict[NodeKind, Change], dict[str, Change]]:
    nodes = read_nodes(server) if held is None else nodes_of(held)
    relationships = read_relationships(server) if held is None else relationships_of(held)
    wanted = relationships_of(rows)
    return (
        {kind: compare(nodes[kind], prints) for kind, prints in rows.nodes_printed.items()},
        {relation: compare(relationships[relation], wanted[relation].prints) for relation in wanted},
    )


def _steps(rows: GraphRows, nodes: dict[NodeKind, Change], relationships: dict[str, Change]) -> list[Step]:
    target = rows.snapshot.id
    put_nodes = [
        Step(name=kind.value, n=len(one.put), prepare=_putting_nodes(rows, kind, one.put))
        for kind, one in nodes.items()
    ]
    put_relationships = [
        Step(name=relation, n=len(one.put), prepare=_putting_relationships(rows, relation, one.put))
        for relation, one in relationships.items()
    ]
    end_relationships = [
        Step(
            name=f"ended {relation}", n=len(one.ended), prepare=_ending(END_RELATIONSHIPS[relation], one.ended, target)
        )
        for relation, one in relationships.items()
    ]
    end_nodes = [
        Step(name=f"ended {kind.value}", n=len(one.ended), prepare=_ending(END_NODES[kind], one.ended, target))
        for kind, one in nodes.items()
    ]
    return [step for step in (*put_nodes, *put_relationships, *end_relationships, *end_nodes) if step.n]


def _putting_nodes(rows: GraphRows, kind: NodeKind, put: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], Work]:
    def prepare(batch: NDArray[np.int64]) -> Work:
        parameters = parameters_of(rows.nodes(kind, put[batch]))
        return lambda run: run(PUT_NODES[kind], **parameters)

    return prepare


def _putting_relationships(
    rows: GraphRows, relation: str, put: NDArray[np.int64]
) -> Callable[[NDArray[np.int64]], Work]:
    def prepare(batch: NDArray[np.int64]) -> Work:
        found = rows.relationships(rows.edges_of[relation][put[batch]])
        parameters = parameters_of(found.table)
        nodes, ends = np.unique(np.concatenate([found.source, found.target]), return_inverse=True)

        def write(run: Run) -> Any:
            source, target = np.split(find_places(run, rows, nodes)[ends], 2)
            return run(PUT_RELATIONSHIPS[relation], source=source.tolist(), target=target.tolist(), **parameters)

        return write

    return prepare


def _ending(statement: str, keys: Sequence[str], snapshot_id: str) -> Callable[[NDArray[np.int64]], Work]:
    def prepare(batch: NDArray[np.int64]) -> Work:
        chosen = list(keys[int(batch[0]) : int(batch[-1]) + 1])
        return lambda run: run(statement, keys=chosen, snapshot=snapshot_id)

    return prepare
