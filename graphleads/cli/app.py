"""The command `graphleads`: its options for all commands, and the commands."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from graphleads.cli import (
    conflicts,
    customers,
    database,
    deliveries,
    demo,
    graph,
    leads,
    lookup,
    matching,
    neo4j,
    register,
    runs,
    serve,
    state,
)
from graphleads.cli.failure import Commands
from graphleads.cli.session import Session


@click.group(
    "graphleads",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `graphleads demo`, which makes up a register and ranks leads in it.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The folder of the workspace; otherwise GRAPHLEADS_HOME, otherwise ~/.graphleads.",
)
@click.version_option(package_name="graphleads", message="%(prog)s %(version)s")
@click.pass_context
def graphleads(context: click.Context, home: Path | None) -> None:
    """Rank the unclaimed companies near your won customers in the business registers, and say why."""
    context.obj = Session(home)


for _command in (
    *(demo.demo, state.status),
    *(register.ingest, register.init_mapping, register.link, register.build, register.run, register.snapshot),
    deliveries.deliveries,
    *(customers.customers, matching.match),
    *(
        leads.recommend,
        leads.explain,
        runs.runs,
        leads.claim,
        leads.release,
        leads.claims,
        leads.exclude,
        leads.include,
        leads.exclusions,
        conflicts.conflicts,
        conflicts.settle,
    ),
    *(lookup.company, lookup.search, graph.relationships, graph.paths, graph.export),
    neo4j.neo4j,
    database.db,
    *(serve.serve, state.config),
):
    graphleads.add_command(_command)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its code instead of ending the command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _stop)
    graphleads(prog_name="graphleads")


def _stop(number: int, _frame: object) -> None:
    click.echo("Stopped.", err=True)
    # As a shell reports a process that a signal ended.
    sys.exit(128 + number)
