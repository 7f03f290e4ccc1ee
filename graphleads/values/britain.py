"""British company numbers and addresses, as the country's registers write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.country import country_codes, country_names
from graphleads.codes.scheme import normalize_identifiers
from graphleads.names.fold import fold_characters
from graphleads.values.text_column import join_present, without_ending

COMPANY = "GB-COH"
"""The scheme of Companies House's numbers."""

_SCOTTISH = ("SC", "SF", "SA", "SZ", "GS", "SL", "SO", "ES", "SG", "SP", "SI", "SR", "CS")
_NORTHERN_IRISH = ("NI", "R0", "NA", "NZ", "NF", "GN", "NL", "NC", "EN", "NP", "NV", "NR", "NO")
_REGIONS = {"england": "GB-ENG", "scotland": "GB-SCT", "wales": "GB-WLS", "northern ireland": "GB-NIR"}

_REGISTER = (
    r"\b(?:compan(?:y|ies) ?h[ouse]{3,5}|compan(?:y|ies)|regist(?:er|ers|ry|rar|rars|ered|ration)|office|"
    r"the|of|for|in|at|and|cardiff|london|edinburgh|belfast)\b"
)
"""Words that say register, and where the four offices are."""

_SOUND = r"^[A-Z]{1,2}[1-9][0-9A-HJ-NP-Z]? [0-9][A-Z]{2}$"
"""British postcodes in which nothing can be mistyped for another."""

_POSTCODE = r"^([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})$"
_SLIPS = (
    # A letter for a digit: O and I are never the third or fourth of a district, nor do they begin the second half.
    (r"^([A-Z]{1,2}[0-9][0-9A-Z]?)O([A-Z]{2})$", r"\10\2"),
    (r"^([A-Z]{1,2}[0-9][0-9A-Z]?)I([A-Z]{2})$", r"\11\2"),
    (r"^([A-Z]{1,2}[0-9])O([0-9][A-Z]{2})$", r"\10\2"),
    (r"^([A-Z]{1,2}[0-9])I([0-9][A-Z]{2})$", r"\11\2"),
    # A nought for a letter: no number of a district of an area with one letter begins with it.
    (r"^([A-Z])0([0-9]{1,2}[A-Z]?[0-9][A-Z]{2})$", r"\1O\2"),
    (r"^0([LX][0-9]{1,2}[0-9][A-Z]{2})$", r"O\1"),
)
"""How postcodes without their space are mistyped, and what is meant."""

_POSTCODE_IN_TEXT = r"\b(?P<code>[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][abd-hjlnp-uw-z]{2})\b"
_POSTCODE_AT_END = r"\b(?P<code>[a-z]{1,2}[0-9][0-9a-z]? ?[0-9o][abd-hjlnp-uw-z]{2})$"
_ORDINAL = " ?[0-9](?:st|nd|rd|th)$"
_TAIL = r",[\s\p{Z}]*(?P<tail>[^,]+)$"
_TAIL_ALONE = r",[^,]+$"
_SHORT_NAMES = ("uk", "gb", "usa", "uae")
_BOX = r"\b(?:g?po|post office) ?box ?(?:(?:no|nr|number) ?)?(?P<box>[0-9]\w*)\b"
_BOX_ALONE = r"(?i)^\W*(?:g?p\W*o\W*box\W*|post\W*office\W*box\W*|box\W*)?(?:no\W*)?"
_INSIDE_A_BUILDING = (
    r"\b(?:(?:lower |upper )?(?:ground|top|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"\d+(?:st|nd|rd|th)) floor|(?:flat|suite|room|office|apartment|apt|floor|level|studio|desk) (?:\d\w*|[a-z]))\b"
)
_NUMBER_IN_STREET = r"\b(?P<number>unit \w+|\d+(?:o\d*)?[a-z]?)\b"
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
    whole = pc.fill_null(pc.match_substring_regex(numbers, r"^ *[0-9A-Za-z]+(?:\.0+)? *$"), False)
    numbers = pc.if_else(whole, numbers, _NO_TEXT)
    return _ids(pc.replace_with_mask(numbers, unusual, normalize_identifiers(COMPANY, numbers.filter(unusual))))


def are_british_registers(places: pa.Array) -> pa.Array:
    """Return which texts name Companies House, or a register of companies of no country but the kingdom.

    Args:
        places: string[n], where people say that a company is registered: `Uk Register Of Companies`, `Cardiff`.

    Returns:
        bool[n], null is false.
    """
    rest = pc.replace_substring_regex(fold_characters(places), _REGISTER, " ")
    rest = pc.utf8_trim(pc.replace_substring_regex(rest, " +", " "), " ")
    said = pc.or_(pc.equal(rest, ""), pc.fill_null(pc.equal(country_codes(rest), "GB"), False))
    return pc.fill_null(pc.and_(said, pc.not_equal(fold_characters(places), "")), False)


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
    """Return postcodes in capitals, British ones with one space before the last three characters: string[n].

    The letter O that stands for a nought, and the nought for an O, are mended in British ones.
    """
    sound = pc.if_else(pc.match_substring_regex(values, _SOUND), values, _NO_TEXT)
    return _fill(sound, _mend_postcodes, values)


