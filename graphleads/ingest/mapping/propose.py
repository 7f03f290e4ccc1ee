"""A first mapping for a file that nobody has described: a proposal that its owner reads and mends.

Columns are told by their headers and the values in the first rows. Whatever found no place is named at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from graphleads.codes.scheme import check_identifiers
from graphleads.formats.delimited import Dialect, resolve_dialect
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.formats.tabular import SourceTable, TableFormat, list_tables
from graphleads.ingest.mapping.convert import ValueFormat, convert, get_target
from graphleads.values.customer_header import PERSONAL
from graphleads.values.header_word import IDENTIFIERS, WORDS, fold_word, guess_status

Entry = dict[str, Any]

N_SAMPLED = 1_000
"""Rows that are looked at."""

_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d", "%d-%m-%Y", "%Y年%m月%d日", "%d %b %Y")
_NUMBERS: tuple[Entry, ...] = (
    {},
    {"thousands": ","},
    {"decimal": ","},
    {"decimal": ",", "thousands": "."},
    {"decimal": ",", "thousands": " "},
)
_CHECKED_SCHEMES = ("XI-LEI", "CN-USCI", "BR-CNPJ", "AU-ABN", "AU-ACN")
_TEXTS = ("region", "locality", "postcode", "legal_form", "size_class", "business_scope")
_MOSTLY = 0.9
_MANY_STATUSES = 30
_LONG_NUMBER = re.compile(r"\d{4,}(?:[-_]\d+)*")
_ROLE_KINDS = {
    "(?i)chair|董事长|presidente do conselho": "chair",
    "(?i)secretary|secret[aá]rio|秘书": "secretary",
    "(?i)chief executive|ceo|总经理|diretor.presidente": "chief_executive",
    "(?i)director|diretor|conselheiro|董事": "director",
    "监事": "supervisor",
    "(?i)manager|administrador|gerente|经理": "manager",
    "法定代表人|(?i)legal representative|representante legal": "legal_representative",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """The first rows of a table, and what its columns were taken for.

    Attributes:
        stem: What ids without a register begin with, behind `X-`.
        columns: string[n] by column name.
        things: Column by thing, as `header_word.WORDS` names them.
        identifiers: Column by scheme.
    """

    stem: str
    columns: Mapping[str, pa.Array]
    things: Mapping[str, str]
    identifiers: Mapping[str, str]

    def column(self, thing: str) -> pa.Array:
        """string[n]: the values of a thing, without nulls."""
        return self.columns[self.things[thing]].drop_null()

    @property
    def id(self) -> Entry:
        """Where the company's id comes from."""
        if self.identifiers:
            scheme, column = next(iter(self.identifiers.items()))
            return {"column": column, "steps": [{"scheme": scheme}]}
        scheme = f"X-{self.stem}"
        if "id" in self.things:
            return {"column": self.things["id"], "steps": [{"scheme": scheme}]}
        return {"column": self.things["name"], "steps": ["name_key", {"scheme": scheme}]}

    @property
    def record(self) -> str | Entry:
        """Where the record's id comes from: the same column."""
        column = self.id["column"]
        by_name = not self.identifiers and "id" not in self.things
        return {"column": column, "steps": ["name_key"]} if by_name else column


def propose_mapping(path: Path) -> str:
    """Return a mapping for a file: YAML that `load_mapping` accepts.

    Args:
        path: A file of any format that the reader `table` reads; a workbook's sheets and a database's tables each get
            an entry.

    Returns:
        The mapping; comments at its end name the columns that found no place.

    Raises:
        FileUnreadable: If the file cannot be read.
        FormatMismatch: If it holds no table.
    """
    tables = [table for source in open_sources(path) for table in list_tables(source)]
    entries, rest = [], []
    for table in tables:
        entry, unplaced = _propose(table, alone=len(tables) == 1)
        entries.append(entry)
        rest.append((table.source.name, unplaced))
    name = _word(path.name.split(".")[0])
    content = {
        "version": 1,
        "name": name,
        "dataset": name,
        "description": "Proposed from the file's header and first rows; to be read and mended.",
        "files": entries,
    }
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return text + "".join(_comment(file, columns) for file, columns in rest)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        """Write everything out: the reader changes one place without wondering about others."""
        return True


def _comment(file: str, columns: Sequence[str]) -> str:
    if not columns:
        return f"# Every column of {file} found a place.\n"
    return (
        f"# No place was found for these columns of {file}: use them, or leave them out under `ignore`, each with the "
        f"reason.\n" + "".join(f"#   {' '.join(column.split())}\n" for column in columns)
    )


