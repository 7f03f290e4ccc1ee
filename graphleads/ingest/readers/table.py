"""The reader of delimited files through a mapping (`graphleads.ingest.mapping`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from graphleads.errors import FormatMismatch, ValueInvalid
from graphleads.ingest.delimited import RowBlock, read_delimited, read_header
from graphleads.ingest.field import Lookups
from graphleads.ingest.lookup import LookupTable, load_lookup
from graphleads.ingest.mapping import FileMapping, Lookup, Mapping, load_mapping, shipped_mappings
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, account_fields
from graphleads.ingest.report import DeliveryReport, Flaw
from graphleads.ingest.source import SourceFile
from graphleads.ingest.staging import BlockStager

Given = Sequence[tuple[SourceFile, FileMapping]]
"""Files with what the mapping says of each."""


class TableReader:
    """Reads CSV and TSV files, one or several, through a mapping."""

    name = "table"
    version = 1

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the mapping's name and text, and the dataset that it usually makes."""
        loaded = _load(mapping)
        _assign(files, loaded)
        return Preview(dataset=loaded.dataset, mapping=loaded.name, mapping_content=loaded.content)

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows block by block; lookups are loaded first."""
        mapping = _load(context.mapping)
        given = _assign(files, mapping)
        for source, file in given:
            _account(source, file, mapping, context.report)
        given = [(source, file) for source, file in given if file.skip is None]
        lookups = _load_lookups(given, mapping, context.report)
        for source, file in given:
            for block in _blocks(source, file, mapping, context.report):
                stager = BlockStager(block, file, dataset=context.dataset, lookups=lookups)
                yield from stager.stage()
                stager.report(context.report)


def _load(mapping: str | Path | None) -> Mapping:
    if mapping is None:
        known = ", ".join(shipped_mappings())
        raise ValueInvalid(f"The reader table needs --mapping: {known}, or a file of your own (docs/mapping.md).")
    return load_mapping(mapping)


def _assign(files: Sequence[SourceFile], mapping: Mapping) -> Given:
    """Return each file with the first entry of the mapping that matches it.

    Raises:
        FormatMismatch: If a file matches none, or a required file is not given.
    """
    given = [(source, _entry(source, mapping)) for source in files]
    found = {file.match for _, file in given}
    missing = [file.match for file in mapping.files if file.required and file.match not in found]
    if missing:
        names = ", ".join(source.name for source in files)
        raise FormatMismatch(f"The mapping {mapping.name} needs a file {missing[0]}, and given are {names}: add it.")
    return given


def _entry(source: SourceFile, mapping: Mapping) -> FileMapping:
    for file in mapping.files:
        if file.matches(source.bare_name):
            return file
    patterns = ", ".join(file.match for file in mapping.files)
    raise FormatMismatch(
        f"The mapping {mapping.name} has no place for {source.name}: it reads {patterns}; "
        "rename the file, leave it out or mend the mapping."
    )


def _account(source: SourceFile, file: FileMapping, mapping: Mapping, report: DeliveryReport) -> None:
    """Say where every column of a file goes, or why the whole file is left out."""
    if file.skip is not None:
        report.ignored_field(source.name, file.skip)
        return
    header = read_header(source, file.dialect)
    used = mapping.source_columns(file)
    required = sorted(used - file.optional)
    account_fields(source, header, required=required, known=[*used, *file.ignore, *file.personal], report=report)
    for column, reason in file.ignore.items():
        if column in header:
            report.ignored_field(column, reason)


def _load_lookups(given: Given, mapping: Mapping, report: DeliveryReport) -> Lookups:
    lookups = sorted(mapping.lookups, key=lambda lookup: (lookup.file, lookup.key, lookup.value))
    return {lookup: _load_lookup(lookup, given, mapping, report) for lookup in lookups}


def _load_lookup(lookup: Lookup, given: Given, mapping: Mapping, report: DeliveryReport) -> LookupTable:
    """Return what is looked up; the files' own flaws are reported when they are read for their tables."""
    sources = [(source, file) for source, file in given if file.match == lookup.file]
    unread = DeliveryReport()
    table = load_lookup(lookup, (block for pair in sources for block in _blocks(*pair, mapping, unread)))
    if table.n_ambiguous:
        report.issue(_ambiguous(lookup), lookup.file, sample=f"{table.n_ambiguous} keys")
    return table


def _ambiguous(lookup: Lookup) -> Flaw:
    message = f"some keys have several values of {lookup.value!r}: the first in the file counts"
    return Flaw(code="key_ambiguous", message=message, column=lookup.key)


def _blocks(source: SourceFile, file: FileMapping, mapping: Mapping, report: DeliveryReport) -> Iterator[RowBlock]:
    """Yield the rows of a file with the columns that are used; optional ones that it lacks are null."""
    header = read_header(source, file.dialect)
    used = sorted(mapping.source_columns(file))
    personal = [column for column in file.personal if column in header]
    present = [column for column in used if column in header]
    for block in read_delimited(source, file.dialect, report=report, columns=[*present, *personal]):
        for column in personal:
            report.dropped_personal(column, block.n_rows - block.columns[column].null_count)
        nothing = pa.nulls(block.n_rows, pa.string())
        yield replace(block, columns={column: block.columns.get(column, nothing) for column in used})
