"""The command `demo`: the whole main job on a made-up register."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from graphleads.cli.leads import say_leads
from graphleads.cli.session import Session, json_option, pass_session
from graphleads.cli.terminal import note, say, say_json
from graphleads.view.text import count

if TYPE_CHECKING:
    from graphleads.workspace.workspace import Workspace

_DATASET = "demo"
_CUSTOMER = re.compile(r"001DEMO\d{8}")
"""Ids of made-up customers, as `graphleads.testing.synthetic.customers` writes them."""


@click.command()
@click.option("--companies", type=click.IntRange(1_000, 5_000_000), default=20_000, show_default=True, help="How many.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another register."
)
@click.option("-k", "k", type=click.IntRange(1, 10_000), default=15, show_default=True, help="How many leads.")
@json_option
@pass_session
def demo(session: Session, *, companies: int, seed: int, k: int, as_json: bool) -> None:
    """Rank leads in a made-up register: every step at once."""
    from graphleads.testing.synthetic.register import generate

    with session.workspace() as workspace:
        _refuse_real_data(workspace)
        folder = workspace.configuration.home / "demo"
        note(f"Making up a register of {companies:,} companies in {folder}.")
        made = generate(folder, companies=companies, seed=seed)
        note("Reading it.")
        workspace.ingest(
            "table", made.files, mapping="plain", dataset=_DATASET, observed_on=made.observed_on, replace=True
        )
        workspace.import_customers(made.customers)
        note("Linking people, building the graph, finding the customers in it.")
        for step in workspace.run():
            note(f"  {step.name}: {step.summary}")
        answer = workspace.recommend(k=k)
    if as_json:
        from graphleads.view.lead import recommendations_object

        say_json(recommendations_object(answer))
        return
    say_leads(answer)
    _say_next(session, answer.items[0].company.id if answer.items else "COMPANY")


def _refuse_real_data(workspace: Workspace) -> None:
    """Refuse a home of somebody's own, which made-up companies and customers would spoil."""
    n_deliveries = sum(one.dataset != _DATASET for one in workspace.registers.deliveries())
    n_customers = sum(not _CUSTOMER.fullmatch(one.external_id) for one in workspace.customers.all())
    if n_deliveries or n_customers:
        deliveries = count(n_deliveries, "delivery", "deliveries")
        raise click.ClickException(
            f"{workspace.configuration.home} holds {deliveries} and {count(n_customers, 'customer', 'customers')} "
            "that are not made up: run the demo elsewhere with `graphleads --home DIR demo`."
        )


def _say_next(session: Session, company: str) -> None:
    say()
    say("Everybody here is made up. Go on with:")
    for words in (("explain", company), ("claim", company, "--owner", "YOU"), ("match", "--review"), ("status",)):
        say(f"  {session.command(*words)}")
    say(f"The same by HTTP: {session.command('serve')}, then open http://127.0.0.1:8000/docs for its documentation.")
