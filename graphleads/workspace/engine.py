"""Which engine answers questions about the graph, and the connection to it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from graphleads.graph.config import WalkConfig
from graphleads.graph.neo4j.connection import Neo4jServer, open_server
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import GraphStore
from graphleads.settings import Configuration

if TYPE_CHECKING:
    from graphleads.graph.stores.embedded import EmbeddedStore


class GraphEngine:
    """What answers questions about the graph: the snapshot itself, or the Neo4j that it is loaded into."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._server: Neo4jServer | None = None
        self._opening = Lock()

    def store(self, snapshot: Snapshot) -> GraphStore:
        """Return a snapshot as a graph, from the engine that the settings choose.

        Raises:
            Neo4jError: If that is Neo4j, and it does not answer or does not let the user in.
        """
        if self._configuration.settings.store == "embedded":
            return self.embedded(snapshot)
        from graphleads.graph.neo4j.store import Neo4jStore

        return Neo4jStore(self.server(), snapshot, self._walk)

    def embedded(self, snapshot: Snapshot) -> EmbeddedStore:
        """Return a snapshot itself as a graph, with the ties that the ranking follows."""
        from graphleads.graph.stores.embedded import EmbeddedStore

        return EmbeddedStore(snapshot, self._walk)

    @property
    def _walk(self) -> WalkConfig:
        return self._configuration.settings.recommend.proximity.walk

    def server(self) -> Neo4jServer:
        """Return the Neo4j server, opened once.

        Raises:
            SettingInvalid, ExtraMissing, VersionUnsupported, Neo4jError: As `connection.open_server` does.
        """
        with self._opening:
            if self._server is None:
                self._server = open_server(self._configuration.settings.neo4j, self._configuration.neo4j_password())
            return self._server

    def close(self) -> None:
        """Close the connection; whatever is asked next opens it again."""
        with self._opening:
            server, self._server = self._server, None
        if server is not None:
            server.close()
