"""Mappings as hypothesis invents them: of the right shape for the most part, with all that a user may write in them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from hypothesis import strategies as st

from graphleads.crm.mapping import FIELDS
from graphleads.ingest.mapping.convert import fillable_columns
from graphleads.tables.schema import STAGED, VALUES
from tests.faults.fuzz import ODD
from tests.faults.fuzz_corpus import CUSTOMERS, GOLDEN

_HEADER = next(csv.reader(io.StringIO((GOLDEN / "plain" / "companies.csv").read_text(encoding="utf-8"))))
_CUSTOMER_HEADER = next(csv.reader(io.StringIO(CUSTOMERS)))
_WORDS = sorted({word for words in VALUES.values() for word in words})
_PATTERNS = (
    *("", ".", "^$", "(?i)ltd", "(", "[", "a{1001}", "(a*)*b", "(?P<x>a)", r"\1", r"\C", r"\pL+", "\0", "x" * 5_000),
    *("(?=a)", "a|", "(((((((((((a)))))))))))", "\n", "[[:alpha:]]", "(?i)[\U0001f600-\U0001f64f]"),
)
_ENCODINGS = (
    *("utf-8", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf-7", "gb18030", "hz", "iso2022_jp", "cp037", "idna"),
    *("punycode", "rot13", "base64", "undefined", "unicode_escape", "mbcs", "a\0b", "", "..", "é"),
)
_DATES = (
    *("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d %B %Y", "%d%m", "%d%d%m%Y", "%c", "%x", "%s", "%Q", "%", "", "%j %Y", "\0"),
    *("%G-W%V-%u", "%Y-%m-%d\0", "%d.%m.%Y %H:%M:%S", "%y%m%d", "%d/%m/%Y %z", "%%%d%m%Y", "x" * 5_000, "%d\u202e%m%Y"),
)


def _mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy that draws an odd one in thirty: a mapping with one mistake is refused as a whole."""
    return st.integers(0, 29).flatmap(lambda n: odd if n == 29 else usual)


_odd = st.sampled_from(ODD)
_column = _mostly(st.sampled_from(_HEADER), _odd)
_text = _mostly(st.sampled_from([*_WORDS, *_HEADER]), _odd | st.integers() | st.booleans())
_pattern = _mostly(st.sampled_from([".", "^$", "(?i)ltd", r"(\d+)", "a|", r"\pL+"]), st.sampled_from(_PATTERNS))
_number = st.fixed_dictionaries(
    {},
    optional={
        "decimal": st.sampled_from([".", ","]),
        "thousands": st.sampled_from([",", ".", " ", "'", "_", "\u00a0", "\u2019"]),
        "percent": st.booleans(),
    },
)
_dates = st.lists(_mostly(st.sampled_from(_DATES[:4]), st.sampled_from(_DATES)), min_size=1, max_size=3)
_scheme = _mostly(
    st.sampled_from(["X-A", "GB-COH", "CN-USCI", "BR-CNPJ", "XI-LEI"]), st.sampled_from(["x", "X-" + "A" * 600])
)
_separator = st.sampled_from(["|", " ", "a", "\0", "\u202e", ".*"])
_plain_step = st.one_of(
    st.sampled_from(["upper", "lower", "name_key", "country", "email_domain"]),
    _mostly(st.integers(1, 64), st.integers()).map(lambda n: {"pad": n}),
    st.tuples(st.sampled_from(["prefix", "suffix"]), _text).map(lambda one: {one[0]: one[1]}),
    st.tuples(_pattern, _mostly(st.sampled_from(["", "x", r"\0\0"]), st.sampled_from([r"\1", r"\9", "\\", "$1"]))).map(
        lambda one: {"replace": {"pattern": one[0], "with": one[1]}}
    ),
    st.tuples(_separator, _mostly(st.sampled_from([-2, -1, 1, 2]), st.sampled_from([0, 2**70]))).map(
        lambda one: {"split": {"separator": one[0], "part": one[1]}}
    ),
    st.tuples(st.sampled_from(["hash", "keyed_hash"]), st.integers(16, 64)).map(lambda one: {one[0]: one[1]}),
    st.tuples(st.sampled_from(["scheme", "default_scheme"]), _scheme).map(lambda one: {one[0]: one[1]}),
    st.tuples(_column, _column).map(lambda one: {"lookup": {"file": "companies*", "key": one[0], "value": one[1]}}),
)
_step = st.one_of(
    _plain_step,
    _text.map(lambda text: {"default": text}),
    st.dictionaries(_pattern, _text, min_size=1, max_size=3).map(lambda cases: {"match": cases}),
    st.dictionaries(_odd, _text, min_size=1, max_size=3).map(lambda cases: {"map": cases}),
)
_plain_steps, _steps = (st.lists(step, min_size=1, max_size=4) for step in (_plain_step, _step))
_how: dict[str, st.SearchStrategy[Any]] = {"steps": _steps, "dates": _dates, "number": _number}
_part = _column | st.fixed_dictionaries({"column": _column, "steps": _steps})
_expression = st.one_of(
    _column,
    st.fixed_dictionaries({"column": _column}, optional=_how),
    st.fixed_dictionaries({"columns": st.lists(_part, min_size=1, max_size=3)}, optional={**_how, "join": _odd}),
    st.fixed_dictionaries({"value": _text}),
)
_condition = st.one_of(
    st.tuples(st.sampled_from(["equals", "not"]), _text),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(_text, min_size=1, max_size=3)),
    st.tuples(st.sampled_from(["matches", "not_matches"]), _pattern),
    st.tuples(st.just("empty"), st.booleans()),
)
_where = st.lists(
    st.tuples(_column, _condition).map(lambda one: {"column": one[0], one[1][0]: one[1][1]}), min_size=1, max_size=2
)
_explode = st.fixed_dictionaries({"column": _column, "separator": _separator}, optional={"position": _column})
_formats = st.fixed_dictionaries(
    {},
    optional={
        "encoding": _mostly(st.sampled_from(_ENCODINGS[:2]), st.sampled_from(_ENCODINGS)),
        "delimiter": _mostly(st.just(","), st.sampled_from([";", "\t", "|", '"', "a", " ", "\\", ",\n"])),
        "quote": _mostly(st.sampled_from(['"', "none"]), st.sampled_from(["'", ",", "a", "\\", "\n"])),
        "dates": _dates,
        "number": _number,
    },
)


