"""Rows of tables as JSON, by column: no Python text of any row is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.fold import BEGINNING, FOREVER

_ESCAPED = {"\\": "\\\\", '"': '\\"'} | {chr(code): f"\\u{code:04x}" for code in range(0x20)}


def json_objects(table: pa.Table, columns: Sequence[str]) -> pa.Array:
    """Return a JSON object of each row; nulls and unbounded dates are left out."""
    if table.num_rows == 0:
        return pa.array([], pa.string())
    return _objects([pc.binary_join_element_wise(f',"{name}":', _json_values(table[name]), "") for name in columns])


def json_members(lists: Mapping[str, pa.ListArray]) -> pa.Array:
    """Return a JSON object of each row's lists of JSON values by name; empty lists are left out, null where all are."""
    objects = _objects(
        [
            pc.binary_join_element_wise(f',"{name}":[', pc.binary_join(values, ","), "]", "")
            for name, values in lists.items()
        ]
    )
    return pc.if_else(pc.equal(objects, "{}"), pa.scalar(None, pa.string()), objects)


def _objects(members: Sequence[pa.Array]) -> pa.Array:
    """Return the members of each row, a comma before each, as an object; those that are null are left out."""
    # Arrow's null_handling="skip" loses the rows in which everything is null.
    joined = pc.binary_join_element_wise(*members, "", null_handling="replace", null_replacement="")
    opened = pc.binary_replace_slice(joined, start=0, stop=1, replacement="{")
    return _combined(pc.binary_join_element_wise(opened, "}", ""))


def list_of(values: pa.Array, owner: NDArray[np.int64], n: int) -> pa.ListArray:
    """Return the values of each owner from 0 to `n` - 1, null where it has none; they come sorted by owner."""
    counts = np.bincount(owner, minlength=n)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(counts == 0))


def _json_values(column: pa.ChunkedArray) -> pa.Array:
    values = _combined(column)
    if pa.types.is_dictionary(values.type):
        return _json_values(values.dictionary).take(values.indices)
    if pa.types.is_date32(values.type):
        days = values.cast(pa.int32())
        unbounded = pc.is_in(days, value_set=pa.array([BEGINNING, FOREVER], pa.int32()))
        return _quoted(pc.if_else(unbounded, None, values).cast(pa.string()))
    if pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        return values.cast(pa.string())
    return _quoted(_escaped(values.cast(pa.string())))


def _quoted(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', texts, '"', "")


def _escaped(texts: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(texts, r'[\x00-\x1f"\\]')).as_py():
        return texts
    for letter, escape in _ESCAPED.items():
        texts = pc.replace_substring(texts, letter, escape)
    return texts


def _combined(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined
