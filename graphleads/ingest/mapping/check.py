"""Checks of a mapping before it is used: its shape, the staged tables it names, and whether it agrees with itself."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.mapping_source import MappingSource, Place, as_text
from graphleads.ingest.mapping.convert import Target, ValueFormat, convert, fillable_columns, get_target
from graphleads.ingest.mapping.schema import Mistake, perhaps, schema_mistakes
from graphleads.tables.schema import STAGED, VALUES
from graphleads.values.day import tells_days

_Entry = Mapping[str, Any]

_NAMES = frozenset({"name", "given_name", "family_name"})
_HELD = ("roles", "interests")
"""The staged tables of which a company can have one holder at a time."""

_GIVEN = frozenset({"dataset", "op", "mentioned"})
"""Required columns of staged tables that a mapping need not fill."""


def check_mapping(source: MappingSource) -> None:
    """Check that a mapping can be used.

    Raises:
        MappingInvalid: If it cannot; names the first line that is wrong, and how many other mistakes there are.
    """
    mistakes = list(schema_mistakes(source.content)) or list(_mistakes(source.content))
    if mistakes:
        place, message = min(mistakes, key=lambda mistake: (source.line(mistake[0]), -len(mistake[0])))
        more = f" ({len(mistakes) - 1} more after this)" if len(mistakes) > 1 else ""
        raise source.error(place, f"{message}.{more}")


def step_parts(step: str | _Entry) -> tuple[str, Any]:
    """Return the name and the argument of a step; the argument is None if there is none."""
    return (step, None) if isinstance(step, str) else next(iter(step.items()))


def expression_parts(entry: str | _Entry) -> list[str | _Entry]:
    """Return the columns that an expression takes its values from, each as it is or with steps of its own."""
    if isinstance(entry, str):
        return [entry]
    return list(entry.get("columns", entry.get("coalesce", [entry["column"]] if "column" in entry else [])))


def parts_beside(step: str | _Entry) -> list[str | _Entry]:
    """Return the columns that a step looks at beside the values, each as it is or with steps of its own."""
    name, argument = step_parts(step)
    if name != "phone" or not isinstance(argument, Mapping):
        return []
    return list(argument["coalesce"]) if "coalesce" in argument else [argument]


def file_tables(entry: _Entry) -> list[_Entry]:
    """Return the tables of a file, each with the field `record` that the file gives those without one."""
    given = {"record": entry["record"]} if "record" in entry else {}
    return [{**table, "fields": {**given, **table["fields"]}} for table in entry.get("tables", ())]


def entry_key(match: str, part: str | None) -> str:
    """Return what lookups call a file's entry: its pattern, and behind `/` that of its sheet or table."""
    return "/".join(filter(None, (match, part))).lower()


def _mistakes(content: _Entry) -> Iterator[Mistake]:
    formats = content.get("formats", {})
    yield from _format_mistakes(formats, ("formats",))
    looked_up = _looked_up_columns(content)
    for number, entry in enumerate(content["files"]):
        place = ("files", number)
        yield from _file_mistakes(entry, place, looked_up)
        how = ValueFormat().changed({**formats, **entry.get("formats", {})})
        for n, table in enumerate(file_tables(entry)):
            yield from _table_mistakes(table, (*place, "tables", n), how)
    yield from _lookup_mistakes(content)


def _format_mistakes(formats: _Entry, place: Place) -> Iterator[Mistake]:
    try:
        codecs.lookup(formats.get("encoding", "utf-8"))
    except (LookupError, ValueError):
        yield (*place, "encoding"), f"nobody knows the encoding {formats['encoding']!r}"
    yield from _date_mistakes(formats, place)


def _date_mistakes(entry: _Entry, place: Place) -> Iterator[Mistake]:
    for number, form in enumerate(entry.get("dates", ())):
        if not tells_days(form):
            message = f"{form!r} is no date format: it needs a day, a month and a year, such as %d/%m/%Y"
            yield (*place, "dates", number), message


