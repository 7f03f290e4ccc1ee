"""British company numbers and addresses, as the country's registers write them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import normalize_identifiers
from graphleads.names.fold import fold_characters
from graphleads.values.text_column import join_present

COMPANY = "GB-COH"
"""The scheme of Companies House's numbers."""

_SCOTTISH = ("SC", "SF", "SA", "SZ", "GS", "SL", "SO", "ES", "SG", "SP", "SI", "SR", "CS")
_NORTHERN_IRISH = ("NI", "R0", "NA", "NZ", "NF", "GN", "NL", "NC", "EN", "NP", "NV", "NR", "NO")
_REGIONS = {"england": "GB-ENG", "scotland": "GB-SCT", "wales": "GB-WLS", "northern ireland": "GB-NIR"}

_LEAST_DIGITS = 5
_POSTCODE = r"^([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})$"
_INSIDE_A_BUILDING = (
    r"\b(?:(?:lower |upper )?(?:ground|top|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"\d+(?:st|nd|rd|th)) floor|(?:flat|suite|room|office|apartment|apt|floor|level|studio|desk) (?:\d\w*|[a-z]))\b"
)
_NUMBER_IN_STREET = r"\b(?P<number>unit \w+|\d+[a-z]?)\b"
_NO_TEXT = pa.scalar(None, pa.string())


def company_ids(numbers: pa.Array) -> pa.Array:
    """Return the ids of companies from the register's own column of numbers.

    Args:
        numbers: string[n]; zeros that a spreadsheet took from the front are put back.

    Returns:
        string[n], null where a number is none of the register.
    """
    usual = pc.fill_null(pc.match_substring_regex(numbers, "^(?:[0-9]{8}|[A-Z]{2}[0-9]{6})$"), False)
    unusual = pc.invert(usual)
    return _ids(pc.replace_with_mask(numbers, unusual, normalize_identifiers(COMPANY, numbers.filter(unusual))))


def stated_company_ids(numbers: pa.Array) -> pa.Array:
    """Return the ids of companies from numbers that somebody typed.

    Args:
        numbers: string[n].

    Returns:
        string[n], null where the text is no company number, or has fewer than five digits and letters: that is more
        often a slip than one of the few oldest companies.
    """
    long = pc.greater_equal(pc.utf8_length(pc.replace_substring_regex(numbers, r"\W", "")), _LEAST_DIGITS)
    return _ids(normalize_identifiers(COMPANY, pc.if_else(long, numbers, _NO_TEXT)))


def jurisdictions(ids: pa.Array) -> pa.Array:
    """Return GB-SCT, GB-NIR or GB, by the letters that company numbers begin with: string[n], null where the id is.

    Reference:
        Companies House, company numbers and their prefixes.
    """
    prefix = pc.utf8_slice_codeunits(ids, len(COMPANY) + 1, len(COMPANY) + 3)
    scottish, northern_irish = (pc.is_in(prefix, pa.array(words)) for words in (_SCOTTISH, _NORTHERN_IRISH))
    found = pc.if_else(scottish, "GB-SCT", pc.if_else(northern_irish, "GB-NIR", "GB"))
    return pc.if_else(pc.is_valid(ids), found, _NO_TEXT)


def regions(countries: pa.Array) -> pa.Array:
    """Return the parts of the kingdom as ISO 3166-2: string[n], null where a text names none of the four."""
    places = pc.index_in(pc.utf8_lower(countries), value_set=pa.array(list(_REGIONS)))
    return pa.array(list(_REGIONS.values())).take(places)


def postcodes(values: pa.Array) -> pa.Array:
    """Return postcodes in capitals, British ones with one space before the last three characters: string[n]."""
    return pc.replace_substring_regex(pc.utf8_upper(values), _POSTCODE, r"\1 \2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """A column of addresses, string[n] each.

    Attributes:
        po_box: The post-office box.
        lines: What is written above the town: `2nd Floor, 17 King Street`.
        town: The town.
        county: The county or region.
        postcode: As `postcodes` returns them.
        country: The country in words.
    """

    po_box: pa.Array
    lines: pa.Array
    town: pa.Array
    county: pa.Array
    postcode: pa.Array
    country: pa.Array

    def columns(self, purpose: str) -> dict[str, pa.Array]:
        """Return columns of the staged contact points; the key is null where there is nothing to go by."""
        parts = (self.po_box, self.lines, self.town, self.county, self.postcode, self.country)
        key = address_keys(pc.coalesce(self.lines, self.po_box), self.town, self.postcode)
        return {
            "kind": pa.scalar("address"),
            "purpose": pa.scalar(purpose),
            "key": key,
            "display": join_present(", ", *parts),
        }


def address_keys(lines: pa.Array, town: pa.Array, postcode: pa.Array) -> pa.Array:
    """Return a key that two spellings of one building's address share.

    A British postcode has some fifteen doors, so it is the house number, or the unit's on an estate, with the postcode;
    floors, suites and flats are no part of it. Without a number, and abroad, all words of the address take its place;
    without a postcode the town stands for it.

    Args:
        lines: string[n], what is written above the town: `2nd Floor, 17 King Street`.
        town: string[n].
        postcode: string[n], as `postcodes` returns them.

    Returns:
        string[n], null where there is neither postcode nor town, or nothing above it.
    """
    words = pc.replace_substring_regex(fold_characters(lines), _INSIDE_A_BUILDING, "")
    words = pc.utf8_trim(pc.replace_substring_regex(words, " +", " "), " ")
    number = pc.struct_field(pc.extract_regex(words, _NUMBER_IN_STREET), "number")
    british = pc.fill_null(pc.match_substring_regex(postcode, _POSTCODE), False)
    door = pc.if_else(british, pc.coalesce(number, words), words)
    place = fold_characters(pc.coalesce(postcode, town))
    there = pc.and_(pc.not_equal(door, ""), pc.not_equal(place, ""))
    return pc.if_else(there, pc.binary_join_element_wise(door, place, " "), _NO_TEXT)


def _ids(values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(COMPANY, values, ":")
