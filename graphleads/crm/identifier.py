"""Identifiers of an export that cannot be: they are kept as written and find no company, so the report says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.codes.scheme import normalize_identifiers
from graphleads.crm.cell import CellTable

_SHOWN = 5
"""Rows that a note names."""


def tell_impossible(table: CellTable, identifiers: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a note for each column of a named scheme with values that no identifier of it has.

    Args:
        table: The export.
        identifiers: (scheme, header) pairs; under an empty scheme anything can be.
    """
    for scheme, header in identifiers:
        rows = [block.rows[_impossible(scheme, block.columns[header])] for block in table.blocks] if scheme else []
        found = np.concatenate([np.empty(0, np.int64), *rows]).tolist()
        if found:
            shown = ", ".join(map(str, found[:_SHOWN]))
            yield (
                f"Column {header!r}, {len(found):,} times: no {scheme} is written so (row {shown}), kept as written; "
                "no company is found by it."
            )


def _impossible(scheme: str, values: pa.Array) -> NDArray[np.bool_]:
    wrong: NDArray[np.bool_] = pc.and_(pc.is_valid(values), pc.is_null(normalize_identifiers(scheme, values))).to_numpy(
        zero_copy_only=False
    )
    return wrong
