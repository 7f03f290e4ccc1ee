"""Make the register: seeded, of any size, with a CRM export and the known answers beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from graphleads.errors import ValueInvalid
from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.answers import Answers, collect_answers, write_answers
from graphleads.testing.synthetic.arrays import EPOCH, OBSERVED, Numbers, Register
from graphleads.testing.synthetic.companies_house import write_companies_house
from graphleads.testing.synthetic.customers import Clientele, draw_accounts
from graphleads.testing.synthetic.gongshang import write_gongshang
from graphleads.testing.synthetic.people import draw_officers, draw_people, join_people
from graphleads.testing.synthetic.plant import Planting, plant
from graphleads.testing.synthetic.population import draw_companies
from graphleads.testing.synthetic.ties import (
    AGENT_SHARES,
    draw_contacts,
    draw_interests,
    draw_links,
    draw_nominees,
    draw_secretary,
)
from graphleads.testing.synthetic.words import SECRETARY_NAME
from graphleads.testing.synthetic.write import write_register, write_rows

LEAST, MOST = 1_000, 5_000_000
"""How few and how many companies a register can have: below, hubs are everybody; above, names run out."""
OBSERVED_ON = EPOCH + timedelta(days=OBSERVED)
"""The day of the register's state."""

LAYOUTS: Mapping[str, Callable[[Path, Register], tuple[Path, ...]]] = {
    "plain": write_register,
    "companies-house": write_companies_house,
    "gongshang": write_gongshang,
}
"""What writes the register, by layout. Customers and answers have the plain layout's ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticRegister:
    """Where a synthetic register is, and what is known about it.

    Attributes:
        files: The files of the layouts that were asked for; the plain one's are companies, persons, interests, roles,
            links and contact points.
        customers: The CRM export.
        answers: The known answers, which are also CSV files in the folder `answers`.
        observed_on: The day of the register's state.
    """

    files: tuple[Path, ...]
    customers: Path
    answers: Answers
    observed_on: date


def generate(
    directory: Path, *, companies: int, seed: int = 1, layouts: Sequence[str] = ("plain",)
) -> SyntheticRegister:
    """Write a register that never was, its CRM export and the known answers.

    The same size and seed give the same bytes. Files that are there already are replaced.

    Args:
        directory: The folder to write into; made if it is not there.
        companies: How many companies, 1,000 to 5,000,000.
        seed: Of the generator of chance, 0 or more.
        layouts: Which layouts to write, as `LAYOUTS` names them.

    Raises:
        ValueInvalid: If the size, the seed or a layout cannot be used.
    """
    if not LEAST <= companies <= MOST:
        raise ValueInvalid(f"A synthetic register has {LEAST:,} to {MOST:,} companies: {companies:,} cannot be made.")
    if seed < 0:
        raise ValueInvalid(f"The seed must be 0 or more: {seed} cannot be used.")
    for layout in layouts:
        if layout not in LAYOUTS:
            raise ValueInvalid(f"There is no layout {layout!r}: use {', '.join(LAYOUTS)}.")
    rng = np.random.default_rng(seed)
    register, free_names = _draw_register(rng, companies)
    n_won, n_others = _count_customers(companies)
    planting = plant(rng, register, n_won=n_won, n_others=n_others)
    accounts = draw_accounts(rng, register, _choose_clientele(planting, free_names))
    answers = collect_answers(register, planting, accounts)
    (directory / "answers").mkdir(parents=True, exist_ok=True)
    files = tuple(path for layout in layouts for path in LAYOUTS[layout](directory, register))
    write_rows(directory / "customers.csv", [one.cells for one in accounts])
    write_answers(directory / "answers", register, answers)
    return SyntheticRegister(
        files=files, customers=directory / "customers.csv", answers=answers, observed_on=OBSERVED_ON
    )


def _draw_register(rng: np.random.Generator, n: int) -> tuple[Register, Numbers]:
    """Return a register of `n` companies, and name numbers that no company bears."""
    companies, free_names = draw_companies(rng, n, text.N_NAMES)
    offices, people = draw_officers(rng, companies)
    interests = draw_interests(rng, companies, offices)
    nominated, nominees = draw_nominees(rng, companies, n + len(people))
    served, secretary = draw_secretary(rng, companies)
    contacts, registered, address_place, n_phones = draw_contacts(rng, companies)
    register = Register(
        companies=companies,
        people=join_people(people, draw_people(rng, len(nominees), first=len(people))),
        roles=np.concatenate([offices, nominated, served]),
        interests=interests,
        links=draw_links(rng, companies),
        contacts=contacts,
        registered=registered,
        address_place=address_place,
        n_phones=n_phones,
        nominees=np.append(nominees, secretary).astype(np.int32),
        agents=np.arange(len(AGENT_SHARES), dtype=np.int32),
        odd_names={secretary: SECRETARY_NAME},
    )
    return register, free_names


def _count_customers(companies: int) -> tuple[int, int]:
    """Return how many won and how many other customers there are: 60 and 30 at 20,000 companies."""
    n_won = max(20, round(60 * math.sqrt(companies / 20_000)))
    return n_won, n_won // 2


def _choose_clientele(planting: Planting, free_names: Numbers) -> Clientele:
    half = len(planting.others) // 2
    n_strangers = max(2, len(planting.won) // 10)
    return Clientele(
        won=planting.won,
        open=planting.others[:half],
        lost=planting.others[half:],
        strangers=tuple(free_names[:n_strangers].tolist()),
    )
