"""The first rows of a table that nobody has described, and what its columns are taken for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import check_identifiers
from graphleads.formats.delimited import Dialect, resolve_dialect
from graphleads.formats.json_lines import find_rows
from graphleads.formats.report import DeliveryReport
from graphleads.formats.tabular import SourceTable, TableFormat
from graphleads.ingest.mapping.content import (
    are_people,
    find_id,
    guess_name,
    has_header,
    holds_mostly,
    is_id,
    is_personal_number,
    look_like_people,
    tell_things,
)
from graphleads.values.customer_header import PERSONAL
from graphleads.values.header_word import IDENTIFIERS, WORDS, fold_word

Entry = dict[str, Any]

N_SAMPLED = 1_000
"""Rows that are looked at."""

_CHECKED_SCHEMES = ("XI-LEI", "CN-USCI", "BR-CNPJ", "AU-ABN", "AU-ACN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The first rows of a table, and what its columns were taken for.

    Attributes:
        stem: What ids without a register begin with, behind `X-`.
        columns: string[n] by column name.
        things: Column by thing, as `header_word.WORDS` names them.
        identifiers: Column by scheme.
        people: Whether the names are people's.
        personal: Columns with numbers and whatever else of people is not kept.
        guessed: The column that was taken for the names although nothing says so, None if something does.
    """

    stem: str
    columns: Mapping[str, pa.Array]
    things: Mapping[str, str]
    identifiers: Mapping[str, str]
    people: bool
    personal: tuple[str, ...] = ()
    guessed: str | None = None

    def column(self, thing: str) -> pa.Array:
        """string[n]: the values of a thing, without nulls."""
        return self.columns[self.things[thing]].drop_null()

    @property
    def tells_names(self) -> bool:
        """Whether something says which column has the names."""
        return "name" in self.things and self.guessed is None

    @property
    def id(self) -> Entry:
        """Where the company's id comes from."""
        if self.identifiers:
            scheme, column = next(iter(self.identifiers.items()))
            return {"column": column, "steps": [{"scheme": scheme}]}
        scheme = f"X-{self.stem}"
        if "id" in self.things:
            return {"column": self.things["id"], "steps": [{"scheme": scheme}]}
        return {**self._named, "steps": [*self._named.get("steps", ()), {"scheme": scheme}]}

    @property
    def record(self) -> str | Entry:
        """Where the record's id comes from: the same columns."""
        return self._named if self.is_by_name else str(self.id["column"])

    @property
    def is_by_name(self) -> bool:
        """Whether nothing but names tells the rows apart."""
        return not self.identifiers and "id" not in self.things

    @property
    def _named(self) -> Entry:
        """The name, and with it whatever else tells namesakes apart."""
        if "name" not in self.things:
            return {"columns": list(self.columns), "steps": ["name_key"]}
        name, names = self.things["name"], self.column("name")
        if not self.people and pc.count_distinct(names).as_py() == len(names):
            return {"column": name, "steps": ["name_key"]}
        return {"columns": [name, *(column for column in self.columns if column != name)], "steps": ["name_key"]}


def tell_dialect(table: SourceTable) -> Dialect:
    """Return how a table is written, told from its beginning: whether it has a header, too."""
    if table.format is TableFormat.JSON:
        return Dialect(rows=_rows_inside(table))
    if table.format is not TableFormat.DELIMITED:
        return Dialect()
    dialect = resolve_dialect(table.source, Dialect())
    header = table.header(dialect)
    block = next(table.blocks(dialect, report=DeliveryReport(), columns=header), None)
    first = [values[0].as_py() for values in block.columns.values()] if block and block.n_rows else []
    return dialect if has_header(header, first) else replace(dialect, header=False)


def _rows_inside(table: SourceTable) -> str | None:
    """Return where the rows of a JSON document are that is itself no row: one object that has no name of a company."""
    header = table.header(Dialect())
    names = {fold_word(word) for word in WORDS["name"]}
    return None if names & set(map(fold_word, header)) else find_rows(table.source)


def take_sample(table: SourceTable, dialect: Dialect) -> Sample:
    """Return the first rows of a table, and what its columns are taken for."""
    header = table.header(dialect)
    block = next(table.blocks(dialect, report=DeliveryReport(), columns=header), None)
    nothing = pa.array([], pa.string())
    columns = {name: block.columns[name].slice(0, N_SAMPLED) if block else nothing for name in header}
    identifiers = _find_identifiers(columns)
    things = _told_by_header(header, identifiers)
    if "id" in things and not is_id(columns[things["id"]]) and len(columns[things["id"]]):
        del things["id"]
    if not identifiers and "id" not in things and (told := find_id(columns, list(things.values()))):
        things["id"] = told
    by_header = {name for thing, name in things.items() if thing != "id"}
    numbers = [name for name, values in columns.items() if name not in by_header and is_personal_number(values)]
    personal = [*numbers, *(name for name in header if PERSONAL.search(fold_word(name)))]
    taken = [*identifiers.values(), *personal]
    things = {thing: name for thing, name in things.items() if name not in numbers}
    things |= tell_things(columns, things, taken)
    guessed = None if "name" in things else _guess_name(columns, things, taken, by_header)
    stem = plain_word(table.source.bare_name.split(".")[0])
    named = "name" in things and not identifiers
    people = named and (are_people(stem, column := columns[things["name"]]) or (guessed and look_like_people(column)))
    return Sample(
        stem=stem.upper().replace("_", "-"),
        columns=columns,
        things=things,
        identifiers=identifiers,
        people=bool(people),
        personal=tuple(name for name in personal if name not in things.values()),
        guessed=guessed,
    )


def _guess_name(
    columns: Mapping[str, pa.Array], things: dict[str, str], taken: Sequence[str], told: Collection[str]
) -> str | None:
    """Take some column for the names where nothing says which it is, and return it; people's where no header does."""
    if "officer" in things and things["officer"] not in told:
        guessed: str | None = things.pop("officer")
    else:
        guessed = guess_name(columns, [*things.values(), *taken])
    if guessed is not None:
        things["name"] = guessed
    return guessed


def _told_by_header(header: Sequence[str], identifiers: Mapping[str, str]) -> dict[str, str]:
    free = {fold_word(name): name for name in reversed(header) if name not in identifiers.values()}
    things: dict[str, str] = {}
    for thing, words in WORDS.items():
        found = next((free[word] for word in map(fold_word, words) if word in free), None)
        if found is not None and found not in things.values():
            things[thing] = found
    return things


def _find_identifiers(columns: Mapping[str, pa.Array]) -> dict[str, str]:
    """Return identifiers by their headers, then by values whose check digits hold."""
    headers = {fold_word(name): name for name in reversed(list(columns))}
    found = {
        scheme: headers[word]
        for scheme, words in IDENTIFIERS.items()
        for word in map(fold_word, reversed(words))
        if word in headers
    }
    for name, values in columns.items():
        for scheme in _CHECKED_SCHEMES:
            holds = check_identifiers(scheme, values.drop_null())
            if name not in found.values() and scheme not in found and holds_mostly(holds):
                found[scheme] = name
    return found


def plain_word(text: str) -> str:
    """Return a name that a mapping and a dataset may have."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return word if re.match("[a-z]", word) else f"list_{word}".strip("_")
