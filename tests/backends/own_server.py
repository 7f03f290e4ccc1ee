"""A Neo4j server of a test's own, which it may kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer, open_server

_CI = Path(__file__).parents[2] / ".ci" / "neo4j"


class OwnServer:
    """A server in a folder; its data and password stay there from start to start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = str(free.getsockname()[1])

    @property
    def data(self) -> Path:
        """Where the databases lie."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it, and return when it answers."""
        environment = os.environ | {"NEO4J_PORT": self._port, "NEO4J_HEAP": "512m"}
        started = subprocess.run([_CI / "start", self.folder], check=False, capture_output=True, env=environment)
        assert started.returncode == 0, started.stderr.decode()

    def stop(self) -> None:
        """Stop it, so that all is on the disk."""
        subprocess.run([_CI / "stop", self.folder], check=True, capture_output=True)

    def kill(self) -> None:
        """End it without a word, as a power cut does; nothing happens where it has ended."""
        pid = int((self.folder / "pid").read_text())
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    @contextmanager
    def opened(self) -> Iterator[Neo4jServer]:
        """Yield it, open."""
        password = SecretStr((self.folder / "password").read_text().strip())
        with open_server(Neo4jConfig(uri=f"bolt://127.0.0.1:{self._port}"), password) as server:
            yield server

    def keep(self, backup: Path) -> None:
        """Copy its data while it stands."""
        shutil.copytree(self.data, backup)

    def bring_back(self, backup: Path) -> None:
        """Put what was copied in the place of its data while it stands."""
        shutil.rmtree(self.data)
        shutil.copytree(backup, self.data)
