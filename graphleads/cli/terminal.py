"""What is printed: tables and sentences for people, JSON for machines, notes on standard error."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from graphleads.view.text import cell_for_spreadsheets, plain

if TYPE_CHECKING:
    from rich.console import Console

_WARNED = "graphleads.warned"
"""Where a command's context keeps what it was warned of."""

CSV = "graphleads.csv"
"""Where a command's context says that its table is to be CSV."""

BOM = "graphleads.bom"
"""Where a command's context says whether its CSV begins with a byte order mark."""

_PIPE_WIDTH = 120
"""Columns of a table that goes to a file or a pipe, where there is no terminal to ask."""


class Right(str):
    """A heading over numbers, which stand at the right."""

    __slots__ = ()


def csv_wanted() -> bool:
    """Return whether the command that runs was given `--csv`."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(CSV))


def say(text: str = "") -> None:
    """Print a line; beside the answer, where that is CSV."""
    click.echo(plain(text), err=csv_wanted())


def note(text: str) -> None:
    """Print a line on standard error, beside the answer."""
    click.echo(plain(text), err=True)


def warn(text: str) -> None:
    """Print a warning on standard error, once a command however often it is found."""
    context = click.get_current_context(silent=True)
    warned = context.meta.setdefault(_WARNED, set()) if context else set()
    if text not in warned:
        note(f"Warning: {text}")
    warned.add(text)


def say_json(answer: object) -> None:
    """Print an answer as JSON in UTF-8, whatever the terminal's encoding."""
    from graphleads.view.document import render_json

    click.echo(render_json(answer).encode())


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; long cells are wrapped, never cut.

    Args:
        columns: Headings, those over numbers as `Right`.
        rows: One value a column; None is an empty cell, a line end starts a new line in the cell.
    """
    if csv_wanted():
        _say_csv(columns, rows)
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for column in columns:
        right = isinstance(column, Right)
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        # Text, not str: a name is never markup.
        table.add_row(*(Text("\n".join(map(plain, _shown(cell).split("\n")))) for cell in row))
    console = _console()
    with console.capture() as printed:
        console.print(table)
    for line in printed.get().splitlines():
        click.echo(line.rstrip())


def _say_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    context = click.get_current_context(silent=True)
    text = io.StringIO()
    if context is None or context.meta.get(BOM, True):
        text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([cell_for_spreadsheets(_shown(cell)) for cell in row] for row in rows)
    click.echo(text.getvalue().encode(), nl=False)


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell)


def _console() -> Console:
    from rich.console import Console

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)
