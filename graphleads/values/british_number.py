"""Numbers of British companies that somebody typed: what they stand for in Companies House's register."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import are_placeholders, normalize_identifiers
from graphleads.values.britain import COMPANY

_LEAST_DIGITS = 5
_NUMBER_AMONG_WORDS = (
    r"(?:^|[\s:(,])(?P<number>(?i:SC|NI|OC|SO|NC|R|RS|IP|SP|LP|SL|FC|OE)?[0-9]{6,8}[RS]?)(?:$|[\s),/])"
)
_SLIPS = (("^O([0-9]{7})$", r"0\1"), ("^0C([0-9]{6})$", r"OC\1"), ("^S0([0-9]{6})$", r"SO\1"))
"""The letter O for a zero, and a zero for it."""

_IN_SCOTLAND = r"(?i)\bscotland\b|\bscottish\b|\bedinburgh\b|^GB-SCT$"
_IN_NORTHERN_IRELAND = r"(?i)\bnorthern ireland\b|\bbelfast\b|^GB-NIR$"
_LLP = r"(?i)\bl\.?l\.?p\b|limited liability partnership"
_NO_TEXT = pa.scalar(None, pa.string())


def stated_numbers(numbers: pa.Array, places: pa.Array, legal_forms: pa.Array) -> pa.Array:
    """Return company numbers from what somebody typed, with words around it, without its prefix, with an O for a zero.

    Args:
        numbers: string[n].
        places: string[n], where it is registered, in words or as ISO 3166-2.
        legal_forms: string[n].

    Returns:
        string[n], null where the text is no company number, a placeholder, or has fewer than five digits and letters:
        that is more often a slip than one of the few oldest companies.
    """
    texts = pc.utf8_normalize(numbers, "NFKC")
    alone = pc.struct_field(pc.extract_regex(texts, _NUMBER_AMONG_WORDS), "number")
    whole = normalize_identifiers(COMPANY, texts)
    typed = pc.if_else(pc.is_valid(whole), texts, pc.coalesce(alone, texts))
    squeezed = pc.utf8_upper(pc.replace_substring_regex(typed, r"\W", ""))
    for slip, meant in _SLIPS:
        squeezed = pc.replace_substring_regex(squeezed, slip, meant)
    long = pc.greater_equal(pc.utf8_length(squeezed), _LEAST_DIGITS)
    number = normalize_identifiers(COMPANY, pc.if_else(long, squeezed, _NO_TEXT))
    number = pc.if_else(are_placeholders(number), _NO_TEXT, number)
    prefix = _prefixes(places, legal_forms)
    lacks = pc.and_(pc.match_substring_regex(number, "^00[0-9]{6}$"), pc.not_equal(prefix, ""))
    prefixed = pc.binary_join_element_wise(prefix, pc.utf8_slice_codeunits(number, 2), "")
    return pc.if_else(pc.fill_null(lacks, False), prefixed, number)


def _prefixes(places: pa.Array, legal_forms: pa.Array) -> pa.Array:
    """Return the letters that numbers of a place and a legal form begin with: string[n], empty where with none."""
    scottish, northern_irish = (
        pc.fill_null(pc.match_substring_regex(places, pattern), False)
        for pattern in (_IN_SCOTLAND, _IN_NORTHERN_IRELAND)
    )
    partnership = pc.fill_null(pc.match_substring_regex(legal_forms, _LLP), False)
    companies = pc.if_else(scottish, "SC", pc.if_else(northern_irish, "NI", ""))
    return pc.if_else(partnership, pc.if_else(scottish, "SO", pc.if_else(northern_irish, "NC", "OC")), companies)
