"""Every failure as one sentence on standard error and an exit code: 2 for wrong use, 1 for failure."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from graphleads.disk import make_folder, open_by_owner
from graphleads.errors import GraphLeadsError, ReaderNotFound, ValueInvalid
from graphleads.view.text import plain

_ARGUMENTS = "graphleads.arguments"
"""Where a call keeps the arguments of its command."""


class WrongUse(click.ClickException):
    """An argument that cannot be used."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands, listed in their own order, that ends in a sentence and never in a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added, which is that of the job."""
        del ctx
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, and keep its arguments for what is to be said of them."""
        found = super().resolve_command(ctx, args)
        ctx.meta[_ARGUMENTS] = list(found[2])
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises:
            WrongUse: If an argument cannot be used.
            click.ClickException: If it failed.
        """
        try:
            return super().invoke(ctx)
        except (ValueInvalid, ReaderNotFound) as error:
            raise WrongUse(plain(str(error))) from error
        except GraphLeadsError as error:
            raise click.ClickException(plain(str(error))) from error
        except click.MissingParameter as error:
            raise _all_missing(error, ctx.meta.get(_ARGUMENTS, ())) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            # The reader of a pipe has gone: click ends quietly on that one.
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(_describe(error)) from error
        except Exception as error:
            log = _write_log(ctx.params.get("home"))
            raise click.ClickException(
                f"Something went wrong that nobody foresaw ({type(error).__name__}); what was there is unchanged. "
                f"Please report it with the details that are in {log}."
            ) from error


def _all_missing(error: click.MissingParameter, arguments: Sequence[str]) -> click.UsageError:
    """Return what is missing all at once, where click names the first."""
    context = error.ctx
    if context is None:
        return error
    given, _, _ = context.command.make_parser(context).parse_args(list(arguments))
    missing = [
        one.get_error_hint(context)
        for one in context.command.get_params(context)
        if one.required and one.value_is_missing(one.consume_value(context, given)[0])
    ]
    return click.UsageError(f"Missing {', '.join(missing)}.", context) if len(missing) > 1 else error


def _describe(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return plain(
        f"{where}{error.strerror or error}: check the path, its permissions and the free space, then try again."
    )


def _write_log(home: Path | None) -> Path:
    text = traceback.format_exc()
    for folder in (home, Path(tempfile.gettempdir(), "graphleads")):
        if folder is None:
            continue
        path = folder / "logs" / "failures.log"
        try:
            make_folder(path.parent)
            with open(path, "a", encoding="utf-8", errors="backslashreplace", opener=open_by_owner) as log:
                log.write(f"{text}\n")
        except OSError:
            continue
        return path
    return Path("standard error")
