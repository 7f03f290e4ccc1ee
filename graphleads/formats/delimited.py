"""Delimited text as blocks of string columns: any size, any dialect, and bad rows never stop it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from graphleads.errors import FileUnreadable, FormatMismatch, ValueInvalid
from graphleads.formats.encoding import MARK, OTHER_ENCODING, UNDECODABLE, Encoding, choose_encoding, read_utf8
from graphleads.formats.record import (
    MAX_RECORD,
    STRAY_QUOTE,
    TOO_LONG,
    UNCLOSED_QUOTE,
    WRONG_FIELDS,
    RecordBlock,
    scan_records,
)
from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile, check_text

DELIMITERS = (",", ";", "\t", "|")
"""The delimiters that are told from a header line."""

WRONG_FIELD_COUNT = Flaw(
    code="wrong_field_count", message="The row has not as many fields as the header: it is left out."
)
RECORD_TOO_LONG = Flaw(code="record_too_long", message=f"The row is longer than {MAX_RECORD:,} bytes: it is left out.")
_BAD_RECORDS = {
    WRONG_FIELDS: WRONG_FIELD_COUNT,
    TOO_LONG: RECORD_TOO_LONG,
    UNCLOSED_QUOTE: Flaw(
        code="unclosed_quote", message="A quote in the row is not closed where the value ends: the row is left out."
    ),
}
_STRAY_QUOTE = Flaw(
    code="stray_quote",
    message="A quote stands inside a value, neither doubled nor at its end: the row is read as it is, check the value.",
)
_CUT_SHORT = Flaw(code="cut_short", message="The file breaks off within its last row: it is not whole.", cuts=True)
_NUL = Flaw(code="nul_bytes", message="The row has NUL bytes: they are removed.")
_DUPLICATE_COLUMN = Flaw(
    code="duplicate_column", message="The header names a column twice: the second one is read under a number."
)
MAX_COLUMNS = 16_384
"""Columns of the widest table that is read: those of a workbook."""

_REPLACEMENT = np.frombuffer("\ufffd".encode(), dtype=np.uint8)
_MARK = np.frombuffer(MARK, dtype=np.uint8)
_GLANCE = 64 << 10
_HEADER_WITHIN = 100
_SURROGATE_LEAD = 0xED
_SURROGATE_SECOND = 0xA0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a delimited file is written.

    Attributes:
        delimiter: One ASCII character; None: told from the header line (comma, semicolon, tab, pipe).
        quote: One ASCII character; None: quotes are characters like any other.
        encoding: As Python names it; None: UTF-8 if the bytes are, otherwise `otherwise` or a guess.
        otherwise: The encoding of what is not UTF-8, be it the file or some lines; None: guessed, unless `encoding` is
            given.
        header: Whether the first record names the columns; without it they are `column 1`, `column 2`, …
        n_above: Records above the header: a title, a line that names the delimiter.
        names: What the columns of a file without header are called, in its order; empty: by their numbers.
        rows: In JSON, where each object has the list of those that are rows: `result.items`; None: it is one itself.
    """

    delimiter: str | None = None
    quote: str | None = '"'
    encoding: str | None = None
    otherwise: str | None = None
    header: bool = True
    n_above: int = 0
    names: tuple[str, ...] = ()
    rows: str | None = None


def resolve_dialect(source: SourceFile, dialect: Dialect) -> Dialect:
    """Return the dialect with what it leaves open told from the file: `delimiter`, `encoding` and `otherwise`.

    Raises:
        FileUnreadable: If the file is empty or its encoding unknown.
        FormatMismatch: If it is HTML, XML, JSON or binary.
        ValueInvalid: If delimiter or quote is not one ASCII character.
    """
    for character in filter(None, (dialect.delimiter, dialect.quote)):
        if len(character) != 1 or not character.isascii() or character in "\r\n":
            raise ValueInvalid(f"{character!r} can be no delimiter or quote: give one ASCII character.")
    check_text(source)
    encoding = choose_encoding(source, given=dialect.encoding, otherwise=dialect.otherwise)
    resolved = replace(dialect, encoding=encoding.name, otherwise=encoding.otherwise)
    return replace(resolved, delimiter=dialect.delimiter or _guess_delimiter(source, resolved))


def read_header(source: SourceFile, dialect: Dialect) -> tuple[str, ...]:
    """Return the column names of a file.

    They are trimmed; a blank one becomes `column N` (N its place from 1), a second `name` becomes `name (2)`.

    Raises:
        FileUnreadable: If the file is empty or its encoding unknown.
        FormatMismatch: If it is HTML, XML, JSON or binary, or its columns are not as many as the dialect names.
    """
    dialect = resolve_dialect(source, dialect)
    return tuple(_column_names(source, _first_record(source, dialect), dialect))


