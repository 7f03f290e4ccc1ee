"""Rows of a register on their way to the staged tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.country import country_codes
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.mapping.convert import ValueFormat, convert, get_target
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.tables.schema import STAGED, conform
from graphleads.values.nationality import nationality_codes
from graphleads.values.placeholder_day import without_ends_before

Columns = Mapping[str, pa.Array | pa.Scalar]

NO_BUILDING = Flaw(
    code="address_unusable", message="The address does not say which building it is: it ties nobody.", private=True
)

_BAD_DATE = Flaw(
    code="bad_date", message="No day of the calendar in the register's format, or one that stands for none: left empty."
)
_UNKNOWN_COUNTRY = Flaw(code="unknown_country", message="Names no country that is known: left empty.")
_ENDS_BEFORE_START = Flaw(code="ends_before_start", message="It ended before it began: the end is left empty.")
_DAY = get_target("companies", "incorporated_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStager:
    """Rows that can be used, and where they go.

    Attributes:
        block: The rows.
        context: The dataset and the report.
        record: string[n], the register's own id of the record that each row is.
    """

    block: RowBlock
    context: ReadContext
    record: pa.Array

    def __getitem__(self, column: str) -> pa.Array:
        return self.block.columns[column]

    def batch(self, table: str, columns: Columns, keep: pa.Array | None = None) -> StagedBatch:
        """Return the rows as a staged table.

        Args:
            table: The staged table's name.
            columns: Arrays of n rows, or scalars that hold for every row, by staged column.
            keep: bool[n], which rows to take, null is false; None takes all.
        """
        given = {"record": self.record, **columns}
        rows = self.block.rows
        if keep is not None:
            given = {name: one if isinstance(one, pa.Scalar) else one.filter(keep) for name, one in given.items()}
            rows = rows[pc.fill_null(keep, False).to_numpy(zero_copy_only=False)]
        given["dataset"] = pa.scalar(self.context.dataset)
        staged = conform(STAGED[table], given, len(rows))
        return StagedBatch(table=table, rows=staged, file=self.block.file, source_rows=rows)

    def addresses(self, columns: Columns, source: str) -> StagedBatch:
        """Return the addresses that have a key as contact points; those that have none are reported.

        Args:
            columns: As `batch` takes them, `key` and `display` among them.
            source: The source column that an address begins in.
        """
        has_key = pc.is_valid(columns["key"])
        self.flag(NO_BUILDING, source, pc.and_not(pc.is_valid(columns["display"]), has_key))
        return self.batch("contact_points", columns, has_key)

    def with_columns(self, columns: Mapping[str, pa.Array]) -> RowStager:
        """Return the rows with further columns of n rows, which go with them from here on."""
        block = replace(self.block, columns={**self.block.columns, **columns})
        return replace(self, block=block)

    def filter(self, mask: pa.Array) -> RowStager:
        """Return the rows where the mask (bool[n], null is false) holds."""
        return self._take(pc.indices_nonzero(pc.fill_null(mask, False)))

    def explode(self, column: str) -> RowStager:
        """Return each row once for every element of a list column, which becomes the column's value.

        Elements with fields become one column a field, named `column.field`.
        """
        elements = pc.list_flatten(self[column])
        rows = self._take(pc.list_parent_indices(self[column]))
        rows.block.columns[column] = elements
        if pa.types.is_struct(elements.type):
            for field, values in zip(elements.type, elements.flatten(), strict=True):
                rows.block.columns[f"{column}.{field.name}"] = values
        return rows

    def _take(self, places: pa.Array) -> RowStager:
        columns = {name: column.take(places) for name, column in self.block.columns.items()}
        block = RowBlock(file=self.block.file, columns=columns, rows=self.block.rows[places.to_numpy()])
        return RowStager(block=block, context=self.context, record=self.record.take(places))

    def flag(self, flaw: Flaw, column: str, mask: pa.Array) -> None:
        """Report a flaw of a column in the rows where the mask (bool[n], null is false) holds."""
        self.block.flag(self.context.report, replace(flaw, column=column), mask)

    def drop_personal(self, field: str, columns: Sequence[str]) -> None:
        """Count the rows in which a personal field is dropped: those where any of its columns has a value."""
        n_dropped = pc.sum(pc.is_valid(pc.coalesce(*(self[column] for column in columns)))).as_py()
        if n_dropped:
            self.context.report.dropped_personal(field, n_dropped)

    def days(self, column: str, form: str) -> pa.Array:
        """Return a column of days as date32[n], null where it is empty or no day, which is reported.

        Args:
            column: The source column.
            form: How the days are written, as strptime has it.
        """
        days = convert(self[column], _DAY, ValueFormat(dates=(form,)))
        self._flag_lost(_BAD_DATE, column, days)
        return days

    def period(self, start: str, end: str, form: str) -> dict[str, pa.Array]:
        """Return two columns of days as `start_on` and `end_on`; an end before its start is reported and lost."""
        start_on, end_on = self.days(start, form), self.days(end, form)
        self.flag(_ENDS_BEFORE_START, end, pc.less(end_on, start_on))
        return {"start_on": start_on, "end_on": without_ends_before(end_on, start_on)}

    def countries(self, column: str) -> pa.Array:
        """Return a column of countries as ISO 3166-1 alpha-2, string[n]; one that is not known is reported."""
        codes = read_countries(self[column])
        self._flag_lost(_UNKNOWN_COUNTRY, column, codes)
        return codes

    def nationalities(self, column: str) -> pa.Array:
        """Return a column of nationalities as ISO 3166-1 alpha-2, string[n]; one that is not known is reported."""
        codes = nationality_codes(self[column])
        self._flag_lost(_UNKNOWN_COUNTRY, column, codes)
        return codes

    def _flag_lost(self, flaw: Flaw, column: str, values: pa.Array) -> None:
        self.flag(flaw, column, pc.and_(pc.is_valid(self[column]), pc.is_null(values)))


def read_countries(names: pa.Array) -> pa.Array:
    """Return countries as ISO 3166-1 alpha-2: string[n], null where none is known.

    Args:
        names: string[n]; a place may stand before the country (`Minnesota, USA`), and people say theirs (`English`).
    """
    return pc.coalesce(country_codes(names), nationality_codes(names))
