"""What the rows of all families have: the day they are known since, days of any precision, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.ftm.schema import NAMES
from graphleads.ingest.registers.ftm.value import are_partial, first_days, greatest
from graphleads.ingest.row_stager import RowStager
from graphleads.values.placeholder_day import without_placeholders

_BAD_DATE = Flaw(
    code="bad_date", message="No day, month or year of the calendar, or one that stands for none: left empty."
)
_PARTIAL_DATE = Flaw(
    code="partial_date",
    message="Says no day: read as the first day of the period where something begins, as the last where it ends.",
)

_Column = Callable[[pa.Array], pa.Array]


def entity_rows(block: RowBlock, context: ReadContext) -> RowStager:
    """Return entities as rows with the column `published_on`: since when they are known as they are.

    That is the day on which the publisher, otherwise the source, last changed them, unless it is after the delivery's.
    """
    modified = greatest(block.columns["modifiedAt"])
    changed = first_days(pc.coalesce(block.columns["changed_at"], modified))
    in_time = pc.less_equal(changed, pa.scalar(context.observed_on, pa.date32()))
    rows = RowStager(block=block, context=context, record=block.columns["id"])
    return rows.with_columns({"published_on": pc.if_else(in_time, changed, pa.scalar(None, pa.date32()))})


def published_batch(
    rows: RowStager, table: str, columns: Mapping[str, pa.Array | pa.Scalar], keep: pa.Array | None = None
) -> StagedBatch:
    """Return rows as a staged table with the day that they are known since; the arguments are `RowStager.batch`'s."""
    return rows.batch(table, {"published_on": rows["published_on"], **columns}, keep)


def values_of(rows: RowStager, column: str) -> RowStager:
    """Return a row for each value of a property; the other properties, which are lists, are left behind."""
    columns = rows.block.columns
    kept = {name: values for name, values in columns.items() if name == column or not pa.types.is_list(values.type)}
    return replace(rows, block=replace(rows.block, columns=kept)).explode(column)


def read_days(rows: RowStager, column: str, choose: _Column, read: _Column) -> pa.Array:
    """Return a column of days as date32[n]; what is no day, and what says only a month or year, is reported.

    Args:
        rows: The rows.
        column: The property, lists of texts.
        choose: Which text of each list counts: `least`, `greatest`.
        read: How the text becomes a day: `first_days`, `last_days`.
    """
    texts = choose(rows[column])
    days = without_placeholders(read(texts))
    chosen = rows.with_columns({column: texts})
    chosen.flag(_BAD_DATE, column, pc.and_(pc.is_valid(texts), pc.is_null(days)))
    chosen.flag(_PARTIAL_DATE, column, are_partial(texts))
    return days


def stage_names(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield the further names of organisations or people, whose ids are in the column `node`."""
    spoken = rows.with_columns({"further": pc.list_slice(rows["name"], 1)})
    for column, kind in (("further", "alternative"), *NAMES.items()):
        if column in spoken.block.columns:
            each = values_of(spoken, column)
            yield published_batch(each, "names", {"id": each["node"], "name": each[column], "kind": pa.scalar(kind)})