def skip_titles(source: SourceFile, dialect: Dialect, is_header: Callable[[Sequence[str]], bool]) -> Dialect:
    """Return the dialect of a file that may begin with titles, or with a spreadsheet's `sep=;`.

    Args:
        source: The file.
        dialect: How it is written, as far as that is known.
        is_header: Tells from its values whether a record is the header. The first of a hundred records that is one
            counts, otherwise the first in which several values are.

    Raises:
        FileUnreadable: If the file is empty or its encoding unknown.
        FormatMismatch: If it is HTML, XML, JSON or binary.
    """
    resolved = resolve_dialect(source, dialect)
    found: list[tuple[bool, int, int, str]] = []
    for delimiter in DELIMITERS if dialect.delimiter is None else (dialect.delimiter,):
        records = _first_records(source, replace(resolved, delimiter=delimiter))
        for n, values in enumerate(islice(records, _HEADER_WITHIN)):
            width = sum(map(bool, values))
            if width < 2:
                continue
            known = is_header(values)
            found.append((not known, n, -width, delimiter))
            if known:
                break
        if found and found[-1][:2] == (False, 0):
            break
    if not found:
        return dialect
    _, n_above, _, delimiter = min(found)
    return replace(dialect, delimiter=delimiter, n_above=n_above)


def read_delimited(
    source: SourceFile, dialect: Dialect, *, report: DeliveryReport, columns: Sequence[str] | None = None
) -> Iterator[RowBlock]:
    """Yield the rows of a file block by block.

    Rows with the wrong number of fields, records over 1 MiB and rows with a quote that is never closed are reported and
    left out; rows with a quote inside a value are reported and read; NUL bytes and undecodable bytes are reported and
    removed or replaced by U+FFFD; rows in another encoding than the rest are reported and read.

    Args:
        source: The file.
        dialect: How it is written.
        report: Takes the rows read, the encoding and the issues.
        columns: The columns to read, as `read_header` names them; None reads all.

    Raises:
        FileUnreadable: If the file is empty, truncated, or its encoding unknown.
        FormatMismatch: If it is HTML, XML, JSON or binary.
    """
    dialect = resolve_dialect(source, dialect)
    first = _first_record(source, dialect)
    names = _column_names(source, first, dialect)
    for name in {value for value in first if value and first.count(value) > 1} if dialect.header else ():
        report.issue(_DUPLICATE_COLUMN, source.name, row=dialect.n_above + 1, sample=name)
    report.encoding(source.name, dialect.encoding or "")
    wanted = list(names) if columns is None else [name for name in names if name in set(columns)]
    for records in _scan(read_utf8(source, _encoding(dialect)), dialect, len(names)):
        block = _parse_block(_Parsing(source.name, dialect, names, wanted), records, report)
        if block.n_rows:
            yield block


def check_width(name: str, n_columns: int) -> None:
    """Check that a table has not absurdly many columns.

    Raises:
        FormatMismatch: If it has more than 16,384.
    """
    if n_columns > MAX_COLUMNS:
        raise FormatMismatch(
            f"{name} has more than {MAX_COLUMNS:,} columns: check that it is the right file, or delete the empty ones."
        )


def name_columns(values: Sequence[str]) -> list[str]:
    """Return what the columns under a header are called, all different.

    A blank one is `column N` (N its place from 1), a second `name` is `name (2)`.
    """
    names: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for place, value in enumerate(values, start=1):
        name = plain = value or f"column {place}"
        while name in names:
            numbers[plain] += 1
            name = f"{plain} ({numbers[plain] + 1})"
        names[name] = None
    return list(names)


@dataclass(frozen=True, slots=True)
class _Parsing:
    """What is the same for every block of a file."""

    file: str
    dialect: Dialect
    names: Sequence[str]
    wanted: Sequence[str]


def _scan(text: Iterator[bytes], dialect: Dialect, n_fields: int | None = None) -> Iterator[RecordBlock]:
    return scan_records(text, delimiter=dialect.delimiter or ",", quote=dialect.quote, n_fields=n_fields)


def _encoding(dialect: Dialect) -> Encoding:
    return Encoding(dialect.encoding or "utf-8", dialect.otherwise)


def _glance(source: SourceFile, dialect: Dialect) -> Iterator[RecordBlock]:
    """Yield the records from the first on in small blocks: nobody needs more than the first."""
    quiet = replace(source, advance=None)
    return _scan(read_utf8(quiet, _encoding(dialect), block_size=_GLANCE), dialect)


def _first_record(source: SourceFile, dialect: Dialect) -> list[str]:
    """Return the values of the first record that is no title, trimmed."""
    first = next(islice(_first_records(source, dialect), dialect.n_above, None), None)
    if first is None:
        raise FileUnreadable(f"{source.name} has nothing but blank lines: download it again.")
    return first


