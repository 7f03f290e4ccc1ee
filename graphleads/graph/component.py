"""What hangs together: the connected components of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def label_components(left: NDArray[np.integer[Any]], right: NDArray[np.integer[Any]], n: int) -> NDArray[np.int32]:
    """Return int32[n], a label that the numbers below `n` share which some chain of pairs joins.

    Args:
        left: int[n_pairs].
        right: int[n_pairs].
        n: How many numbers there are.
    """
    # Only a build needs it, and every command would wait for it.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(n, n))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels.astype(np.int32)
