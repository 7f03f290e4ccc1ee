"""The reader of tables in any format through a mapping (`graphleads.ingest.mapping.mapping`)."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import FormatMismatch, ValueInvalid
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile
from graphleads.formats.tabular import SourceTable, list_tables
from graphleads.ingest.mapping.field import Reference
from graphleads.ingest.mapping.hash_key import require_hash_key
from graphleads.ingest.mapping.lookup import LookupTable, load_lookup
from graphleads.ingest.mapping.mapping import FileMapping, Lookup, Mapping, load_mapping, shipped_mappings
from graphleads.ingest.reader import Preview, ReadContext, StagedBatch, account_fields
from graphleads.ingest.staging import BlockStager
from graphleads.remedy import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A table of a file, what the mapping says of it, and its columns."""

    table: SourceTable
    file: FileMapping
    header: tuple[str, ...] = ()


class TableReader:
    """Reads CSV, TSV, JSON lines, Excel, Parquet and SQLite, one file or several, through a mapping."""

    name = "table"
    version = 2

    def preview(self, files: Sequence[SourceFile], mapping: str | Path | None) -> Preview:
        """Return the mapping's name and text, and the dataset that it usually makes."""
        loaded = _load(mapping)
        _assign(files, loaded)
        return Preview(
            dataset=loaded.dataset,
            mapping=loaded.name,
            mapping_content=loaded.content,
            needs_hash_key=loaded.needs_hash_key,
            one_at_a_time=loaded.one_at_a_time,
        )

    def read(self, files: Sequence[SourceFile], context: ReadContext) -> Iterator[StagedBatch]:
        """Yield the staged rows block by block."""
        mapping = _load(context.mapping)
        given = [_account(one, mapping, context.report) for one in _assign(files, mapping)]
        given = [one for one in given if one.file.skip is None]
        reference = Reference(
            lookups=_Lookups(given, mapping, context.report),
            hash_key=require_hash_key(context.hash_key, mapping.name) if mapping.needs_hash_key else b"",
        )
        for one in given:
            for block in _blocks(one, mapping, context.report):
                stager = BlockStager(block, one.file, dataset=context.dataset, reference=reference)
                yield from stager.stage()
                stager.report(context.report)


def _load(mapping: str | Path | None) -> Mapping:
    if mapping is None:
        known = ", ".join(shipped_mappings())
        raise ValueInvalid("The reader table needs a mapping.", Remedy.GIVE_MAPPING, known=known)
    return load_mapping(mapping)


def _assign(files: Sequence[SourceFile], mapping: Mapping) -> list[_Given]:
    """Return each table of each file with the first entry of the mapping that matches it.

    Raises:
        FormatMismatch: If a table matches none, several match one that names none, or a required file is not given.
    """
    given = [one for source in files for one in _assign_tables(source, mapping)]
    found = {one.file.key for one in given}
    missing = [file.key for file in mapping.files if file.required and file.key not in found]
    if missing:
        names = ", ".join(source.name for source in files)
        raise FormatMismatch(f"The mapping {mapping.name} needs a file {missing[0]}, and given are {names}: add it.")
    return given


def _assign_tables(source: SourceFile, mapping: Mapping) -> list[_Given]:
    given = [_Given(table=table, file=_entry(source, table, mapping)) for table in list_tables(source)]
    loose = [one.table.part or "" for one in given if one.file.part is None]
    if len(loose) > 1:
        raise FormatMismatch(
            f"{source.name} holds several tables ({', '.join(loose[:5])}): say in the mapping {mapping.name} which one "
            "it reads, with 'sheet' or 'table' beside 'match'."
        )
    return given


def _entry(source: SourceFile, table: SourceTable, mapping: Mapping) -> FileMapping:
    for file in mapping.files:
        if file.matches(source.bare_name, table.part):
            return file
    patterns = ", ".join(file.key for file in mapping.files)
    raise FormatMismatch(
        f"The mapping {mapping.name} has no place for {table.source.name}: it reads {patterns}; "
        "rename the file, leave it out or mend the mapping."
    )


def _account(one: _Given, mapping: Mapping, report: DeliveryReport) -> _Given:
    """Return a table with its columns, and say where each goes, or why the whole table is left out."""
    file, source = one.file, one.table.source
    if file.skip is not None:
        report.ignored_field(source.name, file.skip)
        return one
    header = one.table.header(file.dialect)
    used = mapping.source_columns(file)
    required = sorted(used - file.optional)
    account_fields(source, header, required=required, known=[*used, *file.ignore, *file.personal], report=report)
    for column, reason in file.ignore.items():
        if column in header:
            report.ignored_field(column, reason)
    return replace(one, header=header)


class _Lookups(abc.Mapping[Lookup, LookupTable]):
    """What is looked up in other files, each loaded when it is first asked for: few rows may need it."""

    def __init__(self, given: Sequence[_Given], mapping: Mapping, report: DeliveryReport) -> None:
        self._given = given
        self._mapping = mapping
        self._report = report
        self._loaded: dict[Lookup, LookupTable] = {}

    def __getitem__(self, lookup: Lookup) -> LookupTable:
        if lookup not in self._loaded:
            self._loaded[lookup] = _load_lookup(lookup, self._given, self._mapping, self._report)
        return self._loaded[lookup]

    def __iter__(self) -> Iterator[Lookup]:
        return iter(self._mapping.lookups)

    def __len__(self) -> int:
        return len(self._mapping.lookups)


def _load_lookup(lookup: Lookup, given: Sequence[_Given], mapping: Mapping, report: DeliveryReport) -> LookupTable:
    """Return what is looked up; the files' own flaws are reported when they are read for their tables."""
    sources = [one for one in given if one.file.key == lookup.file]
    unread = DeliveryReport()
    table = load_lookup(lookup, (block for one in sources for block in _blocks(one, mapping, unread)))
    if table.n_ambiguous:
        report.issue(_ambiguous(lookup), lookup.file, sample=f"{table.n_ambiguous} keys")
    return table


def _ambiguous(lookup: Lookup) -> Flaw:
    message = f"some keys have several values of {lookup.value!r}: the first in the file counts"
    return Flaw(code="key_ambiguous", message=message, column=lookup.key)


def _blocks(one: _Given, mapping: Mapping, report: DeliveryReport) -> Iterator[RowBlock]:
    """Yield the rows of a table with the columns that are used; optional ones that it lacks are null."""
    used = sorted(mapping.source_columns(one.file))
    personal = [column for column in one.file.personal if column in one.header]
    present = [column for column in used if column in one.header]
    for block in one.table.blocks(one.file.dialect, report=report, columns=[*present, *personal]):
        for column in personal:
            report.dropped_personal(column, block.n_rows - block.columns[column].null_count)
        nothing = pa.nulls(block.n_rows, pa.string())
        columns = {column: block.columns.get(column, nothing) for column in used}
        yield replace(block, columns={name: _without(values, one.file.empty) for name, values in columns.items()})


def _without(values: pa.Array, empty: Sequence[str]) -> pa.Array:
    """Return a column without the values that say nothing."""
    if not empty:
        return values
    return pc.if_else(pc.is_in(values, value_set=pa.array(empty, pa.string())), pa.scalar(None, pa.string()), values)
