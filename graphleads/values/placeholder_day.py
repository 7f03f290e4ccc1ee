"""Days that a system writes where it has none: they mean that nothing is said."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

# What databases, spreadsheets and programs count from, and what stands for never.
_WRITTEN = tuple(map(date.fromisoformat, ("1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "2099-12-31")))
_FIRST, _LAST = date(1200, 1, 1), date(2900, 1, 1)
"""No register has an older company, and none plans so far."""


def without_placeholders(days: pa.Array) -> pa.Array:
    """Return days, date32[n], with null for those that stand for none, such as 0001-01-01 or 9999-12-31."""
    beyond = pc.or_(pc.less(days, _FIRST), pc.greater_equal(days, _LAST))
    stands_for_none = pc.or_(beyond, pc.is_in(days, value_set=pa.array(_WRITTEN, pa.date32())))
    return pc.if_else(pc.fill_null(stands_for_none, False), pa.scalar(None, pa.date32()), days)


def without_ends_before(days: pa.Array, start_on: pa.Array) -> pa.Array:
    """Return last days, date32[n], with null for those before the first one, which they cannot be."""
    before = pc.fill_null(pc.less(days, start_on), False)
    return pc.if_else(before, pa.scalar(None, pa.date32()), days)
