"""What the files of Companies House are written of: numbers, offices, days and countries in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.testing.synthetic import text
from graphleads.testing.synthetic.arrays import Numbers, Register

BLOCK = 1 << 16
"""Companies, or records, that are text at one time."""

EMPTY = pa.scalar("")

_NATIONALITIES = {"GB": "British", "DE": "German", "FR": "French", "PL": "Polish"}
_RESIDENCES = {"GB": "England", "DE": "Germany", "FR": "France", "PL": "Poland"}


def blocks(n_rows: int) -> Iterator[slice]:
    """Yield the rows of one block after the other."""
    for start in range(0, n_rows, BLOCK):
        yield slice(start, min(start + BLOCK, n_rows))


def company_numbers(companies: Numbers) -> pa.Array:
    """Return the company numbers of companies by number: string[n], `X0000001` for the first."""
    return text.join("X", padded(companies + 1, 7), "")


def seats(register: Register, numbers: Numbers) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Return street, town, region and postcode of registered offices."""
    address = register.registered[numbers]
    place = register.address_place[address]
    street = pc.list_element(pc.split_pattern(text.addresses(address, place), ", ", max_splits=1), 0)
    return street, text.towns(place), text.regions(place), text.postcodes(address, place)


def origins(register: Register, people: Numbers) -> tuple[pa.Array, pa.Array]:
    """Return nationalities and countries of residence: those of the plain layout, in words."""
    true = register.people.true[people]
    return words_for(text.countries(true, 9), _NATIONALITIES), words_for(text.countries(true, 10), _RESIDENCES)


def words_for(values: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Return the words that stand for values."""
    return pa.array(list(words.values())).take(pc.index_in(values, value_set=pa.array(list(words))))


def written_days(days: Numbers, form: str) -> pa.Array:
    """Return days as strftime writes them, empty where there is none."""
    return pc.fill_null(pc.strftime(text.days(days).cast(pa.timestamp("s")), form), "")


def padded(numbers: Numbers | pa.Array, width: int) -> pa.Array:
    """Return numbers with zeros in front."""
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
