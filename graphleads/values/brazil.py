"""Brazilian addresses, phone numbers and tax numbers, as the country's registers write them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.normalize import fold_names

STATES = (
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
    "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
)  # fmt: skip
"""The states and the federal district, ISO 3166-2 without `BR-`."""

_COUNTRY_CODE = "55"
_STREET_TYPES = (
    r"^(?:av|ave|aven|avda|avenida|r|rua|al|alameda|rod|rodovia|pc|pca|praca|est|estr|estrada|tv|trav|travessa|lgo|"
    r"largo|q|quadra|via) "
)
_FILLERS = (
    r"\b(?:a|o|e|d|da|de|do|das|dos|dr|dra|doutor|doutora|pres|presidente|brig|brigadeiro|eng|engenheiro|cel|coronel|"
    r"gal|gen|general|mal|marechal|prof|professor|professora|sen|senador|dep|deputado|gov|governador|min|ministro|"
    r"com|comendador|cap|capitao|ten|tenente|alm|almirante|des|desembargador|cons|conselheiro|ver|vereador|pe|padre|"
    r"sn) "
)
_MARKED_NUMBER = r"\b(?:n|no|nr|num|numero) ?(\d+)\b.*$"
_MILESTONE = r"\bkm (\d+)\b.*$"
# Two words come first, so that `rua 25 de março` and `rua 3` are not cut at their names.
_BARE_NUMBER = r"^(\S+ \S+ [^#]*?)\b(\d+)\b[^#]*$"
_NUMBER_BEFORE_ROOM = (
    r"^(?:(?:n|no|nr|num|numero) ?)?(\d+)(?: (?:sala|salas|sl|conj|conjunto|cj|bloco|bl|torre|loja|parte|\d).*)?$"
)
_BOX = r"\b(?:caixa postal|cx postal) (?:n |no )?(\d)"
_POSTCODE = r"\b(?:cep )?\d{5} \d{3}\b|\bcep \d{8}\b"
_NO_TEXT = pa.scalar(None, pa.string())
_ONE_DIGIT = "^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$"


def address_keys(street: pa.Array, complement: pa.Array, town: pa.Array, state: pa.Array) -> pa.Array:
    """Return a key that two spellings of one building's address share.

    It is the street without its type, titles and particles, the house number, the town and the state; floors and rooms
    are no part of it. An address without a number keeps its complement, a road address its kilometre; a street alone
    is no address.

    Args:
        street: string[n], `Av. Dr. Fulano, nº 1.089 - 3º andar`.
        complement: string[n], `sala 21`; the house number may stand here.
        town: string[n].
        state: string[n], two letters.

    Returns:
        string[n], null where street or town is missing, or nothing says where in the street.
    """
    road, further = _fold_road(street), _fold_road(complement)
    for pattern, number in ((_MARKED_NUMBER, r"#\1"), (_MILESTONE, r"km #\1"), (_BARE_NUMBER, r"\1#\2")):
        road = pc.replace_substring_regex(road, pattern, number)
    further = pc.replace_substring_regex(further, _NUMBER_BEFORE_ROOM, r"#\1")
    completed = pc.binary_join_element_wise(road, further, " ")
    building = pc.replace_substring(pc.if_else(pc.match_substring(road, "#"), road, completed), "#", "")
    plain = _without_fillers(pc.replace_substring_regex(building, _STREET_TYPES, ""))
    key = pc.binary_join_element_wise(plain, fold_names(town), fold_names(pc.fill_null(state, "")), " ")
    return pc.utf8_trim_whitespace(key)


def phone_keys(area: pa.Array, number: pa.Array) -> pa.Array:
    """Return phone numbers as digits with the country's code.

    The code `0512` with the number `331122` is how exchanges were written before the 1990s; read on, it is the same
    number as `51` with `2331122`.

    Args:
        area: string[n], the area code, zeros in front or not.
        number: string[n], the subscriber's number.

    Returns:
        string[n], null where the number cannot be one: too short, too long, one digit repeated, or without area code.
    """
    code = pc.utf8_ltrim(_digits(area), "0")
    subscriber = pc.utf8_ltrim(_digits(number), "0")
    whole = pc.binary_join_element_wise(code, subscriber, "")
    fits = pc.and_(pc.match_substring_regex(whole, r"^\d{8,11}$"), pc.match_substring_regex(code, r"^\d{2,3}$"))
    fits = pc.and_(fits, pc.invert(pc.match_substring_regex(subscriber, _ONE_DIGIT)))
    return pc.if_else(fits, pc.binary_join_element_wise(pa.scalar(_COUNTRY_CODE), whole, ""), _NO_TEXT)


def postcodes(values: pa.Array) -> pa.Array:
    """Return postcodes as eight digits: string[n], null where there are fewer than seven or more than eight."""
    digits = _digits(values)
    return pc.if_else(pc.match_substring_regex(digits, r"^\d{7,8}$"), pc.utf8_lpad(digits, 8, "0"), _NO_TEXT)


def _without_fillers(values: pa.Array) -> pa.Array:
    spaced = pc.binary_join_element_wise(values, "", " ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(spaced, _FILLERS, ""))


def _fold_road(values: pa.Array) -> pa.Array:
    """Return folded words without a postcode; the number of a box is part of its word, for it is no house's."""
    folded = fold_names(_join_thousands(values))
    return pc.replace_substring_regex(pc.replace_substring_regex(folded, _BOX, r"caixa postal cp\1"), _POSTCODE, "")


def _join_thousands(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, r"(\d)\.(\d{3})\b", r"\1\2")


def _digits(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, r"\D", "")
