"""What every recommender is: seeds and a view of the ties in, candidates with named components out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from graphleads.graph.view import TieView


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Companies that a recommender found, each with its score.

    Attributes:
        nodes: int32[n], company nodes, ascending and distinct.
        scores: float64[n], above or at 0; the higher, the better.
        components: Of each component of the scores its part, float64[n]; they sum to the scores.
    """

    nodes: NDArray[np.int32]
    scores: NDArray[np.float64]
    components: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePath:
    """A way from a seed to a candidate, over which a part of the candidate's score came.

    Attributes:
        nodes: From the seed to the candidate.
        edges: Rows of the snapshot's edges, one between each two nodes.
        points: The part of the score that came this way, in the score's own unit.
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    points: float


class Recommender(Protocol):
    """Finds companies near some others. Safe to share between threads.

    Attributes:
        name: What it is called in settings and components.
        citation: The paper, standard or reason that it rests on.
    """

    name: str
    citation: str

    @property
    def config(self) -> BaseModel:
        """Its settings, which refuse unknown names."""

    def recommend(self, seeds: NDArray[np.int32], view: TieView) -> Candidates:
        """Return the companies near some seeds, the seeds themselves among them or not.

        The same seeds in any order, and however often each, give the same candidates; nothing that is handed in is
        changed.

        Args:
            seeds: int32[n_seeds], company nodes.
            view: The ties of the day, and the snapshot.

        Raises:
            ValueError: If there are no seeds, or one of them is no company's node.
        """


@runtime_checkable
class PathRecommender(Recommender, Protocol):
    """A recommender that can say over which paths its scores came."""

    def paths(self, candidates: Candidates, companies: NDArray[np.int32], limit: int) -> Sequence[Sequence[ScorePath]]:
        """Return up to `limit` paths to each of some candidates, those that carried most first, ties by node.

        To be asked in the thread that asked for the candidates, and before it asks for others. The points of all paths
        to a candidate sum to its score; where every way to it is too long for a path, there are none.
        """


def distinct_seeds(seeds: NDArray[np.int32], n_companies: int) -> NDArray[np.int32]:
    """Return seeds ascending, each once.

    Raises:
        ValueError: If there are none, or one of them is no company's node.
    """
    if len(seeds) == 0:
        raise ValueError("at least one seed is needed")
    distinct = np.unique(seeds).astype(np.int32)
    if distinct[0] < 0 or distinct[-1] >= n_companies:
        raise ValueError(f"seeds are nodes of companies, 0 to {n_companies - 1:,}")
    return distinct
