"""Commands on registers: ingest, link, build, run, and snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.session import Session, date_option, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, csv_wanted, note, say, say_json, say_table
from graphleads.view.text import count

if TYPE_CHECKING:
    from graphleads.graph.build import BuildReport
    from graphleads.identity.link import LinkReport
    from graphleads.ingest.delivery import IngestResult


class _Ingest(click.Command):
    """The command that reads a register, whose help names all readers that there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write which readers and which shipped mappings there are."""
        from graphleads.ingest.mapping.mapping import shipped_mappings
        from graphleads.ingest.reader import reader_names

        del ctx
        for title, names in (("Readers", reader_names()), ("Mappings of the reader `table`", shipped_mappings())):
            with formatter.section(title):
                for name in names:
                    formatter.write_text(name)


@click.command(cls=_Ingest)
@click.argument("reader")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dataset", metavar="NAME", help="The dataset that the files belong to; otherwise the reader's own.")
@click.option(
    "--observed-on",
    type=date_option,
    metavar="DATE",
    help="The day of the register's state, where the files do not say it.",
)
@click.option(
    "--kind", type=click.Choice(["full", "update"]), help="Whole state or changes, against what a header says."
)
@click.option("--mapping", metavar="FILE", help="A shipped mapping's name or a mapping file, for the reader `table`.")
@click.option("--replace", is_flag=True, help="Take the place of another full delivery of the same day.")
@json_option
@table_option
@pass_session
def ingest(session: Session, /, reader: str, files: tuple[Path, ...], *, as_json: bool, **options: Any) -> None:
    """Read register FILES with READER, as one delivery."""
    with session.workspace() as workspace:
        result = workspace.ingest(reader, files, **options)
    if as_json:
        say_json({"manifest": result.manifest, "already_there": result.already_there, "issues": result.issues_path})
        return
    _say_delivery(session, result)


@click.command("init-mapping")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there; otherwise print it.")
@pass_session
def init_mapping(session: Session, file: Path, *, output: Path | None) -> None:
    """Propose a mapping for FILE from its header and first rows."""
    from graphleads.ingest.mapping.propose import propose_mapping

    mapping = propose_mapping(file)
    if output is None:
        click.echo(mapping, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as written:
            written.write(mapping)
    except OSError as error:
        raise click.ClickException(
            f"{output} cannot be written: {error.strerror}. Name another with --output."
        ) from error
    say(f"Written: {output}. Read it, mend it, then:")
    say(f"  {session.command('ingest', 'table', str(file), '--mapping', str(output), '--observed-on', 'DATE')}")


def _say_delivery(session: Session, result: IngestResult) -> None:
    manifest = result.manifest
    if result.already_there:
        say(f"Nothing changed: {manifest.dataset} of {manifest.observed_on} is there already as {manifest.id}.")
        return
    records = count(manifest.n_rows_read, "record", "records")
    say(f"{manifest.dataset}, {manifest.kind} of {manifest.observed_on}: {records} read.")
    say_table(["table", Right("rows")], [(name, f"{n:,}") for name, n in manifest.n_rows_staged.items() if n])
    for code, n in manifest.issues.items():
        say(f"{n:,} × {code.replace('_', ' ')}")
    if manifest.issues:
        say(f"Samples of them: `{session.command('deliveries', 'issues', manifest.id)}`")
    if manifest.unknown_fields:
        say(f"Fields that nobody knows, left out: {', '.join(manifest.unknown_fields)}.")
    for field, n in manifest.dropped_personal_fields.items():
        say(f"Never stored: {count(n, 'value', 'values')} of {field}.")
    say(f"Next: `{session.command('run')}`")


@click.command()
@click.option("--review", is_flag=True, help="List the numbers that records state and that joined nobody, and why.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many to list.")
@json_option
@table_option
@pass_session
def link(session: Session, *, review: bool, limit: int, as_json: bool) -> None:
    """Find which records are one company or person."""
    if review:
        _review(session, limit, as_json=as_json)
        return
    with session.workspace() as workspace:
        report = workspace.link()
    if as_json:
        say_json(report)
        return
    say(_describe_link(report))
    if report.n_review:
        say(f"To see what waits for review: `{session.command('link', '--review')}`")
    say(f"Next: `{session.command('build')}`")


def _review(session: Session, limit: int, *, as_json: bool) -> None:
    from graphleads.view.review import REVIEW_COLUMNS, review_object, review_rows

    with session.workspace() as workspace:
        found = workspace.registers.review(limit=limit)
    if as_json:
        say_json(review_object(found))
        return
    if found.items:
        say_table(REVIEW_COLUMNS, review_rows(found))
    elif not csv_wanted():
        say("No number that a record states waits for review.")
    else:
        say_table(REVIEW_COLUMNS, [])
    if found.n > len(found.items):
        say(f"{len(found.items):,} of {found.n:,} are shown; `--limit {found.n}` shows all.")


def _describe_link(report: LinkReport) -> str:
    start = "Nothing changed" if report.unchanged else "Linked"
    shared = count(report.n_conflicts, "shared identifier", "shared identifiers")
    stated = count(report.n_review, "number that a record states", "numbers that records state")
    aside = f"; {shared} left alone" if report.n_conflicts else ""
    aside += f"; {stated} of a company of another name left for review" if report.n_review else ""
    companies = count(report.n_companies, "pair of companies", "pairs of companies")
    persons = count(report.n_persons, "likely pair of persons", "likely pairs of persons")
    return f"{start}: {companies}, {persons}{aside}."


@click.command()
@click.option("--accept-drop", is_flag=True, help="Build even if a table loses many rows.")
@json_option
@pass_session
def build(session: Session, *, accept_drop: bool, as_json: bool) -> None:
    """Build a snapshot of all that was ingested, and serve it."""
    with session.workspace() as workspace:
        report = workspace.build(accept_drop=accept_drop)
    if as_json:
        say_json(report)
        return
    _say_build(report)
    say(f"Next: `{session.command('match')}`")


def _say_build(report: BuildReport) -> None:
    say(f"Nothing changed: snapshot {report.snapshot}." if report.unchanged else f"Built snapshot {report.snapshot}.")
    shown = ("companies", "persons", "contact_points", "edges", "statements")
    say(", ".join(f"{report.counts[name]:,} {name.replace('_', ' ')}" for name in shown if name in report.counts) + ".")
    for warning in report.warnings:
        say(f"Note: {warning}")


@click.command()
@json_option
@table_option
@pass_session
def run(session: Session, as_json: bool) -> None:
    """Link, build and match in one go; only what is stale."""
    with session.workspace() as workspace:
        steps = workspace.run()
        next_step = workspace.status().next_step
    if as_json:
        say_json({"steps": steps})
        return
    say_table(["step", "", "result"], [(one.name, "done" if one.done else "fresh", one.summary) for one in steps])
    say(f"Next: `{session.command()} {next_step}`")


@click.group()
def snapshot() -> None:
    """List, verify or switch snapshots."""


@snapshot.command("list")
@json_option
@table_option
@pass_session
def list_snapshots(session: Session, as_json: bool) -> None:
    """List the snapshots there are, the newest state first."""
    with session.workspace() as workspace:
        found = workspace.registers.snapshots()
    if as_json:
        say_json(found)
    elif not found:
        say(f"No snapshot was built yet: `{session.command('run')}` builds one of what was ingested.")
    else:
        rows = [
            (
                one.id,
                "current" if one.current else "",
                one.observed_on,
                f"{one.counts['companies']:,}",
                f"{one.size / 1e6:,.1f}",
            )
            for one in found
        ]
        say_table(["snapshot", "", "register as of", Right("companies"), Right("MB")], rows)


@snapshot.command()
@click.argument("snapshot_id", required=False)
@click.option("--all", "every", is_flag=True, help="Check all snapshots there are.")
@json_option
@pass_session
def verify(session: Session, snapshot_id: str | None, *, every: bool, as_json: bool) -> None:
    """Check every file of a snapshot against its checksum; the current one if none is named."""
    if every and snapshot_id:
        raise click.UsageError("Name a snapshot or use --all, not both.")
    with session.workspace() as workspace:
        found = workspace.registers.snapshot_ids() if every else [snapshot_id or workspace.registers.snapshot_id()]
        checked = {one or "": workspace.registers.verify_snapshot(one) for one in found}
    if as_json:
        answers = [{"snapshot": one, "sound": not wrong, "wrong": wrong} for one, wrong in checked.items()]
        say_json(answers if every else answers[0])
    _say_checked(checked, as_json=as_json)


def _say_checked(checked: Mapping[str, Sequence[str]], *, as_json: bool) -> None:
    for name, wrong in checked.items():
        for one in wrong:
            note(f"Error: snapshot {name}: {one}.")
        if not wrong and not as_json:
            say(f"Snapshot {name}: every file matches its checksum.")
    if any(checked.values()):
        raise click.exceptions.Exit(1)


@snapshot.command()
@click.argument("snapshot_id")
@json_option
@pass_session
def use(session: Session, snapshot_id: str, *, as_json: bool) -> None:
    """Serve another snapshot."""
    with session.workspace() as workspace:
        workspace.registers.use_snapshot(snapshot_id)
    if as_json:
        say_json({"current": snapshot_id})
    else:
        say(f"Serving snapshot {snapshot_id}. The customers have to be matched with it: `{session.command('match')}`")
