"""What meets in a merge: two claims, or a claim and an exclusion, of companies that turned out to be one.

Nothing is decided by the merge itself: the conflict is listed, the earliest claim counts until somebody settles it, and
settling appends what ended to the events of both ids, as a release or an inclusion does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphleads.db.session import Session
from graphleads.errors import NotFound
from graphleads.ids import EntityId
from graphleads.leads.claims import Claims
from graphleads.leads.exclusions import Exclusion, Exclusions
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


def settle_for_claim(session: Session, conflict: LeadsInConflict, number: int) -> Claim:
    """Keep one claim: end every other one, take every exclusion back, and return the claim.

    Raises:
        NotFound: If the conflict has no such claim.
    """
    kept = next((one for one in conflict.claims if one.id == number), None)
    if kept is None:
        raise NotFound(f"There is no claim {number} on {conflict.company}.")
    with session.at_once() as settling:
        for other in conflict.claims:
            if other.id != number:
                Claims(settling).release_number(other.id)
        for exclusion in conflict.exclusions:
            Exclusions(settling).include(exclusion.company)
    return kept


def settle_for_exclusion(session: Session, conflict: LeadsInConflict) -> Exclusion:
    """Keep the exclusion: end every claim, and return the exclusion.

    Raises:
        NotFound: If the conflict has none.
    """
    if not conflict.exclusions:
        raise NotFound(f"{conflict.company} is not excluded.")
    with session.at_once() as settling:
        for claim in conflict.claims:
            Claims(settling).release_number(claim.id)
    return conflict.exclusions[0]
