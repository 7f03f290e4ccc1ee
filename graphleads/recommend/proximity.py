"""Personalised PageRank from the won customers by local push: it costs what it touches, not what the register holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graphleads.recommend.ties import History, Ties, make_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Proximity:
    """How near each touched node is to the seeds.

    Attributes:
        nodes: int32[n_touched], ascending.
        mass: float64[n_touched], the probability that the walk is at the node; they sum to at most 1.
    """

    nodes: NDArray[np.int32]
    mass: NDArray[np.float64]


class Scratch(NamedTuple):
    """Work space of the push, as large as the graph and clean between queries; one a thread.

    Attributes:
        mass: float64[n_nodes], spread so far.
        residual: float64[n_nodes], still to be spread.
        queue: int32[n_nodes], the nodes to be pushed.
        state: uint8[n_nodes], 1 touched, 2 queued.
        touched: int32[n_nodes].
    """

    mass: NDArray[np.float64]
    residual: NDArray[np.float64]
    queue: NDArray[np.int32]
    state: NDArray[np.uint8]
    touched: NDArray[np.int32]


def make_scratch(n_nodes: int) -> Scratch:
    """Return clean work space for a graph; untouched pages of it cost no memory."""
    return Scratch(
        mass=np.zeros(n_nodes, np.float64),
        residual=np.zeros(n_nodes, np.float64),
        queue=np.empty(n_nodes, np.int32),
        state=np.zeros(n_nodes, np.uint8),
        touched=np.empty(n_nodes, np.int32),
    )


def personalized_pagerank(
    ties: Ties,
    history: History,
    *,
    seeds: NDArray[np.int32],
    damping: float = 0.85,
    tolerance: float = 1e-6,
    scratch: Scratch | None = None,
) -> Proximity:
    """Return how often a random walk that restarts at the seeds visits each node near them.

    Args:
        ties: The ties in force.
        history: What dated rows are made of.
        seeds: int32[n_seeds], distinct nodes; each restart takes one of them, all alike.
        damping: Probability of following a tie instead of restarting, in (0, 1).
        tolerance: Stop when no node holds more than `tolerance × weighted degree` of unspread mass.
        scratch: Work space to use again.

    Returns:
        The touched nodes; what is missing to a sum of 1 is what hubs did not pass on.

    Raises:
        ValueError: If there are no seeds.

    Reference:
        Andersen, Chung, Lang. Local graph partitioning using PageRank vectors. FOCS 2006.
    """
    if len(seeds) == 0:
        raise ValueError("at least one seed is needed")
    space = scratch or make_scratch(len(ties.begin))
    n = _push(ties, history, np.sort(seeds), damping, tolerance, space)
    nodes = np.sort(space.touched[:n])
    # What was not spread yet stands where it is: a node keeps 1 − damping of its residual at least.
    mass = space.mass[nodes] + (1 - damping) * space.residual[nodes]
    for array in (space.mass, space.residual, space.state):
        array[nodes] = 0
    return Proximity(nodes=nodes, mass=mass)


@njit(cache=True)
def _push(
    ties: Ties, history: History, seeds: NDArray[np.int32], damping: float, tolerance: float, space: Scratch
) -> int:
    mass, residual, queue, state, touched = space
    n_touched, head, n_queued = 0, 0, 0
    for seed in seeds:
        residual[seed] += 1.0 / len(seeds)
        touched[n_touched] = seed
        n_touched += 1
        state[seed] = 2
        queue[n_queued] = seed
        n_queued += 1
    while n_queued > 0:
        node = queue[head]
        head = (head + 1) % len(queue)
        n_queued -= 1
        state[node] = 1
        make_row(node, ties, history)
        spread = residual[node]
        residual[node] = 0.0
        mass[node] += (1 - damping) * spread
        if ties.degree[node] <= 0:
            continue
        passed = damping * ties.through[node] * spread / ties.degree[node]
        for slot in range(ties.begin[node], ties.end[node]):
            other = ties.neighbor[slot]
            residual[other] += passed * ties.weight[slot]
            if state[other] == 0:
                state[other] = 1
                touched[n_touched] = other
                n_touched += 1
                make_row(other, ties, history)
            if state[other] == 1 and residual[other] > tolerance * ties.degree[other]:
                state[other] = 2
                queue[(head + n_queued) % len(queue)] = other
                n_queued += 1
    return n_touched
