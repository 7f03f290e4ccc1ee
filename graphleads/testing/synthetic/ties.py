"""What ties companies together besides ordinary offices: nominees, owners, groups, addresses, phones, domains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphleads.testing.synthetic.arrays import (
    ACTIVE,
    ADDRESS,
    CONSOLIDATED,
    CONTACT,
    DIRECTOR,
    DISSOLVED,
    EMAIL_DOMAIN,
    INTEREST,
    LINK,
    MOST,
    NO_DAY,
    NOBODY,
    PHONE,
    QUARTER,
    REGISTERED,
    ROLE,
    SECRETARY,
    SUCCEEDED,
    SUPPLIES,
    WEBSITE,
    Companies,
    Numbers,
    Rows,
    make_rows,
)
from graphleads.testing.synthetic.people import pair_by_place

HUB_SHARE, HUB_MINIMUM = 0.035, 150
"""Companies of one nominee: this share of all, and never fewer than the minimum."""
SECRETARY_SHARE = 0.05
"""Share of companies whose secretary is the secretarial company."""
AGENT_SHARES = (0.08, 0.055)
"""Shares of companies at the two formation agents' addresses."""
OWNED, CO_OWNED, MINORITY = 0.65, 0.6, 0.03
"""Shares of companies owned by their first officer; of those not wholly, also by the second; partly by a company."""
BANDS = (0.25, 0.2, 0.55)
"""Shares of the interests in each band."""
VOTING, SOLD = 0.1, 0.15
"""Shares of interests that are voting rights; of the smallest ones that have ended."""
CONSOLIDATING, SUCCEEDING, SUPPLYING = 0.4, 0.03, 0.015
"""Shares of subsidiaries that are consolidated, of dissolved companies with a successor, of suppliers to a company."""
MOST_NEIGHBORS, MOST_SHARING = 40, 10
"""Companies at the most shared address that is no agent's; with the most shared phone or domain."""
WITH_PHONE, WITH_DOMAIN = 0.25, 0.2
"""Shares of companies that give a phone, an e-mail domain; every second of the latter also a web site."""


