"""Columns of entity ids: `scheme:value`, with values in the form that their schemes give them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import check_identifiers, get_scheme, normalize_identifiers

SCHEME_PREFIX = "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*:"
"""What a text with a scheme begins with (`graphleads.ids`)."""

_LENGTH_MAX = 512
_RANK_UNKNOWN = 9


def normalize_ids(values: pa.Array) -> pa.Array:
    """Return the ids with their values normalised, null where a text is no id.

    Args:
        values: string[n], `scheme:value`.

    Returns:
        string[n]: `GB-COH:1234567` is `GB-COH:01234567`; values of schemes that nobody knows stay as they are.
    """
    fits = pc.and_(
        pc.match_substring_regex(values, SCHEME_PREFIX + "."), pc.less_equal(pc.utf8_length(values), _LENGTH_MAX)
    )
    ids = pc.if_else(fits, values, pa.scalar(None, pa.string()))
    schemes = pc.replace_substring_regex(ids, ":(?s:.*)$", "")
    for scheme in _known(schemes):
        rows = pc.fill_null(pc.equal(schemes, scheme), False)
        values_in_scheme = pc.utf8_slice_codeunits(ids.filter(rows), len(scheme) + 1)
        normal = normalize_identifiers(scheme, values_in_scheme)
        ids = pc.replace_with_mask(ids, rows, pc.binary_join_element_wise(f"{scheme}:", normal, ""))
    return ids


def normalize_identifiers_by_scheme(schemes: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return identifiers of many schemes, and whether their check digits hold.

    Args:
        schemes: string[n].
        values: string[n], as a register or a person writes them.

    Returns:
        string[n], normalised, null where there is no such value; bool[n], null where there is no check digit.
    """
    fits = pc.match_substring_regex(pc.binary_join_element_wise(schemes, ":", ""), SCHEME_PREFIX)
    normal = pc.if_else(fits, values, pa.scalar(None, pa.string()))
    valid = pa.nulls(len(values), pa.bool_())
    for scheme in _known(schemes):
        rows = pc.fill_null(pc.equal(schemes, scheme), False)
        given = values.filter(rows)
        normal = pc.replace_with_mask(normal, rows, normalize_identifiers(scheme, given))
        valid = pc.replace_with_mask(valid, rows, check_identifiers(scheme, given))
    return normal, valid


def _known(schemes: pa.Array) -> list[str]:
    """Return the distinct schemes of which more is known than their code."""
    distinct = (scheme for scheme in schemes.unique().to_pylist() if scheme is not None)
    return [scheme for scheme in distinct if get_scheme(scheme).rank < _RANK_UNKNOWN]
