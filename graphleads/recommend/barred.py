"""Whom a team does not want to see among its leads, as nodes of a snapshot, of which a few change at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BARRED_AS = ("customer", "withheld", "excluded")
"""Why a team bars a company; where there are several reasons, the first one counts."""


class Barred(NamedTuple):
    """Whom a team does not want to see, whatever the registers say.

    Attributes:
        nodes: int32[n_barred], ascending.
        why: int8[n_barred], the position in `BARRED_AS`.
    """

    nodes: NDArray[np.int32]
    why: NDArray[np.int8]

    def customers_among(self, nodes: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return int32, in their order: those of some nodes, few beside all that are barred, that are customers."""
        at = np.minimum(np.searchsorted(self.nodes, nodes), max(len(self.nodes) - 1, 0))
        among: NDArray[np.int32] = (
            nodes[(self.nodes[at] == nodes) & (self.why[at] == 0)] if len(self.nodes) else nodes[:0]
        )
        return among

    @property
    def customers(self) -> NDArray[np.int32]:
        """int32[n_customers], ascending: the nodes of the customers."""
        customers: NDArray[np.int32] = self.nodes[self.why == 0]
        return customers

    def changed(self, nodes: NDArray[np.int32], why: NDArray[np.int8]) -> Barred:
        """Return what is barred when some nodes are barred for other reasons, or no longer.

        Args:
            nodes: int32[n], distinct.
            why: int8[n], the position in `BARRED_AS`, -1 for those that are not barred.
        """
        order = np.argsort(nodes)
        nodes, why = nodes[order], why[order]
        at = np.searchsorted(self.nodes, nodes)
        there = np.flatnonzero(at < len(self.nodes))
        known = at[there[self.nodes[at[there]] == nodes[there]]]
        left, left_why = np.delete(self.nodes, known), np.delete(self.why, known)
        nodes, why = nodes[why >= 0], why[why >= 0]
        at = np.searchsorted(left, nodes)
        return Barred(np.insert(left, at, nodes), np.insert(left_why, at, why))


def bar(*groups: NDArray[np.int32]) -> Barred:
    """Return who is barred.

    Args:
        groups: int32, the nodes that are barred for each reason of `BARRED_AS`; as many as there are.
    """
    why = [np.full(len(nodes), at, np.int8) for at, nodes in enumerate(groups)]
    nodes, first = np.unique(np.concatenate([*groups, np.empty(0, np.int32)]), return_index=True)
    return Barred(nodes.astype(np.int32), np.concatenate([*why, np.empty(0, np.int8)])[first])
