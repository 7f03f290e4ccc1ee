"""Commands for analysts: relationships, paths, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.session import Session, bom_option, date_option, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, say, say_json, say_table, warn
from graphleads.view.text import count, in_words

if TYPE_CHECKING:
    from graphleads.workspace.answer import PathsAnswer, RelationshipsAnswer

_CUSTOMER = "A customer that is an end, too, by the CRM's id or by name; repeatable."

as_of_option = click.option(
    "--as-of", type=date_option, metavar="DATE", help="The day whose facts count; otherwise today."
)
known_on_option = click.option(
    "--known-on", type=date_option, metavar="DATE", help="The day up to which facts were known; otherwise today."
)


@click.command()
@click.argument("entity", metavar="ID")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only of this kind; repeatable.")
@as_of_option
@known_on_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many to show.")
@json_option
@table_option
@pass_session
def relationships(session: Session, /, entity: str, *, kinds: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Count, then list, what ties a company, person or contact point to others."""
    with session.workspace() as workspace:
        answer = workspace.graph.relationships(entity, kinds=kinds, **asked)
    for warning in answer.warnings:
        warn(warning)
    if as_json:
        from graphleads.view.graph import relationships_object

        say_json(relationships_object(answer))
    else:
        _say_relationships(answer)


def _say_relationships(answer: RelationshipsAnswer) -> None:
    from graphleads.view.graph import tie_rows

    say(f"{answer.node.name} ({answer.node.id}) on {answer.as_of}")
    if not answer.counts:
        say("Nothing ties it to anything on that day.")
        return
    say_table(
        ["relation", "kind", Right("number")],
        [(in_words(one.relation), in_words(one.kind), f"{one.n:,}") for one in answer.counts],
    )
    say_table(["tie", "from", "to", "source"], tie_rows(answer.relationships))


@click.command()
@click.argument("entities", nargs=-1, metavar="ID ID…")
@click.option("--customer", "customers", multiple=True, metavar="CUSTOMER", help=_CUSTOMER)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only along ties of this kind; repeatable.")
@click.option(
    "--direction",
    type=click.Choice(["any", "forward", "backward"]),
    default="any",
    show_default=True,
    help="Follow ties only from holder to held (forward), or only from held to holder.",
)
@click.option("--max-hops", type=click.IntRange(1, 8), default=4, show_default=True, help="The most steps of a path.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="The most paths.")
@as_of_option
@known_on_option
@json_option
@pass_session
def paths(session: Session, /, entities: tuple[str, ...], *, as_json: bool, max_hops: int, **how: Any) -> None:
    """Show how two, or up to ten, companies or persons are connected; what leads through an address comes last."""
    with session.workspace() as workspace:
        answer = workspace.graph.paths(entities, max_hops=max_hops, **how)
    for warning in answer.warnings:
        warn(warning)
    if as_json:
        from graphleads.view.graph import paths_object

        say_json(paths_object(answer))
    else:
        _say_paths(answer, max_hops)


def _say_paths(answer: PathsAnswer, max_hops: int) -> None:
    from graphleads.view.step import step_line

    ends = ", ".join(f"{one.name} ({one.id})" for one in answer.ends)
    if not answer.paths:
        longest = count(max_hops, "step", "steps")
        say(f"No path of up to {longest} connects {ends} on {answer.as_of}. Nothing leads through hubs;")
        say("`--max-hops` looks further, and `relationships ID` shows what is not followed.")
        return
    say(f"{count(len(answer.paths), 'path connects', 'paths connect')} {ends} on {answer.as_of}:")
    for number, path in enumerate(answer.paths, start=1):
        say()
        for at, step in enumerate(path):
            say(f"{f'{number}.' if at == 0 else '':3}{step_line(step)}")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["graphml", "parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="How to write it; graphml is for what is around an entity.",
)
@click.option("--around", metavar="ID", help="Only what is near this company, person or contact point.")
@click.option("--hops", type=click.IntRange(0, 8), default=2, show_default=True, help="How far from it.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only ties of this kind; repeatable.")
@click.option(
    "--as-of",
    type=date_option,
    metavar="DATE",
    help="The day whose ties count; otherwise all are written, old ones too.",
)
@click.option(
    "--known-on",
    type=date_option,
    metavar="DATE",
    help="Only ties that were known by this day and count on that of --as-of, otherwise today.",
)
@bom_option
@json_option
@pass_session
def export(session: Session, /, target: Path, *, form: str, as_json: bool, **part: Any) -> None:
    """Write the graph into TARGET: a file for graphml, a folder of two tables for parquet and csv."""
    with session.workspace() as workspace:
        written = workspace.graph.export(target, form=form, **part)
    if as_json:
        say_json({"files": [str(path) for path in written]})
    else:
        for path in written:
            say(f"Written: {path}")
