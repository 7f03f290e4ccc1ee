"""What a team has said: its customers, claims and exclusions, and whom they bar; a little changes at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphleads.identity.resolve import Resolver, Unresolved
from graphleads.ids import EntityId
from graphleads.leads.exclusions import Exclusion
from graphleads.model import Claim, CustomerRecord, Match
from graphleads.recommend.barred import Barred, bar
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.bars import Bars
from graphleads.workspace.taken import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a team has said; whoever holds it keeps it as it was.

    Attributes:
        resolver: Says which id a company has now, and its node.
        accounts: The customers.
        taken: The claims and exclusions.
        bars: The companies of both that are never leads.
    """

    resolver: Resolver = field(default_factory=Unresolved)
    accounts: Accounts = field(default_factory=Accounts)
    taken: Taken = field(default_factory=Taken)
    bars: Bars | None = field(default=None, compare=False)

    @property
    def barred(self) -> Barred:
        """The companies that are never leads, as nodes."""
        return bar() if self.bars is None else self.bars.look_up()

    def with_customers(
        self, keys: Collection[str] | None, customers: Collection[CustomerRecord], matches: Mapping[str, Match]
    ) -> Said:
        """Return what is said with some customers as they are now.

        Args:
            keys: Their external ids; None for all that there are or were.
            customers: Those of them that are there.
            matches: How those of them stand that were matched.
        """
        if keys is None:
            there = (one.external_id for one in customers)
            keys = {*self.accounts.records, *self.accounts.matches, *there, *matches}
        accounts, touched = self.accounts.changed(keys, customers, matches)
        return replace(self, accounts=accounts)._bar(touched)

    def with_taken(
        self, keys: Collection[EntityId] | None, claims: Collection[Claim], exclusions: Collection[Exclusion]
    ) -> Said:
        """Return what is said with some companies taken as they are now.

        Args:
            keys: Their ids; None for all that are or were taken.
            claims: The claims on them.
            exclusions: The exclusions of them.
        """
        if keys is None:
            keys = {*self.taken.claimed, *self.taken.excluded}
            keys |= {one.company for one in claims} | {one.company for one in exclusions}
        now = self.resolver.ids_now(keys)
        return replace(self, taken=self.taken.changed(now, claims, exclusions))._bar(now.values())

    def _bar(self, touched: Iterable[EntityId]) -> Said:
        """Return what is said with those companies barred that are, of some that were or are named."""
        sets = (self.accounts.companies, self.accounts.withheld, self.taken.companies)
        why = {company: next((at for at, one in enumerate(sets) if company in one), -1) for company in touched}
        return replace(self, bars=(self.bars or Bars(self.resolver)).changed(why))
