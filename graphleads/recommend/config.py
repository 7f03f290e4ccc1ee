"""How the ranking walks and what a page of leads looks like."""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field

from graphleads.graph.config import WalkConfig


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProximityConfig(_Config):
    """Settings of the walk from the won customers."""

    damping: float = Field(
        default=0.85,
        gt=0,
        lt=1,
        description="Probability that the walk goes on instead of starting again at a customer.",
    )
    tolerance: float = Field(
        default=2e-5,
        gt=0,
        lt=1,
        description="The walk stops when no node holds more unspread mass per unit of degree, around ten customers.",
    )
    walk: WalkConfig = Field(default=WalkConfig(), description="Weights and caps of the walk.")

    def tolerance_around(self, n_seeds: int) -> float:
        """Return the tolerance of a walk from some seeds: the more there are, the less each of them has to spread."""
        return self.tolerance * min(1.0, math.sqrt(10 / n_seeds))


class RecommendConfig(_Config):
    """Settings of the ranking."""

    proximity: ProximityConfig = Field(default=ProximityConfig(), description="The walk from the won customers.")
    family_max: int = Field(
        default=3,
        ge=1,
        description="At most so many companies of one corporate family come before all others are shown.",
    )
    n_reasons: int = Field(default=3, ge=1, le=10, description="Reasons shown for a lead at most.")
    max_hops: int = Field(default=6, ge=1, le=10, description="A reason longer than this many steps is not shown.")
    n_ignored: int = Field(default=20, ge=0, le=1000, description="How many ignored neighbours are listed at most.")