def _propose(table: SourceTable, *, alone: bool) -> tuple[Entry, list[str]]:
    """Return a table's entry in the mapping, and the columns that found no place."""
    dialect = resolve_dialect(table.source, Dialect()) if table.format is TableFormat.DELIMITED else Dialect()
    sample = _take_sample(table, dialect)
    entry: Entry = {"match": _pattern(table)}
    if table.part is not None and not alone:
        entry["sheet" if table.format is TableFormat.WORKBOOK else "table"] = _escape(table.part)
    if "name" not in sample.things:
        return entry | {"skip": "no column was recognised as a company's name"}, list(sample.columns)
    if table.format is TableFormat.DELIMITED:
        entry["formats"] = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
    tables = [one for one in _tables(sample) if one is not None]
    used = set(_columns(tables))
    rest = [column for column in sample.columns if column not in used]
    personal = [column for column in rest if PERSONAL.search(fold_word(column))]
    if personal:
        entry["personal"] = personal
    return entry | {"tables": tables}, [column for column in rest if column not in personal]


def _take_sample(table: SourceTable, dialect: Dialect) -> _Sample:
    header = table.header(dialect)
    block = next(table.blocks(dialect, report=DeliveryReport(), columns=header), None)
    nothing = pa.array([], pa.string())
    columns = {name: block.columns[name].slice(0, N_SAMPLED) if block else nothing for name in header}
    identifiers = _find_identifiers(columns)
    free = {fold_word(name): name for name in reversed(header) if name not in identifiers.values()}
    things: dict[str, str] = {}
    for thing, words in WORDS.items():
        found = next((free[word] for word in map(fold_word, words) if word in free), None)
        if found is not None and found not in things.values():
            things[thing] = found
    stem = _word(table.source.bare_name.split(".")[0]).upper().replace("_", "-")
    return _Sample(stem=stem, columns=columns, things=things, identifiers=identifiers)


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
            if name not in found.values() and scheme not in found and _mostly(holds):
                found[scheme] = name
    return found


def _mostly(mask: pa.Array) -> bool:
    return len(mask) > 0 and (pc.sum(pc.fill_null(mask, False)).as_py() or 0) >= _MOSTLY * len(mask)


def _tables(sample: _Sample) -> Iterator[Entry | None]:
    """Yield what becomes of the columns, table by table, None for what the list does not say."""
    yield {"table": "companies", "fields": dict(_company_fields(sample))}
    for scheme, column in list(sample.identifiers.items())[1:]:
        fields = {"record": sample.record, "id": sample.id, "scheme": {"value": scheme}, "value": column}
        yield {"table": "identifiers", "where": _filled(column), "fields": fields}
    for thing, kind in (("trading_name", "trading"), ("former_name", "former")):
        yield _about(sample, thing, "names", {"name": sample.things.get(thing), "kind": {"value": kind}})
    code = {"scheme": {"value": f"X-{sample.stem}-TRADE"}, "code": sample.things.get("trade")}
    yield _about(sample, "trade", "classifications", code)
    for kind, steps in _CONTACTS.items():
        yield _about(sample, _CONTACT_THINGS.get(kind, kind), "contact_points", _contact(sample, kind, steps))
    yield from _people(sample, "officer")
    yield from _people(sample, "holder")


_CONTACT_THINGS = {"email_domain": "email"}
_CONTACTS: Mapping[str, list[str | Entry]] = {
    "address": ["name_key"],
    "phone": [{"replace": {"pattern": r"\D", "with": ""}}],
    "email_domain": ["email_domain"],
    "website": ["lower", {"replace": {"pattern": r"^(https?://)?(www\.)?|/.*$", "with": ""}}],
}


def _contact(sample: _Sample, kind: str, steps: list[str | Entry]) -> Entry:
    column = sample.things.get(_CONTACT_THINGS.get(kind, kind))
    key = {"column": column, "steps": steps}
    return {"kind": {"value": kind}, "key": key, "display": key if kind == "email_domain" else column}


def _about(sample: _Sample, thing: str, table: str, fields: Entry) -> Entry | None:
    """Return a table of things said of companies, None if the list does not say them."""
    if thing not in sample.things:
        return None
    where = _filled(sample.things[thing])
    return {"table": table, "where": where, "fields": {"record": sample.record, "id": sample.id, **fields}}


def _filled(column: str) -> list[Entry]:
    return [{"column": column, "empty": False}]


