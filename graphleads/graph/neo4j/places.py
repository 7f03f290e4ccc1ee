"""By which numbers a server finds the nodes of a snapshot: twice as fast as by their ids.

The numbers hold as long as no node is deleted, which graphleads never does.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.lookup import find_texts, texts_of
from graphleads.graph.neo4j.batch import PLACES
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.model import NodeKind
from graphleads.remedy import Remedy

_PAGE = 20_000


class Places:
    """The server's number of each node of a snapshot, as far as it is known."""

    def __init__(self, rows: GraphRows) -> None:
        self._rows = rows
        self._number = np.full(rows.snapshot.n_nodes, -1, np.int64)

    def note(self, nodes: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Remember the numbers of nodes."""
        self._number[nodes] = numbers

    def of(self, nodes: NDArray[np.int64]) -> list[int]:
        """Return the numbers of nodes that `find_all` has found."""
        return self._number[nodes].tolist()  # type: ignore[no-any-return]

    def find_all(self, server: Neo4jServer) -> None:
        """Ask for the numbers of the nodes that are not known.

        Raises:
            Neo4jOutOfStep: If the server does not have one of them.
        """
        unknown = np.flatnonzero(self._number < 0)
        for first in range(0, len(unknown), _PAGE):
            page = unknown[first : first + _PAGE]
            self.note(page, server.read(lambda run, page=page: find_places(run, self._rows, page)))  # type: ignore[misc]


def find_places(run: Run, rows: GraphRows, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[n_nodes], the server's number of each node.

    Args:
        run: The transaction, in which the numbers hold in any case.
        rows: The snapshot.
        nodes: int64[n], ascending.

    Raises:
        Neo4jOutOfStep: If the server does not have one of them.
    """
    numbers, first = np.full(len(nodes), -1, np.int64), 0
    for kind in NodeKind:
        own = (first <= nodes) & (nodes < first + rows.n_nodes[kind])
        if own.any():
            numbers[own] = _find(run, kind, rows.ids(nodes[own]))
        first += rows.n_nodes[kind]
    missing = np.flatnonzero(numbers < 0)
    if len(missing):
        raise Neo4jOutOfStep(
            f"The database has no node {rows.ids(nodes[missing[:1]])[0].as_py()}, which it should.", Remedy.COMPARE
        )
    return numbers


def _find(run: Run, kind: NodeKind, ids: pa.Array) -> NDArray[np.int64]:
    found = run(PLACES[kind], ids=ids.to_pylist())[0]
    places = find_texts(texts_of(ids), found["ids"])
    numbers = np.full(len(ids), -1, np.int64)
    numbers[places] = found["node"]
    return numbers
