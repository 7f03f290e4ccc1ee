"""Commands on leads: recommend, explain, claim, release, exclude, include."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.session import Session, date_option, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, csv_wanted, say, say_json, say_table, warn
from graphleads.view.claim import claim_object, exclusion_object, named_object
from graphleads.view.text import count
from graphleads.workspace.question import LANGUAGES, MOST_LEADS, default_of, meaning_of

if TYPE_CHECKING:
    from graphleads.model import Ignored
    from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo

LEAD_COLUMNS = (Right("#"), Right("% of best"), "company", "place", "why")

_OPTION = {"jurisdictions": "jurisdiction", "industries": "industry"}

_SHOWN_IGNORED = 3
_SHOWN_WITHHELD = 3


def _repeatable(name: str) -> str:
    return f"{meaning_of(name).removesuffix('.')}; repeatable."


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say around which companies to look, and when."""
    options = (
        click.option("--owner", metavar="NAME", help=meaning_of("owner")),
        click.option("--seed", "seeds", multiple=True, metavar="COMPANY", help=_repeatable("seeds")),
        click.option("--customer", "customers", multiple=True, metavar="CUSTOMER", help=_repeatable("customers")),
        click.option("--as-of", type=date_option, metavar="DATE", help=meaning_of("as_of")),
        click.option("--known-on", type=date_option, metavar="DATE", help=meaning_of("known_on")),
        click.option("--lang", "language", type=click.Choice(LANGUAGES), help=meaning_of("language")),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@question_options
@click.option(
    "-k", "k", type=click.IntRange(1, MOST_LEADS), default=default_of("k"), show_default=True, help=meaning_of("k")
)
@click.option("--jurisdiction", "jurisdictions", multiple=True, metavar="PLACE", help=_repeatable("jurisdictions"))
@click.option("--industry", "industries", multiple=True, metavar="CODE", help=_repeatable("industries"))
@click.option("--new-since", metavar="RUN", help="Only leads that this earlier run did not show, -k beyond its own.")
@click.option("--exclude-families", is_flag=True, help=meaning_of("exclude_families"))
@json_option
@table_option
@pass_session
def recommend(session: Session, /, *, as_json: bool, new_since: str | None, **question: Any) -> None:
    """Rank the unclaimed companies near your customers."""
    question = named_in(question)
    with session.workspace() as workspace:
        if new_since is not None:
            # What that run showed may come first still, and what is new behind it.
            question["k"] = min(question["k"] + len(workspace.leads.run(new_since).items), MOST_LEADS)
        answer = workspace.recommend(**question)
        if new_since is not None:
            answer = workspace.leads.new_since(new_since, answer)
    if as_json:
        from graphleads.view.lead import recommendations_object

        say_json(recommendations_object(answer))
        _note_warnings(answer.run)
        return
    if csv_wanted():
        say_lead_table(answer)
        _note_warnings(answer.run)
        return
    say_leads(answer, filters=_filters(new_since=new_since, **question))
    if answer.items:
        first = answer.items[0].company.id
        say(f"Next: `{session.command('explain', first)}`, `{session.command('claim', first, '--owner', 'YOU')}`")


def named_in(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question in which what nobody named is left to the product."""
    return {**question, **{name: question[name] or None for name in ("seeds", "customers")}}


def _filters(**options: Any) -> list[str]:
    """Return the options that leave leads out, of those that were given."""
    names = ("jurisdictions", "industries", "exclude_families", "new_since")
    return [f"--{_OPTION.get(name, name).replace('_', '-')}" for name in names if options.get(name)]


def say_leads(answer: Recommendations, *, filters: Sequence[str] = ()) -> None:
    """Print ranked leads as a table, and below it what was withheld and what was not followed.

    Args:
        answer: The leads.
        filters: The options by which leads were left out.
    """
    around = f"around {count(len(answer.run.seeds), 'company', 'companies')} as of {answer.run.as_of}"
    if answer.items:
        say_lead_table(answer)
        n_leads = count(answer.n_candidates, "lead", "leads")
        say(f"{len(answer):,} of {n_leads} {around}; run {answer.run.id or 'not kept'}.")
    elif filters:
        options = " and ".join(filters)
        say(f"No leads {around} with {options}: without, there may be some; try.")
    else:
        say(f"No leads {around}: no company that is free to be called is tied to them.")
    say_left(answer)
    _say_withheld(answer.run)
    _say_ignored(answer.ignored)
    _note_warnings(answer.run)


def say_left(answer: Recommendations | KeptRun) -> None:
    """Print what an earlier run showed and this one does not, and why, if that was asked for."""
    if answer.left:
        from graphleads.view.lead import left_rows

        say_table([Right("was #"), "no lead any more", "why"], left_rows(answer.left))


def say_lead_table(answer: Recommendations | KeptRun) -> None:
    """Print leads as a table: for people, or for a spreadsheet where that is wanted."""
    if csv_wanted():
        from graphleads.leads import lead_row

        say_table(lead_row.LEAD_COLUMNS, (list(lead_row.lead_row(one).values()) for one in answer.leads))
    else:
        from graphleads.view.lead import lead_rows

        say_table(LEAD_COLUMNS, lead_rows(answer.leads))


def _say_withheld(run: RunInfo) -> None:
    if run.withheld:
        shown = ", ".join(f"{one['company']} (customer {one['customer']}?)" for one in run.withheld[:_SHOWN_WITHHELD])
        more = f" and {run.n_withheld - _SHOWN_WITHHELD:,} more" if run.n_withheld > _SHOWN_WITHHELD else ""
        say(f"Withheld because they may be customers, decide with `match --review`: {shown}{more}.")


def _say_ignored(ignored: Sequence[Ignored]) -> None:
    for one in ignored[:_SHOWN_IGNORED]:
        say(f"Not followed: {one.reason}")
    if len(ignored) > _SHOWN_IGNORED:
        more = count(len(ignored) - _SHOWN_IGNORED, "more is", "more are")
        say(f"{more} not followed: `explain COMPANY` names what concerns it.")


def _note_warnings(run: RunInfo) -> None:
    for warning in run.warnings:
        warn(warning)


@click.command()
@click.argument("company")
@question_options
@json_option
@pass_session
def explain(session: Session, /, company: str, *, as_json: bool, **question: Any) -> None:
    """Say why COMPANY is a lead, or why it is none."""
    with session.workspace() as workspace:
        answer = workspace.explain(company, **named_in(question))
    if as_json:
        from graphleads.view.lead import explanation_object

        say_json(explanation_object(answer))
    else:
        _say_explanation(answer)
    _note_warnings(answer.run)


def _say_explanation(explained: Explained) -> None:
    from graphleads.leads.shown import near_customers
    from graphleads.view.customer import near_line
    from graphleads.view.lead import percents
    from graphleads.view.lookup import to_us
    from graphleads.view.step import step_line

    answer = explained.explanation
    company = f"{answer.company.name} ({answer.company.id})"
    if answer.rank is not None:
        say(f"{company} is lead {answer.rank:,}.")
    else:
        look = " (see `graphleads match --review`)" if answer.against == "withheld" else ""
        say(f"{company} is no lead: {answer.ineligible}{look}.")
    ours = explained.ours
    for line in to_us(ours.get(answer.company.id, ()), explained.owner, explained.excluded_because):
        say(f"{line[:1].upper()}{line[1:]}.")
    *shares, others = percents(answer)
    for number, (reason, share) in enumerate(zip(answer.reasons, shares, strict=True), start=1):
        certainty = f", {reason.confidence:.0%} certain" if reason.confidence < 1 else ""
        say()
        say(f"{number}. {reason.sentence} ({share}% of the score{certainty})")
        for one in near_customers([reason], ours):
            say(f"   {near_line(one)}")
        for step in reason.path:
            say(f"   {step_line(step)}")
    if answer.reasons and others:
        say()
        say(f"Other ties: {others}% of the score.")
    for aside in answer.ignored:
        say(f"Not followed: {aside.reason}")


def called(company: str, names: Mapping[str, str]) -> str:
    """Return a company as messages name it: its name, where there is one, and its id."""
    return f"{names[company]} ({company})" if company in names else company


def login_name(name: str | None) -> str:
    """Return the name of who acts: the one given, otherwise who is logged in."""
    try:
        return name or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@click.command()
@click.argument("company")
@click.option("--owner", required=True, metavar="NAME", help="Who works on it.")
@click.option("--run", metavar="RUN", help="The run that offered it: the claim keeps its rank and score there.")
@json_option
@pass_session
def claim(session: Session, company: str, *, owner: str, run: str | None, as_json: bool) -> None:
    """Claim COMPANY, so that nobody else is offered it: by its id, its name, or its rank in the last run."""
    with session.workspace() as workspace:
        made = workspace.claim(company, owner=owner, run=run)
        names = workspace.graph.names([made.company])
    if as_json:
        say_json(named_object(claim_object(made), names))
    else:
        say(f"{called(made.company, names)} is claimed by {made.owner} since {made.claimed_at:%Y-%m-%d %H:%M} UTC.")


@click.command()
@click.argument("company")
@click.option("--by", metavar="NAME", help="Who releases it; otherwise who is logged in.")
@json_option
@pass_session
def release(session: Session, company: str, *, by: str | None, as_json: bool) -> None:
    """Give COMPANY back, so that it can be offered again."""
    with session.workspace() as workspace:
        ended = workspace.leads.release(company, by=login_name(by))
        names = workspace.graph.names([ended.company])
    if as_json:
        say_json(named_object(claim_object(ended), names))
    else:
        say(f"{called(ended.company, names)} is free again; {ended.owner} had it since {ended.claimed_at:%Y-%m-%d}.")


@click.command()
@click.option("--owner", metavar="NAME", help="Only this owner's.")
@json_option
@table_option
@pass_session
def claims(session: Session, *, owner: str | None, as_json: bool) -> None:
    """List who works on which company."""
    with session.workspace() as workspace:
        found = workspace.leads.claims(owner=owner)
        names = workspace.graph.names(one.company for one in found)
    if as_json:
        say_json([named_object(claim_object(one), names) for one in found])
    elif found:
        rows = [
            (one.company, names.get(one.company), one.owner, f"{one.claimed_at:%Y-%m-%d %H:%M} UTC") for one in found
        ]
        say_table(["company", "name", "owner", "since"], rows)
    elif owner:
        say(f"{owner} has claimed no company: `{session.command('claims')}` lists everybody's.")
    else:
        say(f"Nobody has claimed a company: `{session.command('claim', 'COMPANY', '--owner', 'NAME')}` does.")


@click.command()
@click.argument("company")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is not to be offered.")
@click.option("--by", metavar="NAME", help="Who says so; otherwise who is logged in.")
@json_option
@pass_session
def exclude(session: Session, company: str, *, reason: str, by: str | None, as_json: bool) -> None:
    """Keep COMPANY out of the leads."""
    with session.workspace() as workspace:
        made = workspace.leads.exclude(company, reason=reason, by=login_name(by))
        names = workspace.graph.names([made.company])
    if as_json:
        say_json(named_object(exclusion_object(made), names))
    else:
        say(f"{called(made.company, names)} is not offered any more: {made.reason}")


@click.command()
@click.argument("company")
@click.option("--by", metavar="NAME", help="Who says so; otherwise who is logged in.")
@json_option
@pass_session
def include(session: Session, company: str, *, by: str | None, as_json: bool) -> None:
    """Take the exclusion of COMPANY back."""
    with session.workspace() as workspace:
        workspace.leads.include(company, by=login_name(by))
    if as_json:
        say_json({"company": company})
    else:
        say(f"{company} may be offered again.")


@click.command()
@json_option
@table_option
@pass_session
def exclusions(session: Session, as_json: bool) -> None:
    """List which companies are not offered, and why."""
    with session.workspace() as workspace:
        found = workspace.leads.exclusions()
        names = workspace.graph.names(one.company for one in found)
    if as_json:
        say_json([named_object(exclusion_object(one), names) for one in found])
    elif found:
        say_table(
            ["company", "name", "reason", "by", "since"],
            [(one.company, names.get(one.company), one.reason, one.by, f"{one.excluded_at:%Y-%m-%d}") for one in found],
        )
    else:
        say(f"No company is excluded: `{session.command('exclude', 'COMPANY', '--reason', 'TEXT')}` does it.")
