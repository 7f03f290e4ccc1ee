"""graphleads' own model read back: every live node and relationship becomes the rows that it was made of.

What a source said comes back under that source's dataset and record, as far as it was known and in force or ended on
the delivery's day. Read under the name of one of those datasets, only what it said is taken, so that reading for each
of its days in turn gives its history again, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from graphleads.formats.json_object import read_objects
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.source import SourceFile
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.neo4j.fetch import Wanted
from graphleads.ingest.registers.neo4j.own_node import NOBODY, Rows, company_rows, person_rows
from graphleads.ingest.registers.neo4j.own_statement import (
    SourceText,
    Unreadable,
    checked,
    is_known,
    left,
    parse_sources,
    times,
)
from graphleads.ingest.registers.neo4j.pattern import Pattern
from graphleads.tables.schema import STAGED, conform

OWN = "graphleads"
"""How the model is called in the place of a mapping's file, and the usual name of its dataset."""

_COMPANY, _PERSON, _SAME = Pattern(start="Company"), Pattern(start="Person"), Pattern(type="SAME_PERSON")
_TIES = {
    Pattern(type="HOLDS"): ("interests", {"holder": "start.id", "subject": "end.id", "kind": "kind"}),
    Pattern(type="HAS_ROLE"): ("roles", {"holder": "start.id", "company": "end.id", "kind": "kind", "title": "title"}),
    Pattern(type="LINKED_TO"): (
        "links", {"source": "start.id", "target": "end.id", "kind": "kind", "share": "share_min"},
    ),
    Pattern(type="REACHED_AT"): (
        "contact_points",
        {"id": "start.id", "kind": "kind", "key": "end.id", "purpose": "title", "display": "end.display"},
    ),
}  # fmt: skip
_SHARES = ("share_min", "share_max", "min_exclusive", "max_exclusive", "directness", "held_as")
_TIES[Pattern(type="HOLDS")][1].update({name: name for name in _SHARES})

OWN_WANTED = (
    Wanted(pattern=_COMPANY, keys=("id",), columns=frozenset()),
    Wanted(pattern=_PERSON, keys=("id",), columns=frozenset()),
    *(
        Wanted(
            pattern=pattern, keys=("start.id", "end.id", "key"),
            columns=frozenset({"start.id", "end.id", "end.display"}),
        )
        for pattern in (*_TIES, _SAME)
    ),
)  # fmt: skip
"""What is fetched of the model."""

OWN_NAMES = {
    Pattern(start="Entity"): "every node of the model has this label, too",
    Pattern(start="ContactPoint"): "read with the relationships that lead to it",
    Pattern(start="Snapshot"): "says what is loaded",
    Pattern(start="Lead"): "recommendations are no facts of a register",
    Pattern(type="ABOUT"): "recommendations are no facts of a register",
}
"""What is left out of it."""

_CHUNK = 5_000
_DEFAULTS = {"op": "assert", "mentioned": False}
_PROPERTY = Flaw(
    code="property_type", message="The property is of another type than graphleads gives it: it is left out."
)
_UNREADABLE = Flaw(code="not_own_model", message="The element lacks what graphleads gives it: it is left out.")


class OwnModel:
    """Stages a graph that graphleads loaded."""

    def __init__(self, sources: Sequence[SourceFile], context: ReadContext) -> None:
        self._context = context
        self._dataset = None if context.dataset == OWN else context.dataset
        same = next((source for source in sources if source.name == _SAME.file_name), None)
        self._keys = _same_person_keys(same, context.observed_on) if same else {}

    def stage(self, source: SourceFile) -> Iterator[StagedBatch]:
        """Yield the rows of a file, those that are still live."""
        make = self._maker(source.name)
        objects = read_objects(source, report=self._context.report, encoding="utf-8")
        if make is None:
            for _ in objects:
                pass
            return
        while chunk := list(islice(objects, _CHUNK)):
            rows: Rows = defaultdict(list)
            for one in chunk:
                if "ended_in" not in one.content:
                    self._add(source.name, one.number, one.content, make, rows)
            for table, staged in sorted(rows.items()):
                yield _batch(table, staged)

    def _maker(self, name: str) -> Callable[[Mapping[str, Any]], Rows] | None:
        observed_on = self._context.observed_on
        whole = self._dataset is None
        makers: dict[str, Callable[[Mapping[str, Any]], Rows]] = {
            _COMPANY.file_name: lambda node: company_rows(node, observed_on, whole=whole),
            _PERSON.file_name: lambda node: person_rows(node, observed_on, self._keys, whole=whole),
            **{pattern.file_name: self._tie_maker(*tie) for pattern, tie in _TIES.items()},
        }
        return makers.get(name)

    def _tie_maker(self, table: str, columns: Mapping[str, str]) -> Callable[[Mapping[str, Any]], Rows]:
        whole = self._dataset is None

        def rows_of(tie: Mapping[str, Any]) -> Rows:
            if not is_known(tie, self._context.observed_on):
                return {}
            said = {staged: tie.get(name) for staged, name in columns.items()} | times(tie)
            if table == "contact_points":
                said["key"] = str(said["key"]).partition(":")[2]
            sources = [
                one for one in parse_sources(tie) if whole or not left({**tie, "last_seen_on": one.last_seen_on})
            ]
            return {table: [{**said, "dataset": one.dataset, "record": one.record} for one in sources]}

        return rows_of

    def _add(
        self, name: str, number: int, content: Mapping[str, Any], make: Callable[[Mapping[str, Any]], Rows], rows: Rows
    ) -> None:
        """Add the rows of one element; what cannot be used of it is reported with its id and the property."""
        report, at = self._context.report, np.array([number], np.int64)
        try:
            made = make(content)
        except Unreadable as error:
            report.bad_rows(_UNREADABLE, name, rows=at, samples=[f"{_id(content)}: {error}"])
            return
        for table, several in made.items():
            for row in several:
                if self._dataset is not None and row["dataset"] == NOBODY:
                    row["dataset"] = self._dataset
                if self._dataset not in {None, row["dataset"]}:
                    continue
                whole, unfit = checked(table, row)
                for column in unfit:
                    flaw = Flaw(code=_PROPERTY.code, message=_PROPERTY.message, column=column)
                    report.issue(flaw, name, row=number, sample=f"{_id(content)}: {row[column]}"[:200])
                if whole is not None:
                    rows[table].append(whole)


def _id(content: Mapping[str, Any]) -> str:
    return str(content.get("id") or f"{content.get('start.id')} → {content.get('end.id')}")


def _same_person_keys(source: SourceFile, on: date) -> dict[str, list[SourceText]]:
    """Return the key that each person shared with others on a day, by dataset: the id of the first of them."""
    keys: dict[str, list[SourceText]] = defaultdict(list)
    for one in read_objects(source, report=DeliveryReport(), encoding="utf-8"):
        tie = one.content
        if "ended_in" in tie or not is_known(tie, on):
            continue
        for said in parse_sources(tie):
            key = SourceText(dataset=said.dataset, record=tie["start.id"], confidence=tie.get("confidence"))
            for person in (tie["start.id"], tie["end.id"]):
                if key not in keys[person]:
                    keys[person].append(key)
    return keys


def _batch(table: str, rows: Sequence[Mapping[str, Any]]) -> StagedBatch:
    schema = STAGED[table].schema
    columns = {}
    for field in schema:
        values = [row.get(field.name, _DEFAULTS.get(field.name)) for row in rows]
        if any(value is not None for value in values):
            plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            columns[field.name] = pa.array(values, plain)
    return StagedBatch(table=table, rows=conform(STAGED[table], columns, len(rows)))
