"""The peer of the online load: what a driver's manual shows, a list of maps that one statement unwinds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.snapshot import Snapshot

_BATCH, _MOST = 10_000, 200_000
_CREATE = (
    "UNWIND $rows AS row MATCH (a:Company {id: row.source}) MATCH (b:ContactPoint {id: row.target}) "
    "CREATE (a)-[r:PLAIN]->(b) SET r = row.says"
)
_DELETE = "MATCH ()-[r:PLAIN]->() WITH r LIMIT $most DELETE r RETURN count(*) AS n"


def load_plainly(server: Neo4jServer, snapshot: Snapshot, relation: str) -> float:
    """Return how many relationships a second one statement after another writes; they are deleted again.

    Args:
        server: A server that holds the snapshot's nodes.
        snapshot: The snapshot.
        relation: Which relationships, of companies and contact points.
    """
    rows = GraphRows(snapshot)
    edges = rows.edges_of[relation][:_MOST]
    start = time.perf_counter()
    for first in range(0, len(edges), _BATCH):
        batch = list(_rows(rows, edges[first : first + _BATCH]))
        server.write(lambda run, batch=batch: run(_CREATE, rows=batch))  # type: ignore[misc]
    seconds = time.perf_counter() - start
    while server.write(lambda run: run(_DELETE, most=_BATCH))[0]["n"]:
        pass
    return len(edges) / seconds


def _rows(rows: GraphRows, edges: Any) -> Iterator[dict[str, Any]]:
    found = rows.relationships(edges)
    ends = (rows.ids(nodes).to_pylist() for nodes in (found.source, found.target))
    for source, target, says in zip(*ends, found.table.to_pylist(), strict=True):
        yield {"source": source, "target": target, "says": says}
