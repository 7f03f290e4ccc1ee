"""What may be set of matching."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class MatchConfig(BaseModel):
    """When a match is used, and how far it is looked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sure: float = Field(default=0.95, gt=0.5, le=1, description="Probability from which a match is used unasked.")
    unsure: float = Field(default=0.2, gt=0, lt=1, description="Probability below which nothing is offered at all.")
    possible: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="Probability from which another company of an unsure match is withheld too.",
    )
    n_candidates: int = Field(default=30, ge=1, le=200, description="How many companies of like names are weighed.")
