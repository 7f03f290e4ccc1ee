"""Claims and exclusions as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphleads.ids import EntityId
    from graphleads.leads.exclusions import Exclusion
    from graphleads.model import Claim
    from graphleads.view.shape import ClaimAnswer, ExclusionAnswer


def claim_object(claim: Claim) -> ClaimAnswer:
    """Return who works on a company, and where it was offered."""
    return {
        "id": claim.id,
        "team": claim.team,
        "company": claim.company,
        "owner": claim.owner,
        "claimed_at": claim.claimed_at,
        "run": claim.run,
        "rank": claim.rank,
        "score": claim.score,
    }


def exclusion_object(exclusion: Exclusion) -> ExclusionAnswer:
    """Return a company that is not offered."""
    return {
        "team": exclusion.team,
        "company": exclusion.company,
        "reason": exclusion.reason,
        "by": exclusion.by,
        "excluded_at": exclusion.excluded_at,
    }


def named_object(said: ClaimAnswer | ExclusionAnswer, names: Mapping[EntityId, str]) -> dict[str, Any]:
    """Return a claim or an exclusion with what its company is called, null where no register has it."""
    return {**said, "name": names.get(said["company"])}
