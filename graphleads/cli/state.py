"""Commands on the workspace itself: status and settings."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

import click

from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, say, say_json, say_table

if TYPE_CHECKING:
    from graphleads.workspace.answer import Status


@click.command()
@json_option
@table_option
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Show how far the workspace is, and what to run next."""
    with session.workspace() as workspace:
        answer = workspace.status()
    if as_json:
        say_json(answer)
    else:
        _say_status(session, answer)


def _say_status(session: Session, answer: Status) -> None:
    say(f"Home {answer.home}")
    if answer.open_to_others:
        say(f"Others on this machine can look into it, and it names persons: run `chmod -R go= {quote(answer.home)}`.")
    if answer.deliveries:
        rows = [
            (
                one.dataset,
                one.observed_on,
                one.kind,
                one.reader,
                f"{one.n_rows_read:,}",
                f"{sum(one.issues.values()):,}",
            )
            for one in answer.deliveries
        ]
        say_table(["dataset", "as of", "kind", "reader", Right("records"), Right("issues")], rows)
    elif answer.snapshot:
        say("No delivery is left: what was built before is served until the next build.")
    if answer.snapshot:
        counts = ", ".join(f"{answer.counts[name]:,} {name}" for name in ("companies", "persons", "edges"))
        say(f"Snapshot {answer.snapshot}: {counts}.")
    for what, counted in (("Customers", answer.customers), ("Matches", answer.matches)):
        shown = ", ".join(f"{n:,} {name}" for name, n in counted.items() if n)
        if shown:
            say(f"{what}: {shown}.")
    if answer.n_claims or answer.n_exclusions:
        say(f"Claimed: {answer.n_claims:,}. Excluded: {answer.n_exclusions:,}.")
    if answer.stale:
        say(f"Stale: {', '.join(answer.stale)}.")
    say(f"Next: `{session.command()} {answer.next_step}`")


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command("show")
@json_option
@table_option
@pass_session
def show(session: Session, as_json: bool) -> None:
    """Show every setting in force, and where it comes from."""
    from graphleads.settings import find_home, load_settings

    configuration = load_settings(find_home(session.given_home))
    effective = configuration.effective()
    if as_json:
        say_json({"home": configuration.home, "settings": effective})
        return
    say(f"Home {configuration.home}")
    say_table(["setting", "value", "from"], [(one.name, one.value, one.origin) for one in effective])