def _first_records(source: SourceFile, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the values of the records from the first on, trimmed, each with as many as it has."""
    for records in _glance(source, dialect):
        for place in range(len(records.starts)):
            yield _values_of(source.name, dialect, records, place)


def _values_of(name: str, dialect: Dialect, records: RecordBlock, place: int) -> list[str]:
    if records.states[place] in (TOO_LONG, UNCLOSED_QUOTE):
        raise FormatMismatch(
            f"{name} has a first line that cannot be read: it is too long or its quotes are not closed; "
            "check that it is the right file."
        )
    n_fields = int(records.n_fields[place])
    check_width(name, n_fields)
    text = _clean_bytes(records, None, name)[records.starts[place] : records.ends[place]].tobytes()
    table = _parse(_without_nul(text, dialect) + b"\n", dialect, [str(n) for n in range(n_fields)])
    return [(column[0].as_py() or "").strip() for column in table.columns]


def _column_names(source: SourceFile, first: Sequence[str], dialect: Dialect) -> list[str]:
    if dialect.names and len(dialect.names) != len(first):
        raise FormatMismatch(
            f"{source.name} has {len(first)} columns and the mapping names {len(dialect.names)}: check that it is the "
            "right file, or mend `header`."
        )
    return name_columns(first if dialect.header else dialect.names or [""] * len(first))


def _guess_delimiter(source: SourceFile, dialect: Dialect) -> str:
    """Return the delimiter that splits the first line into most fields, comma if none does."""
    n_fields = {}
    for delimiter in DELIMITERS:
        for records in _glance(source, replace(dialect, delimiter=delimiter)):
            if len(records.starts):
                n_fields[delimiter] = int(records.n_fields[0])
                break
    return max(n_fields, key=lambda delimiter: n_fields[delimiter], default=",")


def _parse_block(parsing: _Parsing, records: RecordBlock, report: DeliveryReport) -> RowBlock:
    data = records.rows > parsing.dialect.n_above + parsing.dialect.header
    report.rows_read(parsing.file, int(data.sum()))
    for state, flaw in _BAD_RECORDS.items():
        bad = data & (records.states == state)
        report.bad_rows(flaw, parsing.file, rows=records.rows[bad])
    if records.breaks_off:
        report.issue(_CUT_SHORT, parsing.file, row=int(records.rows[-1]))
    report.issues(_STRAY_QUOTE, parsing.file, rows=records.rows[data & (records.states == STRAY_QUOTE)])
    good = data & records.readable
    cleaned = replace(records, data=_clean_bytes(records, report, parsing.file))
    text = _without_nul(cleaned.text(good), parsing.dialect)
    table = _parse(text, parsing.dialect, parsing.names, parsing.wanted)
    clean = _clean_ascii if text.isascii() else _clean_text
    columns = {name: clean(table[name].combine_chunks()) for name in parsing.wanted}
    return RowBlock(file=parsing.file, columns=columns, rows=records.rows[good])


def _clean_bytes(records: RecordBlock, report: DeliveryReport | None, file: str) -> NDArray[np.uint8]:
    """Return the text with U+FFFD for bytes that could not be decoded and NUL for marks, and report all of them."""
    data = records.data
    nul = np.flatnonzero(data == 0)
    leads = np.flatnonzero(data[:-1] == _SURROGATE_LEAD)
    leads = leads[data[leads + 1] >= _SURROGATE_SECOND]
    marks = data[leads + 1] == _MARK[1]
    if report is not None:
        report.issues(_NUL, file, rows=records.records_at(nul))
        report.issues(UNDECODABLE, file, rows=records.records_at(leads[~marks]))
        report.issues(OTHER_ENCODING, file, rows=records.records_at(leads[marks]))
    if not len(leads):
        return data
    data = data.copy()
    for offset, byte in enumerate(_REPLACEMENT):
        data[leads + offset] = np.where(marks, 0, byte)
    return data


def _without_nul(text: bytes, dialect: Dialect) -> bytes:
    """Return the text without NUL, and its records with as many fields as they had."""
    if b"\0" in text and dialect.quote is not None:
        # A quote that moved to where a value begins, or behind another quote, would mean something else there.
        blank = b"\t" if dialect.delimiter == " " else b" "
        text = re.sub(rb"\0+(?=" + re.escape(dialect.quote.encode()) + rb")", blank, text)
    return text.replace(b"\0", b"")


def _parse(text: bytes, dialect: Dialect, names: Sequence[str], wanted: Sequence[str] | None = None) -> pa.Table:
    if not text:
        return pa.table({name: pa.array([], pa.string()) for name in wanted or names})
    return csv.read_csv(
        pa.py_buffer(text),
        read_options=csv.ReadOptions(column_names=list(names), use_threads=False, block_size=len(text) + 1),
        parse_options=csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote or False,
            newlines_in_values=dialect.quote is not None,
            ignore_empty_lines=False,
        ),
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            include_columns=list(wanted or names),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )


def _clean_ascii(column: pa.Array) -> pa.Array:
    return _empty_as_null(pc.ascii_trim_whitespace(column))


def _clean_text(column: pa.Array) -> pa.Array:
    return _empty_as_null(pc.utf8_trim_whitespace(column))


def _empty_as_null(column: pa.Array) -> pa.Array:
    empty = pc.equal(column, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), column) if pc.any(empty).as_py() else column
