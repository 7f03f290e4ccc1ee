"""What differs between what a database holds and a snapshot, by comparing what was hashed of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.fingerprint import Prints, hash_column
from graphleads.graph.neo4j.model import LABELS, TYPES
from graphleads.graph.neo4j.rows import GraphRows, hex_texts
from graphleads.model import NodeKind

_PAGE = 20_000


class Held(NamedTuple):
    """Rows of one kind that a database holds, or a snapshot that it holds.

    Attributes:
        prints: What they say, hashed.
        names: Returns, for some of them, the ids or keys.
    """

    prints: Prints
    names: Callable[[NDArray[np.int64]], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What has to change in one kind of rows.

    Attributes:
        put: int64[n], rows of the snapshot that are new or say something else, ascending.
        n_new: How many of them are new.
        ended: Ids or keys of what the snapshot does not have any more, in the order in which they were held.
    """

    put: NDArray[np.int64]
    n_new: int
    ended: Sequence[str]

    @property
    def n(self) -> int:
        """How many rows change."""
        return len(self.put) + len(self.ended)


def compare(held: Held, wanted: Prints) -> Change:
    """Return what makes the rows that are held those that are wanted."""
    # Both in the order of their keys, in which searching goes through memory once.
    order, wanted_order = np.argsort(held.prints.key, kind="stable"), np.argsort(wanted.key, kind="stable")
    keys, wanted_keys = held.prints.key[order], wanted.key[wanted_order]
    at, there = _find(keys, wanted_keys)
    same = there.copy()
    same[there] = held.prints.row[order[at[there]]] == wanted.row[wanted_order[there]]
    gone = np.sort(order[~_find(wanted_keys, keys)[1]])
    return Change(put=np.sort(wanted_order[~same]), n_new=int((~there).sum()), ended=held.names(gone))


def _find(keys: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where in sorted keys each wanted one is, or would be, and whether it is there."""
    at = np.searchsorted(keys, wanted)
    there = np.zeros(len(wanted), bool)
    inside = at < len(keys)
    there[inside] = keys[at[inside]] == wanted[inside]
    return at, there


def nodes_of(rows: GraphRows) -> dict[NodeKind, Held]:
    """Return the nodes of a snapshot, by kind."""

    def names(kind: NodeKind) -> Callable[[NDArray[np.int64]], Sequence[str]]:
        return lambda wanted: rows.ids(wanted + rows.first[kind]).to_pylist()

    return {kind: Held(prints, names(kind)) for kind, prints in rows.nodes_printed.items()}


def relationships_of(rows: GraphRows) -> dict[str, Held]:
    """Return the relationships of a snapshot, by relation."""
    found = {}
    for relation, edges in rows.edges_of.items():
        prints = Prints(key=rows.edges_printed.key[edges], row=rows.edges_printed.row[edges])
        found[relation] = Held(prints, lambda wanted, key=prints.key: hex_texts(key[wanted]).to_pylist())  # type: ignore[misc]
    return found


_NODES: Mapping[NodeKind, str] = {
    kind: f"MATCH (n:{label}) WHERE n.id > $after AND n.ended_in IS NULL WITH n ORDER BY n.id LIMIT $most "
    "RETURN collect(n.id) AS names, collect(n.row) AS rows"
    for kind, label in LABELS.items()
}
_RELATIONSHIPS: Mapping[str, str] = {
    relation: f"MATCH ()-[r:{kind}]->() WHERE r.key > $after AND r.ended_in IS NULL WITH r ORDER BY r.key LIMIT $most "
    "RETURN collect(r.key) AS names, collect(r.row) AS rows"
    for relation, kind in TYPES.items()
}


def read_nodes(server: Neo4jServer) -> dict[NodeKind, Held]:
    """Return the live nodes of a database, by kind."""
    return {kind: _read(server, statement, _hash_ids) for kind, statement in _NODES.items()}


def read_relationships(server: Neo4jServer) -> dict[str, Held]:
    """Return the live relationships of a database, by relation."""
    return {relation: _read(server, statement, _parse_keys) for relation, statement in _RELATIONSHIPS.items()}


def _read(server: Neo4jServer, statement: str, hashed: Callable[[Sequence[str]], NDArray[np.uint64]]) -> Held:
    names, rows = [""], []
    while True:
        page = server.read(lambda run: run(statement, after=names[-1], most=_PAGE))[0]  # noqa: B023 - used at once
        if not page["names"]:
            break
        names += page["names"]
        rows += page["rows"]
    del names[0]
    held = Prints(key=hashed(names), row=np.array(rows, np.int64))
    return Held(held, lambda wanted: [names[at] for at in wanted.tolist()])


def _hash_ids(ids: Sequence[str]) -> NDArray[np.uint64]:
    return hash_column(pa.array(ids, pa.string()))


def _parse_keys(keys: Sequence[str]) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex("".join(keys)), ">u8").astype(np.uint64)
