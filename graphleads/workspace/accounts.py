"""The customers of a team and how each stands to the registers, of which a few change at a time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.text import same_names
from graphleads.workspace.companies import Companies, Sayings
from graphleads.workspace.patched import Patched
from graphleads.workspace.standing import FOUND, Standing

_Item = TypeVar("_Item")

_CURRENT = (CustomerStatus.WON, CustomerStatus.OPEN)
_LOST = (CustomerStatus.LOST,)

_FEW = 50
"""Changes of an ordered tuple up to which each is put in its place by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The customers, and how each stands to a company, by external id; nobody changes them.

    Attributes:
        records: The customers.
        matches: How those stand that were matched.
        companies: The companies of won and open customers; never leads.
        lost: The companies of lost customers.
        withheld: The companies of matches that nobody has decided; never leads.
        unsure: Those matches, by external id.
        seeds: The companies of each owner's won customers, sorted; of everybody's by None.
    """

    records: Patched[str, CustomerRecord] = field(default_factory=Patched)
    matches: Patched[str, Match] = field(default_factory=Patched)
    companies: Companies = field(default_factory=Companies)
    lost: Companies = field(default_factory=Companies)
    withheld: Companies = field(default_factory=Companies)
    unsure: tuple[Match, ...] = ()
    seeds: Patched[str | None, tuple[EntityId, ...]] = field(default_factory=Patched)

    @property
    def customers(self) -> tuple[CustomerRecord, ...]:
        """The customers by external id."""
        return tuple(one for _, one in sorted(self.records.whole().items()))

    def standing(self, owner: str | None = None) -> Standing:
        """Return what the ranking is told about them: around an owner's won customers, or everybody's."""
        return Standing(
            seeds=self.seeds.get(None, ()) if owner is None else self._seeds_of(owner),
            customers=self.companies,
            unsure=self.unsure,
            withheld=self.withheld,
        )

    def _seeds_of(self, owner: str) -> tuple[EntityId, ...]:
        """Return the companies of an owner's won customers, however the CRM writes the owner."""
        spelled = same_names(owner, self.seeds)
        if len(spelled) == 1:
            return self.seeds[spelled.pop()]
        return tuple(sorted({company for one in spelled for company in self.seeds[one]}))

    def customers_at(self, company: EntityId) -> list[CustomerRecord]:
        """Return the won and open customers that are a company, by external id."""
        return [self.records[key] for key in self.companies.said_by(company)]

    def all_at(self, company: EntityId) -> list[tuple[CustomerRecord, Match]]:
        """Return the customers that a company is, was or may be, and how each stands to it; lost ones last."""
        keys = (key for said in (self.companies, self.withheld, self.lost) for key in said.said_by(company))
        return [(self.records[key], self.matches[key]) for key in dict.fromkeys(keys)]

    def changed(
        self, keys: Collection[str], customers: Iterable[CustomerRecord], matches: Mapping[str, Match]
    ) -> tuple[Accounts, set[EntityId]]:
        """Return these accounts with some customers as they are now, and the companies that were or are theirs.

        Args:
            keys: Their external ids.
            customers: Those of them that are there.
            matches: How those of them stand that were matched.
        """
        nothing = dict.fromkeys(keys)
        records = {**nothing, **{one.external_id: one for one in customers}}
        after = replace(
            self, records=self.records.patched(records), matches=self.matches.patched({**nothing, **matches})
        )
        found = _found(self, keys, _CURRENT), _found(after, keys, _CURRENT)
        lost = _found(self, keys, _LOST), _found(after, keys, _LOST)
        unsure = _unsure(self, keys), _unsure(after, keys)
        doubted = _doubted(unsure[0]), _doubted(unsure[1])
        after = replace(
            after,
            companies=self.companies.changed(*found),
            lost=self.lost.changed(*lost),
            withheld=self.withheld.changed(*doubted),
            unsure=_exchange(self.unsure, *unsure, lambda one: one.customer),
        )
        after = replace(after, seeds=self.seeds.patched(_changed_seeds(self, after, _named(*found))))
        return after, _named(*found, *doubted)


def _named(*says: Sayings) -> set[EntityId]:
    return {company for said in says for companies in said.values() for company in companies}


def _found(
    accounts: Accounts, keys: Iterable[str], statuses: Collection[CustomerStatus]
) -> dict[str, tuple[EntityId, ...]]:
    """Return the company that each customer is, of those that stand so and have one."""
    if not accounts.matches:
        return {}
    matched = ((key, accounts.records.get(key), accounts.matches.get(key)) for key in keys)
    return {
        key: (match.company,)
        for key, record, match in matched
        if match is not None
        and match.company is not None
        and match.state in FOUND
        and record is not None
        and record.status in statuses
    }


def _unsure(accounts: Accounts, keys: Iterable[str]) -> list[Match]:
    found = (accounts.matches.get(key) for key in keys) if accounts.matches else ()
    return [one for one in found if one is not None and one.company and one.state is MatchState.UNSURE]


def _doubted(unsure: Iterable[Match]) -> dict[str, tuple[EntityId, ...]]:
    """Return the companies that each customer may be."""
    return {one.customer: tuple(company for company in (one.company, *one.others) if company) for one in unsure}


def _changed_seeds(
    before: Accounts, after: Accounts, touched: Iterable[EntityId]
) -> dict[str | None, tuple[EntityId, ...] | None]:
    """Return the seeds of every owner whose seeds are others now."""
    gone: dict[str | None, list[EntityId]] = {}
    come: dict[str | None, list[EntityId]] = {}
    for company in touched:
        had, has = _owners(before, company), _owners(after, company)
        for owner in had - has:
            gone.setdefault(owner, []).append(company)
        for owner in has - had:
            come.setdefault(owner, []).append(company)
    return {
        owner: _exchange(before.seeds.get(owner, ()), gone.get(owner, ()), come.get(owner, ()), str) or None
        for owner in gone.keys() | come.keys()
    }


def _owners(accounts: Accounts, company: EntityId) -> set[str | None]:
    """Return for whom a company is a seed: whoever has a won customer that it is, and then everybody."""
    won = (one for one in accounts.customers_at(company) if one.status is CustomerStatus.WON)
    return {owner for one in won for owner in (one.owner, None)}


def _exchange(
    items: tuple[_Item, ...], gone: Collection[_Item], come: Collection[_Item], key: Callable[[_Item], str]
) -> tuple[_Item, ...]:
    """Return items in the order of their keys, without those that are gone, with those that have come."""
    if not gone and not come:
        return items
    if len(gone) + len(come) > _FEW:
        without = {key(one) for one in gone}
        return tuple(sorted([*(one for one in items if key(one) not in without), *come], key=key))
    kept = list(items)
    for one in gone:
        del kept[bisect_left(kept, key(one), key=key)]
    for one in come:
        insort(kept, one, key=key)
    return tuple(kept)
