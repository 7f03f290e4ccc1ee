"""The command that finds customers in the registers, and takes people's decisions on what it found."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.leads import login_name
from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, csv_wanted, say, say_json, say_table
from graphleads.errors import FileUnreadable, FormatChanged
from graphleads.view.text import count

if TYPE_CHECKING:
    from graphleads.workspace.answer import Decision, MatchLine

Pair = tuple[str, str]

_DECISION = ("customer", "company", "decision")


@click.command()
@click.option("--review", is_flag=True, help="List the matches that wait for somebody to decide.")
@click.option("--confirm", nargs=2, metavar="CUSTOMER COMPANY", help="Say that the customer is that company.")
@click.option("--refuse", nargs=2, metavar="CUSTOMER COMPANY", help="Say that the customer is not that company.")
@click.option("--unsure", nargs=2, metavar="CUSTOMER COMPANY", help="Say that nobody can tell, so that it waits.")
@click.option("--forget", nargs=2, metavar="CUSTOMER COMPANY", help="Take back what was said of the two.")
@click.option(
    "--confirm-all-above",
    type=click.FloatRange(50, 100, min_open=True),
    metavar="PERCENT",
    help="Confirm the likeliest company of every match that waits and is at least so certain.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Make the decisions of a CSV with the columns customer, company, decision, as `--review --csv` writes it.",
)
@click.option("--by", metavar="NAME", help="Who decides; otherwise who is logged in.")
@click.option("--reason", metavar="TEXT", help="Why it is decided so.")
@json_option
@table_option
@pass_session
def match(
    session: Session,
    /,
    *,
    review: bool,
    confirm_all_above: float | None,
    decisions: Path | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Find the customers in the registers, or decide."""
    by, reason = said.pop("by"), said.pop("reason")
    decided: dict[str, Pair | None] = said
    if sum(map(bool, (review, confirm_all_above, decisions, *decided.values()))) > 1:
        options = ("--review", *(f"--{verb}" for verb in decided), "--confirm-all-above", "--decisions")
        raise click.UsageError(f"Use one of {', '.join(options[:-1])} and {options[-1]} at a time.")
    verb = next((verb for verb, pair in decided.items() if pair), None)
    if verb is not None:
        customer, company = decided[verb] or ("", "")
        told = {"customer": customer, "company": company, "verb": verb, "why": reason}
        _decide(session, told, by=login_name(by), as_json=as_json)
    elif confirm_all_above is not None:
        _confirm_above(session, confirm_all_above / 100, by=login_name(by), as_json=as_json)
    elif decisions is not None:
        _decide_all(session, decisions, by=login_name(by), as_json=as_json)
    elif review:
        _review(session, as_json=as_json)
    else:
        _match(session, as_json=as_json)


def _decide(session: Session, told: Mapping[str, Any], *, by: str, as_json: bool) -> None:
    from graphleads.workspace.answer import Decision

    decision = Decision(**told)
    customer, company = decision.customer, decision.company
    with session.workspace() as workspace:
        (decided,) = workspace.customers.decide([decision], by=by)
        if decided.error is not None:
            raise decided.error
        answer = workspace.customers.get(customer)
    if as_json:
        from graphleads.view.lookup import customer_object

        say_json(customer_object(answer))
    elif decision.verb == "forget":
        say(f"What was said of {answer.customer.name} ({customer}) and {company} is taken back, says {by}.")
    else:
        is_it = {"confirm": "is", "refuse": "is not", "unsure": "may be"}[decision.verb]
        say(f"{answer.customer.name} ({customer}) {is_it} {company}, says {by}.")


def _confirm_above(session: Session, probability: float, *, by: str, as_json: bool) -> None:
    with session.workspace() as workspace:
        confirmed = workspace.customers.confirm_above(probability, by=by)
    if as_json:
        say_json({"confirmed": [{"customer": one.customer, "company": one.company} for one in confirmed]})
        return
    for one in confirmed:
        say(f"{one.customer} is {one.company}.")
    say(f"{count(len(confirmed), 'match', 'matches')} confirmed, says {by}.")


def _decide_all(session: Session, path: Path, *, by: str, as_json: bool) -> None:
    rows = dict(_read_decisions(path))
    with session.workspace() as workspace:
        decided = workspace.customers.decide(rows.values(), by=by)
    told = [(row, one.decision.customer, str(one.error)) for row, one in zip(rows, decided, strict=True) if one.error]
    if as_json:
        from graphleads.view.matched import decisions_object

        columns = ("row", "customer", "reason")
        refused = [dict(zip(columns, one, strict=True)) for one in told]
        say_json({"decided": len(rows) - len(told), "refused": refused, **decisions_object(decided, str)})
        return
    if told:
        say_table([Right("row"), "customer", "not decided because"], told)
    say(f"{count(len(rows) - len(told), 'decision', 'decisions')} of {path.name} made, says {by}.")


def _read_decisions(path: Path) -> Iterator[tuple[int, Decision]]:
    """Yield the decisions of a file by their rows; rows that decide nothing are passed over.

    Raises:
        FileUnreadable: If the file cannot be read.
        FormatChanged: If it lacks one of the columns.
    """
    from graphleads.workspace.answer import Decision

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{path} cannot be read as UTF-8: {error}.") from error
    first = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [name for name in _DECISION if name not in (table.fieldnames or ())]
    if missing:
        raise FormatChanged(f"{path.name} has no column {missing[0]!r}: name its columns {', '.join(_DECISION)}.")
    for row in table:
        customer, company, verb = ((row[name] or "").strip() for name in _DECISION)
        if verb:
            why = (row.get("reason") or "").strip() or None
            yield table.line_num, Decision(customer=customer, company=company, verb=verb.lower(), why=why)


def _review(session: Session, *, as_json: bool) -> None:
    with session.workspace() as workspace:
        waiting = workspace.customers.review()
    if as_json:
        from graphleads.view.lookup import review_object

        say_json(review_object(waiting))
    elif waiting or csv_wanted():
        _say_waiting(session, waiting)
    else:
        say("No match waits for a decision.")


def _say_waiting(session: Session, waiting: Sequence[MatchLine]) -> None:
    from graphleads.view.lookup import REVIEW_COLUMNS, review_csv_rows, review_rows

    if csv_wanted():
        say_table(REVIEW_COLUMNS, review_csv_rows(waiting))
        return
    say_table(["customer", "may be", Right("certainty"), "found by"], review_rows(waiting))
    decision = (waiting[0].match.customer, waiting[0].match.company or "COMPANY")
    say(f"Decide: `{session.command('match', '--confirm', *decision)}`, or --refuse; many: --decisions FILE.")


def _match(session: Session, *, as_json: bool) -> None:
    with session.workspace() as workspace:
        counts = workspace.match()
    if as_json:
        say_json(counts)
        return
    n, n_found = sum(counts.values()), counts["sure"] + counts["confirmed"]
    say_table(["match", Right("customers")], [(state, f"{n:,}") for state, n in counts.items() if n])
    say(f"{n_found:,} of {n:,} customers found ({n_found / n:.0%}).")
    if counts["unsure"]:
        say(f"Unsure ones are never used silently; decide: `{session.command('match', '--review')}`")
    say(f"Next: `{session.command('recommend')}`")
