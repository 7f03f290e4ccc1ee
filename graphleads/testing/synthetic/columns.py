"""The columns of the plain layout, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import (
    ADDRESS,
    CONTACT_KINDS,
    DISSOLVED,
    INTEREST_KINDS,
    LINK_KINDS,
    NO_DAY,
    NOBODY,
    PHONE,
    PURPOSES,
    ROLE_KINDS,
    SHARE_BANDS,
    STATUSES,
    Numbers,
    Register,
)

Columns = dict[str, pa.Array]

KEY_CONFIDENCE = 0.9
"""How probable it is that two records with one key are one human being."""

_TITLES = ("Director", "Secretary", "Chair of the board", "Chief executive", "Manager")
_STAFF = ((None, None), (1, 1), (2, 9), (2, 9), (10, 49), (50, 249), (250, 999))
_CAPITAL = ("1.00", "100.00", "100.00", "1000.00", "50000.00")
_TRADING_EVERY = 8
_PER_HEAD = (60_000, 250_000)
"""What somebody employed earns a company in a year, at least and at most."""


def company_columns(register: Register, block: slice) -> Columns:
    """Return the block of companies.csv."""
    numbers = np.arange(len(register.companies))[block]
    return {
        "id": text.company_ids(numbers),
        "name": names_of(register, numbers),
        "entity_type": _constant("registered_entity", len(numbers)),
        "jurisdiction": _constant("GB", len(numbers)),
        **_life(register, block),
        **_seat(register, block),
        **_size(register, numbers),
        **_business(register, numbers),
        "identifiers": pa.nulls(len(numbers), pa.string()),
    }


def names_of(register: Register, numbers: Numbers) -> pa.Array:
    """Return the legal names of companies."""
    companies = register.companies
    names = text.company_names(companies.name[numbers], companies.member[numbers])
    odd = {
        row: register.odd_names[number] for row, number in enumerate(numbers.tolist()) if number in register.odd_names
    }
    return text.replace(names, odd)


def trading_names_of(register: Register, numbers: Numbers) -> pa.Array:
    """Return the trading names of companies, null for most: the brand alone."""
    companies = register.companies
    traded = (text.mix(numbers, 7, _TRADING_EVERY) == 0) & (companies.member[numbers] == NOBODY)
    return _where(traded, text.brands(companies.name[numbers]))


def former_names_of(register: Register, numbers: Numbers) -> pa.Array:
    """Return the former names of companies, null for most."""
    former = register.companies.former[numbers]
    return _where(former != NOBODY, text.company_names(np.maximum(former, 0)))


def _life(register: Register, block: slice) -> Columns:
    companies = register.companies
    incorporated, dissolved = companies.incorporated[block], companies.dissolved[block]
    return {
        "status": text.pick(STATUSES, companies.status[block]),
        "status_since": text.days(np.where(dissolved == NO_DAY, incorporated, dissolved)),
        "legal_form": text.form_names(companies.name[block]),
        "incorporated_on": text.days(incorporated),
        "dissolved_on": text.days(dissolved),
    }


def _seat(register: Register, block: slice) -> Columns:
    address = register.registered[block]
    place = register.address_place[address]
    return {
        "region": text.regions(place),
        "locality": text.towns(place),
        "postcode": text.postcodes(address, place),
    }


def _size(register: Register, numbers: Numbers) -> Columns:
    companies = register.companies
    working = ~companies.shell[numbers] & (companies.status[numbers] != DISSOLVED)
    size = pa.array(np.where(working, text.mix(numbers, 6, len(_STAFF)), 0))
    least, most = (pa.array(bounds, pa.int32()).take(size) for bounds in zip(*_STAFF, strict=True))
    return {
        "n_employees_min": least,
        "n_employees_max": most,
        "capital": text.pick(_CAPITAL, text.mix(numbers, 8, len(_CAPITAL))),
        "capital_currency": _constant("GBP", len(numbers)),
        "revenue_min": pc.multiply(least.cast(pa.int64()), _PER_HEAD[0]),
        "revenue_max": pc.multiply(most.cast(pa.int64()), _PER_HEAD[1]),
        "revenue_currency": _constant("GBP", len(numbers)),
    }


def _business(register: Register, numbers: Numbers) -> Columns:
    companies = register.companies
    code, meaning = text.trades(companies.name[numbers], companies.member[numbers])
    return {
        "business_scope": meaning,
        "former_names": former_names_of(register, numbers),
        "trading_names": trading_names_of(register, numbers),
        "classification_scheme": _constant("UK-SIC-2007", len(numbers)),
        "classification_codes": code,
    }


def person_columns(register: Register, block: slice) -> Columns:
    """Return the block of persons.csv."""
    people, n = register.people, len(register.companies)
    numbers = np.arange(len(people))[block]
    name, born, key = people.name[block], people.born[block], people.key[block]
    given, family = text.given_names(name), text.family_names(name)
    nationality = text.countries(people.true[block], 9)
    return {
        "id": text.holder_ids(numbers + n, n),
        "name": text.join(given, family, " "),
        "given_name": given,
        "family_name": family,
        "birth_year": pa.array(1900 + born // 12),
        "birth_month": pa.array(born % 12 + 1),
        "nationality": nationality,
        "residence": text.countries(people.true[block], 10),
        "key": text.keys(key),
        "key_confidence": _where(key != NOBODY, _constant(KEY_CONFIDENCE, len(numbers))),
    }


def holder_names_of(register: Register, holders: Numbers) -> pa.Array:
    """Return the names of companies and people."""
    n = len(register.companies)
    name = register.people.name[np.maximum(holders - n, 0)]
    people = text.join(text.given_names(name), text.family_names(name), " ")
    return text.choose(holders < n, names_of(register, np.minimum(holders, n - 1)), people)


def interest_columns(register: Register, block: slice) -> Columns:
    """Return the block of interests.csv."""
    rows = register.interests[block]
    bounds = zip(*SHARE_BANDS, strict=True)
    least, most = (pa.array(bound).take(pa.array(rows["band"])) for bound in bounds)
    return {
        "subject": text.company_ids(rows["subject"]),
        "holder": text.holder_ids(rows["holder"], len(register.companies)),
        "kind": text.pick(INTEREST_KINDS, rows["kind"]),
        "share_min": least,
        "share_max": most,
        "directness": _constant("direct", len(rows)),
        "held_as": _constant("own", len(rows)),
        "start_on": text.days(rows["start"]),
        "end_on": text.days(rows["end"]),
    }


def role_columns(register: Register, block: slice) -> Columns:
    """Return the block of roles.csv."""
    rows = register.roles[block]
    return {
        "company": text.company_ids(rows["company"]),
        "holder": text.holder_ids(rows["holder"], len(register.companies)),
        "kind": text.pick(ROLE_KINDS, rows["kind"]),
        "title": text.pick(_TITLES, rows["kind"]),
        "start_on": text.days(rows["start"]),
        "end_on": text.days(rows["end"]),
    }


def link_columns(register: Register, block: slice) -> Columns:
    """Return the block of links.csv."""
    rows = register.links[block]
    return {
        "source": text.company_ids(rows["source"]),
        "target": text.company_ids(rows["target"]),
        "kind": text.pick(LINK_KINDS, rows["kind"]),
        "share": pa.nulls(len(rows), pa.float64()),
        "start_on": text.days(rows["start"]),
        "end_on": pa.nulls(len(rows), pa.date32()),
    }


def contact_columns(register: Register, block: slice) -> Columns:
    """Return the block of contact_points.csv."""
    rows = register.contacts[block]
    return {
        "id": text.company_ids(rows["company"]),
        "kind": text.pick(CONTACT_KINDS, rows["kind"]),
        "purpose": text.pick(PURPOSES, rows["purpose"]),
        "value": contact_values(register, rows["kind"], rows["value"]),
        "start_on": text.days(rows["start"]),
        "end_on": pa.nulls(len(rows), pa.date32()),
        "country": pa.nulls(len(rows), pa.string()),
    }


def contact_values(register: Register, kind: Numbers, value: Numbers) -> pa.Array:
    """Return contact points as a person would write them."""
    address = np.where(kind == ADDRESS, value, 0)
    owner = np.where(kind > PHONE, value, 0)
    addresses = text.addresses(address, register.address_place[address])
    domains = text.domains(register.companies.name[owner])
    written = text.choose(kind == PHONE, text.phones(value), domains)
    return text.choose(kind == ADDRESS, addresses, written)


def _constant(value: str | float, n_rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), n_rows)


def _where(mask: np.ndarray, values: pa.Array) -> pa.Array:
    return text.choose(mask, values, pa.scalar(None, values.type))


TABLES: Mapping[str, Callable[[Register, slice], Columns]] = {
    "companies": company_columns,
    "persons": person_columns,
    "interests": interest_columns,
    "roles": role_columns,
    "links": link_columns,
    "contact_points": contact_columns,
}
"""What renders each file of the layout, in the order in which they are handed over."""
