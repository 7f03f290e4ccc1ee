"""Mappings: how the columns of files become rows of the staged tables.

A mapping is a YAML file, explained in `docs/mapping.md` and held by `mapping.schema.json`. Here it is values: the
files, the tables that a file's rows go to, and for each field an expression, which says where a value comes from and
what is done to it.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from graphleads.errors import MappingInvalid
from graphleads.formats.delimited import Dialect
from graphleads.formats.mapping_source import as_text, read_mapping_source
from graphleads.ingest.mapping.check import (
    check_mapping,
    entry_key,
    expression_parts,
    file_tables,
    parts_beside,
    step_parts,
)
from graphleads.ingest.mapping.convert import Target, ValueFormat, get_target

_SHIPPED = Path(__file__).parents[1] / "mappings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a column.

    Attributes:
        name: What it is called.
        argument: What the mapping gives it.
        beside: The columns that it looks at beside the values; the first that has a value counts.
    """

    name: str
    argument: Any = None
    beside: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A source column, what is done to it before it is joined to others, and whether a key is one without it."""

    column: str
    steps: tuple[Step, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Where a field's values come from.

    Attributes:
        target: The staged column.
        parts: The source columns; none if the value is constant.
        join: What stands between the values of several columns; None: the first that is there counts.
        value: The constant, None if the values come from columns.
        steps: What is done to the joined values, in order.
        how: How dates and numbers are written; the usual way in a constant.
    """

    target: Target
    parts: tuple[Part, ...]
    join: str | None
    value: str | None
    steps: tuple[Step, ...]
    how: ValueFormat

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Its parts, and those that its steps look at."""
        steps = (*(step for part in self.parts for step in part.steps), *self.steps)
        return self.parts + tuple(part for step in steps for part in step.beside)

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps of all its parts, then its own."""
        return tuple(step for part in self.all_parts for step in part.steps) + self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A column and a test of it that a row must pass, by the name that the mapping has for it."""

    column: str
    test: str
    operand: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Explosion:
    """One row for each part of a column.

    Attributes:
        column: The column, which holds one part afterwards.
        separator: What stands between the parts; None: they are the objects of a list, as JSON has it.
        position: The column that holds a part's number from 1, None if nobody asks.
    """

    column: str
    separator: str | None
    position: str | None

    def makes(self, column: str) -> bool:
        """Return whether it makes a column: the place of a part, or a field of the objects (`directors.name`)."""
        inside = self.separator is None and column.startswith(f"{self.column}.")
        return inside or column == self.position


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How rows of a file become rows of one staged table.

    Attributes:
        table: The staged table.
        explode: One row for each part of a column, None if a row stays one.
        distinct: Whether rows that are the same are staged once.
        one_at_a_time: The kinds of which a company has one holder at a time.
        where: What a row must pass.
        fields: Where the columns' values come from.
    """

    table: str
    explode: Explosion | None
    distinct: bool
    one_at_a_time: tuple[str, ...]
    where: tuple[Condition, ...]
    fields: tuple[Expression, ...]

    @property
    def columns(self) -> set[str]:
        """The columns that its fields and conditions look at."""
        columns = {part.column for expression in self.fields for part in expression.all_parts}
        return columns | {condition.column for condition in self.where}

    @property
    def source_columns(self) -> set[str]:
        """The columns of the file that this needs."""
        made = self.explode
        return self.columns if made is None else {*(c for c in self.columns if not made.makes(c)), made.column}

    @property
    def lookups(self) -> set[Lookup]:
        """What it looks up in other files."""
        steps = (step for expression in self.fields for step in expression.all_steps)
        return {step.argument for step in steps if step.name == "lookup"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Another file of the delivery, by its `key`, and which of its columns are key and value."""

    file: str
    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """What becomes of the files that a pattern matches.

    Attributes:
        match: Pattern of the bare file name, as it is written; case does not count.
        part: Pattern of the sheet or table in it, in lower case; None: the file has no other.
        required: Whether such a file must be given.
        skip: Why the file is left out as a whole, None if it is read.
        dialect: How it is written.
        empty: Values that say nothing, in whatever column.
        optional: Columns that it may lack.
        ignore: Columns left out on purpose, and why.
        personal: Columns dropped as personal data.
        rest: Why rows that no table takes are left out; None: they are issues.
        tables: The tables that its rows go to.
    """

    match: str
    part: str | None
    required: bool
    skip: str | None
    dialect: Dialect
    empty: tuple[str, ...]
    optional: frozenset[str]
    ignore: dict[str, str]
    personal: tuple[str, ...]
    rest: str | None
    tables: tuple[TableMapping, ...]

    @property
    def key(self) -> str:
        """What lookups call it: the file's pattern, and behind `/` that of the sheet or table."""
        return entry_key(self.match, self.part)

    def matches(self, bare_name: str, part: str | None = None) -> bool:
        """Return whether this is for a file of that name (`SourceFile.bare_name`), and that sheet or table in it."""
        return fnmatchcase(bare_name, self.match.lower()) and (
            self.part is None or (part is not None and fnmatchcase(part.lower(), self.part))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A mapping that was checked.

    Attributes:
        name: Its name.
        dataset: The dataset's usual name, None if it says none.
        files: What becomes of each file; the first that matches counts.
        content: Its text, part of a delivery's id.
    """

    name: str
    dataset: str | None
    files: tuple[FileMapping, ...]
    content: str

    def source_columns(self, file: FileMapping) -> set[str]:
        """Return the columns of a file that its own tables or other files' lookups need."""
        columns = {column for table in file.tables for column in table.source_columns}
        for lookup in self.lookups:
            if lookup.file == file.key:
                columns |= {lookup.key, lookup.value}
        return columns

    @property
    def lookups(self) -> set[Lookup]:
        """What any of its tables looks up."""
        return {lookup for file in self.files for table in file.tables for lookup in table.lookups}

    @property
    def one_at_a_time(self) -> dict[str, tuple[str, ...]]:
        """By staged table, the kinds of which a company has one holder at a time, sorted."""
        said: dict[str, set[str]] = {}
        for table in (table for file in self.files for table in file.tables if table.one_at_a_time):
            said.setdefault(table.table, set()).update(table.one_at_a_time)
        return {name: tuple(sorted(kinds)) for name, kinds in sorted(said.items())}

    @property
    def needs_hash_key(self) -> bool:
        """Whether any of its fields is hashed with the home's secret key."""
        fields = (field for file in self.files for table in file.tables for field in table.fields)
        return any(step.name == "keyed_hash" for field in fields for step in field.all_steps)


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with graphleads, sorted."""
    return sorted(path.stem for path in _SHIPPED.glob("*.yaml"))


def load_mapping(name_or_path: str | Path) -> Mapping:
    """Return a shipped mapping by name, or the mapping in a file.

    Raises:
        FileUnreadable: If the file cannot be read.
        MappingInvalid: If there is no such mapping, or it cannot be used; the message names the line.
    """
    source = read_mapping_source(_mapping_path(name_or_path))
    check_mapping(source)
    content = source.content
    formats = content.get("formats", {})
    return Mapping(
        name=content["name"],
        dataset=content.get("dataset"),
        files=tuple(_parse_file(entry, formats) for entry in content["files"]),
        content=source.text,
    )


def _mapping_path(name_or_path: str | Path) -> Path:
    if str(name_or_path) in shipped_mappings():
        return _SHIPPED / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if not path.suffix and not path.exists():
        known = ", ".join(shipped_mappings())
        raise MappingInvalid(f"There is no mapping {str(name_or_path)!r}: use {known} or the path of a YAML file.")
    return path


def _parse_file(entry: abc.Mapping[str, Any], defaults: abc.Mapping[str, Any]) -> FileMapping:
    formats = {**defaults, **entry.get("formats", {})}
    part = entry.get("sheet", entry.get("table"))
    return FileMapping(
        match=entry["match"],
        part=None if part is None else part.lower(),
        required=entry.get("required", "skip" not in entry),
        skip=entry.get("skip"),
        dialect=_parse_dialect(formats),
        empty=tuple(as_text(value) for value in formats.get("empty", ())),
        optional=frozenset(entry.get("optional", ())),
        ignore=dict(entry.get("ignore", {})),
        personal=tuple(entry.get("personal", ())),
        rest=entry.get("rest"),
        tables=tuple(_parse_table(table, ValueFormat().changed(formats)) for table in file_tables(entry)),
    )


def _parse_dialect(formats: abc.Mapping[str, Any]) -> Dialect:
    quote, header = formats.get("quote", '"'), formats.get("header")
    return Dialect(
        delimiter=formats.get("delimiter"),
        quote=None if quote == "none" else quote,
        encoding=formats.get("encoding"),
        header=header is None,
        names=tuple(header) if isinstance(header, list) else (),
        rows=formats.get("rows"),
    )


def _parse_table(entry: abc.Mapping[str, Any], how: ValueFormat) -> TableMapping:
    explode = entry.get("explode")
    return TableMapping(
        table=entry["table"],
        explode=Explosion(**{"separator": None, "position": None, **explode}) if explode else None,
        distinct=entry.get("distinct", False),
        one_at_a_time=tuple(entry.get("one_at_a_time", ())),
        where=tuple(_parse_condition(condition) for condition in entry.get("where", ())),
        fields=tuple(
            _parse_expression(field, target=get_target(entry["table"], name), how=how)
            for name, field in entry["fields"].items()
        ),
    )


def _parse_condition(entry: abc.Mapping[str, Any]) -> Condition:
    test = next(key for key in entry if key != "column")
    operand = entry[test]
    if test in {"in", "not_in"}:
        operand = tuple(as_text(value) for value in operand)
    elif test in {"equals", "not"}:
        operand = as_text(operand)
    return Condition(column=entry["column"], test=test, operand=operand)


def _parse_expression(entry: str | abc.Mapping[str, Any], *, target: Target, how: ValueFormat) -> Expression:
    if isinstance(entry, str):
        entry = {"column": entry}
    return Expression(
        target=target,
        parts=tuple(map(_parse_part, expression_parts(entry))),
        join=None if "coalesce" in entry else entry.get("join", " "),
        value=as_text(entry["value"]) if "value" in entry else None,
        steps=_parse_steps(entry),
        how=ValueFormat() if "value" in entry else how.changed(entry),
    )


def _parse_part(entry: str | abc.Mapping[str, Any]) -> Part:
    if isinstance(entry, str):
        return Part(column=entry)
    return Part(column=entry["column"], steps=_parse_steps(entry), optional=entry.get("optional", False))


def _parse_steps(entry: abc.Mapping[str, Any]) -> tuple[Step, ...]:
    return tuple(_parse_step(step) for step in entry.get("steps", ()))


def _parse_step(entry: str | abc.Mapping[str, Any]) -> Step:
    name, argument = step_parts(entry)
    if beside := parts_beside(entry):
        return Step(name=name, beside=tuple(map(_parse_part, beside)))
    if name == "lookup":
        return Step(name=name, argument=Lookup(**{**argument, "file": argument["file"].lower()}))
    if name in {"map", "match"}:
        return Step(name=name, argument={key: as_text(value) for key, value in argument.items()})
    return Step(name=name, argument=as_text(argument) if name in {"prefix", "suffix", "default"} else argument)
