"""How runs are kept."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RunsConfig(BaseModel):
    """How long runs are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep_days: int | None = Field(
        default=365,
        ge=1,
        le=36_500,
        description="Days that a run is kept after it was last shown; pinned ones stay, and null keeps all.",
    )
