"""Whether a database holds what the snapshot does: all rows by their hashes, and a sample by its whole content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.difference import (
    Change,
    compare,
    read_nodes,
    read_relationships,
    relationships_of,
)
from graphleads.graph.neo4j.marker import read_marker
from graphleads.graph.neo4j.model import ENTITY, LABELS, READY, TYPES
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind, Progress
from graphleads.remedy import Remedy

_EXAMPLES = 10
_PAGE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """How a database compares with the snapshot.

    Attributes:
        snapshot: The snapshot.
        n_hashed: Rows of which the hashes were compared.
        n_read: Rows that were compared property by property.
        n_missing: Rows that the database lacks.
        n_extra: Live rows that the snapshot does not have.
        n_different: Rows that say something else.
        examples: Some of those, a sentence each.
    """

    snapshot: str
    n_hashed: int
    n_read: int
    n_missing: int
    n_extra: int
    n_different: int
    examples: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return self.n_missing + self.n_extra + self.n_different == 0


@dataclass(slots=True)
class _Findings:
    n_hashed: int = 0
    n_read: int = 0
    n_missing: int = 0
    n_extra: int = 0
    n_different: int = 0
    examples: tuple[str, ...] = ()

    def add(self, sentence: str) -> None:
        self.examples = (*self.examples, sentence)[:_EXAMPLES]


def check(server: Neo4jServer, snapshot: Snapshot, *, sample: int, every_row: bool, progress: Progress) -> CheckReport:
    """Return how a database compares with a snapshot.

    Args:
        server: The server.
        snapshot: The snapshot that it should hold.
        sample: How many nodes and how many relationships are compared property by property; always the same ones.
        every_row: Whether the hashes of all rows are compared too.
        progress: Where to say how far it is.

    Raises:
        Neo4jOutOfStep: If it does not hold that snapshot, or not the whole of it.
    """
    marker = read_marker(server)
    if marker is None or marker.state != READY or marker.id != snapshot.id:
        held = "nothing" if marker is None else f"{marker.id or marker.target} ({marker.state})"
        raise Neo4jOutOfStep(f"{server.place} holds {held}, not {snapshot.id}.", Remedy.SYNC_FIRST)
    rows, found = GraphRows(snapshot), _Findings()
    if every_row:
        progress.step("compare all rows")
        _check_all(server, rows, found)
    progress.step("compare a sample")
    random = np.random.default_rng(0)
    for kind, n in rows.n_nodes.items():
        _check_nodes(server, rows, kind, _chosen(random, n, sample, snapshot.n_nodes), found)
    for relation, edges in rows.edges_of.items():
        chosen = _chosen(random, len(edges), sample, snapshot.edges.num_rows)
        _check_relationships(server, rows, relation, edges[chosen], found)
    counts = {name: getattr(found, name) for name in ("n_hashed", "n_read", "n_missing", "n_extra", "n_different")}
    return CheckReport(snapshot=snapshot.id, examples=found.examples, **counts)


def _chosen(random: np.random.Generator, n: int, sample: int, total: int) -> NDArray[np.int64]:
    """Return the part of a sample that falls to one kind of `n` rows of `total`, ascending."""
    size = min(n, -(-sample * n // max(total, 1)))
    return np.sort(random.choice(n, size, replace=False)) if size else np.empty(0, np.int64)


def _check_all(server: Neo4jServer, rows: GraphRows, found: _Findings) -> None:
    nodes = read_nodes(server)
    for kind, prints in rows.nodes_printed.items():
        ids = rows.ids(np.arange(rows.n_nodes[kind]) + rows.first[kind])
        _note(found, compare(nodes[kind], prints), ids, kind.value)
        found.n_hashed += rows.n_nodes[kind]
    ties = read_relationships(server)
    for relation, wanted in relationships_of(rows).items():
        every = np.arange(len(wanted.prints.key))
        _note(found, compare(ties[relation], wanted.prints), pa.array(wanted.names(every), pa.string()), relation)
        found.n_hashed += len(every)


def _note(found: _Findings, change: Change, names: pa.Array, what: str) -> None:
    found.n_missing += change.n_new
    found.n_extra += len(change.ended)
    found.n_different += len(change.put) - change.n_new
    for name in names.take(pa.array(change.put[:_EXAMPLES])).to_pylist():
        found.add(f"{what} {name} is missing, or is not what it was loaded as")
    for name in change.ended[:_EXAMPLES]:
        found.add(f"{what} {name} is live, and the snapshot does not have it")


_READ_NODES: Mapping[NodeKind, str] = {
    kind: f"MATCH (n:{label}:{ENTITY}) WHERE n.id IN $names RETURN n.id AS name, properties(n) AS says"
    for kind, label in LABELS.items()
}
_READ_RELATIONSHIPS: Mapping[str, str] = {
    relation: f"UNWIND $names AS name MATCH (a)-[r:{kind} {{key: name}}]->(b) "
    "RETURN name, r {.*, source: a.id, target: b.id} AS says"
    for relation, kind in TYPES.items()
}


def _check_nodes(
    server: Neo4jServer, rows: GraphRows, kind: NodeKind, chosen: NDArray[np.int64], found: _Findings
) -> None:
    for page in _pages(chosen):
        wanted = {row["id"]: row for row in rows.nodes(kind, page).to_pylist()}
        _compare_content(server, _READ_NODES[kind], wanted, found)


def _check_relationships(
    server: Neo4jServer, rows: GraphRows, relation: str, edges: NDArray[np.int64], found: _Findings
) -> None:
    for page in _pages(edges):
        told = rows.relationships(page)
        ends = zip(rows.ids(told.source).to_pylist(), rows.ids(told.target).to_pylist(), strict=True)
        wanted = {
            row["key"]: row | {"source": source, "target": target}
            for row, (source, target) in zip(told.table.to_pylist(), ends, strict=True)
        }
        _compare_content(server, _READ_RELATIONSHIPS[relation], wanted, found)


def _pages(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for first in range(0, len(rows), _PAGE):
        yield rows[first : first + _PAGE]


def _compare_content(
    server: Neo4jServer, statement: str, wanted: Mapping[str, dict[str, Any]], found: _Findings
) -> None:
    answer = server.read(lambda run: run(statement, names=list(wanted)))
    held: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    for found_row in answer:
        held[found_row["name"]].append(_native(found_row["says"]))
    found.n_read += len(wanted)
    for name, row in wanted.items():
        _compare_row(name, {key: value for key, value in row.items() if value is not None}, held[name], found)


def _compare_row(name: str, wanted: dict[str, Any], held: Sequence[dict[str, Any]], found: _Findings) -> None:
    if len(held) != 1:
        found.n_missing += not held
        found.n_extra += max(len(held) - 1, 0)
        found.add(f"{name} is there {len(held):,} times, not once")
        return
    differing = sorted(key for key in wanted.keys() | held[0].keys() if wanted.get(key) != held[0].get(key))
    if differing:
        found.n_different += 1
        found.add(f"{name} has another {differing[0]}")


def _native(says: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties with the driver's dates as dates."""
    return {name: value.to_native() if hasattr(value, "to_native") else value for name, value in says.items()}
