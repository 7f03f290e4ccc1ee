"""Commands on deliveries: list, issues, remove, restore."""

from __future__ import annotations

import click

from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, say, say_json, say_table
from graphleads.view.text import count


@click.group()
def deliveries() -> None:
    """List deliveries, see what was wrong in one, or take one back."""


@deliveries.command("list")
@click.option("--removed", is_flag=True, help="Those that were taken back instead.")
@json_option
@table_option
@pass_session
def list_deliveries(session: Session, *, removed: bool, as_json: bool) -> None:
    """List what was ingested, by dataset and day."""
    from graphleads.view.delivery import delivery_object

    with session.workspace() as workspace:
        found = workspace.registers.removed_deliveries() if removed else workspace.registers.deliveries()
    if as_json:
        say_json([delivery_object(one) for one in found])
    elif found:
        from graphleads.view.delivery import delivery_rows

        columns = ["dataset", "delivery", "as of", "kind", "reader", Right("records"), Right("issues")]
        say_table(columns, delivery_rows(found))
    elif removed:
        say("No delivery was removed.")
    else:
        say(f"Nothing was ingested yet: `{session.command('ingest')} READER FILES…` does it.")


@deliveries.command()
@click.argument("delivery")
@json_option
@table_option
@pass_session
def issues(session: Session, delivery: str, *, as_json: bool) -> None:
    """Show samples of what was wrong in DELIVERY, with file and row."""
    with session.workspace() as workspace:
        found = workspace.registers.delivery_issues(delivery)
    if as_json:
        say_json(found)
    elif found:
        from graphleads.view.delivery import ISSUE_COLUMNS, issue_rows

        say_table([Right(name) if name == "row" else name for name in ISSUE_COLUMNS], issue_rows(found))
    else:
        say(f"Nothing was wrong in {delivery}.")


@deliveries.command()
@click.argument("delivery")
@json_option
@pass_session
def remove(session: Session, delivery: str, *, as_json: bool) -> None:
    """Take DELIVERY back, by its id or the beginning of it."""
    from graphleads.view.delivery import delivery_object

    with session.workspace() as workspace:
        removed, left = workspace.registers.remove_delivery(delivery), workspace.registers.deliveries()
    if as_json:
        say_json(delivery_object(removed))
        return
    kept = count(len(left), "delivery is", "deliveries are") if left else "no delivery is"
    say(f"{removed.id} of {removed.dataset} is removed; {kept} left. What was built stays until the next build.")
    say(f"To put it back: `{session.command('deliveries', 'restore', removed.id)}`")
    if left:
        say(f"Next: `{session.command('run')}`")


@deliveries.command()
@click.argument("delivery")
@json_option
@pass_session
def restore(session: Session, delivery: str, *, as_json: bool) -> None:
    """Put a removed DELIVERY back."""
    from graphleads.view.delivery import delivery_object

    with session.workspace() as workspace:
        restored = workspace.registers.restore_delivery(delivery)
    if as_json:
        say_json(delivery_object(restored))
    else:
        say(f"{restored.id} of {restored.dataset} is back. Next: `{session.command('run')}`")
