"""Commands that look something up: company, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.session import Session, date_option, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, say, say_json, say_table, warn
from graphleads.view.text import count, in_words, place

if TYPE_CHECKING:
    from graphleads.model import Company
    from graphleads.workspace.answer import CompanyAnswer


@click.command()
@click.argument("company_id", metavar="COMPANY")
@click.option("--as-of", type=date_option, metavar="DATE", help="The day whose facts count; otherwise today.")
@click.option(
    "--known-on", type=date_option, metavar="DATE", help="The day up to which facts were known; otherwise today."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=25, show_default=True, help="How many ties to show.")
@json_option
@table_option
@pass_session
def company(session: Session, /, company_id: str, *, as_json: bool, **asked: Any) -> None:
    """Show what the registers say of COMPANY, with sources."""
    with session.workspace() as workspace:
        answer = workspace.graph.company(company_id, **asked)
    for warning in answer.warnings:
        warn(warning)
    if as_json:
        from graphleads.view.lookup import company_answer_object

        say_json(company_answer_object(answer))
    else:
        _say_company(answer)


def _say_company(answer: CompanyAnswer) -> None:
    from graphleads.view.graph import tie_rows
    from graphleads.view.lookup import to_us

    say_company(answer.company)
    for line in to_us(answer.customers, answer.owner, answer.excluded_because):
        say(f"{line[:1].upper()}{line[1:]}.")
    if not answer.owner:
        say("Nobody has claimed it.")
    if answer.relationships:
        say_table(["tie", "from", "to", "source"], tie_rows(answer.relationships))
    n_more = answer.n_relationships - len(answer.relationships)
    if n_more > 0:
        say(f"{count(n_more, 'more tie', 'more ties')}: raise --limit to see them.")


def say_company(company: Company) -> None:
    """Print a company with its names, identifiers and facts, each with its source and date."""
    from graphleads.view.fact import fact_rows

    say(f"{company.name} ({company.id})")
    where = place(company.locality, company.jurisdiction)
    say(", ".join(part for part in (in_words(company.status), company.legal_form, where) if part))
    say_table(["fact", "value", "when", "source"], fact_rows(company))


@click.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="How many to show.")
@json_option
@table_option
@pass_session
def search(session: Session, text: str, *, limit: int, as_json: bool) -> None:
    """Find companies and persons by name or identifier."""
    with session.workspace() as workspace:
        hits = workspace.graph.search(text, limit=limit)
    if as_json:
        from graphleads.view.lookup import search_object

        say_json(search_object(hits))
    elif hits:
        from graphleads.view.lookup import search_rows

        say_table([Right("score"), "id", "name", "kind", "place", "status", "found by", "to us"], search_rows(hits))
    else:
        say(f"Nothing is called anything like {text!r}: try fewer words, or the identifier.")