def _file_mistakes(entry: _Entry, place: Place, looked_up: Mapping[str, set[str]]) -> Iterator[Mistake]:
    yield from _format_mistakes(entry.get("formats", {}), (*place, "formats"))
    if "sheet" in entry and "table" in entry:
        yield (*place, "table"), "a workbook has sheets and a database tables: give one of the two"
    if "skip" in entry:
        for key in set(entry) - {"match", "sheet", "table", "skip", "required"}:
            yield (*place, key), f"a file that is skipped has no {key!r}"
        return
    key = _key(entry)
    if "tables" not in entry and key not in looked_up:
        yield place, "nothing uses this file: give it tables, or say with skip why it is left out"
    used = {column for table in file_tables(entry) for column in _columns(table)} | looked_up.get(key, set())
    for left_out in ("ignore", "personal"):
        for column in entry.get(left_out, ()):
            if column in used:
                yield (*place, left_out), f"the column {column!r} is left out here and used elsewhere"


def _key(entry: _Entry) -> str:
    return entry_key(entry["match"], entry.get("sheet", entry.get("table")))


def _columns(table: _Entry) -> Iterator[str]:
    yield from (condition["column"] for condition in table.get("where", ()))
    for entry in table["fields"].values():
        yield from (_column(part) for part in expression_parts(entry))
        yield from (_column(part) for _, step in _steps(entry, ()) for part in parts_beside(step))
    if "explode" in table:
        yield table["explode"]["column"]


def _column(part: str | _Entry) -> str:
    return part if isinstance(part, str) else str(part["column"])


def _table_mistakes(table: _Entry, place: Place, how: ValueFormat) -> Iterator[Mistake]:
    name, fields = table["table"], table["fields"]
    if name not in STAGED:
        yield (*place, "table"), f"there is no staged table {name!r}{perhaps(name, list(STAGED))}"
        return
    required = {column.name for column in STAGED[name].columns if column.required} - _GIVEN
    for missing in sorted(required - set(fields)):
        yield (*place, "fields"), f"{name} needs the field {missing!r}"
    if name == "persons" and ("key" in fields) != ("key_confidence" in fields):
        yield (*place, "fields"), "'key' and 'key_confidence' come together: say how sure a shared key is"
    if name == "persons" and "name_is_key" not in table:
        yield from _name_key_mistakes(fields, place)
    yield from _holder_mistakes(table, place)
    for number, condition in enumerate(table.get("where", ())):
        yield from _condition_mistakes(condition, (*place, "where", number))
    for field, entry in fields.items():
        yield from _field_mistakes(name, field, entry=entry, place=(*place, "fields", field), how=how)


def _holder_mistakes(table: _Entry, place: Place) -> Iterator[Mistake]:
    name = table["table"]
    for number, kind in enumerate(table.get("one_at_a_time", ())):
        if name not in _HELD:
            yield (*place, "one_at_a_time"), f"only {' and '.join(_HELD)} have one holder at a time, not {name}"
            return
        if kind not in VALUES[f"{name}.kind"]:
            known = perhaps(kind, VALUES[f"{name}.kind"])
            yield (*place, "one_at_a_time", number), f"{name} have no kind {kind!r}{known}"


def _name_key_mistakes(fields: _Entry, place: Place) -> Iterator[Mistake]:
    names = {source for field in _NAMES & fields.keys() for source in _sources(fields[field])}
    for field in ("id", "key"):
        sources = set(_sources(fields.get(field, {})))
        if sources and sources <= names:
            yield (
                (*place, "fields", field),
                "this is a name alone, which makes one person of all namesakes: add what tells them apart, or say in "
                "`name_is_key` why nobody here shares a name",
            )


def _sources(entry: str | _Entry) -> Iterator[tuple[str, str]]:
    """Yield the columns of a field, each with what it is looked up in: another column's value is no longer its own."""
    shared = [] if isinstance(entry, str) else entry.get("steps", [])
    for part in expression_parts(entry):
        steps = [*([] if isinstance(part, str) else part.get("steps", [])), *shared]
        lookups = [argument for name, argument in map(step_parts, steps) if name == "lookup"]
        yield _column(part), str(lookups)


def _condition_mistakes(condition: _Entry, place: Place) -> Iterator[Mistake]:
    for test in ("matches", "not_matches"):
        if test in condition:
            yield from _pattern_mistakes(condition[test], (*place, test))