def draw_nominees(rng: np.random.Generator, companies: Companies, first: int) -> tuple[Rows, Numbers]:
    """Return the offices of nominee directors, who are numbered from `first`, and their numbers.

    Every shell has one; so do some real companies.
    """
    n = len(companies)
    size = max(HUB_MINIMUM, int(HUB_SHARE * n))
    nominees = first + np.arange(min(3, max(1, int(0.11 * n) // size)), dtype=np.int32)
    served = _serve(rng, companies, size * len(nominees))
    holder = nominees[np.arange(len(served)) % len(nominees)]
    return _office(companies, served, holder, DIRECTOR), nominees


def draw_secretary(rng: np.random.Generator, companies: Companies) -> tuple[Rows, int]:
    """Return the offices of a company that is secretary of a share of all companies, and its number."""
    n = len(companies)
    able = np.flatnonzero(~companies.shell & (companies.status == ACTIVE) & (companies.family == np.arange(n)))
    secretary = int(rng.choice(able))
    served = rng.permutation(np.delete(np.arange(n, dtype=np.int32), secretary))
    served = served[: max(HUB_MINIMUM, int(SECRETARY_SHARE * n))]
    return _office(companies, served, np.full(len(served), secretary), SECRETARY), secretary


def _serve(rng: np.random.Generator, companies: Companies, size: int) -> Numbers:
    """Return `size` companies: all shells, then real ones, mixed."""
    shells = np.flatnonzero(companies.shell)
    real = rng.permutation(np.flatnonzero(~companies.shell))[: max(0, size - len(shells))]
    return rng.permutation(np.concatenate([shells, real])).astype(np.int32)


def _office(companies: Companies, served: Numbers, holder: Numbers, kind: int) -> Rows:
    start = companies.incorporated[served]
    return make_rows(ROLE, len(served), company=served, holder=holder, kind=kind, start=start, end=NO_DAY)


def draw_interests(rng: np.random.Generator, companies: Companies, roles: Rows) -> Rows:
    """Return who owns what: officers, parents, other companies, and a few circles.

    Args:
        rng: The source of chance.
        companies: The companies.
        roles: The ordinary offices, by company.
    """
    parts = [
        *_draw_owners(rng, companies, roles),
        _own(rng, companies, companies.parent, rng.choice(3, size=len(companies), p=(0.15, 0.2, 0.65))),
        _own(rng, companies, _draw_minority(rng, len(companies)), np.full(len(companies), QUARTER)),
        _own(rng, companies, _draw_circles(rng, len(companies)), np.full(len(companies), QUARTER)),
    ]
    rows = np.concatenate(parts)
    key = rows["subject"].astype(np.int64) << 32 | rows["holder"]
    _, first = np.unique(key, return_index=True)
    return rows[np.sort(first)]


def _draw_owners(rng: np.random.Generator, companies: Companies, roles: Rows) -> tuple[Rows, Rows]:
    """Return the interests of first and of second officers."""
    n = len(companies)
    owner, second = np.full(n, NOBODY, dtype=np.int32), np.full(n, NOBODY, dtype=np.int32)
    first = np.r_[True, roles["company"][1:] != roles["company"][:-1]]
    owner[roles["company"][first]] = roles["holder"][first]
    after = np.flatnonzero(first[:-1] & ~first[1:]) + 1
    second[roles["company"][after]] = roles["holder"][after]
    owner[(companies.parent != NOBODY) | (rng.random(n) >= OWNED)] = NOBODY
    band = rng.choice(3, size=n, p=BANDS)
    second[(owner == NOBODY) | (band == MOST) | (rng.random(n) >= CO_OWNED)] = NOBODY
    return _own(rng, companies, owner, band), _own(rng, companies, second, np.full(n, QUARTER))


def _draw_minority(rng: np.random.Generator, n: int) -> Numbers:
    holder = np.full(n, NOBODY, dtype=np.int32)
    subject, other = np.split(rng.permutation(n).astype(np.int32)[: 2 * int(MINORITY * n)], 2)
    holder[subject] = other
    return holder


def _draw_circles(rng: np.random.Generator, n: int) -> Numbers:
    """Return who holds whom in circles of three: A holds B, B holds C, C holds A."""
    holder = np.full(n, NOBODY, dtype=np.int32)
    circles = rng.permutation(n).astype(np.int32)[: 3 * max(3, n // 4000)].reshape(-1, 3)
    holder[circles] = np.roll(circles, 1, axis=1)
    return holder


def _own(rng: np.random.Generator, companies: Companies, holder: Numbers, band: Numbers) -> Rows:
    """Return an interest for every company that has a holder in time; some of the minor ones have ended."""
    start, last = _since_both(companies, np.arange(len(companies)), holder), companies.last_day
    subject = np.flatnonzero((holder != NOBODY) & (start < last))
    start, last, n = start[subject], last[subject], len(subject)
    ended = (band[subject] == QUARTER) & (rng.random(n) < SOLD)
    return make_rows(
        INTEREST,
        n,
        subject=subject,
        holder=holder[subject],
        kind=rng.random(n) < VOTING,
        band=band[subject],
        start=start,
        end=np.where(ended, start + 1 + rng.random(n) * (last - start - 1), NO_DAY),
    )


def _since_both(companies: Companies, company: Numbers, other: Numbers) -> Numbers:
    """Return the day from which both are there; for people and nobody, that of the company."""
    of_other = companies.incorporated[np.clip(other, 0, len(companies) - 1)]
    of_company = companies.incorporated[company]
    is_company = (other >= 0) & (other < len(companies))
    return np.where(is_company, np.maximum(of_company, of_other), of_company)


def draw_links(rng: np.random.Generator, companies: Companies) -> Rows:
    """Return consolidated subsidiaries, successors of dissolved companies, and suppliers."""
    n = len(companies)
    other = rng.permutation(n).astype(np.int32)
    elsewhere = other != np.arange(n)
    dead = (companies.status == DISSOLVED) & (companies.incorporated[other] <= companies.dissolved)
    held = np.flatnonzero((companies.parent != NOBODY) & (rng.random(n) < CONSOLIDATING))
    left = np.flatnonzero(dead & elsewhere & (rng.random(n) < SUCCEEDING))
    supplier = np.flatnonzero(elsewhere & (rng.random(n) < SUPPLYING))
    parent, client = companies.parent[held], other[supplier]
    return np.concatenate(
        [
            _link(held, parent, CONSOLIDATED, _since_both(companies, held, parent)),
            _link(left, other[left], SUCCEEDED, companies.dissolved[left]),
            _link(supplier, client, SUPPLIES, _since_both(companies, supplier, client)),
        ]
    )


def _link(source: Numbers, target: Numbers, kind: int, start: Numbers) -> Rows:
    return make_rows(LINK, len(source), source=source, target=target, kind=kind, start=start)


def draw_contacts(rng: np.random.Generator, companies: Companies) -> tuple[Rows, Numbers, NDArray[np.float64], int]:
    """Return contact points, each company's registered address, where each address is, the number of phones."""
    address, place = _draw_addresses(rng, companies)
    phones = np.flatnonzero(~companies.shell & (rng.random(len(companies)) < WITH_PHONE))
    phone, phone_place = pair_by_place(rng, companies.place[phones], 4.0, MOST_SHARING)
    domains = np.flatnonzero(~companies.shell & (rng.random(len(companies)) < WITH_DOMAIN))
    group, _ = pair_by_place(rng, companies.place[domains], 4.0, MOST_SHARING)
    _, first = np.unique(group, return_index=True)
    domain = domains[first[group]]
    rows = [
        _contact(np.arange(len(companies)), ADDRESS, address, companies.incorporated),
        _contact(phones, PHONE, phone, NO_DAY),
        _contact(domains, EMAIL_DOMAIN, domain, NO_DAY),
        _contact(domains[::2], WEBSITE, domain[::2], NO_DAY),
    ]
    return np.concatenate(rows), address, place, len(phone_place)


def _draw_addresses(rng: np.random.Generator, companies: Companies) -> tuple[Numbers, NDArray[np.float64]]:
    """Return each company's address, and where the addresses are: the agents' first, then the rest.

    Half of a group's companies are where its top is; shells are at the agents'.
    """
    n, n_agents = len(companies), len(AGENT_SHARES)
    address, place = pair_by_place(rng, companies.place, 2.9, MOST_NEIGHBORS)
    together = rng.random(n) < 0.5
    address = np.where(together, address[companies.family], address) + n_agents
    served = _serve(rng, companies, int(sum(AGENT_SHARES) * n) + n_agents)
    at_first = int(AGENT_SHARES[0] * n) + 1
    address[served[:at_first]], address[served[at_first:]] = 0, 1
    return address, np.concatenate([rng.random(n_agents), place])


def _contact(company: Numbers, kind: int, value: Numbers, start: Numbers | int) -> Rows:
    return make_rows(CONTACT, len(company), company=company, kind=kind, purpose=REGISTERED, value=value, start=start)
