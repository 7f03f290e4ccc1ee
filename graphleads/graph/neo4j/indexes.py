"""Making the constraints and indexes, and waiting until they are filled."""

from __future__ import annotations

import time

from graphleads.errors import Neo4jFailed
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.model import CONSTRAINTS, INDEXES

_MADE_WITHIN = 3600.0
"""Seconds that one constraint may take: making it reads all nodes of a label."""

_ASKED_EVERY = 0.2
_STATES = (
    "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'graphleads_' AND state <> 'ONLINE' "
    "RETURN name, state ORDER BY name"
)


def make_constraints(server: Neo4jServer) -> None:
    """Make the constraints that are not there."""
    _make(server, CONSTRAINTS)


def make_indexes(server: Neo4jServer) -> None:
    """Make the constraints and indexes that are not there, and return when all of them are filled.

    Raises:
        Neo4jFailed: If the server cannot fill one.
    """
    _make(server, (*CONSTRAINTS, *INDEXES))
    while left := server.read(lambda run: run(_STATES)):
        failed = [row["name"] for row in left if row["state"] == "FAILED"]
        if failed:
            raise Neo4jFailed(
                f"{server.place} cannot fill the index {failed[0]}: the server's log says why; drop it and try again."
            )
        time.sleep(_ASKED_EVERY)


def _make(server: Neo4jServer, statements: tuple[str, ...]) -> None:
    for statement in statements:
        server.write(lambda run, one=statement: run(one), timeout=_MADE_WITHIN)  # type: ignore[misc]
