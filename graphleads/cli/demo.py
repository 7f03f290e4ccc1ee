"""The command `demo`: the whole main job on a made-up register."""

from __future__ import annotations

import click

from graphleads.cli.leads import say_leads
from graphleads.cli.session import Session, json_option, pass_session
from graphleads.cli.terminal import note, say, say_json

_DATASET = "demo"


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


def _say_next(session: Session, company: str) -> None:
    say()
    say("Everybody here is made up. Go on with:")
    for words in (("explain", company), ("claim", company, "--owner", "YOU"), ("match", "--review"), ("status",)):
        say(f"  {session.command(*words)}")
    say(f"The same by HTTP: {session.command('serve')}, then open http://127.0.0.1:8000/docs for its documentation.")
