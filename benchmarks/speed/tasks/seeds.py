"""Companies to look around, drawn by a seed, so that every program is asked the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphleads.graph.snapshot import Snapshot


def draw_seeds(snapshot: Snapshot, n_sets: int, size: int, *, seed: int = 1) -> list[NDArray[np.int32]]:
    """Return sets of companies that a walk can leave, as sorted nodes; without such ties an answer costs nothing.

    Args:
        snapshot: The snapshot.
        n_sets: How many sets.
        size: Companies a set.
        seed: Of the generator of chance.
    """
    tied = np.flatnonzero(snapshot.walk.degree[: snapshot.n_companies] > 0).astype(np.int32)
    rng = np.random.default_rng(seed)
    return [np.sort(rng.choice(tied, size, replace=False, shuffle=False)) for _ in range(n_sets)]
