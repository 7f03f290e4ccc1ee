"""A snapshot loaded into an empty Neo4j row by row: small, slow, and written from the model alone."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from graphleads.bolt import Neo4jServer, Run
from graphleads.graph.describe import STATUSES
from graphleads.graph.edges import RELATIONS
from graphleads.graph.neo4j import model
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind

UNBOUNDED = (date(1, 1, 1), date(9999, 12, 31))


def load(server: Neo4jServer, snapshot: Snapshot) -> None:
    """Delete everything, and load a snapshot."""
    server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    for statement in (*model.CONSTRAINTS, *model.INDEXES):
        server.write(lambda run, statement=statement: run(statement))
    nodes, edges = _nodes(snapshot), _edges(snapshot)
    server.write(lambda run: _write(run, nodes, edges, snapshot))
    server.read(lambda run: run("CALL db.awaitIndexes(60)"))


def _write(run: Run, nodes: list[dict[str, Any]], edges: list[dict[str, Any]], snapshot: Snapshot) -> None:
    for kind, label in model.LABELS.items():
        rows = [node for node in nodes if node["kind"] is kind]
        run(f"UNWIND $rows AS row CREATE (n:Entity:{label}) SET n = row", rows=[node["row"] for node in rows])
    for relation, type_ in model.TYPES.items():
        run(
            "UNWIND $rows AS row MATCH (a:Entity {id: row.source}) MATCH (b:Entity {id: row.target}) "
            f"CREATE (a)-[r:{type_}]->(b) SET r = row.says",
            rows=[edge for edge in edges if edge["relation"] == relation],
        )
    borne = {one for node in nodes for one in node["row"].get("identifiers", ())}
    schemes = sorted({*snapshot.manifest["schemes"], *(one.split(":")[0] for one in borne)})
    run(
        "CREATE (s:Snapshot) SET s = $said",
        said={"made_by": model.MADE_BY, "id": snapshot.id, "format": model.FORMAT, "state": model.READY,
              "schemes": schemes},
    )  # fmt: skip


def _nodes(snapshot: Snapshot) -> list[dict[str, Any]]:
    found = []
    statements, former = _statements(snapshot), defaultdict(list)
    for row in snapshot.table("redirects").to_pylist():
        former[row["company"]].append(row["id"])
    rows = [
        (kind, row) for kind, table in zip(NodeKind, snapshot.node_tables, strict=True) for row in table.to_pylist()
    ]
    for node, (kind, row) in enumerate(rows):
        said = {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        said["hub"] = bool(snapshot.node_array("blocked")[node])
        said["n_companies"] = int(snapshot.node_array("n_companies")[node])
        if kind is not NodeKind.CONTACT_POINT:
            own = statements[node]
            said["names"] = sorted({one["name"] for one in own["names"]})
            said["identifiers"] = sorted({f"{one['scheme']}:{one['value']}" for one in own["identifiers"]})
            said["statements"] = json.dumps({name: rows for name, rows in own.items() if rows}, default=str)
        if kind is NodeKind.COMPANY:
            said["status"] = STATUSES[snapshot.node_array("status")[node]]
            said["family"] = int(snapshot.node_array("family")[node])
            said["former_ids"] = former[row["id"]]
        found.append({"kind": kind, "row": _said(said)})
    return found


def _statements(snapshot: Snapshot) -> dict[int, dict[str, list[dict[str, Any]]]]:
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {name: [] for name in model.STATEMENTS})
    for name in model.STATEMENTS:
        for row in snapshot.table(name).to_pylist():
            found[row.pop("node")][name].append(_said(row))
    return found


def _edges(snapshot: Snapshot) -> list[dict[str, Any]]:
    ids = [snapshot.id_of(node) for node in range(snapshot.n_nodes)]
    sources = defaultdict(list)
    for row in snapshot.table("statements").to_pylist():
        day = "" if row["last_seen_on"] in UNBOUNDED else row["last_seen_on"]
        sources[row["edge"]].append(f"{row['dataset']}\t{row['record']}\t{day}")
    found = []
    for edge, row in enumerate(snapshot.edges.to_pylist()):
        says = {name: row[name] for name in model.RELATIONSHIP_COLUMNS}
        says |= {
            "weight": float(snapshot.node_array("edge_weight")[edge]),
            "sources": sources[edge],
            "key": f"{edge:016x}",
        }
        ends = {"source": ids[row["source"]], "target": ids[row["target"]]}
        found.append({**ends, "relation": RELATIONS[row["relation"]], "says": _said(says)})
    return found


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and value not in UNBOUNDED}
