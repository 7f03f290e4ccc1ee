"""Commands on the database: status, upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphleads.cli.session import Session, json_option, pass_session
from graphleads.cli.terminal import say, say_json

if TYPE_CHECKING:
    from graphleads.db.connect import DatabaseState


@click.group()
def db() -> None:
    """Look at the database, and bring its tables up to date.

    It is a file in the home, or what the setting `database_url` names: an SQLite file or a PostgreSQL database.
    """


@db.command()
@json_option
@pass_session
def status(session: Session, *, as_json: bool) -> None:
    """Show where the database is and how far its tables are; nothing is made or changed."""
    with session.workspace() as workspace:
        state = workspace.database.state()
    if as_json:
        say_json(state)
        return
    say(f"Database {state.name}: {_describe(state)}.")
    if state.revision != state.newest:
        say(f"Next: `{session.command('db', 'upgrade')}`")


@db.command()
@json_option
@pass_session
def upgrade(session: Session, *, as_json: bool) -> None:
    """Make the tables of a new database, or bring those that are there up to date; all of it or nothing."""
    with session.workspace() as workspace:
        before, after = workspace.database.upgrade()
    if as_json:
        say_json({"before": before, "after": after})
    elif before.revision == after.revision:
        say(f"Database {after.name}: {_describe(after)}. There was nothing to do.")
    elif before.revision is None:
        say(f"Database {after.name}: made, {_describe(after)}.")
    else:
        say(f"Database {after.name}: brought from version {before.revision} to {after.revision}.")


def _describe(state: DatabaseState) -> str:
    if state.revision is None:
        return "no tables yet"
    newness = "up to date" if state.revision == state.newest else f"needed is {state.newest}"
    said = f"tables of version {state.revision}, {newness}"
    return said if state.is_writable else f"{said}, read-only"
