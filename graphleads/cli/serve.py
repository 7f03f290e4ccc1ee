"""The command `serve`: the HTTP API, to this machine alone."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

import click

from graphleads.cli.session import Session, pass_session
from graphleads.cli.terminal import note, warn
from graphleads.errors import GraphLeadsError

_APPLICATION, _PROTOCOL = "graphleads_api.app:create_app", "graphleads_api.protocol:BoundedHead"
_KEEP_ALIVE_SECONDS = 75
"""How long a connection may be idle. A client that sends just when it is closed sees a failure: rarer than at 5 s."""

_HERE = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at, one of this machine's.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="The port; 0 takes any.")
@pass_session
def serve(session: Session, *, host: str, port: int) -> None:
    """Answer HTTP requests, from this machine alone."""
    import uvicorn

    if host not in _HERE:
        raise click.UsageError(
            f"{host} can be reached by others, and there are no keys yet: listen at {' or '.join(_HERE)}."
        )
    home = _look_at_home(session)
    os.environ["GRAPHLEADS_HOME"] = str(home)
    with _listen(host, port) as listening:
        name = f"[{host}]" if ":" in host else host
        url = f"http://{name}:{listening.getsockname()[1]}"
        note(f"Serving {home} at {url}, to this machine alone until there are keys.")
        note(f"Documentation: {url}/docs. Stop with Ctrl+C.")
        _warn_of_database(session)
        config = uvicorn.Config(
            _APPLICATION,
            factory=True,
            http=_PROTOCOL,
            ws="none",
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _look_at_home(session: Session) -> Path:
    """Return the home; if the current snapshot cannot be served, that is said now."""
    with session.workspace() as workspace:
        with suppress(GraphLeadsError):  # /readyz says why nothing is served
            workspace.pinned()
        return workspace.configuration.home


def _warn_of_database(session: Session) -> None:
    """Say what is the matter with the database: it is never migrated while it is served."""
    with session.workspace(migrates=False) as workspace:
        try:
            workspace.database.require()
        except GraphLeadsError as error:
            warn(f"{error} Until then whatever needs it is answered with 503.")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise click.ClickException(
            f"Nothing can listen at port {port} of {host} ({reason}): name another with --port."
        ) from error
    # Inherited by every connection: without it the end of an answer waits 40 ms for the client to confirm its start.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
