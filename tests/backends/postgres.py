"""Databases on a PostgreSQL for tests: one for each test, and a server of a test's own, which it may end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, make_url

_CI = Path(__file__).parents[2] / ".ci" / "postgres"


@contextmanager
def new_database(server: str, *, template: str = "template0") -> Iterator[str]:
    """Yield the URL of a new database, which is dropped afterwards, whoever is still connected to it.

    Args:
        server: What `.ci/postgres/start` says.
        template: The database that it is a copy of; template0 is empty.
    """
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"graphleads_test_{uuid.uuid4().hex}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        admin.dispose()


class OwnPostgres:
    """A server in a folder of its own; its data, port and password stay there from start to start."""

    def __init__(self) -> None:
        # Not pytest's folder, which nobody else may enter: as root, the server is run by somebody else.
        self.folder = Path(tempfile.mkdtemp(prefix="graphleads-postgres-"))
        self.url = ""

    def start(self) -> None:
        """Start it, and return when it answers."""
        until = time.monotonic() + 30
        while True:
            started = subprocess.run([_CI / "start", self.folder], check=False, capture_output=True, text=True)
            if started.returncode == 0:
                self.url = started.stdout.strip()
                return
            # What a killed server had started notices that within a moment, and until then is in the way.
            assert time.monotonic() < until, started.stderr
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it: who is connected is told so."""
        subprocess.run([_CI / "stop", self.folder], check=True, capture_output=True)

    def kill(self) -> None:
        """End it without a word, as a crash does, and all that it started, which would serve for a moment more."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGSTOP)  # It starts nothing more.
        for one in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def remove(self) -> None:
        """Stop it and remove what it held."""
        self.stop()
        shutil.rmtree(self.folder)
