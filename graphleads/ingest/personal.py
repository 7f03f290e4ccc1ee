"""Keeps the numbers of people out of names, in whatever register they stand."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.personal_number import without_personal
from graphleads.formats.report import DeliveryReport
from graphleads.ingest.reader import StagedBatch

_NAMED = ("companies", "names", "persons")


def keep_out_personal(batch: StagedBatch, report: DeliveryReport) -> StagedBatch:
    """Return a batch whose names have no number of a person in them; those that had one are counted.

    A further name that is nothing but such a number is left out.
    """
    if batch.table not in _NAMED:
        return batch
    names = pa.chunked_array(batch.rows["name"]).combine_chunks()
    kept = without_personal(names)
    if kept is names:
        return batch
    changed = pc.and_(pc.is_valid(names), pc.not_equal(pc.fill_null(kept, ""), names))
    if n_changed := pc.sum(changed).as_py():
        report.dropped_personal(f"{batch.table}.name", n_changed)
    if batch.table == "names":
        left = pc.is_valid(kept)
        batch, kept = batch.with_rows(batch.rows.filter(left), left), kept.drop_null()
    place = batch.rows.schema.get_field_index("name")
    return batch.with_rows(batch.rows.set_column(place, batch.rows.schema.field(place), kept))
