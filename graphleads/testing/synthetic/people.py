"""The people and their offices: many have one, some have dozens, nominees have thousands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphleads.testing.synthetic.arrays import (
    CHAIR,
    CHIEF_EXECUTIVE,
    DIRECTOR,
    MANAGER,
    NO_DAY,
    NOBODY,
    ROLE,
    SECRETARY,
    Companies,
    Numbers,
    People,
    Rows,
    make_rows,
)
from graphleads.testing.synthetic.words import FAMILY, GIVEN

OFFICERS = (0.48, 0.33, 0.14, 0.05)
"""Shares of companies with one, two, three and four officers, present and past."""
KIND_SHARES = {DIRECTOR: 0.72, SECRETARY: 0.14, CHAIR: 0.03, CHIEF_EXECUTIVE: 0.05, MANAGER: 0.06}
DIRECTORSHIPS = 2.6
"""Exponent of the power law of offices per person."""
MOST_OFFICES = 60
"""Offices of the busiest person who is no nominee."""
ENDED = 0.3
"""Share of the offices, a company's first one aside, that have ended."""
SECOND_RECORDS = 0.12
"""Share of the people with several offices who have a second record."""
SECOND_KEYED, SECOND_SAME = 0.7, 0.9
"""Of the second records, the share with the first one's key; of those with it, the share that is the same human."""
FOUNDERS = 0.7
"""Share of the first offices that are as old as the company."""
KEYED = 0.5
"""Share of the people whom the register gives a key."""


def pair_by_place(
    rng: np.random.Generator, place: NDArray[np.float64], exponent: float, largest: int
) -> tuple[Numbers, NDArray[np.float64]]:
    """Share things among takers, so that neighbours get the same one.

    Args:
        rng: The source of chance.
        place: Where each taker is, in [0, 1).
        exponent: Of the power law of takers per thing, above 1.
        largest: Takers of the most shared thing.

    Returns:
        The thing of each taker, numbered from 0 without gaps, and where each thing is.
    """
    n = len(place)
    sizes = np.minimum(rng.zipf(exponent, size=n), largest)
    n_things = int(np.searchsorted(np.cumsum(sizes), n)) + 1
    stubs = np.repeat(np.arange(n_things, dtype=np.int32), sizes[:n_things])[:n]
    home = rng.random(n_things)
    stub_place = np.where(rng.random(n) < 0.1, rng.random(n), home[stubs])
    nearness = 20 / n
    takers = np.argsort(place + nearness * rng.standard_normal(n), kind="stable")
    givers = np.argsort(stub_place + nearness * rng.standard_normal(n), kind="stable")
    taken = np.empty(n, dtype=np.int32)
    taken[takers] = stubs[givers]
    return taken, home


def draw_officers(rng: np.random.Generator, companies: Companies) -> tuple[Rows, People]:
    """Return the ordinary offices and the people who hold them; a company's first office is in force.

    Shells have none. People with several offices may have a second record, which holds all but the first office.
    """
    n = len(companies)
    n_slots = np.where(companies.shell, 0, rng.choice((1, 2, 3, 4), size=n, p=OFFICERS))
    company = np.repeat(np.arange(n, dtype=np.int32), n_slots)
    person, _ = pair_by_place(rng, companies.place[company], DIRECTORSHIPS, MOST_OFFICES)
    _, rows = np.unique(company.astype(np.int64) * len(company) + person, return_index=True)
    rows.sort()
    company, person = company[rows], person[rows]
    people, person = _split_records(rng, draw_people(rng, int(person.max()) + 1), person)
    first = np.r_[True, company[1:] != company[:-1]]
    kind = rng.choice(list(KIND_SHARES), size=len(company), p=list(KIND_SHARES.values()))
    start, end = _draw_terms(rng, companies.incorporated[company], companies.last_day[company], first)
    roles = make_rows(
        ROLE,
        len(company),
        company=company,
        holder=n + person,
        kind=np.where(first, DIRECTOR, kind),
        start=start,
        end=end,
    )
    return roles, people


def draw_people(rng: np.random.Generator, n: int, *, first: int = 0) -> People:
    """Return `n` people with one record each, numbered from `first`; some names are far more frequent than others."""
    given = (rng.random(n) ** 1.5 * len(GIVEN)).astype(np.int32)
    family = (rng.random(n) ** 2 * len(FAMILY)).astype(np.int32)
    own = np.arange(first, first + n, dtype=np.int32)
    return People(
        true=own,
        name=(given * len(FAMILY) + family).astype(np.int32),
        key=np.where(rng.random(n) < KEYED, own, NOBODY).astype(np.int32),
        born=rng.integers(45 * 12, 104 * 12, size=n, dtype=np.int32),
    )


def join_people(left: People, right: People) -> People:
    """Return both, one behind the other; the numbers in `right` must count from the first of `left`."""
    fields = ("true", "name", "key", "born")
    return People(**{name: np.concatenate([getattr(left, name), getattr(right, name)]) for name in fields})


def _split_records(rng: np.random.Generator, people: People, person: Numbers) -> tuple[People, Numbers]:
    """Give some people a second record, and that record all of their offices but the first."""
    _, first = np.unique(person, return_index=True)
    later = np.ones(len(person), dtype=bool)
    later[first] = False
    busy = np.unique(person[later])
    split = busy[rng.random(len(busy)) < SECOND_RECORDS]
    keyed = rng.random(len(split)) < SECOND_KEYED
    same = ~keyed | (rng.random(len(split)) < SECOND_SAME)
    number = len(people) + np.arange(len(split), dtype=np.int32)
    people.key[split] = np.where(keyed, split, NOBODY)
    second = People(
        true=np.where(same, split, number).astype(np.int32),
        name=people.name[split],
        key=np.where(keyed, split, NOBODY).astype(np.int32),
        born=people.born[split],
    )
    record = np.arange(len(people), dtype=np.int32)
    record[split] = number
    return join_people(people, second), np.where(later, record[person], person).astype(np.int32)


def _draw_terms(
    rng: np.random.Generator, born: Numbers, last: Numbers, first: NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Return the first and last day of offices in companies that lived from `born` to `last`."""
    n = len(born)
    founder = first & (rng.random(n) < FOUNDERS)
    start = np.where(founder, born, born + rng.random(n) * (last - born)).astype(np.int32)
    until = start + 1 + rng.random(n) * (last - start - 1)
    end = np.where(~first & (rng.random(n) < ENDED) & (until > start), until, NO_DAY)
    return start, end.astype(np.int32)
