"""The numbers that entities have in the registers that GLEIF names."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.registration_authority import NO_AUTHORITY, authority_schemes
from graphleads.codes.scheme import check_identifiers, normalize_identifiers

_CODE = "^RA[0-9]{6}$"
_NO_TEXT = pa.scalar(None, pa.string())


def register_numbers(codes: pa.Array, numbers: pa.Array, *, shared: pa.Array) -> dict[str, pa.Array]:
    """Return the columns `scheme`, `value` and `valid` of the staged identifiers; all null where there is no number.

    A number that cannot be one of its register's scheme stays under GLEIF's code.

    Args:
        codes: string[n], registration authorities.
        numbers: string[n], what entities are registered as.
        shared: bool[n], where the number may name not the entity alone, as those of branches and funds do: it stays
            under GLEIF's code, which joins nobody.
    """
    usable = pc.and_(pc.match_substring_regex(codes, _CODE), pc.not_equal(codes, NO_AUTHORITY))
    there = pc.and_(pc.fill_null(usable, False), pc.is_valid(numbers))
    scheme, value = pc.if_else(there, codes, _NO_TEXT), pc.if_else(there, numbers, _NO_TEXT)
    valid = pa.nulls(len(codes), pa.bool_())
    for known in sorted(set(authority_schemes().values())):
        authorities = [code for code, of in authority_schemes().items() if of == known]
        mapped = pc.and_(pc.is_in(scheme, pa.array(authorities)), pc.invert(shared))
        given = pc.if_else(mapped, value, _NO_TEXT)
        normal = normalize_identifiers(known, given)
        fits = pc.is_valid(normal)
        scheme = pc.if_else(fits, known, scheme)
        value = pc.coalesce(normal, value)
        valid = pc.if_else(fits, check_identifiers(known, given), valid)
    return {"scheme": scheme, "value": value, "valid": valid}
