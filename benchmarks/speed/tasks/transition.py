"""The graph that a walk follows, as a sparse matrix of probabilities for whoever iterates over it whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graphleads.graph.snapshot import Snapshot


def transitions(snapshot: Snapshot, *, through: NDArray[np.float32] | float) -> Any:
    """Return csr_array[n_nodes, n_nodes]: how likely a walk that goes on from a node goes to another.

    Args:
        snapshot: The snapshot.
        through: The part of a walk that each node passes on, in (0, 1]; float32[n_nodes], or the same for all.
    """
    walk, n = snapshot.walk, snapshot.n_nodes
    passed = through / np.where(walk.degree > 0, walk.degree, 1).astype(np.float64)
    spread = walk.weight * np.repeat(passed, np.diff(walk.indptr))
    parts = (spread, walk.neighbor, walk.indptr)
    return csr_array(tuple(np.ascontiguousarray(part) for part in parts), shape=(n, n))
