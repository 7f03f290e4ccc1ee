"""A database of the tests' own that holds one snapshot, as the product loads it."""

from __future__ import annotations

from datetime import UTC, datetime

from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.load import load as load_snapshot
from graphleads.graph.snapshot import Snapshot
from graphleads.model import Silence


def load(server: Neo4jServer, snapshot: Snapshot) -> None:
    """Delete everything, and load a snapshot."""
    server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    load_snapshot(server, snapshot, beside=False, progress=Silence(), now=lambda: datetime(2025, 8, 1, tzinfo=UTC))
