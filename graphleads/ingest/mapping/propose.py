"""A first mapping for a file that nobody has described: a proposal that its owner reads and mends.

Columns are told by their headers and by the values in the first rows, which also say whether there is a header.
Whatever found no place is named at the end, with a value of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from graphleads.codes.personal_number import are_personal, hide_personal
from graphleads.errors import InputError
from graphleads.formats.delimited import Dialect
from graphleads.formats.json_lines import flatten_object
from graphleads.formats.source import open_sources
from graphleads.formats.tabular import SourceTable, TableFormat, list_tables
from graphleads.ingest.mapping.content import (
    MOSTLY,
    holds_mostly,
    tells_contact,
)
from graphleads.ingest.mapping.convert import ValueFormat, convert, get_target
from graphleads.ingest.mapping.mapping import FileMapping, load_mapping, shipped_mappings
from graphleads.ingest.mapping.sample import Entry, Sample, plain_word, take_sample, tell_dialect
from graphleads.ingest.mapping.transform import apply_step
from graphleads.ingest.reader import fitting_readers
from graphleads.values.header_word import guess_status

_DATES = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d", "%d-%m-%Y", "%Y年%m月%d日", "%d %b %Y",
    "%d-%b-%Y",
)  # fmt: skip
_NUMBERS: tuple[Entry, ...] = (
    {},
    {"thousands": ","},
    {"decimal": ","},
    {"decimal": ",", "thousands": "."},
    {"decimal": ",", "thousands": " "},
)
_TEXTS = ("region", "locality", "postcode", "legal_form", "size_class", "business_scope")
_MANY_STATUSES = 30
_MAX_SAMPLE = 60
_NO_NAME = "no column was recognised as a company's name"
_UNIT = re.compile(r"[(（]([十百千万亿]*元)[)）]")
"""The unit of all amounts of a column, in its header."""
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
    written = [(table, dialect, take_sample(table, dialect)) for table in tables for dialect in (tell_dialect(table),)]
    some_told = any(sample.tells_names for _, _, sample in written)
    entries, rest, guesses = [], [], []
    for table, dialect, sample in written:
        entry = _entry(table, alone=len(tables) == 1)
        if some_told and not sample.tells_names:
            entries.append(entry | {"skip": _NO_NAME})
            rest.append((table.source.name, dict(sample.columns)))
            continue
        proposed, unplaced = _propose(table, dialect, sample)
        entries.append(entry | proposed)
        rest.append((table.source.name, unplaced))
        guesses.append(_guess_comment(table, sample))
    comments = [_comment(file, columns) for file, columns in rest]
    return "".join([*_fitting_comments(path, tables), *guesses, _dump(path, entries), *comments])


def _dump(path: Path, entries: Sequence[Entry]) -> str:
    name = plain_word(path.name.split(".")[0])
    content = {
        "version": 1,
        "name": name,
        "dataset": name,
        "description": "Proposed from the file's header and first rows; to be read and mended.",
        "files": list(entries),
    }
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)


def _fitting_comments(path: Path, tables: Sequence[SourceTable]) -> Iterator[str]:
    """Yield a line for each reader and each shipped mapping that reads the file as it is."""
    for name in fitting_readers(path):
        yield f"# The reader {name} reads this file as it is: no mapping is needed.\n"
    for name, entries in _shipped_entries().items():
        if any(_fits(entry, table) for table in tables for entry in entries):
            yield f"# The shipped mapping {name} reads this file: name it instead of one of your own.\n"


@cache
def _shipped_entries() -> dict[str, tuple[FileMapping, ...]]:
    return {name: load_mapping(name).files for name in shipped_mappings()}


def _fits(entry: FileMapping, table: SourceTable) -> bool:
    """Return whether an entry of a mapping is for a table that has all columns which it needs."""
    if entry.skip is not None or not entry.tables or not entry.matches(table.source.bare_name, table.part):
        return False
    needed = {column for one in entry.tables for column in one.source_columns} - entry.optional
    try:
        return needed <= set(table.header(entry.dialect))
    except InputError:
        return False


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        """Write everything out: the reader changes one place without wondering about others."""
        return True


def _comment(file: str, columns: Mapping[str, pa.Array]) -> str:
    if not columns:
        return f"# Every column of {file} found a place.\n"
    return (
        f"# No place was found for these columns of {file}: use them, or leave them out under `ignore`, each with the "
        f"reason.\n"
        + "".join(f"#   {' '.join(name.split())}{_sample_of(values)}\n" for name, values in columns.items())
    )


def _sample_of(values: pa.Array) -> str:
    """Return a value to know a column by, nothing if it may be how somebody is reached."""
    value = next(iter(values.drop_null().slice(0, 1).to_pylist()), None)
    if value is not None and value.startswith("[{"):
        return f": objects with {', '.join(_fields(value))}, for `explode`"
    if value is None or tells_contact(values) or pc.any(are_personal(values.drop_null())).as_py():
        return ""
    return f": {hide_personal(' '.join(value.split()))[:_MAX_SAMPLE]}"


def _fields(objects: str) -> list[str]:
    """Return the fields of the first object of a list in JSON; none of what is no such list."""
    try:
        return [" ".join(str(name).split()) for name in flatten_object(orjson.loads(objects)[0])]
    except (ValueError, AttributeError):
        return []


def _entry(table: SourceTable, *, alone: bool) -> Entry:
    """Return what tells which table an entry is for."""
    entry: Entry = {"match": _pattern(table)}
    if table.part is not None and not alone:
        entry["sheet" if table.format is TableFormat.WORKBOOK else "table"] = _escape(table.part)
    return entry


def _propose(table: SourceTable, dialect: Dialect, sample: Sample) -> tuple[Entry, dict[str, pa.Array]]:
    """Return what becomes of a table's columns, and those that found no place."""
    formats = _formats(dialect) if table.format is TableFormat.DELIMITED else {"rows": dialect.rows}
    entry: Entry = {"formats": formats} if any(formats.values()) else {}
    tables = [one for one in (_persons(sample) if sample.people else _tables(sample)) if one is not None]
    used = set(_columns(tables))
    rest = [column for column in sample.columns if column not in used]
    personal = [column for column in rest if column in sample.personal]
    if personal:
        entry["personal"] = personal
    return entry | {"tables": tables}, {one: sample.columns[one] for one in rest if one not in personal}


