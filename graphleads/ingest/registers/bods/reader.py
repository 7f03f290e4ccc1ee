"""The Beneficial Ownership Data Standard, versions 0.2, 0.3 and 0.4: statements as JSON, an array or one a line.

A statement is what somebody declared on one day of an entity, a person, or what one holds in the other. The record of
0.4, or the chain of statements that replace each other before, is the record here.

Reference:
    Open Ownership, Beneficial Ownership Data Standard, https://standard.openownership.org.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, refuse_mapping
from graphleads.ingest.registers.bods.directory import Directory, DirectoryDraft
from graphleads.ingest.registers.bods.entity import stage_entities
from graphleads.ingest.registers.bods.fault import report_faults
from graphleads.ingest.registers.bods.person import stage_people
from graphleads.ingest.registers.bods.relationship import stage_relationships
from graphleads.ingest.registers.bods.spool import StatementSpool
from graphleads.ingest.registers.bods.statement import (
    DAY,
    ENTITY,
    IGNORED,
    PERSON,
    RELATIONSHIP,
    days,
    read_statements,
)
from graphleads.ingest.registers.bods.version import SEPARATOR, StatementFold
from graphleads.ingest.row_stager import RowStager

_DATES = ("publicationDetails.publicationDate", "statementDate", "foundingDate", "dissolutionDate")

_UNKNOWN_KIND = Flaw(
    code="unknown_kind", message="A kind of statement that is not known: the row is left out.", column="recordType"
)
_NO_RECORD = Flaw(code="no_record_id", message="The statement has no id: the row is left out.", column="recordId")


class BodsReader:
    """Reads files of statements; a name fits no pattern, so the caller says dataset and day."""

    name = "bods"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:  # noqa: ARG002
        """Return a preview that knows nothing: neither dataset nor day stand in the files.

        Raises:
            ValueInvalid: If a mapping is given.
        """
        refuse_mapping(self.name, mapping)
        return Preview()

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield companies, persons, and what they hold; records with several statements come last.

        Raises:
            FileUnreadable: If a file is truncated.
            FormatMismatch: If a file is not JSON.
        """
        for field, reason in IGNORED.items():
            context.report.ignored_field(field, reason)
        with StatementSpool() as spool:
            draft = DirectoryDraft()
            for source in files:
                for block in read_statements(source, context.report):
                    whole = _usable(block, context)
                    draft.add(whole)
                    spool.write(whole)
            directory = draft.finish()
            fold = StatementFold(directory.versions)
            n_before = 0
            for block in spool.read():
                statement = np.arange(n_before, n_before + block.n_rows)
                n_before += block.n_rows
                versioned = directory.versions.versioned[statement]
                rows = _rows(block, context, directory)
                report_faults(rows)
                yield from _stage(rows, ~versioned, directory)
                if versioned.any():
                    for batch in _stage(_numbered(rows, statement), versioned, directory):
                        fold.hold(batch)
            yield from fold.finish()


def _usable(block: RowBlock, context: ReadContext) -> RowBlock:
    """Return the statements that are of a known kind and have an id."""
    block = block.drop(context.report, _NO_RECORD, pc.is_null(block.columns["key"]))
    known = pc.is_in(block.columns["kind"], value_set=pa.array([ENTITY, PERSON, RELATIONSHIP]))
    return block.drop(context.report, _UNKNOWN_KIND, pc.invert(known))


def _rows(block: RowBlock, context: ReadContext, directory: Directory) -> RowStager:
    """Return the statements with what all tables need: `root`, `published`, `closed_on`."""
    records = directory.records(block.columns["key"])
    rows = RowStager(block=block, context=context, record=records)
    rows = rows.with_columns({name: days(rows[name]) for name in _DATES})
    published, made = rows.days(_DATES[0], DAY), rows.days(_DATES[1], DAY)
    closed = pc.fill_null(pc.equal(rows["recordStatus"], "closed"), False)
    closed_on = pc.if_else(closed, pc.coalesce(made, published), pa.scalar(None, pa.date32()))
    return rows.with_columns({"root": records, "published": published, "closed_on": closed_on})


def _numbered(rows: RowStager, statement: NDArray[np.int64]) -> RowStager:
    """Return the rows with the number of their statement in the record."""
    numbers = pa.array(statement).cast(pa.string())
    record = pc.binary_join_element_wise(rows.record, numbers, SEPARATOR)
    return RowStager(block=rows.block, context=rows.context, record=record)


def _stage(rows: RowStager, mask: NDArray[np.bool_], directory: Directory) -> Iterator[StagedBatch]:
    """Yield what the statements say for which the mask (bool[n]) holds."""
    for kind, stage in ((ENTITY, stage_entities), (PERSON, stage_people)):
        named = rows.filter(pc.and_(pc.equal(rows["kind"], kind), pa.array(mask)))
        if named.block.n_rows:
            yield from stage(named.with_columns({"id": directory.ids.take(directory.find(named["root"]))}))
    relationships = rows.filter(pc.and_(pc.equal(rows["kind"], RELATIONSHIP), pa.array(mask)))
    if relationships.block.n_rows:
        yield from stage_relationships(relationships, directory)
