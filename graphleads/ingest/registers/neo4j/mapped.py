"""Somebody's graph read by a mapping: every property is a column, and must be of a kind that its fields can use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from graphleads.errors import FormatChanged, MappingInvalid
from graphleads.formats.cell import Record, gather_blocks
from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile
from graphleads.ingest.mapping.field import Reference
from graphleads.ingest.mapping.mapping import Expression, FileMapping
from graphleads.ingest.mapping.mapping import Mapping as FieldMapping
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.neo4j.fetch import Wanted
from graphleads.ingest.registers.neo4j.pattern import Pattern, parse_pattern
from graphleads.ingest.registers.neo4j.value import DATE, LIST, NUMBER, TEXT, TRUTH, kind_of, text_of
from graphleads.ingest.staging import BlockStager

_MAKE_TEXTS = {"pad": {NUMBER}, "map": {NUMBER, TRUTH}}
"""Steps that say that what is no text is meant: numbers that are filled up, values that stand for others."""


def list_wanted(mapping: FieldMapping) -> list[Wanted]:
    """Return what a mapping reads of a graph, in its order.

    Raises:
        MappingInvalid: If it is a mapping of files.
    """
    patterns = [(file, pattern_of(mapping, file)) for file in mapping.files]
    if mapping.lookups:
        raise MappingInvalid(
            f"The mapping {mapping.name} looks something up, and a graph has no files to do that in: "
            "a relationship has the properties of its ends, `start.NAME` and `end.NAME`."
        )
    return [
        Wanted(
            pattern=pattern,
            keys=tuple(part.column for part in _record(file).parts),
            columns=frozenset(mapping.source_columns(file)),
            personal=frozenset(file.personal),
        )
        for file, pattern in patterns
        if file.skip is None
    ]


def skipped_patterns(mapping: FieldMapping) -> dict[Pattern, str]:
    """Return the patterns that a mapping leaves out as a whole, and why."""
    return {pattern_of(mapping, file): file.skip for file in mapping.files if file.skip is not None}


def stage_mapped(source: SourceFile, mapping: FieldMapping, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield the staged rows of the nodes or relationships of one pattern.

    A value of a kind that its field cannot use is left out; an issue names the pattern, the record and the property.

    Raises:
        FormatChanged: If no node or relationship has a property that the mapping reads and does not call optional.
    """
    file = next(one for one in mapping.files if pattern_of(mapping, one).file_name == source.name)
    columns = sorted(mapping.source_columns(file))
    objects = _Objects(source, file, columns, context.report)
    reference = Reference(lookups={}, hash_key=context.hash_key or b"")
    for block in gather_blocks(source.name, columns, objects.records(), context.report):
        stager = BlockStager(block, file, dataset=context.dataset, reference=reference)
        yield from stager.stage()
        stager.report(context.report)
    objects.check()


class _Objects:
    """The nodes or relationships of a pattern on their way to columns."""

    def __init__(self, source: SourceFile, file: FileMapping, columns: Sequence[str], report: DeliveryReport) -> None:
        self._source = source
        self._file = file
        self._columns = columns
        self._report = report
        self._kinds = _kinds(file)
        self._separators = {
            table.explode.column: table.explode.separator or "|" for table in file.tables if table.explode
        }
        self._seen: set[str] = set()

    def records(self) -> Iterator[Record]:
        """Yield the number and the cells of each."""
        for one in read_objects(self._source, report=self._report, encoding="utf-8"):
            self._account(one.content)
            yield one.number, [self._cell(column, one.number, one.content) for column in self._columns]

    def check(self) -> None:
        """Check that every property that is not optional was there at least once.

        Raises:
            FormatChanged: If one was not.
        """
        missing = sorted(set(self._columns) - self._seen - self._file.optional)
        if missing:
            raise FormatChanged(
                f"No {self._source.name} has the property {missing[0]!r}: mend the mapping, or call it optional there."
            )

    def _cell(self, column: str, number: int, content: Mapping[str, Any]) -> str | None:
        """Return a property as text; one that is not of a kind that its fields can use is reported."""
        value = content.get(column)
        if value is None:
            return None
        kind, kinds = kind_of(value), self._kinds[column]
        if kind == LIST and LIST in kinds and all(kind_of(one) in kinds - {LIST} for one in value):
            return self._separators[column].join(filter(None, map(text_of, value)))
        if kind in kinds - {LIST}:
            return text_of(value)
        message = f"The property is a {kind}, and a {' or '.join(sorted(kinds))} is read here: it is left out."
        flaw = Flaw(code="property_type", message=message, column=column)
        key = " ".join(filter(None, (text_of(content.get(part.column)) for part in _record(self._file).parts)))
        self._report.issue(flaw, self._source.name, row=number, sample=f"{key}: {text_of(value)}")
        return None

    def _account(self, content: Mapping[str, Any]) -> None:
        """Say what becomes of the properties that nobody has seen before, and count those that are personal."""
        for column in self._file.personal:
            if column in content:
                self._report.dropped_personal(f"{self._source.name}.{column}", 1)
        for column in content.keys() - self._seen:
            self._seen.add(column)
            if column in self._file.ignore:
                self._report.ignored_field(f"{self._source.name}.{column}", self._file.ignore[column])
            elif column not in self._columns and column not in self._file.personal:
                self._report.unknown_field(f"{self._source.name}.{column}")


def pattern_of(mapping: FieldMapping, file: FileMapping) -> Pattern:
    """Return the pattern that an entry of a mapping is for.

    Raises:
        MappingInvalid: If it is for files.
    """
    pattern = parse_pattern(file.match)
    if pattern is None:
        raise MappingInvalid(
            f"The mapping {mapping.name} has {file.match!r}, which is no pattern of a graph: "
            "write (:LABEL) or (:LABEL)-[:TYPE]->(:LABEL)."
        )
    return pattern


def _record(file: FileMapping) -> Expression:
    """Return what the records of a pattern are called by."""
    return next(field for field in file.tables[0].fields if field.target.column.name == "record")


def _kinds(file: FileMapping) -> dict[str, set[str]]:
    """Return, of each column, the kinds of value that the fields made of it can use."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for table in file.tables:
        for expression in table.fields:
            usable = _usable(expression)
            for part in expression.parts:
                kinds[part.column] |= usable.union(*(_MAKE_TEXTS.get(step.name, set()) for step in part.steps))
        for condition in table.where:
            kinds[condition.column] |= {TEXT, NUMBER, TRUTH, DATE}
        if table.explode:
            kinds[table.explode.column] |= {TEXT, LIST}
    return kinds


def _usable(expression: Expression) -> set[str]:
    made = expression.target.column.type
    usable = {DATE, TEXT} if made == pa.date32() else {TRUTH, TEXT} if made == pa.bool_() else {TEXT}
    if pa.types.is_integer(made) or pa.types.is_floating(made) or pa.types.is_decimal(made):
        usable |= {NUMBER}
    return usable.union(*(_MAKE_TEXTS.get(step.name, set()) for step in expression.steps))