def _guess_comment(table: SourceTable, sample: Sample) -> str:
    """Return a line on the column that was taken for names, none where something says which it is."""
    if "name" not in sample.things:
        return f"# No column of {table.source.name} has words in it that could be names: say where names are.\n"
    if sample.guessed is None:
        return ""
    of, column = "people's" if sample.people else "companies'", " ".join(sample.guessed.split())
    return f"# Nothing in {table.source.name} says which column has names: {column} is taken for {of}. Mend it.\n"


def _formats(dialect: Dialect) -> Entry:
    """Return how a file is written, as far as reading it does not tell."""
    encoding = {} if (dialect.encoding or "").startswith("utf-8") else {"encoding": dialect.encoding}
    return {**encoding, "delimiter": dialect.delimiter, **({} if dialect.header else {"header": "none"})}


def _persons(sample: Sample) -> Iterator[Entry]:
    """Yield the persons of a list of nobody else; ids that only names tell apart are of one record each."""
    fields = {"record": sample.record, "id": sample.id, "name": sample.things["name"], "kind": {"value": "known"}}
    if "jurisdiction" in sample.things:
        fields["residence"] = {"column": sample.things["jurisdiction"], "steps": ["country"]}
    yield {"table": "persons", "fields": fields}


def _tables(sample: Sample) -> Iterator[Entry | None]:
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
    "address": ["address"],
    "phone": ["phone"],  # dialled where the company is, if the list says where that is
    "email_domain": ["email_domain"],
    "website": ["website"],
}


def _contact(sample: Sample, kind: str, steps: list[str | Entry]) -> Entry:
    column = sample.things.get(_CONTACT_THINGS.get(kind, kind))
    if kind == "phone" and "jurisdiction" in sample.things:
        steps = [{"phone": {"column": sample.things["jurisdiction"], "steps": ["country"]}}]
    key = {"column": column, "steps": steps}
    return {"kind": {"value": kind}, "key": key, "display": key if kind == "email_domain" else column}


