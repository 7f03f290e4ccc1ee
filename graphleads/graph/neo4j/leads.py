"""Recommendations as (:Lead) nodes, each tied to the company that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.marker import LOCK, read_marker
from graphleads.graph.neo4j.model import ABOUT, LEAD, LEAD_INDEX, MADE_BY, READY
from graphleads.ids import EntityId
from graphleads.remedy import Remedy

_REMOVE = (
    f"MATCH (l:{LEAD} {{made_by: '{MADE_BY}', team: $team}}) WITH collect(l) AS leads, count(l) AS n "
    "FOREACH (l IN leads | DETACH DELETE l) RETURN n"
)
_PUSH = (
    "UNWIND $leads AS lead MATCH (c:Company {id: lead.company}) WHERE c.ended_in IS NULL "
    f"CREATE (l:{LEAD}) SET l = lead CREATE (l)-[:{ABOUT}]->(c) RETURN count(l) AS n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedLead:
    """What is pushed of a lead: its company's id, its place and score, and a sentence a reason."""

    company: EntityId
    rank: int
    score: float
    reasons: tuple[str, ...]


def push_leads(
    server: Neo4jServer,
    leads: Iterable[PushedLead],
    *,
    team: str,
    run_id: str | None,
    snapshot_id: str,
    pushed_at: datetime,
) -> int:
    """Write leads in the place of those that the team pushed before, all or nothing, and return how many.

    Raises:
        Neo4jOutOfStep: If the database does not hold the snapshot that the leads rest on.
    """
    marker = read_marker(server)
    if marker is None or marker.state != READY or marker.id != snapshot_id:
        raise Neo4jOutOfStep(
            f"{server.place} does not hold snapshot {snapshot_id}, which the leads rest on.", Remedy.SYNC
        )
    always = {"made_by": MADE_BY, "team": team, "run": run_id, "snapshot": snapshot_id, "pushed_at": pushed_at}
    rows = [always | asdict(lead) | {"reasons": list(lead.reasons)} for lead in leads]
    server.write(lambda run: run(LEAD_INDEX))
    return server.write(lambda run: _replace(run, rows, team))


def remove_leads(server: Neo4jServer, *, team: str) -> int:
    """Remove the leads that a team pushed, and return how many there were."""
    return int(server.write(lambda run: run(_REMOVE, team=team))[0]["n"])


def _replace(run: Run, rows: list[dict[str, Any]], team: str) -> int:
    run(LOCK)
    run(_REMOVE, team=team)
    n = int(run(_PUSH, leads=rows)[0]["n"])
    if n != len(rows):
        raise Neo4jOutOfStep(
            f"{len(rows) - n:,} of the companies are not in the database, which should have them.", Remedy.MEND
        )
    return n
