"""What every command shares: the home, and the workspace that is opened in it."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.progress import open_progress
from graphleads.cli.terminal import BOM, CSV, warn

if TYPE_CHECKING:
    from graphleads.model import Progress
    from graphleads.workspace.workspace import Workspace


class Session:
    """One call of the command line.

    Attributes:
        given_home: The home as it was given with `--home`, None for the usual one.
    """

    def __init__(self, given_home: Path | None) -> None:
        self.given_home = given_home

    @contextmanager
    def workspace(self, *, migrates: bool = True) -> Iterator[Workspace]:
        """Yield the workspace, with progress on standard error while it is open.

        Args:
            migrates: Whether a database of an earlier version in a file is brought up to date when it is opened.
        """
        with open_progress() as progress, self._open(progress, migrates) as workspace:
            yield workspace
            warning = workspace.registers.warning()
        if warning:
            warn(warning)

    def _open(self, progress: Progress, migrates: bool) -> Workspace:
        from graphleads.workspace.workspace import open_workspace

        return open_workspace(self.given_home, progress=progress, migrates=migrates)

    def command(self, *words: str) -> str:
        """Return a command of graphleads for the same home, as one would type it."""
        home = ["--home", str(self.given_home)] if self.given_home else []
        return shlex.join([_program(), *home, *words])


def _program() -> str:
    """Return what one types to run graphleads: its name if that finds it, otherwise the path that it was called by."""
    called = sys.argv[0]
    found = shutil.which("graphleads")
    return called if Path(called).name == "graphleads" and called != found else "graphleads"


def date_option(text: str) -> date:
    """Return the day that an option gives, in ISO 8601.

    Raises:
        click.BadParameter: If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no day: write it as 2023-05-09.") from error


_BOM = "Whether CSV begins with a byte order mark, by which Excel knows that it is UTF-8; it does."

pass_session = click.make_pass_decorator(Session)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


def table_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that prints a table the option `--csv`: the table alone, for spreadsheets."""

    def keep(context: click.Context, option: click.Parameter, said: bool) -> None:
        context.meta[CSV if option.name == "csv" else BOM] = said

    marked = click.option("--bom/--no-bom", default=True, expose_value=False, callback=keep, help=_BOM)(command)
    return click.option(
        "--csv", is_flag=True, expose_value=False, callback=keep, help="Print the table as CSV for spreadsheets."
    )(marked)


def bom_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that writes CSV the option `--no-bom`, as `table_option` does."""
    return click.option("--bom/--no-bom", default=True, help=_BOM)(command)
