"""Columns of an export that hold numbers of the register and are not read as such."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from graphleads.codes.scheme import normalize_identifiers
from graphleads.crm.customer_file import CustomerFile
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import make_id

_SAMPLE = 1000
"""Values of a column that are looked up."""

_FEWEST = 3
_PART = 0.8
"""Of so few values, or of a smaller part of them, it may be chance that they are numbers of companies."""


def notice_ids(file: CustomerFile, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each column kept as written whose values are ids or numbers of companies of the register.

    Args:
        file: The export as it was read.
        snapshot: The register.
    """
    for header in file.custom:
        told = [one.custom[header] for one in file.records if header in one.custom]
        values = list(dict.fromkeys(told))[:_SAMPLE]
        if len(values) < max(_FEWEST, _PART * min(len(told), _SAMPLE)):
            continue
        scheme, n = max(_counts(values, snapshot), key=lambda one: one[1])
        if n >= _PART * len(values):
            what, key = (f"{scheme} numbers", scheme) if scheme else ("ids", '""')
            yield (
                f"Column {header!r} holds {what} of the register ({n:,} of {len(values):,} looked up) and was kept as "
                f"written: `identifiers: {{{key}: {header}}}` in a mapping finds the companies by it."
            )


def _counts(values: list[str], snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """Yield of how many companies some values are the whole ids, as the scheme "", and of how many the numbers."""
    yield "", _n_companies(values, snapshot)
    given = pa.array(values, pa.string())
    for scheme in snapshot.manifest["schemes"]:
        normal = normalize_identifiers(scheme, given).drop_null().to_pylist()
        yield scheme, _n_companies([make_id(scheme, one) for one in normal], snapshot)


def _n_companies(ids: list[str], snapshot: Snapshot) -> int:
    nodes = snapshot.nodes_of(ids)
    return int(((nodes >= 0) & (nodes < snapshot.n_companies)).sum())
