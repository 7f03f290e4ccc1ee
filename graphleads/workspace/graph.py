"""Which engine answers questions about the graph, and the connection to it."""

from __future__ import annotations

from threading import Lock

from graphleads.graph.neo4j.connection import Neo4jServer, open_server
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import GraphStore
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.settings import Configuration


class Graph:
    """The graph of a workspace: the snapshot itself, or the Neo4j that it is loaded into."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._server: Neo4jServer | None = None
        self._opening = Lock()

    def store(self, snapshot: Snapshot) -> GraphStore:
        """Return a snapshot as a graph, from the engine that the settings choose.

        Raises:
            Neo4jError: If that is Neo4j, and it does not answer or does not let the user in.
        """
        settings = self._configuration.settings
        if settings.store == "embedded":
            return EmbeddedStore(snapshot, settings.recommend.proximity.walk)
        return Neo4jStore(self.server(), snapshot)

    def server(self) -> Neo4jServer:
        """Return the Neo4j server, opened once.

        Raises:
            SettingInvalid, ExtraMissing, VersionUnsupported, Neo4jError: As `bolt.open_server` does.
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
