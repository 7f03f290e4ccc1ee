"""Phone numbers: the key that all spellings of one number share.

A number is told apart as the plans of the world's countries have it, in the edition that phonenumbers brings (Google's
libphonenumber): country's code, trunk prefix, area code, how long a number can be. What is longer than that, too short
or lacks its area code is nobody's number.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

_NO_TEXT = pa.scalar(None, pa.string())
_LONGEST = 40
_IDLE = r"^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|0?1234567(?:8|89|890)?|9?87654321?0?)$"
"""Digits that stand for no number: one throughout, and those that count up or down."""

_is_idle = re.compile(_IDLE).match
_ZEROS_FOR_PLUS = re.compile(r"^00(?=[1-9])")
_EXTENSION = re.compile(r"(?:转接?|轉接?|分机|內線|ramal|poste|durchwahl)\D*(?=\d)", re.IGNORECASE)
"""Words for an extension that the library does not know."""
_WITH_AREA = re.compile(r"\D*?[+＋]|\D*0")


_USUAL = {
    "BR": ("55", r"^\(?0?(?P<area>[1-9][1-9])\)?[ -]?(?P<number>(?:9[0-9]{4}|[2-5][0-9]{3})[ -]?[0-9]{4})$"),
    "CN": (
        "86",
        r"^(?:(?:\+?86[- ]?\(?0?|\(?0)(?P<area>[1-9][0-9]{1,2})\)?[- ]?(?P<number>[0-9]{7,8})(?:\D+[0-9]{1,6})?"
        r"|(?:\+?86[- ]?)?(?P<short>1[3-9][0-9]{9}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}))$",
    ),
    "GB": ("44", r"^\(?0(?P<area>[1-37-9][0-9]{2,4})\)?[ -]?(?P<number>[0-9]{3,4}[ -]?[0-9]{3,4})$"),
}
"""How numbers are mostly written in the registers that say many: country's code and pattern."""
_LENGTHS = {"BR": (10, 11), "CN": (9, 10, 11), "GB": (10,)}


def phone_keys(numbers: pa.Array, countries: pa.Array | str | None = None) -> pa.Array:
    """Return phone numbers as digits with the country's code, extensions left off.

    Args:
        numbers: string[n], `+44 20 7946 0958`, `(020) 7946 0958 ext 2`, `0044 20 79460958`.
        countries: string[n] or one, where they are dialled: ISO 3166 codes, a subdivision's too; null or None where
            that is not known, and only international numbers can be read.

    Returns:
        string[n], null where a number cannot be one, is one digit throughout, or lacks its country or area code.
    """
    given = isinstance(countries, pa.Array)
    places: pa.Array = countries if given else pa.repeat(pa.scalar(countries, pa.string()), len(numbers))
    keys = _international(numbers)
    for country in _USUAL:
        keys = pc.coalesce(keys, _usual(numbers, places, country))
    rest = pc.and_(pc.is_null(keys), pc.is_valid(numbers))
    if not pc.any(rest).as_py():
        return keys
    return pc.replace_with_mask(keys, rest, _keys_one_by_one(numbers.filter(rest), places.filter(rest)))


def _usual(numbers: pa.Array, countries: pa.Array, country: str) -> pa.Array:
    """Return the keys of a country's numbers that are written as most are; others take a hundred times as long."""
    here = pc.fill_null(pc.starts_with(countries, country), False)
    if not pc.any(here).as_py():
        return pa.nulls(len(numbers), pa.string())
    code, pattern = _USUAL[country]
    parts = pc.extract_regex(pc.if_else(here, numbers, _NO_TEXT), pattern)
    digits = pc.binary_join_element_wise(*parts.flatten(), "")
    digits = pc.replace_substring_regex(digits, "[ -]", "")
    usable = pc.and_(
        _is_number(digits), pc.is_in(pc.utf8_length(digits), value_set=pa.array(_LENGTHS[country], pa.int32()))
    )
    return pc.if_else(usable, pc.binary_join_element_wise(code, digits, ""), _NO_TEXT)


def _is_number(digits: pa.Array) -> pa.Array:
    return pc.invert(pc.fill_null(pc.match_substring_regex(digits, _IDLE), False))


def _international(numbers: pa.Array) -> pa.Array:
    """Return the keys of international numbers that are digits and gaps alone."""
    parts = pc.extract_regex(numbers, _international_form())
    code = pc.struct_field(parts, "code")
    digits = pc.replace_substring_regex(pc.struct_field(parts, "number"), r"\D", "")
    usable = pa.array([False] * len(numbers), pa.bool_())
    for one in pc.drop_null(pc.unique(code)).to_pylist():
        lengths, prefix = _plan(one)
        fits = pc.is_in(pc.utf8_length(digits), value_set=pa.array(lengths, pa.int32()))
        if prefix:
            # What may begin with a trunk prefix is read by the library, which knows when to take it off.
            fits = pc.and_(fits, pc.invert(pc.match_substring_regex(digits, f"^(?:{prefix})")))
        usable = pc.or_(usable, pc.fill_null(pc.and_(pc.equal(code, one), fits), False))
    usable = pc.and_(usable, _is_number(digits))
    return pc.if_else(usable, pc.binary_join_element_wise(code, digits, ""), _NO_TEXT)


@cache
def _international_form() -> str:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    codes = "|".join(map(str, sorted(COUNTRY_CODE_TO_REGION_CODE)))
    return rf"^(?:\+|00)[ .-]?(?P<code>{codes})[ ./-]?(?P<number>[1-9](?:[ ./-]?[0-9]){{5,13}})$"


@cache
def _plan(code: str) -> tuple[tuple[int, ...], str | None]:
    """Return how long numbers of a country's code can be, and a pattern of what is dialled before them inside."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    plan = PhoneMetadata.metadata_for_region(region_code_for_country_code(int(code)), None)
    if plan is None or plan.general_desc is None:
        return (), None
    return tuple(plan.general_desc.possible_length), plan.national_prefix_for_parsing


def _keys_one_by_one(numbers: pa.Array, countries: pa.Array) -> pa.Array:
    """Return the keys of numbers however they are written; each distinct one is read once."""
    regions = pc.utf8_slice_codeunits(pc.utf8_upper(countries), 0, 2).fill_null("")
    encoded = pc.binary_join_element_wise(regions, numbers, "\t").dictionary_encode()
    pairs = (text.split("\t", 1) for text in encoded.dictionary.to_pylist())
    return pa.array([_key(number, region or None) for region, number in pairs], pa.string()).take(encoded.indices)


def _key(number: str, region: str | None) -> str | None:
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
        is_valid_number,
        parse,
    )

    if len(number) > _LONGEST:
        return None
    text = _ZEROS_FOR_PLUS.sub("+", unicodedata.normalize("NFKC", number).strip())
    text = _EXTENSION.sub(" ext ", text)
    try:
        parsed = parse(text, region)
    except NumberParseException:
        return None
    if is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE or _is_idle(str(parsed.national_number)):
        return None
    # Numbers that nobody has yet can be told from those without an area code by the zero or plus in front alone.
    if not _WITH_AREA.match(text) and not is_valid_number(parsed):
        return None
    return format_number(parsed, PhoneNumberFormat.E164).removeprefix("+")