@st.composite
def _table(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(STAGED)))
    required = [column.name for column in STAGED[name].columns if column.required and column.name not in ("dataset",)]
    others = draw(st.lists(st.sampled_from(fillable_columns(name)), max_size=5))
    chosen = [one for one in dict.fromkeys([*required, *others]) if one not in ("op", "mentioned") or one in others]
    fields = {one: draw(_mostly(_usable(name, one), _expression)) for one in chosen}
    if name == "persons":
        fields |= {"key": "name", "key_confidence": {"value": "0.5"}}
    table: dict[str, Any] = {"table": name, "fields": fields}
    for key, strategy in (("where", _where), ("explode", _explode)):
        if draw(st.integers(0, 3)) == 0:
            table[key] = draw(strategy)
    return table


def _usable(table: str, column: str) -> st.SearchStrategy[Any]:
    """Return expressions that a column can be filled with."""
    if column in ("id", "subject", "holder", "company", "source", "target"):
        return st.just({"column": "id", "steps": [{"default_scheme": "X-A"}]})
    words = VALUES.get("op" if column == "op" else f"{table}.{column}")
    changed = st.fixed_dictionaries({"column": _column}, optional={**_how, "steps": _plain_steps})
    return st.just({"value": words[0]}) | changed if words else st.sampled_from(["id", "name"]) | changed


_file = st.fixed_dictionaries(
    {
        "match": _mostly(st.just("companies*"), _odd),
        "tables": st.lists(_table(), min_size=1, max_size=3),
    },
    optional={
        "formats": _formats,
        "optional": st.lists(_column, min_size=1, max_size=3),
        "ignore": _mostly(st.just({}), st.dictionaries(_column, st.just("not wanted"), max_size=3)),
        "personal": _mostly(st.just(["status_since"]), st.lists(_column, min_size=1, max_size=2)),
        "rest": st.just("not wanted"),
    },
)
_mapping = st.fixed_dictionaries(
    {"version": st.just(1), "name": st.just("invented"), "files": st.lists(_file, min_size=1, max_size=1)},
    optional={"formats": _formats},
)

_customer_column = _mostly(st.sampled_from(_CUSTOMER_HEADER), _text)
_customer_mapping = st.fixed_dictionaries(
    {},
    optional={
        "columns": st.dictionaries(st.sampled_from(FIELDS), _customer_column, max_size=5),
        "identifiers": st.dictionaries(_scheme, _customer_column, max_size=3),
        "constants": st.dictionaries(st.sampled_from(["country", "status", "owner"]), _text, max_size=3),
        "status": st.dictionaries(st.sampled_from(["won", "open", "lost"]), st.lists(_text, max_size=3) | _text),
        "date_format": _mostly(st.sampled_from(_DATES[:4]), st.sampled_from(_DATES)),
        "encoding": _mostly(st.just("utf-8"), st.sampled_from(_ENCODINGS)),
    },
)

# JSON is YAML, but for what JSON escapes as two surrogates.
MAPPING_TEXTS = {
    reader: strategy.map(lambda content: json.dumps(content, ensure_ascii=False).encode())
    for reader, strategy in {"table": _mapping, None: _customer_mapping}.items()
}
"""The text of a mapping: of registers for the reader `table`, of customers for None."""