def _about(sample: Sample, thing: str, table: str, fields: Entry) -> Entry | None:
    """Return a table of things said of companies, None if the list does not say them."""
    if thing not in sample.things:
        return None
    where = _filled(sample.things[thing])
    return {"table": table, "where": where, "fields": {"record": sample.record, "id": sample.id, **fields}}


def _filled(column: str) -> list[Entry]:
    return [{"column": column, "empty": False}]


def _company_fields(sample: Sample) -> Iterator[tuple[str, Any]]:
    yield "record", sample.record
    yield "id", sample.id
    if "name" in sample.things:
        yield "name", sample.things["name"]
    if "jurisdiction" in sample.things:
        yield "jurisdiction", {"column": sample.things["jurisdiction"], "steps": ["country"]}
    if "status" in sample.things:
        yield from _status(sample)
    for field in _TEXTS:
        if field in sample.things:
            yield field, sample.things[field]
    for field in ("incorporated_on", "dissolved_on"):
        if field in sample.things and (forms := _date_formats(sample.column(field))):
            yield field, {"column": sample.things[field], "dates": forms}
    if "capital" in sample.things:
        yield from _capital(sample)


def _capital(sample: Sample) -> Iterator[tuple[str, Any]]:
    """Yield the capital: an amount with its unit, which the header may name, or a number."""
    column, values = sample.things["capital"], sample.column("capital")
    unit = _UNIT.search(column)
    step: str | Entry = {"amount": unit[1]} if unit else "amount"
    if len(values) and holds_mostly(pc.is_valid(apply_step(values, "amount", unit[1] if unit else None))):
        yield "capital", {"column": column, "steps": [step]}
        if unit is None:
            yield "capital_currency", {"column": column, "steps": ["currency"]}
    elif (number := _number_format(values, "capital")) is not None:
        yield "capital", {"column": column, **({"number": number} if number else {})}


def _status(sample: Sample) -> Iterator[tuple[str, Any]]:
    words = sorted(sample.column("status").unique().to_pylist())
    column = sample.things["status"]
    if 0 < len(words) <= _MANY_STATUSES:
        meanings = {word: guess_status(word) for word in words}
        yield "status", {"column": column, "steps": [{"map": meanings}, {"default": "unknown"}]}
    yield "status_text", column


def _people(sample: Sample, thing: str) -> Iterator[Entry | None]:
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


def _role(sample: Sample) -> Entry:
    if "title" not in sample.things:
        return {"kind": {"value": "other"}}
    title = sample.things["title"]
    return {"kind": {"column": title, "steps": [{"match": _ROLE_KINDS}, {"default": "other"}]}, "title": title}


def _share(sample: Sample) -> Entry:
    if "share" not in sample.things:
        return {}
    values = sample.column("share")
    percent = pc.any(pc.match_substring(values, "%")).as_py() or _number_format(values, "share_min") is None
    number = _number_format(values, "share_min", percent=bool(percent))
    if number is None:
        return {}
    share = {"column": sample.things["share"], **({"number": number} if number else {})}
    return {"share_min": share, "share_max": share}


def _date_formats(values: pa.Array) -> list[str]:
    """Return the formats that read most of the days, the one that reads the most first; none if they do not."""
    target = get_target("companies", "incorporated_on")
    rest, chosen = values, []
    while len(rest):
        read = {form: pc.is_valid(convert(rest, target, ValueFormat(dates=(form,)))) for form in _DATES}
        form = max(read, key=lambda one: pc.sum(read[one]).as_py())
        if not pc.any(read[form]).as_py():
            break
        chosen.append(form)
        rest = rest.filter(pc.invert(read[form]))
    return chosen if len(values) and len(rest) <= (1 - MOSTLY) * len(values) else []


def _number_format(values: pa.Array, column: str, *, percent: bool = False) -> Entry | None:
    """Return how most of the numbers are written, empty if in the usual way, None if in none that is known."""
    target = get_target("companies" if column == "capital" else "interests", column)
    for form in _NUMBERS:
        number = {**form, "percent": True} if percent else form
        if holds_mostly(pc.is_valid(convert(values, target, ValueFormat().changed({"number": number})))):
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
