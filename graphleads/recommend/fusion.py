"""Several recommenders' candidates made one list, whatever order they come in.

Reference:
    Cormack, Clarke, Büttcher. Reciprocal rank fusion outperforms Condorcet and individual rank learning methods.
    SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from graphleads.recommend.base import Candidates


class FusionConfig(BaseModel):
    """How the scores of several recommenders become one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Literal["weighted_sum", "reciprocal_rank"] = Field(
        default="weighted_sum", description="Whether scores are added, or the inverse of the ranks."
    )
    weights: dict[str, float] = Field(
        default_factory=dict, description="What a recommender's part is multiplied by; 1 where nothing is said."
    )
    rank_constant: int = Field(
        default=60,
        ge=0,
        description="What is added to a rank before it is inverted: the more, the more alike ranks count.",
    )


def fuse(parts: Mapping[str, Candidates], config: FusionConfig) -> Candidates:
    """Return the candidates of all recommenders, with each one's components multiplied by its weight.

    Args:
        parts: Candidates by the name of the recommender.
        config: How. One recommender of weight 1 stays as it is, by the rule `weighted_sum`.
    """
    if len(parts) == 1 and config.rule == "weighted_sum":
        ((name, only),) = parts.items()
        if config.weights.get(name, 1.0) == 1.0:
            return only
    nodes = np.unique(np.concatenate([np.zeros(0, np.int32), *(one.nodes for one in parts.values())]))
    components: dict[str, NDArray[np.float64]] = {}
    # In the order of the names, since a sum of floats depends on its order.
    for name, one in sorted(parts.items()):
        place = np.searchsorted(nodes, one.nodes)
        for component, scores in _RULES[config.rule](name, one, config).items():
            components[component] = np.zeros(len(nodes))
            components[component][place] = scores * config.weights.get(name, 1.0)
    scores = np.sum([np.zeros(len(nodes)), *components.values()], axis=0)
    return Candidates(nodes=nodes, scores=scores, components=components)


def _as_scored(name: str, candidates: Candidates, _: FusionConfig) -> dict[str, NDArray[np.float64]]:
    return {_component(name, component): scores for component, scores in candidates.components.items()}


def _as_ranked(name: str, candidates: Candidates, config: FusionConfig) -> dict[str, NDArray[np.float64]]:
    """Return the inverse of the ranks; equal scores have the same one."""
    falling = np.sort(-candidates.scores)
    rank = 1 + np.searchsorted(falling, -candidates.scores)
    return {name: 1.0 / (config.rank_constant + rank)}


_Rule = Callable[[str, Candidates, FusionConfig], dict[str, NDArray[np.float64]]]
_RULES: Mapping[str, _Rule] = {"weighted_sum": _as_scored, "reciprocal_rank": _as_ranked}


def _component(name: str, component: str) -> str:
    return name if component == name else f"{name}.{component}"