def _mend_postcodes(values: pa.Array) -> pa.Array:
    plain = pc.utf8_trim(pc.replace_substring_regex(pc.utf8_upper(values), r"[\s\p{Z}.]+", " "), " ")
    squeezed = pc.replace_substring_regex(plain, r"\W", "")
    for slip, meant in _SLIPS:
        squeezed = pc.replace_substring_regex(squeezed, slip, meant)
    british = pc.match_substring_regex(squeezed, _POSTCODE)
    return pc.if_else(british, pc.replace_substring_regex(squeezed, _POSTCODE, r"\1 \2"), plain)


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

    def keys(self) -> pa.Array:
        """Return a key that two spellings of one address share: string[n], null where there is nothing to go by."""
        box = pc.replace_substring_regex(self.po_box, _BOX_ALONE, "PO Box ")
        lines = pc.coalesce(self.lines, box)
        return address_keys(lines, self.town, self.postcode, further=(self.county, self.country))

    def columns(self, purpose: str) -> dict[str, pa.Array]:
        """Return columns of the staged contact points; the key is null where there is nothing to go by."""
        parts = (self.po_box, self.lines, self.town, self.county, self.postcode, self.country)
        return {
            "kind": pa.scalar("address"),
            "purpose": pa.scalar(purpose),
            "key": self.keys(),
            "display": join_present(", ", *parts),
        }


def address_keys(lines: pa.Array, town: pa.Array, postcode: pa.Array, *, further: Sequence[pa.Array] = ()) -> pa.Array:
    """Return a key that two spellings of one building's address share.

    A British postcode has some fifteen doors, so it is the house number, or the unit's on an estate, with the postcode,
    wherever in the address that stands; floors, suites and flats are no part of it, and a post-office box is no house.
    Without a number, and abroad, all words of the address take its place, those at the end that say place and country
    once more left out; without a postcode the town stands for it.

    Args:
        lines: string[n], what is written above the town: `2nd Floor, 17 King Street`.
        town: string[n].
        postcode: string[n], as `postcodes` returns them.
        further: string[n] each, county, country and whatever else the register has.

    Returns:
        string[n], null where there is neither postcode nor town, or nothing above it.
    """
    postcode = _with_misplaced(postcode, (lines, town, *further))
    words = _words(lines)
    box = pc.struct_field(pc.extract_regex(words, _BOX), "box")
    outside = pc.replace_substring_regex(words, _BOX, "") if box.null_count < len(box) else words
    number = pc.struct_field(pc.extract_regex(outside, _NUMBER_IN_STREET), "number")
    number = pc.replace_substring_regex(number, "([0-9])o", r"\10")
    british = pc.fill_null(pc.match_substring_regex(postcode, _POSTCODE), False)
    door = pc.coalesce(number, pc.binary_join_element_wise("po box", box, " "))
    door = _fill(pc.if_else(british, door, _NO_TEXT), _words_alone, lines, postcode, town, *further)
    place = fold_characters(pc.coalesce(postcode, town))
    there = pc.and_(pc.not_equal(door, ""), pc.not_equal(place, ""))
    return pc.if_else(there, pc.binary_join_element_wise(door, place, " "), _NO_TEXT)


def text_keys(texts: pa.Array) -> pa.Array:
    """Return keys of addresses that are one text: string[n], null where there is neither letter nor digit.

    A British postcode in the text makes it the key of `address_keys`; otherwise it is all words but a country at the
    end.
    """
    nothing = pa.nulls(len(texts), pa.string())
    key = _fill(address_keys(texts, nothing, nothing), lambda text: fold_characters(_without_country(text)), texts)
    return pc.if_else(pc.equal(key, ""), _NO_TEXT, key)


def _with_misplaced(postcode: pa.Array, columns: Sequence[pa.Array]) -> pa.Array:
    """Return postcodes, those that are none with the British one that stands in another column instead."""
    found = pc.if_else(pc.match_substring_regex(postcode, "[0-9]"), postcode, _NO_TEXT)
    return pc.coalesce(_fill(found, _find_postcodes, *columns), postcode)


def _find_postcodes(*columns: pa.Array) -> pa.Array:
    found = pa.nulls(len(columns[0]), pa.string())
    for column in columns:
        words = _words(_without_country(column))
        for pattern in (_POSTCODE_AT_END, _POSTCODE_IN_TEXT):
            code = pc.struct_field(pc.extract_regex(words, pattern), "code")
            code = pc.if_else(pc.match_substring_regex(code, _ORDINAL), _NO_TEXT, code)
            found = pc.coalesce(found, code)
    return postcodes(found)


def _words(lines: pa.Array) -> pa.Array:
    """Return folded words without those that tell the inside of a building."""
    words = pc.replace_substring_regex(fold_characters(lines), _INSIDE_A_BUILDING, "")
    return pc.utf8_trim(pc.replace_substring_regex(words, " +", " "), " ")


def _words_alone(lines: pa.Array, *further: pa.Array) -> pa.Array:
    """Return words without those at the end that the further columns say too."""
    words = _words(_without_country(lines))
    endings = [fold_characters(column) for column in further]
    # What is said at the end comes in any order: a second round finds what stood before another.
    for ending in (*endings, *endings):
        words = without_ending(words, ending)
    return words


def _without_country(texts: pa.Array) -> pa.Array:
    """Return texts without the country that they end with."""
    tail = fold_characters(pc.struct_field(pc.extract_regex(texts, _TAIL), "tail"))
    is_country = pc.is_in(tail, value_set=pa.array([*sorted(country_names()), *_SHORT_NAMES]))
    return pc.if_else(is_country, pc.replace_substring_regex(texts, _TAIL_ALONE, ""), texts)


def _fill(values: pa.Array, make: Callable[..., pa.Array], *columns: pa.Array) -> pa.Array:
    """Return values where they are, and what is made of the other columns where they are not."""
    missing = pc.is_null(values)
    if not values.null_count:
        return values
    return pc.replace_with_mask(values, missing, make(*(column.filter(missing) for column in columns)))


def _ids(values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(COMPANY, values, ":")
