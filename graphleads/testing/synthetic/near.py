"""What is near what before anything is planted, so that what is planted stands out, and the pools it is taken from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphleads.testing.synthetic.arrays import ACTIVE, DISSOLVED, NOBODY, Numbers, Register

MOST_NEIGHBORS = 2
"""Companies near an ordinary company: some, so that the planted ones have rivals, and not many."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Companies to plant with, in random order.

    But for the shells, none is in a group, or has a nominee, an agent's address, or an officer with two records.

    Attributes:
        officer: The first officer of each company, NOBODY for shells.
        ordinary: Alive, with one or two neighbours.
        hermits: Alive, without neighbours.
        dead: Dissolved, without neighbours.
        shells: By hub, living companies on paper that only hubs tie to others; each is under one of its hubs.
    """

    officer: Numbers
    ordinary: Iterator[int]
    hermits: Iterator[int]
    dead: Iterator[int]
    shells: dict[int, Iterator[int]]


def draw_pools(rng: np.random.Generator, register: Register) -> Pools:
    """Return the pools of a register that nothing has been planted in."""
    companies = register.companies
    company, thing = _tie(register)
    hubs = register.hubs
    near = _count_neighbors(company, thing, hubs, len(companies))
    served = np.zeros(len(companies), dtype=bool)
    served[company[np.isin(thing, hubs)]] = True
    officer = _find_officers(register)
    plain = (
        (companies.member == NOBODY)
        & ~served
        & (officer != NOBODY)
        & _known_once(register)[np.maximum(officer - len(companies), 0)]
    )
    alive = companies.status == ACTIVE
    of_shell = (companies.shell & alive & (near == 0))[company] & np.isin(thing, hubs)
    return Pools(
        officer=officer,
        ordinary=_shuffle(rng, plain & alive & (near > 0) & (near <= MOST_NEIGHBORS)),
        hermits=_shuffle(rng, plain & alive & (near == 0)),
        dead=_shuffle(rng, plain & (companies.status == DISSOLVED) & (near == 0)),
        shells=_share_shells(rng, company[of_shell], thing[of_shell], hubs),
    )


def _tie(register: Register) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return companies, and what ties them: human beings, contact points, companies that hold or are linked to."""
    roles, interests, links, contacts = register.roles, register.interests, register.links, register.contacts
    holder = np.concatenate([roles["holder"], interests["holder"], links["target"]])
    held = np.concatenate([roles["company"], interests["subject"], links["source"]])
    holding = np.unique(holder[holder < len(register.companies)])
    things = [register.true_holder(holder), holding, register.contact_thing(contacts["kind"], contacts["value"])]
    return np.concatenate([held, holding, contacts["company"]]).astype(np.int64), np.concatenate(things)


def _count_neighbors(
    company: NDArray[np.int64], thing: NDArray[np.int64], hubs: NDArray[np.int64], n: int
) -> NDArray[np.int64]:
    """Return with how many others each company shares something; twice for two things, never for hubs."""
    keep = ~np.isin(thing, hubs)
    _, thing = np.unique(thing[keep], return_inverse=True)
    pairs = np.unique(company[keep] * (len(thing) + 1) + thing)
    company, thing = np.divmod(pairs, len(thing) + 1)
    others = np.bincount(thing)[thing] - 1
    return np.bincount(company, weights=others, minlength=n).astype(np.int64)


def _find_officers(register: Register) -> Numbers:
    officer = np.full(len(register.companies), NOBODY, dtype=np.int32)
    ordinary = register.roles[~np.isin(register.roles["holder"], register.hubs)]
    company, first = np.unique(ordinary["company"], return_index=True)
    officer[company] = ordinary["holder"][first]
    return officer


def _known_once(register: Register) -> Mask:
    """Return which person records share neither the human being nor the key with another."""
    people = register.people
    records = np.bincount(people.true, minlength=len(people))[people.true]
    keyed = people.key != NOBODY
    sharing = np.bincount(people.key[keyed], minlength=len(people))[np.maximum(people.key, 0)]
    once: Mask = (records == 1) & (~keyed | (sharing == 1))
    return once


def _share_shells(
    rng: np.random.Generator, company: NDArray[np.int64], thing: NDArray[np.int64], hubs: NDArray[np.int64]
) -> dict[int, Iterator[int]]:
    """Return the shells of each hub; a shell of several is given to one of them."""
    order = rng.permutation(len(company))
    shell, first = np.unique(company[order], return_index=True)
    hub = thing[order][first]
    mixed = rng.permutation(len(shell))
    return {one: iter(shell[mixed][hub[mixed] == one].tolist()) for one in hubs.tolist()}


def _shuffle(rng: np.random.Generator, mask: Mask) -> Iterator[int]:
    return iter(rng.permutation(np.flatnonzero(mask)).tolist())
