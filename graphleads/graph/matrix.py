"""The graph as arrays: an undirected CSR over all edges, and the compact one that a walk of the current day follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjacency:
    """An undirected CSR graph: the edges of node *i* are the slots `indptr[i]` to `indptr[i + 1]`.

    Attributes:
        indptr: int64[n_nodes + 1].
        neighbor: int32[n_slots], ascending within a node.
        edge: int32[n_slots], the row of `edges`.
    """

    indptr: NDArray[np.int64]
    neighbor: NDArray[np.int32]
    edge: NDArray[np.int32]


NODE = np.dtype([("begin", np.int64), ("degree", np.float32), ("through", np.float32)])
TIE = np.dtype([("neighbor", np.int32), ("weight", np.float32)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk of one day follows: between two nodes the strongest tie in force, nothing through a blocked node.

    A walk jumps from node to node, and waits for memory at each: what it needs of one stands together.

    Attributes:
        node: NODE[n_nodes + 1]: the first slot of the node's row, which ends where the next one begins; the sum of its
            weights; and the part of a walk that it passes on, in (0, 1].
        tie: TIE[n_slots]: neighbours, ascending within a node, and weights above 0.
        edge: int32[n_slots], the row of `edges` that is the strongest tie.
    """

    node: NDArray[np.void]
    tie: NDArray[np.void]
    edge: NDArray[np.int32]

    @property
    def indptr(self) -> NDArray[np.int64]:
        """int64[n_nodes + 1], where the rows begin."""
        return self.node["begin"]

    @property
    def neighbor(self) -> NDArray[np.int32]:
        """int32[n_slots]."""
        return self.tie["neighbor"]

    @property
    def weight(self) -> NDArray[np.float32]:
        """float32[n_slots]."""
        return self.tie["weight"]

    @property
    def degree(self) -> NDArray[np.float32]:
        """float32[n_nodes], the sum of a node's weights."""
        return self.node["degree"][:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The two times of every edge, int32[n_edges] each, days since 1970."""

    valid_from: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    known_from: NDArray[np.int32]
    known_until: NDArray[np.int32]

    def in_force(
        self, valid_on: int, known_on: int, edges: NDArray[np.integer[Any]] | slice = slice(None)
    ) -> NDArray[np.bool_]:
        """Return bool[n_edges], of all edges or of some: true on one day, as known on another."""
        mask: NDArray[np.bool_] = self.valid_from[edges] <= valid_on
        mask &= valid_on < self.valid_to[edges]
        mask &= self.known_from[edges] <= known_on
        mask &= known_on < self.known_until[edges]
        return mask


def times_of(edges: pa.Table) -> Times:
    """Return the times of the edges as arrays over the same memory."""
    names = ("valid_from", "valid_to", "known_from", "known_until")
    return Times(**{name: edges[name].chunk(0).view(pa.int32()).to_numpy() for name in names})
