"""The register in words: columns of numbers in, columns of text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.testing.synthetic.arrays import NO_DAY, Numbers
from graphleads.testing.synthetic.words import (
    FAMILY,
    FIRST,
    GIVEN,
    HOLDING_TRADE,
    MEMBERS,
    REGIONS,
    SECOND,
    STREETS,
    TOWNS,
    TRADES,
)

N_NAMES = len(FIRST) * len(SECOND) * len(TRADES)
"""How many different company names there are, before the legal form."""

_FORMS = ("Ltd",) * 18 + ("PLC", "LLP")
_FORM_NAMES = ("private limited company",) * 18 + ("public limited company", "limited liability partnership")
_ABROAD = ("GB",) * 17 + ("DE", "FR", "PL")


def company_ids(companies: Numbers) -> pa.Array:
    """Return the ids of companies by number."""
    return join("X-DEMO", _digits(companies + 1, 8), ":")


def holder_ids(holders: Numbers, n_companies: int) -> pa.Array:
    """Return the ids of holders: companies below `n_companies`, people from there on."""
    people = join("X-DEMO-PERSON", _digits(holders - n_companies + 1, 8), ":")
    return choose(holders < n_companies, company_ids(holders), people)


def brands(names: Numbers) -> pa.Array:
    """Return the two words of the brands: `Harbour Lane`."""
    first, second = np.divmod(names // len(TRADES), len(SECOND))
    return join(pick(FIRST, first), pick(SECOND, second), " ")


def firm_names(names: Numbers) -> pa.Array:
    """Return brands with the trade, without the legal form: `Harbour Lane Logistics`."""
    trades = pick([trade.word for trade in TRADES], names % len(TRADES))
    return join(brands(names), trades, " ")


def forms(names: Numbers) -> pa.Array:
    """Return the legal forms as the names have them: `Ltd`."""
    return pick(_FORMS, mix(names, 0, len(_FORMS)))


def form_names(names: Numbers) -> pa.Array:
    """Return the legal forms in words: `private limited company`."""
    return pick(_FORM_NAMES, mix(names, 0, len(_FORM_NAMES)))


def company_names(names: Numbers, members: Numbers | None = None) -> pa.Array:
    """Return whole names: `Harbour Lane Logistics Ltd`, and `Harbour Lane Logistics Services Ltd` for group members.

    Args:
        names: Name numbers.
        members: Place in the corporate group, 0 for the top; below 0 or None: in no group.
    """
    firms = firm_names(names)
    if members is not None:
        words = choose(members >= 0, pick(MEMBERS, np.maximum(members, 0)), pa.scalar(None, pa.string()))
        firms = pc.binary_join_element_wise(firms, words, " ", null_handling="skip")
    return join(firms, forms(names), " ")


def trades(names: Numbers, members: Numbers) -> tuple[pa.Array, pa.Array]:
    """Return the codes and meanings of the trades: the name's, a holding's at the top, others further down a group."""
    every = (*TRADES, HOLDING_TRADE)
    trade = np.where(members == 0, len(TRADES), (names + 7 * np.maximum(members, 0)) % len(TRADES))
    return pick([one.code for one in every], trade), pick([one.meaning for one in every], trade)


def domains(names: Numbers) -> pa.Array:
    """Return mail domains in the top-level domain that is reserved for examples: `harbour-lane-logistics.example`."""
    slugs = pc.replace_substring(pc.utf8_lower(firm_names(names)), " ", "-")
    return join(slugs, "example", ".")


def phones(numbers: Numbers) -> pa.Array:
    """Return phone numbers in a range that nobody has: `+44 6…`; all different up to a billion."""
    mixed = (numbers.astype(np.int64) * 618_033_989 + 104_729) % 10**9
    digits = _digits(mixed, 9)
    parts = [pc.utf8_slice_codeunits(digits, start, stop) for start, stop in ((0, 3), (3, 6), (6, 9))]
    prefix = join("+44 6", parts[0], "")
    return join(prefix, *parts[1:], " ")


def towns(place: NDArray[np.float64]) -> pa.Array:
    """Return the towns at some places; a few are far larger than the rest."""
    return pick(TOWNS, _town(place))


def regions(place: NDArray[np.float64]) -> pa.Array:
    """Return the regions that the towns are in."""
    return pick(REGIONS, _town(place) % len(REGIONS))


def postcodes(addresses: Numbers, place: NDArray[np.float64]) -> pa.Array:
    """Return postcodes that begin as none does: `XD12 4AB`."""
    letters, town = "ABDEFGHJLNPQRSTUWXYZ", _town(place)
    area = pick([f"X{letter}" for letter in letters], town % len(letters))
    outward = join(area, _digits(town // len(letters) + 1, 1), "")
    digit = _digits(mix(addresses, 1, 9) + 1, 1)
    unit = [pick(letters, mix(addresses, salt, len(letters))) for salt in (2, 3)]
    return join(outward, join(digit, *unit, ""), " ")


def addresses(numbers: Numbers, place: NDArray[np.float64]) -> pa.Array:
    """Return addresses: `12 Mill Lane, Ellismouth, XD12 4AB`."""
    house = _digits(mix(numbers, 4, 180) + 1, 1)
    street = join(house, pick(STREETS, mix(numbers, 5, len(STREETS))), " ")
    return join(street, towns(place), postcodes(numbers, place), ", ")


def given_names(names: Numbers) -> pa.Array:
    """Return given names by name number."""
    return pick(GIVEN, names // len(FAMILY))


def family_names(names: Numbers) -> pa.Array:
    """Return family names by name number."""
    return pick(FAMILY, names % len(FAMILY))


def keys(numbers: Numbers) -> pa.Array:
    """Return declared keys that look like a source's own hash, null below 0; all different up to 2 to the 40th."""
    mixed = (numbers.astype(np.int64) * 679_891_637_639 + 12_345) % (1 << 40)
    return choose(numbers >= 0, _digits(mixed, 13), pa.scalar(None, pa.string()))


