"""The numbers of organisations, which somebody states of them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import are_placeholders, check_identifiers, normalize_identifiers
from graphleads.ingest.registers.ftm.entity_row import values_of
from graphleads.ingest.registers.ftm.schema import IDENTIFIERS
from graphleads.ingest.registers.ftm.value import countries_of, firsts, places
from graphleads.ingest.row_stager import RowStager
from graphleads.values.britain import COMPANY
from graphleads.values.british_number import stated_numbers

ENTITY = "X-FTM"
"""The scheme of the entities' own ids."""

OPENCORPORATES = "X-OPENCORPORATES"

_NATIONAL = {"GB": "GB-COH", "NL": "NL-KVK", "BR": "BR-CNPJ", "CN": "CN-USCI", "AU": "AU-ACN"}
"""Countries whose register is told by the country alone."""

_ALSO_TAX_NUMBERS = ("BR", "CN")
"""Countries whose companies have one number for the register and for taxes."""

_OTHER_NUMBERS = {"registrationNumber": "X-REG", "taxNumber": "X-TAX"}
_LEAST_DIGITS = 5
_OPENCORPORATES_PATH = r"opencorporates\.com/companies/(?P<path>[a-z_]+/[^/?#\s]+)"
_NO_TEXT = pa.scalar(None, pa.string())


def with_places(rows: RowStager) -> RowStager:
    """Return organisations with the country or place they are of, ISO 3166, as `place`, and their legal `form`."""
    stated = pc.coalesce(*(firsts(rows[name]) for name in ("jurisdiction", "mainCountry", "country")))
    return rows.with_columns({"stated_place": stated, "place": places(stated), "form": firsts(rows["legalForm"])})


def stage_numbers(rows: RowStager) -> Iterator[tuple[RowStager, str, pa.Table]]:
    """Yield the numbers of organisations property by property.

    Args:
        rows: Organisations, as `with_places` returns them.

    Yields:
        The rows, one a number; the property; and `scheme`, `value` (null where it is no number of the list) and
        `valid`.
    """
    for name, scheme in IDENTIFIERS.items():
        each = values_of(rows, name)
        yield each, name, _numbers(each[name], scheme)
    for name in _OTHER_NUMBERS:
        each = values_of(rows, name)
        yield each, name, _numbers_of_countries(each, name)
    each = values_of(rows, "opencorporatesUrl")
    path = pc.struct_field(pc.extract_regex(each["opencorporatesUrl"], _OPENCORPORATES_PATH), "path")
    yield each, "opencorporatesUrl", _numbers(path, OPENCORPORATES)


def entity_ids(names: pa.Array) -> pa.Array:
    """Return the ids that entities have by their own name: string[n]."""
    return pc.binary_join_element_wise(ENTITY, names, ":")


def _numbers(values: pa.Array, scheme: str) -> pa.Table:
    normal = normalize_identifiers(scheme, values)
    return _table(pa.repeat(pa.scalar(scheme), len(values)), normal, check_identifiers(scheme, values))


def _numbers_of_countries(rows: RowStager, name: str) -> pa.Table:
    """Return numbers in the register of their country, or, where that is not known, in one named by the country."""
    values, place = rows[name], rows["place"]
    country = countries_of(place)
    other = pc.coalesce(pc.binary_join_element_wise(_OTHER_NUMBERS[name], place, "-"), _OTHER_NUMBERS[name])
    scheme, number = other, normalize_identifiers(ENTITY, values)
    valid = pa.nulls(len(values), pa.bool_())
    # Few digits are more often a slip than one of the oldest companies.
    long = pc.greater_equal(pc.utf8_length(pc.replace_substring_regex(values, r"\W", "")), _LEAST_DIGITS)
    for code, national in _NATIONAL.items():
        if name == "taxNumber" and code not in _ALSO_TAX_NUMBERS:
            continue
        if national == COMPANY:
            normal = stated_numbers(values, place, rows["form"])
        else:
            normal = normalize_identifiers(national, values)
        fits = pc.and_(pc.and_(pc.fill_null(pc.equal(country, code), False), pc.is_valid(normal)), long)
        fits = pc.fill_null(fits, False)
        scheme = pc.if_else(fits, national, scheme)
        number = pc.if_else(fits, normal, number)
        valid = pc.if_else(fits, check_identifiers(national, values), valid)
    placeholder = pc.and_not(pc.fill_null(are_placeholders(number), False), pc.fill_null(valid, False))
    return _table(scheme, pc.if_else(placeholder, _NO_TEXT, number), valid)


def _table(scheme: pa.Array, value: pa.Array, valid: pa.Array) -> pa.Table:
    return pa.table({"scheme": scheme, "value": value, "valid": valid})
