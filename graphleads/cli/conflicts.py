"""Commands on what met in a merge: companies that are claimed twice, or claimed and excluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphleads.cli.leads import called, login_name
from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import say, say_json, say_table
from graphleads.model import Claim

if TYPE_CHECKING:
    from graphleads.leads.exclusions import Exclusion


@click.command()
@json_option
@table_option
@pass_session
def conflicts(session: Session, *, as_json: bool) -> None:
    """List companies that are claimed twice, or claimed and excluded, since two ids became one."""
    with session.workspace() as workspace:
        found = workspace.leads.conflicts()
        names = workspace.graph.names(one.company for one in found)
    if as_json:
        say_json(found)
    elif found:
        claimed = [(one.company, claim.id, _told(claim)) for one in found for claim in one.claims]
        excluded = [(one.company, "", _told(exclusion)) for one in found for exclusion in one.exclusions]
        rows = [(company, names.get(company), *told) for company, *told in sorted([*claimed, *excluded], key=_company)]
        say_table(["company", "name", "claim", "what"], rows)
        say(f"Next: `{session.command('settle', found[0].company, '--claim', 'CLAIM')}`")
    else:
        say("No company is claimed twice, or claimed and excluded.")


@click.command()
@click.argument("company")
@click.option("--claim", type=int, metavar="CLAIM", help="The claim that stands; without, the exclusion does.")
@click.option("--by", metavar="NAME", help="Who settles it; otherwise who is logged in.")
@json_option
@pass_session
def settle(session: Session, company: str, *, claim: int | None, by: str | None, as_json: bool) -> None:
    """Settle the conflict on COMPANY: one claim stands, or the exclusion; whatever else there is ends."""
    with session.workspace() as workspace:
        stands = workspace.leads.settle_conflict(company, claim=claim, by=login_name(by))
        names = workspace.graph.names([stands.company])
    if as_json:
        say_json(stands)
    else:
        say(f"What stands on {called(stands.company, names)}: {_told(stands)}.")


def _company(row: tuple[str, object, str]) -> str:
    return row[0]


def _told(side: Claim | Exclusion) -> str:
    if isinstance(side, Claim):
        return f"claimed by {side.owner} on {side.claimed_at:%Y-%m-%d} as {side.company}"
    return f"excluded by {side.by} on {side.excluded_at:%Y-%m-%d} as {side.company}: {side.reason}"
