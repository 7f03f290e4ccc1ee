"""Tables of an SQLite database as rows of texts.

The delivered file is opened read-only and immutable: nothing is written beside it, and what a stranger's schema may
run is switched off. Views and virtual tables are not read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from graphleads.errors import FileUnreadable
from graphleads.formats.cell import Record, gather_blocks
from graphleads.formats.delimited import check_width
from graphleads.formats.report import DeliveryReport
from graphleads.formats.row_block import RowBlock
from graphleads.formats.source import SourceFile

_FIRST_ROW = 2
"""The header counts as row 1, as in a delimited file."""

_FETCHED = 1_000
_MAX_VALUE = 64 << 20


def table_names(source: SourceFile) -> list[str]:
    """Return the names of the tables that have rows, sorted.

    Raises:
        FileUnreadable: If the database is damaged.
    """
    with _opened(source) as database:
        stated = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%'"
        names = [name for (name,) in database.execute(f"{stated} ESCAPE '\\' ORDER BY name")]
        return [name for name in names if database.execute(_select("1", name) + " LIMIT 1").fetchone()]


def read_table_header(source: SourceFile, table: str) -> tuple[str, ...]:
    """Return the columns of a table.

    Raises:
        FileUnreadable: If the database is damaged.
    """
    with _opened(source) as database:
        names = tuple(one[0] for one in database.execute(_select("*", table) + " LIMIT 0").description)
    check_width(source.name, len(names))
    return names


def read_table(source: SourceFile, table: str, *, report: DeliveryReport, columns: Sequence[str]) -> Iterator[RowBlock]:
    """Yield the rows of a table block by block, in the order in which the database keeps them.

    Args:
        source: The database.
        table: The table's name.
        report: Takes the rows read and the issues.
        columns: The columns to read.

    Raises:
        FileUnreadable: If the database is damaged.
    """
    wanted = ", ".join(map(_quoted, columns))
    with _opened(source) as database:
        cursor = database.execute(_select(wanted, table) + " NOT INDEXED")
        yield from gather_blocks(source.name, columns, _records(cursor, source.name, report), report)


@contextmanager
def _opened(source: SourceFile) -> Iterator[sqlite3.Connection]:
    with source.on_disk() as path:
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                database.text_factory = _decode
                database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
                database.execute("PRAGMA trusted_schema = OFF")
                database.execute("PRAGMA cell_size_check = ON")
                yield database
        except sqlite3.Error as error:
            raise FileUnreadable(f"{source.name} is a damaged SQLite database ({error}): download it again.") from error


def _records(cursor: sqlite3.Cursor, name: str, report: DeliveryReport) -> Iterator[Record]:
    number = _FIRST_ROW
    while rows := cursor.fetchmany(_FETCHED):
        report.rows_read(name, len(rows))
        yield from enumerate(rows, start=number)
        number += len(rows)


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _select(columns: str, table: str) -> str:
    # Names cannot be parameters of a statement; quoted, they are nothing else.
    return f"SELECT {columns} FROM {_quoted(table)}"  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
