"""Columns of entity ids: `scheme:value`, with values in the form that their schemes give them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import check_identifiers, get_scheme, normalize_identifiers, written_ids

_SCHEME = "^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$"
_FREE = ""
"""A scheme of which nothing is known."""

_LENGTH_MAX = 512
_RANK_UNKNOWN = 9


def normalize_ids(values: pa.Array, default: str | None = None) -> pa.Array:
    """Return the ids with their values normalised, null where a text is no id.

    Args:
        values: string[n], `scheme:value`, as people write them (`graphleads.codes.scheme.split_written`).
        default: The scheme of values that name none; None takes them for no ids.

    Returns:
        string[n]: `gb_coh:1234567` is `GB-COH:01234567`; of values of schemes that nobody knows white space is mended.
    """
    ids = written_ids(values)
    if default is not None:
        ids = pc.coalesce(ids, pc.binary_join_element_wise(f"{default}:", values, ""))
    parts = pc.split_pattern(ids, ":", max_splits=1)
    schemes, given = pc.list_element(parts, 0), pc.list_element(parts, 1)
    known = _known(schemes)
    free = pc.invert(pc.is_in(schemes, pa.array(known, pa.string())))
    normal = pc.replace_with_mask(
        pa.nulls(len(values), pa.string()), free, normalize_identifiers(_FREE, given.filter(free))
    )
    for scheme in known:
        rows = pc.fill_null(pc.equal(schemes, scheme), False)
        normal = pc.replace_with_mask(normal, rows, normalize_identifiers(scheme, given.filter(rows)))
    ids = pc.binary_join_element_wise(schemes, normal, ":")
    return pc.if_else(pc.less_equal(pc.utf8_length(ids), _LENGTH_MAX), ids, pa.scalar(None, pa.string()))


def normalize_identifiers_by_scheme(schemes: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return identifiers of many schemes, and whether their check digits hold.

    Args:
        schemes: string[n].
        values: string[n], as a register or a person writes them.

    Returns:
        string[n], normalised, null where there is no such value; bool[n], null where there is no check digit.
    """
    fits = pc.match_substring_regex(schemes, _SCHEME)
    normal = pc.if_else(fits, normalize_identifiers(_FREE, values), pa.scalar(None, pa.string()))
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
