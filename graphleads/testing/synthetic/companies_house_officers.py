"""Officers as Companies House's product 216 has them: every company, and behind it its officers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import NO_DAY, SECRETARY, Numbers, Register, Rows
from graphleads.testing.synthetic.british_text import (
    EMPTY,
    blocks,
    company_numbers,
    origins,
    padded,
    seats,
    written_days,
)
from graphleads.testing.synthetic.columns import names_of

_STATUS_LETTERS = (" ", "C", "L", "D")
_DIRECTOR, _SECRETARY, _MEMBER = ("01", "03"), ("00", "02"), ("05", "07")
"""Appointment types: in force, resigned."""
_FIRST_ORGANISATION = 90_000_001
"""The person number of the first company, if it is an officer; no register has so many people."""


def officer_lines(register: Register, day: str) -> Iterator[pa.Array]:
    """Yield the header, every company followed by its officers, and the trailer that counts both.

    Args:
        register: The register.
        day: Of the register's state, `20260630`.
    """
    roles = register.roles[np.argsort(register.roles["company"], kind="stable")]
    n = len(register.companies)
    starts = np.searchsorted(roles["company"], np.arange(n + 1))
    yield pa.array([f"DDDDSNAP0001{day}"])
    for block in blocks(n):
        numbers = np.arange(block.start, block.stop, dtype=np.int32)
        held = roles[starts[block.start] : starts[block.stop]]
        n_officers = np.diff(starts[block.start : block.stop + 1])
        lines = pa.concat_arrays([_company_records(register, numbers, n_officers), _person_records(register, held)])
        order = np.argsort(np.concatenate([numbers, held["company"]]), kind="stable")
        yield lines.take(pa.array(order))
    yield pa.array([f"99999999{n + len(roles):08}"])


def _company_records(register: Register, numbers: Numbers, n_officers: NDArray[np.int64]) -> pa.Array:
    name = text.join(pc.utf8_upper(names_of(register, numbers)), EMPTY, "<")
    letter = text.pick(_STATUS_LETTERS, register.companies.status[numbers])
    counts = (padded(n_officers, 4), padded(pc.utf8_length(name), 4))
    return text.join(company_numbers(numbers), "1", letter, " " * 22, *counts, name, "")


def _person_records(register: Register, roles: Rows) -> pa.Array:
    n = len(register.companies)
    corporate = roles["holder"] < n
    born = register.people.born[np.maximum(roles["holder"] - n, 0)]
    birth = text.join(padded(1900 + born // 12, 4), padded(born % 12 + 1, 2), "  ", "")
    *_, postcode = seats(register, roles["company"])
    variable = _variable_data(register, roles)
    return text.join(
        company_numbers(roles["company"]),
        "21",
        _appointment_types(register, roles),
        _person_numbers(roles["holder"], n),
        text.choose(corporate, pa.scalar("Y"), pa.scalar(" ")),
        " " * 7,
        _day_or_blank(roles["start"]),
        _day_or_blank(roles["end"]),
        pc.utf8_rpad(postcode, 8, " "),
        text.choose(corporate, pa.scalar(" " * 8), birth),
        " " * 8,
        padded(pc.utf8_length(variable), 4),
        variable,
        "",
    )


def _variable_data(register: Register, roles: Rows) -> pa.Array:
    """Return name, service address (the company's), occupation, nationality and residence, a chevron after each."""
    n = len(register.companies)
    corporate, person = roles["holder"] < n, np.maximum(roles["holder"] - n, 0)
    nationality, residence = origins(register, person)
    name = register.people.name[person]
    firm = names_of(register, np.minimum(roles["holder"], n - 1))
    forename = text.choose(corporate, EMPTY, text.given_names(name))
    surname = text.choose(corporate, firm, text.family_names(name))
    street, town, region, _ = seats(register, roles["company"])
    occupation = text.choose(corporate, EMPTY, pa.scalar("COMPANY DIRECTOR"))
    origin = (text.choose(corporate, EMPTY, one) for one in (nationality, residence))
    address = ("", "", street, "", town, region, "ENGLAND")
    return pc.utf8_upper(text.join("", forename, surname, "", *address, occupation, *origin, "", "<"))


def _appointment_types(register: Register, roles: Rows) -> pa.Array:
    member = pc.equal(text.forms(register.companies.name[roles["company"]]), "LLP").to_numpy(zero_copy_only=False)
    office = np.where(member, 2, np.where(roles["kind"] == SECRETARY, 1, 0))
    return text.pick((*_DIRECTOR, *_SECRETARY, *_MEMBER), 2 * office + (roles["end"] != NO_DAY))


def _person_numbers(holders: Numbers, n_companies: int) -> pa.Array:
    number = np.where(holders < n_companies, _FIRST_ORGANISATION + holders, holders - n_companies + 1)
    return text.join(padded(number, 8), EMPTY, "0001")


def _day_or_blank(days: Numbers) -> pa.Array:
    return pc.utf8_rpad(written_days(days, "%Y%m%d"), 8, " ")
