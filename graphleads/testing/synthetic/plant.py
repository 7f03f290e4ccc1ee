"""Leads planted near the won customers, and decoys that only look near.

A planted lead is tied by what a salesperson would call an introduction: an owner or parent in common, a director who
also shares a phone or mail domain, a human being whom the register knows twice. A decoy is tied by nothing but a
nominee, a formation agent's address, somebody of the same name, an office that has ended, or is dissolved itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from graphleads.testing.synthetic.arrays import ADDRESS, EMAIL_DOMAIN, NOBODY, OBSERVED, PHONE, Register
from graphleads.testing.synthetic.draft import Draft
from graphleads.testing.synthetic.near import Pools, draw_pools
from graphleads.testing.synthetic.words import ODD_NAMES, SCRIPT_NAME

DECOYS_EACH = 2
"""Decoys near one customer, fewer in small registers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A company tied to a customer on purpose.

    Attributes:
        company: The lead or decoy.
        customer: The won customer's company.
        reason: The kind of tie.
        through: The person or company that the tie leads through, NOBODY if it is direct or through an address.
    """

    company: int
    customer: int
    reason: str
    through: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planting:
    """What was planted: the companies of won customers and of the others, the leads, and the decoys."""

    won: tuple[int, ...]
    others: tuple[int, ...]
    leads: tuple[Plant, ...]
    decoys: tuple[Plant, ...]


@dataclass(slots=True, kw_only=True)
class _Site:
    """Where one customer's leads and decoys are planted."""

    draft: Draft
    pools: Pools
    customer: int
    turn: int
    parent: int = NOBODY

    @property
    def officer(self) -> int:
        """The customer's first officer."""
        return int(self.pools.officer[self.customer])

    def day(self, company: int) -> int:
        """Return the first day on which both the customer and the company are there."""
        incorporated = self.draft.register.companies.incorporated
        return int(max(incorporated[self.customer], incorporated[company]))

    def born(self, company: int) -> int:
        """Return the day of a company's incorporation."""
        return int(self.draft.register.companies.incorporated[company])

    def decoy(self, company: int, kind: str, through: int) -> Plant:
        """Return a decoy of this customer."""
        return Plant(company=company, customer=self.customer, reason=kind, through=through)


def plant(rng: np.random.Generator, register: Register, *, n_won: int, n_others: int) -> Planting:
    """Change a register so that leads and decoys stand near its won customers, and return which.

    Args:
        rng: The source of chance.
        register: Its people, roles, interests and contact points change, and some odd names are added.
        n_won: How many won customers there are, 4 or more; they take turns with the recipes and decoys.
        n_others: How many open and lost ones, near which nothing is planted.
    """
    draft, pools = Draft(register), draw_pools(rng, register)
    won = [next(pools.ordinary) for _ in range(n_won)]
    sites = [_Site(draft=draft, pools=pools, customer=customer, turn=turn) for turn, customer in enumerate(won)]
    leads = [lead for site in sites for lead in _plant_leads(site)]
    decoys = [decoy for site in sites for decoy in _plant_decoys(site)]
    draft.apply()
    register.odd_names |= dict(zip(won, ODD_NAMES, strict=False))
    register.odd_names[next(lead.company for lead in leads if lead.reason == "second_record")] = SCRIPT_NAME
    others = tuple(next(pools.ordinary) for _ in range(n_others))
    return Planting(won=tuple(won), others=others, leads=tuple(leads), decoys=tuple(decoys))


def _plant_leads(site: _Site) -> list[Plant]:
    leads = []
    for reason in RECIPES[site.turn % len(RECIPES)]:
        lead = next(site.pools.ordinary)
        through = _LEADS[reason](site, lead)
        leads.append(Plant(company=lead, customer=site.customer, reason=reason, through=through))
    return leads


def _director_and_phone(site: _Site, lead: int) -> int:
    site.draft.appoint(lead, site.officer, site.day(lead))
    site.draft.share_contact(site.customer, lead, PHONE)
    return site.officer