def _field_mistakes(
    table: str, field: str, *, entry: str | _Entry, place: Place, how: ValueFormat
) -> Iterator[Mistake]:
    known = fillable_columns(table)
    if field not in known:
        yield place, f"{field!r} is no column of {table} that a mapping can fill{perhaps(field, known)}"
    elif not isinstance(entry, str):
        yield from _expression_mistakes(entry, place, target=get_target(table, field), how=how.changed(entry))


def _expression_mistakes(entry: _Entry, place: Place, *, target: Target, how: ValueFormat) -> Iterator[Mistake]:
    if len({"column", "columns", "coalesce", "value"} & set(entry)) != 1:
        yield place, "give one of column, columns, coalesce and value"
    if "join" in entry and "columns" not in entry:
        yield (*place, "join"), "there is nothing to join: give columns"
    if "value" in entry and "steps" in entry:
        yield (*place, "steps"), "a constant needs no steps: write the result"
    yield from _date_mistakes(entry, place)
    for where, step in _steps(entry, place):
        yield from _step_mistakes(step, where)
    how = ValueFormat() if "value" in entry else how
    for where, text in _constants(entry, place):
        if not convert(pa.array([text]), target, how).is_valid()[0].as_py():
            yield where, f"{text!r} is no {target.describe(how)}"


def _steps(entry: str | _Entry, place: Place) -> Iterator[tuple[Place, str | _Entry]]:
    """Yield the steps of a field, those of its parts first."""
    if isinstance(entry, str):
        return
    for several in ("columns", "coalesce"):
        for number, part in enumerate(entry.get(several, ())):
            yield from _steps(part, (*place, several, number))
    for number, step in enumerate(entry.get("steps", ())):
        here = (*place, "steps", number)
        yield here, step
        for part in parts_beside(step):
            yield from _steps(part, here)


def _step_mistakes(step: str | _Entry, place: Place) -> Iterator[Mistake]:
    if isinstance(step, str):
        return
    for pattern in step.get("match", ()):
        yield from _pattern_mistakes(pattern, (*place, "match", pattern))
    if "extract" in step:
        yield from _extract_mistakes(step["extract"], (*place, "extract"))
    if "replace" in step:
        yield from _pattern_mistakes(step["replace"]["pattern"], (*place, "replace"), step["replace"]["with"])


def _extract_mistakes(pattern: str, place: Place) -> Iterator[Mistake]:
    mistakes = list(_pattern_mistakes(pattern, place))
    if not mistakes and any(True for _ in _pattern_mistakes(pattern, place, r"\1")):
        yield place, f"{pattern!r} has no group in brackets that says what to keep"
    yield from mistakes


def _pattern_mistakes(pattern: str, place: Place, replacement: str = "") -> Iterator[Mistake]:
    try:
        pc.replace_substring_regex(pa.array(["x"]), pattern, replacement)
    except pa.ArrowInvalid as error:
        yield place, f"{pattern!r} is no pattern that RE2 can read ({error})"


def _constants(entry: _Entry, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the values that the mapping itself puts into a field."""
    if "value" in entry:
        yield (*place, "value"), as_text(entry["value"])
    steps = entry.get("steps", ())
    for number in reversed(range(len(steps))):
        name, argument = step_parts(steps[number])
        here = (*place, "steps", number, name)
        if name == "default":
            yield here, as_text(argument)
            continue
        if name in {"map", "match"}:
            yield from (((*here, key), as_text(value)) for key, value in argument.items())
        return


def _lookups(content: _Entry) -> Iterator[tuple[Place, _Entry]]:
    for i, file in enumerate(content["files"]):
        for j, table in enumerate(file_tables(file)):
            for field, entry in table["fields"].items():
                for place, step in _steps(entry, ("files", i, "tables", j, "fields", field)):
                    name, argument = step_parts(step)
                    if name == "lookup":
                        yield (*place, name), argument


def _looked_up_columns(content: _Entry) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for _, lookup in _lookups(content):
        columns.setdefault(lookup["file"].lower(), set()).update((lookup["key"], lookup["value"]))
    return columns


def _lookup_mistakes(content: _Entry) -> Iterator[Mistake]:
    known = [_key(file) for file in content["files"] if "skip" not in file]
    for place, lookup in _lookups(content):
        if lookup["file"].lower() not in known:
            yield place, f"no file's match is {lookup['file']!r}{perhaps(lookup['file'], known)}"