def _company_fields(sample: _Sample) -> Iterator[tuple[str, Any]]:
    yield "record", sample.record
    yield "id", sample.id
    yield "name", sample.things["name"]
    if "jurisdiction" in sample.things:
        yield "jurisdiction", {"column": sample.things["jurisdiction"], "steps": ["country"]}
    if "status" in sample.things:
        yield from _status(sample)
    for field in _TEXTS:
        if field in sample.things:
            yield field, sample.things[field]
    for field in ("incorporated_on", "dissolved_on"):
        if field in sample.things and (form := _date_format(sample.column(field))):
            yield field, {"column": sample.things[field], "dates": [form]}
    if "capital" in sample.things and (number := _number_format(sample.column("capital"), "capital")) is not None:
        yield "capital", {"column": sample.things["capital"], **({"number": number} if number else {})}


def _status(sample: _Sample) -> Iterator[tuple[str, Any]]:
    words = sorted(sample.column("status").unique().to_pylist())
    column = sample.things["status"]
    if 0 < len(words) <= _MANY_STATUSES:
        meanings = {word: guess_status(word) for word in words}
        yield "status", {"column": column, "steps": [{"map": meanings}, {"default": "unknown"}]}
    yield "status_text", column


def _people(sample: _Sample, thing: str) -> Iterator[Entry | None]:
    """Yield the persons in a column, one for each record, and what ties them to the company."""
    if thing not in sample.things:
        return
    column = sample.things[thing]
    of = {"record": sample.record}
    person = {
        "columns": [sample.id["column"], {"column": column, "steps": ["name_key", {"hash": 16}]}],
        "join": "-",
        "steps": [{"scheme": f"X-{sample.stem}-PERSON"}],
    }
    where = _filled(column)
    yield {"table": "persons", "where": where, "fields": {**of, "id": person, "name": column}}
    if thing == "officer":
        tie = {"company": sample.id, "holder": person, **_role(sample)}
        yield {"table": "roles", "where": where, "fields": {**of, **tie}}
        return
    held = {"subject": sample.id, "holder": person, "kind": {"value": "shareholding"}, **_share(sample)}
    yield {"table": "interests", "where": where, "fields": {**of, **held}}


def _role(sample: _Sample) -> Entry:
    if "title" not in sample.things:
        return {"kind": {"value": "other"}}
    title = sample.things["title"]
    return {"kind": {"column": title, "steps": [{"match": _ROLE_KINDS}, {"default": "other"}]}, "title": title}


def _share(sample: _Sample) -> Entry:
    if "share" not in sample.things:
        return {}
    values = sample.column("share")
    percent = pc.any(pc.match_substring(values, "%")).as_py() or _number_format(values, "share_min") is None
    number = _number_format(values, "share_min", percent=bool(percent))
    if number is None:
        return {}
    share = {"column": sample.things["share"], **({"number": number} if number else {})}
    return {"share_min": share, "share_max": share}


def _date_format(values: pa.Array) -> str | None:
    """Return the format that reads most of the days, None if none does."""
    target = get_target("companies", "incorporated_on")
    readable = (form for form in _DATES if _mostly(pc.is_valid(convert(values, target, ValueFormat(dates=(form,))))))
    return next(readable, None)


def _number_format(values: pa.Array, column: str, *, percent: bool = False) -> Entry | None:
    """Return how most of the numbers are written, empty if in the usual way, None if in none that is known."""
    target = get_target("companies" if column == "capital" else "interests", column)
    for form in _NUMBERS:
        number = {**form, "percent": True} if percent else form
        if _mostly(pc.is_valid(convert(values, target, ValueFormat().changed({"number": number})))):
            return number
    return None


def _columns(content: object) -> Iterator[str]:
    """Yield the columns that tables use."""
    if isinstance(content, list):
        for one in content:
            yield from _columns(one)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key == "column":
                yield value
            elif key == "columns":
                yield from (one for one in value if isinstance(one, str))
            elif key == "fields":
                yield from (one for one in value.values() if isinstance(one, str))
            yield from _columns(value)


def _pattern(table: SourceTable) -> str:
    """Return a pattern of the file's name in which dates and other long numbers may change."""
    name = table.source.name.removesuffix(f"/{table.part}") if table.part else table.source.name
    bare = name.rsplit("/", 1)[-1].lower().removesuffix(".gz")
    return "*".join(_escape(piece) for piece in _LONG_NUMBER.split(bare))


def _escape(text: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", text)


def _word(text: str) -> str:
    """Return a name that a mapping and a dataset may have."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return word if re.match("[a-z]", word) else f"list_{word}".strip("_")
