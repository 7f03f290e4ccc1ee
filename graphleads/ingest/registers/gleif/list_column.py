"""Columns of lists, looked into."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def first_of_each(lists: pa.ListArray, keep: pa.Array) -> pa.Array:
    """Return the first element of each list that is wanted, null where there is none.

    Args:
        lists: list[n].
        keep: bool[n_elements], which elements are wanted, over all lists one after the other; null is false.
    """
    wanted = pc.fill_null(keep, False)
    parents = pc.list_parent_indices(lists).cast(pa.int64()).filter(wanted)
    places = pc.index_in(pa.array(np.arange(len(lists))), value_set=parents)
    return pc.list_flatten(lists).filter(wanted).take(places)
