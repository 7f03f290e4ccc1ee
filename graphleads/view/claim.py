"""Claims and exclusions as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphleads.view.page import page_behind

if TYPE_CHECKING:
    from graphleads.ids import EntityId
    from graphleads.leads.exclusions import Exclusion
    from graphleads.model import Claim
    from graphleads.view.shape import ClaimAnswer, ClaimsAnswer, ExclusionAnswer, ExclusionsAnswer


def claims_object(claims: Sequence[Claim], *, after: int | None, limit: int) -> ClaimsAnswer:
    """Return claims, the oldest first, as many as were asked for behind one of them."""
    shown, following = page_behind(claims, lambda one: one.id, after=after, limit=limit)
    return {"items": [claim_object(one) for one in shown], "next": following}


def exclusions_object(exclusions: Sequence[Exclusion], *, after: EntityId | None, limit: int) -> ExclusionsAnswer:
    """Return exclusions by company, as many as were asked for behind one of them."""
    shown, following = page_behind(exclusions, lambda one: one.company, after=after, limit=limit)
    return {"items": [exclusion_object(one) for one in shown], "next": following}


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
