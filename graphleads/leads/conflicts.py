"""What meets in a merge: two claims, or a claim and an exclusion, of companies that turned out to be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphleads.ids import EntityId
from graphleads.leads.exclusions import Exclusion
from graphleads.model import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsInConflict:
    """A company that is claimed twice, or claimed and excluded, under ids that are one now.

    Attributes:
        company: The id that it has now.
        claims: Its claims, the earliest first: that one counts until the conflict is settled.
        exclusions: Its exclusions, by the id under which they were made.
    """

    company: EntityId
    claims: tuple[Claim, ...]
    exclusions: tuple[Exclusion, ...] = ()


def find_conflicts(
    claims: Iterable[Claim], exclusions: Iterable[Exclusion], now: Mapping[EntityId, EntityId]
) -> list[LeadsInConflict]:
    """Return the companies on which there is more than one claim, or a claim and an exclusion, by their ids.

    Args:
        claims: The current ones, oldest first.
        exclusions: The current ones.
        now: The id that each of their companies has now.
    """
    claimed: dict[EntityId, list[Claim]] = {}
    for claim in claims:
        claimed.setdefault(now[claim.company], []).append(claim)
    excluded: dict[EntityId, list[Exclusion]] = {}
    for exclusion in exclusions:
        excluded.setdefault(now[exclusion.company], []).append(exclusion)
    return [
        LeadsInConflict(company=company, claims=tuple(found), exclusions=tuple(excluded.get(company, ())))
        for company, found in sorted(claimed.items())
        if len(found) > 1 or company in excluded
    ]
