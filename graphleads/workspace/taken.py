"""What is claimed and what is excluded, under whichever id, of which a little changes at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphleads.ids import EntityId
from graphleads.leads.exclusions import Exclusion
from graphleads.model import Claim
from graphleads.workspace.companies import Companies
from graphleads.workspace.patched import Patched


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The current claims and exclusions; nobody changes them.

    Attributes:
        claimed: The claims by the id under which each was made.
        excluded: The exclusions by the id under which each was made.
        companies: The companies of both, by the ids that they have now.
    """

    claimed: Patched[EntityId, Claim] = field(default_factory=Patched)
    excluded: Patched[EntityId, Exclusion] = field(default_factory=Patched)
    companies: Companies = field(default_factory=Companies)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, oldest first."""
        return tuple(sorted(self.claimed.whole().values(), key=lambda one: one.id))

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The exclusions by the id under which each was made."""
        return tuple(one for _, one in sorted(self.excluded.whole().items()))

    def claims_on(self, company: EntityId) -> list[Claim]:
        """Return the claims of a company, by the id that it has now, the one that counts first."""
        found = (self.claimed.get(key) for key in self.companies.said_by(company))
        return sorted((one for one in found if one is not None), key=lambda one: one.id)

    def exclusions_of(self, company: EntityId) -> list[Exclusion]:
        """Return the exclusions of a company, by the id that it has now, in the order of their own ids."""
        found = (self.excluded.get(key) for key in self.companies.said_by(company))
        return [one for one in found if one is not None]

    def changed(
        self, now: Mapping[EntityId, EntityId], claims: Iterable[Claim], exclusions: Iterable[Exclusion]
    ) -> Taken:
        """Return what is taken with some companies as they are now.

        Args:
            now: The ids of those companies, and which id each has now.
            claims: The claims on them.
            exclusions: The exclusions of them.
        """
        after = replace(
            self,
            claimed=self.claimed.patched(dict.fromkeys(now) | {one.company: one for one in claims}),
            excluded=self.excluded.patched(dict.fromkeys(now) | {one.company: one for one in exclusions}),
        )
        return replace(after, companies=self.companies.changed(_says(self, now), _says(after, now)))


def _says(taken: Taken, now: Mapping[EntityId, EntityId]) -> dict[str, tuple[EntityId, ...]]:
    return {key: (company,) for key, company in now.items() if key in taken.claimed or key in taken.excluded}
