"""Commands on runs: list them, show one as it was shown, keep one for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphleads.cli.leads import say_lead_table, say_left
from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, csv_wanted, say, say_json, say_table, warn
from graphleads.view.text import count

if TYPE_CHECKING:
    from graphleads.workspace.answer import KeptRun


@click.group()
def runs() -> None:
    """Look at rankings that were shown, and keep them."""


@runs.command("list")
@click.option("--pinned", is_flag=True, help="Only those that are kept for good.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@json_option
@table_option
@pass_session
def list_runs(session: Session, *, pinned: bool, limit: int, as_json: bool) -> None:
    """List the runs that are kept, the one that was shown last first."""
    from graphleads.view.run import run_rows, runs_object

    with session.workspace() as workspace:
        found = workspace.leads.runs(pinned=pinned, limit=limit + 1)
    if as_json:
        say_json(runs_object(found, limit=limit))
    elif found:
        columns = ["run", "shown", "by", "as of", Right("seeds"), Right("leads"), ""]
        say_table(columns, run_rows(found[:limit]))
    else:
        say(f"No run is kept: `{session.command('recommend')}` makes one.")


@runs.command()
@click.argument("run")
@click.option("--new-since", metavar="RUN", help="Only leads that this other run does not have; and what left since.")
@json_option
@table_option
@pass_session
def show(session: Session, run: str, *, new_since: str | None, as_json: bool) -> None:
    """Show the leads of RUN as they were shown."""
    with session.workspace() as workspace:
        kept = workspace.leads.run(run, new_since=new_since)
    if as_json:
        from graphleads.view.lead import recommendations_object

        say_json(recommendations_object(kept))
    else:
        _say_run(kept)
    for warning in kept.run.warnings:
        warn(warning)


def _say_run(kept: KeptRun) -> None:
    say_lead_table(kept)
    of = "" if kept.n_candidates is None else f" of {kept.n_candidates:,}"
    pinned = f"; pinned since {kept.pinned_at:%Y-%m-%d}" if kept.pinned_at else ""
    say(f"{len(kept.items):,}{of} leads as of {kept.run.as_of}; run {kept.run.id}{pinned}.")
    if not csv_wanted():
        say_left(kept)
    if kept.run.n_withheld:
        say(f"Withheld because they may be customers: {count(kept.run.n_withheld, 'match', 'matches')}.")


@runs.command()
@click.argument("run")
@json_option
@pass_session
def pin(session: Session, run: str, *, as_json: bool) -> None:
    """Keep RUN for good."""
    with session.workspace() as workspace:
        since = workspace.leads.pin(run)
    if as_json:
        say_json({"run": run, "pinned_at": since})
    else:
        say(f"{run} is kept for good since {since:%Y-%m-%d}. To let it go: `{session.command('runs', 'unpin', run)}`")


@runs.command()
@click.argument("run")
@json_option
@pass_session
def unpin(session: Session, run: str, *, as_json: bool) -> None:
    """Let RUN be dropped after the days that the settings name."""
    with session.workspace() as workspace:
        workspace.leads.unpin(run)
    if as_json:
        say_json({"run": run, "pinned_at": None})
    else:
        say(f"{run} is dropped when nobody was shown it for as long as `runs.keep_days` says.")
