"""Puts bounds in their order: of what a source says the wrong way round, the lower one is the lower bound."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.ingest.reader import StagedBatch

_BOUNDS = {
    "interests": (("share_min", "share_max"),),
    "companies": (("n_employees_min", "n_employees_max"), ("revenue_min", "revenue_max")),
}


def order_bounds(batch: StagedBatch, report: DeliveryReport) -> StagedBatch:
    """Return a batch in which no lower bound is above the upper one; those that changed places are counted."""
    for bounds in _BOUNDS.get(batch.table, ()):
        batch = _order(batch, bounds, report)
    return batch


def _order(batch: StagedBatch, bounds: tuple[str, str], report: DeliveryReport) -> StagedBatch:
    low, high = (pa.chunked_array(batch.rows[name]).combine_chunks() for name in bounds)
    turned = pc.fill_null(pc.greater(low, high), False)
    places = np.flatnonzero(turned.to_numpy(zero_copy_only=False))
    if not len(places):
        return batch
    flaw = Flaw(
        code="bounds_reversed", message="The lower bound is above the upper one: they change places.", column=bounds[0]
    )
    if batch.file is not None and batch.source_rows is not None:
        report.issues(flaw, batch.file, rows=batch.source_rows[places])
    else:
        report.issue(flaw, batch.table)
        report.issue_counts[flaw.code] += len(places) - 1
    rows = batch.rows
    for name, values in zip(bounds, (pc.if_else(turned, high, low), pc.if_else(turned, low, high)), strict=True):
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), pa.chunked_array([values]))
    return batch.with_rows(rows)
