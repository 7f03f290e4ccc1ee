"""What a database holds, and how far that is from the current snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.load import INDEXES_STEP
from graphleads.graph.neo4j.marker import Marker, read_marker
from graphleads.graph.neo4j.model import LABELS, READY, TYPES
from graphleads.remedy import Remedy, advise


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """What a database holds.

    Attributes:
        server: What the server calls itself.
        snapshot: The snapshot that is loaded, or being loaded where there was none before; None if nothing is.
        state: loading, syncing or ready; None if nothing of graphleads is there.
        target: The snapshot that a load or sync leads to.
        step: What that writes now.
        current: The snapshot that the ranking uses.
        nodes: Live nodes by label.
        relationships: Live relationships by type.
        n_ended: Nodes and relationships that have ended.
        loaded_at: When it was last ready.
        drift: What is not as it should be, a sentence each.
    """

    server: str
    snapshot: str | None
    state: str | None
    target: str | None
    step: str | None
    current: str | None
    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    n_ended: int
    loaded_at: datetime | None
    drift: tuple[str, ...]


_NODES = {label: f"MATCH (n:{label}) RETURN count(n) AS n" for label in LABELS.values()}
_ENDED_NODES = {
    label: f"MATCH (n:{label}) WHERE n.ended_in IS NOT NULL RETURN count(n) AS n" for label in LABELS.values()
}
_RELATIONSHIPS = {kind: f"MATCH ()-[r:{kind}]->() RETURN count(r) AS n" for kind in TYPES.values()}
_ENDED_RELATIONSHIPS = {
    kind: f"MATCH ()-[r:{kind}]->() WHERE r.ended_in IS NOT NULL RETURN count(r) AS n" for kind in TYPES.values()
}


def read_status(server: Neo4jServer, *, current: str | None) -> DatabaseStatus:
    """Return what a database holds, and how far that is from a snapshot.

    Args:
        server: The server.
        current: The snapshot that the ranking uses, None if nothing was built yet.
    """
    marker = read_marker(server)
    held = marker is not None
    nodes, ended_nodes = _count(server, _NODES, held=held), _count(server, _ENDED_NODES, held=held)
    ties, ended_ties = _count(server, _RELATIONSHIPS, held=held), _count(server, _ENDED_RELATIONSHIPS, held=held)
    live = {label: n - ended_nodes[label] for label, n in nodes.items()}
    tied = {kind: n - ended_ties[kind] for kind, n in ties.items()}
    told = marker or Marker(state="")
    return DatabaseStatus(
        server=server.version,
        snapshot=told.id or told.target,
        state=told.state or None,
        target=told.target,
        step=told.step,
        current=current,
        nodes=live,
        relationships=tied,
        n_ended=sum(ended_nodes.values()) + sum(ended_ties.values()),
        loaded_at=told.loaded_at,
        drift=tuple(_drift(marker, current, sum(live.values()), sum(tied.values()))),
    )


def _count(server: Neo4jServer, statements: Mapping[str, str], *, held: bool) -> dict[str, int]:
    if not held:
        return dict.fromkeys(statements, 0)
    return {name: server.read(lambda run, one=one: run(one))[0]["n"] for name, one in statements.items()}  # type: ignore[misc]


def _drift(marker: Marker | None, current: str | None, n_nodes: int, n_relationships: int) -> list[str]:
    """Return what is not as it should be, and what to do."""
    if marker is None:
        return [advise("It holds no snapshot.", Remedy.LOAD.command)]
    if marker.state != READY:
        if marker.step == INDEXES_STEP:
            return [advise(f"Its rows are those of {marker.target}, its indexes are to be made.", Remedy.LOAD.command)]
        return [advise(f"It is {marker.state} {marker.target}.", Remedy.WAIT_OR_TAKE_UP.command)]
    found = []
    if marker.id != current:
        found.append(advise(f"It holds {marker.id} and the ranking uses {current}.", Remedy.SYNC.command))
    for what, n, told in (
        ("nodes", n_nodes, marker.n_nodes),
        ("relationships", n_relationships, marker.n_relationships),
    ):
        if n != told:
            said = f"It has {n:,} live {what} and should have {told:,}."
            found.append(advise(said, Remedy.CHECK_AND_MEND.command))
    return found
