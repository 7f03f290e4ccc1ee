"""Interests in the standard's words as columns of the staged interests and roles."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.tables.schema import VALUES

UNKNOWN = "unknown_interest"

ROLES = {"board_member": "director", "board_chair": "chair", "senior_managing_official": "manager"}
"""Interests that are an office, and the roles that they are."""

_OF_0_2 = {
    "settlor_of_trust": "settlor",
    "trustee_of_trust": "trustee",
    "protector_of_trust": "protector",
    "beneficiary_of_trust": "beneficiary_of_legal_arrangement",
    "other_influence_or_control_of_trust": "other_influence_or_control",
}
_HELD_AS = {"nominee": "nominee", "trustee": "trust"}
_DIRECTNESS = ("direct", "indirect", "unknown")
_PERCENT = 100.0
_NO_TEXT = pa.scalar(None, pa.string())
_NO_NUMBER = pa.scalar(None, pa.float64())

SHARES = tuple(
    f"interests.share.{name}"
    for name in (
        "exact",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "withoutMinimum",
        "withoutMaximum",
    )
)


def snake_case(texts: pa.Array) -> pa.Array:
    """Return words of any version (`votingRights`, `voting-rights`) in snake case: string[n]."""
    encoded = texts.dictionary_encode()
    words = [
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).replace("-", "_").lower() for text in encoded.dictionary.to_pylist()
    ]
    return pa.array(words, pa.string()).take(encoded.indices)


def interest_kinds(types: pa.Array) -> pa.Array:
    """Return interest types as kinds of interest: string[n], null where a type is not known or there is none."""
    words = snake_case(types)
    place = pc.index_in(words, value_set=pa.array(list(_OF_0_2)))
    renamed = pc.coalesce(pa.array(list(_OF_0_2.values())).take(place), words)
    known = pc.is_in(renamed, value_set=pa.array(VALUES["interests.kind"]))
    return pc.if_else(known, renamed, _NO_TEXT)


def kinds_held_as(kinds: pa.Array) -> pa.Array:
    """Return in which capacity somebody has an interest, as its kind says: string[n], mostly null."""
    return pa.array(list(_HELD_AS.values())).take(pc.index_in(kinds, value_set=pa.array(list(_HELD_AS))))


def directness(*words: pa.Array) -> pa.Array:
    """Return direct, indirect or unknown from the first column that says so: string[n]."""
    given = pc.coalesce(*words)
    return pc.if_else(pc.is_in(given, value_set=pa.array(_DIRECTNESS)), given, "unknown")


def share_columns(columns: dict[str, pa.Array], legacy: pa.Array) -> dict[str, pa.Array]:
    """Return shares as fractions with both bounds and whether these are left out.

    Up to 0.3 an upper bound is left out unless the publisher says otherwise; where it is the lower one or 100 %
    nothing would be left, so it counts.

    Args:
        columns: The columns of `SHARES`, in percent.
        legacy: bool[n], whether the statement is of 0.2 or 0.3.

    Returns:
        `share_min`, `share_max`, `min_exclusive` and `max_exclusive`; a share out of [0, 100] is null.
    """
    exact, low, high, open_low, open_high, without_low, without_high = (columns[name] for name in SHARES)
    least, most = (_fraction(pc.coalesce(exact, *bounds)) for bounds in ((low, open_low), (high, open_high)))
    stated = pc.is_valid(exact)
    empty = pc.or_(pc.fill_null(pc.equal(least, most), False), pc.fill_null(pc.equal(most, 1.0), False))
    usual = pc.and_(legacy, pc.invert(empty))
    left_low = pc.coalesce(without_low, pc.and_(pc.is_null(low), pc.is_valid(open_low)))
    left_high = pc.coalesce(without_high, pc.or_(usual, pc.and_(pc.is_null(high), pc.is_valid(open_high))))
    closed = pc.invert(stated)
    return {
        "share_min": least,
        "share_max": most,
        "min_exclusive": _where_valid(pc.and_(left_low, closed), least),
        "max_exclusive": _where_valid(pc.and_(left_high, closed), most),
    }


def _fraction(percent: pa.Array) -> pa.Array:
    fits = pc.and_(pc.greater_equal(percent, 0.0), pc.less_equal(percent, _PERCENT))
    return pc.if_else(fits, pc.divide(percent, _PERCENT), _NO_NUMBER)


def _where_valid(flags: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_valid(values), flags, pa.scalar(None, pa.bool_()))
