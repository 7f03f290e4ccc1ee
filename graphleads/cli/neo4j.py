"""Commands on a Neo4j: import-files, load, sync, status, check, push-leads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.leads import named_in, question_options
from graphleads.cli.session import Session, json_option, pass_session
from graphleads.cli.terminal import Right, say, say_json, say_table
from graphleads.view.text import count

if TYPE_CHECKING:
    from graphleads.graph.neo4j.load import Written


def database_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option `--database`."""
    return click.option("--database", metavar="NAME", help="The database; otherwise that of the settings.")(command)


@click.group()
def neo4j() -> None:
    """Load a Neo4j with the snapshot, keep it in step, and write leads into it.

    Where it is stands in the settings `neo4j.…`; the password is in GRAPHLEADS_NEO4J__PASSWORD or a secret file.
    """


@neo4j.command("import-files")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@json_option
@pass_session
def import_files(session: Session, folder: Path, *, as_json: bool) -> None:
    """Write the snapshot into DIR as files for `neo4j-admin database import full`."""
    with session.workspace() as workspace:
        written = workspace.neo4j.write_import_files(folder)
    if as_json:
        say_json(written)
        return
    nodes, ties = (
        count(written.n_nodes, "node", "nodes"),
        count(written.n_relationships, "relationship", "relationships"),
    )
    say(f"Written: {nodes} and {ties} into {written.folder}, {written.size / 1e6:,.1f} MB. Stop the server, then run:")
    click.echo(f"  {written.command}")
    say("A database that is there already is replaced only with --overwrite-destination: all that is in it is lost.")
    say(f"Then start the server, and make the indexes: `{session.command('neo4j', 'load')}`")


@neo4j.command()
@database_option
@click.option(
    "--beside-other-data", is_flag=True, help="Load into the database named with --database beside what is in it."
)
@json_option
@pass_session
def load(session: Session, *, database: str | None, beside_other_data: bool, as_json: bool) -> None:
    """Load the snapshot into an empty database; once more takes up a load that was broken off."""
    if beside_other_data and database is None:
        raise click.UsageError("--beside-other-data is for a database that is named: say --database NAME too.")
    with session.workspace() as workspace:
        written = workspace.neo4j.load(database=database, beside_other_data=beside_other_data)
    _say_written(written, as_json=as_json)


@neo4j.command()
@database_option
@click.option("--compare", is_flag=True, help="Compare every row of the database: slower, and mends what was altered.")
@json_option
@pass_session
def sync(session: Session, *, database: str | None, compare: bool, as_json: bool) -> None:
    """Write what changed between the snapshot that is loaded and the current one."""
    with session.workspace() as workspace:
        written = workspace.neo4j.sync(database=database, compare=compare)
    _say_written(written, as_json=as_json)


def _say_written(written: Written, *, as_json: bool) -> None:
    if as_json:
        say_json(written)
    elif written.unchanged:
        say(f"Nothing changed: snapshot {written.snapshot} is loaded already.")
    else:
        nodes = count(written.n_nodes, "node", "nodes")
        ties = count(written.n_relationships, "relationship", "relationships")
        ended = f"; {written.n_ended:,} ended" if written.n_ended else ""
        say(f"Snapshot {written.snapshot} is loaded: {nodes} and {ties} written{ended}.")


@neo4j.command()
@database_option
@json_option
@pass_session
def status(session: Session, *, database: str | None, as_json: bool) -> None:
    """Show what the database holds, and whether that is what the ranking uses."""
    with session.workspace() as workspace:
        found = workspace.neo4j.status(database=database)
    if as_json:
        say_json(found)
        return
    loaded = f", loaded {found.loaded_at:%Y-%m-%d %H:%M}" if found.loaded_at else ""
    say(f"{found.server}: {found.state or 'no'} snapshot {found.snapshot or ''}".rstrip() + loaded + ".")
    if found.snapshot:
        rows = [(name, f"{n:,}") for name, n in (*found.nodes.items(), *found.relationships.items())]
        say_table(["live", Right("number")], [*rows, ("ended", f"{found.n_ended:,}")])
    for sentence in found.drift or ("It holds the snapshot that the ranking uses.",):
        say(sentence)


@neo4j.command()
@database_option
@click.option(
    "--sample", type=click.IntRange(1, 1_000_000), default=1000, show_default=True,
    help="How many nodes and relationships to compare property by property.",
)  # fmt: skip
@click.option("--all", "every_row", is_flag=True, help="Compare all rows, by their hashes.")
@json_option
@pass_session
def check(session: Session, *, database: str | None, sample: int, every_row: bool, as_json: bool) -> None:
    """Compare the database with the snapshot; fails where they differ."""
    with session.workspace() as workspace:
        report = workspace.neo4j.check(database=database, sample=sample, every_row=every_row)
    if as_json:
        say_json(report)
    else:
        hashed = f"{report.n_hashed:,} rows by their hashes and " if report.n_hashed else ""
        say(f"Compared with snapshot {report.snapshot}: {hashed}{report.n_read:,} rows property by property.")
        for example in report.examples:
            say(f"- {example}.")
    if not report.is_equal:
        raise click.ClickException(
            f"{report.n_missing:,} rows are missing, {report.n_extra:,} too many and {report.n_different:,} different: "
            f"`{session.command('neo4j', 'sync', '--compare')}` mends it, or a load into an empty database."
        )
    if not as_json:
        say("Nothing differs.")


@neo4j.command("push-leads")
@question_options
@click.option("-k", "k", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many leads.")
@click.option("--run", "run_id", metavar="RUN", help="The leads of an earlier run instead.")
@click.option("--remove", is_flag=True, help="Remove the leads that the team pushed, and push none.")
@database_option
@json_option
@pass_session
def push_leads(
    session: Session, /, *, run_id: str | None, remove: bool, database: str | None, as_json: bool, **question: Any
) -> None:
    """Write the current leads with their reasons as (:Lead) nodes, in the place of those pushed before."""
    with session.workspace() as workspace:
        if remove:
            n_removed = workspace.neo4j.remove_leads(database=database)
            _say_pushed({"removed": n_removed}, f"{count(n_removed, 'lead', 'leads')} removed.", as_json=as_json)
            return
        answer = workspace.leads.run(run_id) if run_id else workspace.recommend(**named_in(question))
        n_pushed = workspace.neo4j.push_leads(answer, database=database)
    sentence = f"{count(n_pushed, 'lead', 'leads')} pushed; run {answer.run.id or 'not kept'}."
    _say_pushed({"pushed": n_pushed, "run": answer.run.id}, sentence, as_json=as_json)


def _say_pushed(answer: dict[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        say_json(answer)
    else:
        say(sentence)
