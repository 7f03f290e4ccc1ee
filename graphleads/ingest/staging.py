"""Rows of a file as rows of staged tables, by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.codes.scheme import written_schemes
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.contact import NO_CONTACT, stand_for_nothing
from graphleads.ingest.mapping.distinct import StagedRows
from graphleads.ingest.mapping.field import Loss, Reference, evaluate, explode, passing, source_texts
from graphleads.ingest.mapping.id_column import normalize_identifiers_by_scheme
from graphleads.ingest.mapping.mapping import Expression, FileMapping, TableMapping
from graphleads.ingest.reader import StagedBatch
from graphleads.tables.schema import STAGED, conform
from graphleads.values.placeholder_day import without_ends_before

_STATUS, _LOST_ROW = "companies.status", "the row is left out"
_NO_LIST = Flaw(code="no_list", message="the value is left out: this is no list of objects, as JSON has it")
_UNUSED = Flaw(code="row_unused", message="the row is left out: the mapping has no table for it")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """A flaw, the numbers of the rows that have it, and what they say."""

    flaw: Flaw
    rows: NDArray[np.int64]
    samples: pa.Array


class BlockStager:
    """Stages the rows of one block by the mapping of its file.

    A flaw of a source value is reported once, however many tables use the value. A row with a flaw counts as bad if
    no table could take it.
    """

    def __init__(self, block: RowBlock, file: FileMapping, *, dataset: str, reference: Reference) -> None:
        self._block = block
        self._file = file
        self._dataset = pa.scalar(dataset)
        self._reference = reference
        self._findings: list[_Finding] = []
        self._chosen = np.zeros(block.n_rows, np.bool_)
        self._staged = np.zeros(block.n_rows, np.bool_)

    def stage(self) -> Iterator[StagedBatch]:
        """Yield the rows of every table that has some."""
        for table in self._file.tables:
            batch = self._stage_table(table)
            if batch.rows.num_rows:
                yield batch
        if self._file.tables and self._file.rest is None:
            unused = self._block.rows[~self._chosen]
            self._add(_UNUSED, unused, pa.nulls(len(unused), pa.string()))

    def report(self, report: DeliveryReport) -> None:
        """Report what was wrong with the rows, once they are staged."""
        counted = self._staged.copy()
        for finding in self._findings:
            places = np.searchsorted(self._block.rows, finding.rows)
            lost = ~counted[places]
            counted[places] = True
            for take, mask in ((report.bad_rows, lost), (report.issues, ~lost)):
                samples = finding.samples.filter(pa.array(mask)).to_pylist()
                take(finding.flaw, self._block.file, rows=finding.rows[mask], samples=samples)

    def _stage_table(self, table: TableMapping) -> StagedBatch:
        block = self._choose(table)
        columns: dict[str, pa.Array] = {}
        usable = np.ones(block.n_rows, np.bool_)
        unclear: pa.Array | None = None
        for expression in table.fields:
            values, losses = evaluate(expression, block, self._reference)
            columns[expression.target.column.name] = values
            usable &= self._usable(values, losses, block=block, expression=expression)
            if expression.target.name == _STATUS and losses:
                unclear = _texts_of(losses, expression, block)
        if unclear is not None:
            _keep_unclear(columns, unclear)
        if {"start_on", "end_on"} <= columns.keys():
            self._check_period(columns, block, table)
        if table.table == "identifiers":
            usable &= self._check_identifiers(columns, block, table)
        source_rows = block.rows[usable]
        self._staged[np.searchsorted(self._block.rows, source_rows)] = True
        kept = {name: values.filter(pa.array(usable)) for name, values in columns.items()}
        rows = conform(STAGED[table.table], {"dataset": self._dataset, **kept}, len(source_rows))
        if table.distinct:
            first = self._reference.staged.setdefault(id(table), StagedRows()).first_time(rows)
            rows, source_rows = rows.filter(pa.array(first)), source_rows[first]
        return StagedBatch(table=table.table, rows=rows, file=block.file, source_rows=source_rows)

    def _choose(self, table: TableMapping) -> RowBlock:
        """Return the rows that a table takes, with the columns that it needs."""
        columns = {name: self._block.columns[name] for name in sorted(table.source_columns)}
        block = RowBlock(file=self._block.file, columns=columns, rows=self._block.rows)
        if table.explode:
            whole = block
            block, unread = explode(block, table.explode, table.columns)
            lost = whole.rows[_mask(unread)]
            self._add(replace(_NO_LIST, column=table.explode.column), lost, pa.nulls(len(lost), pa.string()))
        for condition in table.where:
            block = block.filter(passing(condition, block))
        self._chosen[np.searchsorted(self._block.rows, block.rows)] = True
        return self._without_idle(block, table) if table.table == "contact_points" else block

    def _without_idle(self, block: RowBlock, table: TableMapping) -> RowBlock:
        """Return the rows that name a contact point; one that says there is none is no bad row."""
        display = next(one for one in table.fields if one.target.column.name == "display")
        idle = np.zeros(block.n_rows, np.bool_)
        if len(display.parts) == 1:
            idle = _mask(stand_for_nothing(block.columns[display.parts[0].column]))
        if idle.any():
            self._add(NO_CONTACT, block.rows[idle], pa.nulls(int(idle.sum()), pa.string()))
            self._staged[np.searchsorted(self._block.rows, block.rows[idle])] = True
        return block.filter(pa.array(~idle))

    def _usable(
        self, values: pa.Array, losses: Sequence[Loss], *, block: RowBlock, expression: Expression
    ) -> NDArray[np.bool_]:
        """Note what is wrong with a field, and return which rows can be staged as far as it goes."""
        target, usable = expression.target, np.ones(block.n_rows, np.bool_)
        needed = target.is_id or target.column.required
        for loss in losses:
            self._find(loss, block, expression, _became(expression, needed=needed))
            usable &= ~_mask(loss.mask) | (not needed)
        if target.column.required:
            missing = pa.array(usable & _mask(pc.is_null(values)))
            loss = Loss(code="value_missing", reason=f"{target.name} has no value", mask=missing)
            self._find(loss, block, expression, _LOST_ROW)
            usable &= ~_mask(missing)
        return usable

    def _check_identifiers(
        self, columns: dict[str, pa.Array], block: RowBlock, table: TableMapping
    ) -> NDArray[np.bool_]:
        """Normalise identifiers in place, and return which rows have one."""
        schemes, given = written_schemes(columns["scheme"]), columns["value"]
        columns["scheme"] = schemes
        columns["value"], columns["valid"] = normalize_identifiers_by_scheme(schemes, given)
        both = pc.and_(pc.is_valid(schemes), pc.is_valid(given))
        lost = pc.and_(both, pc.is_null(columns["value"]))
        expression = next(one for one in table.fields if one.target.column.name == "value")
        loss = Loss(code="id_unusable", reason="this is no identifier of its scheme", mask=lost)
        self._find(loss, block, expression, _LOST_ROW)
        return ~_mask(lost)

    def _check_period(self, columns: dict[str, pa.Array], block: RowBlock, table: TableMapping) -> None:
        """Leave ends out that are before their start."""
        ends = columns["end_on"]
        columns["end_on"] = without_ends_before(ends, columns["start_on"])
        lost = pc.and_(pc.is_valid(ends), pc.is_null(columns["end_on"]))
        expression = next(one for one in table.fields if one.target.column.name == "end_on")
        loss = Loss(code="ends_before_start", reason="it ended before it began", mask=lost)
        self._find(loss, block, expression, _became(expression, needed=False))

    def _find(self, loss: Loss, block: RowBlock, expression: Expression, became: str) -> None:
        if not pc.any(loss.mask).as_py():
            return
        column = ", ".join(dict.fromkeys(part.column for part in expression.parts)) or None
        flaw = Flaw(code=loss.code, message=f"{became}: {loss.reason}", column=column)
        self._add(flaw, block.rows[_mask(loss.mask)], source_texts(expression, block).filter(loss.mask))

    def _add(self, flaw: Flaw, rows: NDArray[np.int64], samples: pa.Array) -> None:
        """Note a flaw in the rows that are not known to have it."""
        new = np.ones(len(rows), np.bool_)
        for finding in self._findings:
            if (finding.flaw.code, finding.flaw.column) == (flaw.code, flaw.column):
                new &= ~np.isin(rows, finding.rows)
        if new.any():
            self._findings.append(_Finding(flaw=flaw, rows=rows[new], samples=samples.filter(pa.array(new))))


def _became(expression: Expression, *, needed: bool) -> str:
    """Return what becomes of a value that cannot be used."""
    if expression.target.name == _STATUS:
        return "the status is unclear, which is no lead"
    return _LOST_ROW if needed else "the value is left out"


def _texts_of(losses: Sequence[Loss], expression: Expression, block: RowBlock) -> pa.Array:
    """Return string[n], what the file says where an expression's value could not be used."""
    lost = reduce(pc.or_, (loss.mask for loss in losses))
    return pc.if_else(lost, source_texts(expression, block), pa.scalar(None, pa.string()))


def _keep_unclear(columns: dict[str, pa.Array], unclear: pa.Array) -> None:
    """Keep a status that the mapping has no word for as it is written: it is not one that nobody stated."""
    columns["status"] = pc.if_else(pc.is_valid(unclear), "unclear", columns["status"])
    texts = columns.get("status_text")
    columns["status_text"] = unclear if texts is None else pc.coalesce(texts, unclear)


def _mask(mask: pa.Array) -> NDArray[np.bool_]:
    values: NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False)
    return values
