"""The known answers: who the customers are, what was planted near them, which people are one, what the hubs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphleads.ids import EntityId
from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import ADDRESS, NOBODY, Register
from graphleads.testing.synthetic.columns import contact_values, holder_names_of
from graphleads.testing.synthetic.customers import Account
from graphleads.testing.synthetic.plant import Plant, Planting
from graphleads.testing.synthetic.write import write_rows, write_table


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueMatch:
    """Which company a customer is.

    Attributes:
        customer: The CRM's id.
        company: The company, None if it is in no register.
        style: How the CRM writes the name: as_registered, upper_case, typing_error, former_name, …
        status: won, open or lost.
    """

    customer: str
    company: EntityId | None
    style: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTie:
    """A company that was tied to a won customer on purpose.

    Attributes:
        company: The planted lead, or the decoy.
        customer: The CRM's id of the customer.
        customer_company: The customer's company.
        reason: Why it is a lead, or what kind of decoy it is.
        through: The person or company in between; None if the tie is direct or through an address.
    """

    company: EntityId
    customer: str
    customer_company: EntityId
    reason: str
    through: EntityId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What connects companies and means nothing.

    Attributes:
        kind: nominee or agent_address.
        id: The nominee's id; None for addresses, whose ids the build makes.
        name: The nominee's name, or the address as it is written.
        n_companies: Companies that it serves.
    """

    kind: str
    id: EntityId | None
    name: str
    n_companies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All known answers but the people, who grow with the register and are only in `true_people.csv`."""

    matches: tuple[TrueMatch, ...]
    leads: tuple[KnownTie, ...]
    decoys: tuple[KnownTie, ...]
    hubs: tuple[Hub, ...]


def collect_answers(register: Register, planting: Planting, accounts: Sequence[Account]) -> Answers:
    """Return the answers to a register that was planted in, and its CRM export."""
    customers = {one.company: one.cells["Account ID"] or "" for one in accounts if one.company is not None}
    matches = [
        TrueMatch(
            customer=one.cells["Account ID"] or "",
            company=None if one.company is None else _id(register, one.company),
            style=one.style,
            status=one.status,
        )
        for one in accounts
    ]
    return Answers(
        matches=tuple(matches),
        leads=tuple(_tie(register, one, customers) for one in planting.leads),
        decoys=tuple(_tie(register, one, customers) for one in planting.decoys),
        hubs=(*_nominees(register), *_agents(register)),
    )


def write_answers(directory: Path, register: Register, answers: Answers) -> None:
    """Write the answers as CSV files into a directory that is there."""
    write_rows(directory / "true_matches.csv", [asdict(one) for one in answers.matches])
    write_rows(directory / "planted_leads.csv", [asdict(one) for one in answers.leads])
    write_rows(directory / "decoys.csv", [asdict(one) for one in answers.decoys])
    write_rows(directory / "hubs.csv", [asdict(one) for one in answers.hubs])
    write_table(directory / "true_people.csv", _true_people(register))


def _true_people(register: Register) -> pa.Table:
    """Return the records that share a human being or a key with another, each with the human being's first record."""
    people, n = register.people, len(register.companies)
    same = np.bincount(people.true, minlength=len(people))[people.true] > 1
    keyed = people.key != NOBODY
    shared = np.bincount(people.key[keyed], minlength=len(people))[np.maximum(people.key, 0)] > 1
    records = np.flatnonzero(same | (keyed & shared))
    return pa.table(
        {"id": text.holder_ids(records + n, n), "person": text.holder_ids(people.true[records].astype(np.int64) + n, n)}
    )


def _tie(register: Register, plant: Plant, customers: dict[int, str]) -> KnownTie:
    return KnownTie(
        company=_id(register, plant.company),
        customer=customers[plant.customer],
        customer_company=_id(register, plant.customer),
        reason=plant.reason,
        through=None if plant.through == NOBODY else _id(register, plant.through),
    )


def _id(register: Register, holder: int) -> EntityId:
    return str(text.holder_ids(np.array([holder]), len(register.companies))[0].as_py())


def _nominees(register: Register) -> list[Hub]:
    names = holder_names_of(register, register.nominees).to_pylist()
    return [
        Hub(
            kind="nominee",
            id=_id(register, nominee),
            name=name,
            n_companies=int(np.count_nonzero(register.roles["holder"] == nominee)),
        )
        for nominee, name in zip(register.nominees.tolist(), names, strict=True)
    ]


def _agents(register: Register) -> list[Hub]:
    addresses = contact_values(register, np.full(len(register.agents), ADDRESS), register.agents).to_pylist()
    at_address = register.contacts["value"][register.contacts["kind"] == ADDRESS]
    return [
        Hub(kind="agent_address", id=None, name=name, n_companies=int(np.count_nonzero(at_address == agent)))
        for agent, name in zip(register.agents.tolist(), addresses, strict=True)
    ]