def _director_and_email_domain(site: _Site, lead: int) -> int:
    site.draft.appoint(lead, site.officer, site.day(lead))
    site.draft.share_contact(site.customer, lead, EMAIL_DOMAIN)
    return site.officer


def _same_owner(site: _Site, lead: int) -> int:
    for company in (site.customer, lead):
        site.draft.sell(company, site.officer, site.day(lead))
    return site.officer


def _second_record(site: _Site, lead: int) -> int:
    record = site.draft.record_again(site.officer)
    site.draft.appoint(lead, record, site.day(lead))
    site.draft.sell(lead, record, site.day(lead))
    return record


def _subsidiary(site: _Site, lead: int) -> int:
    site.draft.sell(lead, site.customer, site.day(lead))
    return NOBODY


def _parent(site: _Site, lead: int) -> int:
    site.draft.sell(site.customer, lead, site.day(lead))
    site.parent = lead
    return NOBODY


def _sister(site: _Site, lead: int) -> int:
    site.draft.sell(lead, site.parent, max(site.day(lead), site.born(site.parent)))
    return site.parent


_LEADS: dict[str, Callable[[_Site, int], int]] = {
    "director_and_phone": _director_and_phone,
    "director_and_email_domain": _director_and_email_domain,
    "same_owner": _same_owner,
    "second_record": _second_record,
    "subsidiary": _subsidiary,
    "parent": _parent,
    "sister": _sister,
}

RECIPES = (
    ("director_and_phone",),
    ("same_owner", "director_and_email_domain"),
    ("parent", "sister"),
    ("subsidiary", "second_record"),
    ("director_and_email_domain",),
    ("parent", "sister", "sister", "director_and_phone"),
    ("second_record", "director_and_phone"),
    ("subsidiary", "same_owner"),
)
"""What is planted near one customer, two leads on average. A sister follows the parent that she shares."""


def _plant_decoys(site: _Site) -> list[Plant]:
    return list(_DECOYS[site.turn % len(_DECOYS)](site))


def _nominee(site: _Site) -> Iterator[Plant]:
    nominees = site.draft.register.nominees
    nominee = int(nominees[site.turn // len(_DECOYS) % len(nominees)])
    site.draft.appoint(site.customer, nominee, site.born(site.customer))
    for shell in islice(site.pools.shells[nominee], DECOYS_EACH):
        yield site.decoy(shell, "nominee", nominee)


def _agent_address(site: _Site) -> Iterator[Plant]:
    register = site.draft.register
    agent = int(register.agents[site.turn // len(_DECOYS) % len(register.agents)])
    site.draft.receive_mail_at(site.customer, agent)
    for shell in islice(site.pools.shells[int(register.contact_thing(ADDRESS, agent))], DECOYS_EACH):
        yield site.decoy(shell, "agent_address", NOBODY)


def _namesake(site: _Site) -> Iterator[Plant]:
    name, first = site.draft.register.people.name, len(site.draft.register.companies)
    for company in islice(site.pools.hermits, DECOYS_EACH):
        other = int(site.pools.officer[company])
        name[other - first] = name[site.officer - first]
        yield site.decoy(company, "namesake", other)


def _ended_role(site: _Site) -> Iterator[Plant]:
    for company in islice(site.pools.hermits, DECOYS_EACH):
        start = site.born(company)
        site.draft.appoint(company, site.officer, start, (start + OBSERVED) // 2)
        yield site.decoy(company, "ended_role", site.officer)


def _dissolved(site: _Site) -> Iterator[Plant]:
    for company in islice(site.pools.dead, DECOYS_EACH):
        site.draft.appoint(company, site.officer, site.born(company))
        site.draft.sell(company, site.officer, site.born(company))
        yield site.decoy(company, "dissolved", site.officer)


_DECOYS: tuple[Callable[[_Site], Iterator[Plant]], ...] = (
    _nominee,
    _agent_address,
    _namesake,
    _ended_role,
    _dissolved,
)