def countries(numbers: Numbers, salt: int) -> pa.Array:
    """Return a country for each number, most often GB."""
    return pick(_ABROAD, mix(numbers, salt, len(_ABROAD)))


def days(numbers: Numbers) -> pa.Array:
    """Return days as dates, null where there is none."""
    return pa.array(numbers, mask=numbers == NO_DAY).cast(pa.date32())


def pick(words: Sequence[str], numbers: Numbers) -> pa.Array:
    """Return the words that the numbers point at."""
    return pa.array(words, pa.string()).take(pa.array(numbers))


def replace(texts: pa.Array, others: Mapping[int, str]) -> pa.Array:
    """Return the texts with some rows replaced."""
    if not others:
        return texts
    mask = np.zeros(len(texts), dtype=bool)
    mask[list(others)] = True
    return pc.replace_with_mask(texts, mask, pa.array([others[row] for row in sorted(others)], pa.string()))


def join(*texts: pa.Array | str) -> pa.Array:
    """Return the texts row by row, with the last one between them; null where one is."""
    return pc.binary_join_element_wise(*texts)


def choose(mask: NDArray[np.bool_], yes: pa.Array | pa.Scalar, no: pa.Array | pa.Scalar) -> pa.Array:
    """Return `yes` where the mask is true, `no` elsewhere."""
    return pc.if_else(pa.array(mask), yes, no)


def mix(numbers: Numbers, salt: int, n: int) -> NDArray[np.int64]:
    """Return a number in [0, n) for each number, the same whenever it is asked (SplitMix64's finalizer)."""
    bits = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((bits ^ (bits >> np.uint64(31))) % np.uint64(n)).astype(np.int64)


def _town(place: NDArray[np.float64]) -> NDArray[np.int64]:
    weights = 1 / np.arange(3, len(TOWNS) + 3)
    return np.searchsorted(np.cumsum(weights / weights.sum()), place, side="right").clip(max=len(TOWNS) - 1)


def _digits(numbers: Numbers, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
