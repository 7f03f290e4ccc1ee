"""Commands on customers: import, show, undo, their deals and their matches."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphleads.cli.leads import login_name
from graphleads.cli.lookup import say_company
from graphleads.cli.session import Session, json_option, pass_session, table_option
from graphleads.cli.terminal import Right, csv_wanted, say, say_json, say_table
from graphleads.model import CustomerStatus, MatchState
from graphleads.view.text import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphleads.crm.comparing import EndedCustomer, ImportReport
    from graphleads.crm.undo import LeftCustomer, LeftDeal
    from graphleads.workspace.answer import CustomerAnswer

_SHOWN = 10
_SHOWN_LEFT = 5


@click.group()
def customers() -> None:
    """Bring customers in from the CRM; look at them."""


@customers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--complete", is_flag=True, help="FILE is all there is: customers that it does not have end.")
@click.option("--yes", is_flag=True, help="Do not ask before customers end.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A YAML file that says what the headers do not.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook, where several are not hidden.")
@click.option(
    "--status-of", metavar="COLUMN", help="The column that says how they stand; or won, open or lost for all."
)
@json_option
@table_option
@pass_session
def import_file(session: Session, /, file: Path, *, dry_run: bool, yes: bool, as_json: bool, **said: Any) -> None:
    """Import customers, or deals, from FILE, by their id; those that it does not have stay."""
    with session.workspace() as workspace:
        if said["complete"] and not dry_run and not yes and is_asked():
            _ask(workspace.import_customers(file, dry_run=True, **said))
        report = workspace.import_customers(file, dry_run=dry_run, **said)
    if as_json:
        from graphleads.view.customer import import_object

        say_json(import_object(report, dry_run=dry_run))
        return
    _say_import(report)
    if dry_run:
        say("Nothing was written.")
    elif report.import_id is not None:
        undo = session.command("customers", "undo", str(report.import_id))
        say(f"Next: `{session.command('match')}`. To take this import back: `{undo}`")


def is_asked() -> bool:
    """Return whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _ask(report: ImportReport) -> None:
    """Show who would end, and ask whether that is meant."""
    if report.ended:
        _say_ended(report.ended)
        click.confirm(f"End {len(report.ended):,} customers?", abort=True, err=True)


def _say_ended(ended: Sequence[EndedCustomer]) -> None:
    say_table(["customer", "name", "ends because"], [(one.external_id, one.name, one.why) for one in ended[:_SHOWN]])
    _say_more(len(ended), "ended")


def _say_import(report: ImportReport) -> None:
    from graphleads.view.customer import change_rows, column_lines

    counts = {
        "new": len(report.new),
        "changed": len(report.changed),
        "unchanged": len(report.unchanged),
        "rejected": len(report.rejected),
    } | ({"ended": len(report.ended)} if report.ended else {})
    say(f"{report.file.name}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()) + ".")
    if report.deals is not None:
        n_new, n_changed, n_same = map(len, (report.deals.new, report.deals.changed, report.deals.unchanged))
        ended = f", {len(report.deals.ended):,} ended" if report.deals.ended else ""
        say(f"Deals: {n_new:,} new, {n_changed:,} changed, {n_same:,} unchanged{ended}.")
    for text in column_lines(report.file):
        say(text)
    if report.rejected:
        rows = [(one.row, one.external_id, one.reason) for one in report.rejected[:_SHOWN]]
        say_table([Right("row"), "customer", "rejected because"], rows)
        _say_more(len(report.rejected), "rejected")
    if report.ended:
        _say_ended(report.ended)
    if report.changed:
        say_table(["customer", "changed"], change_rows(report.changed[:_SHOWN]))
        _say_more(len(report.changed), "changed")
    for one in report.duplicates[:_SHOWN]:
        say(f"Likely one customer, by {one.shared}: {', '.join(one.external_ids)}.")
    _say_more(len(report.duplicates), "likely duplicates")
    for field, n in report.file.dropped_personal.items():
        say(f"Never stored: {n:,} values of column {field!r}.")
    for text in report.file.notes:
        say(f"Note: {text}")


def _say_more(n: int, what: str) -> None:
    if n > _SHOWN:
        say(f"{n - _SHOWN:,} more {what}, see `--json`.")


@customers.command("list")
@click.option("--status", type=click.Choice([status.value for status in CustomerStatus]), help="Only those.")
@click.option("--owner", metavar="NAME", help="Only this person's.")
@click.option("--unmatched", is_flag=True, help="Only those for which no company is found, sure or unsure.")
@json_option
@table_option
@pass_session
def list_all(session: Session, *, status: str | None, owner: str | None, unmatched: bool, as_json: bool) -> None:
    """List the customers, with how they stand to the registers."""
    from graphleads.view.customer import line_objects, line_rows

    with session.workspace() as workspace:
        lines = workspace.customers.lines(status=status, owner=owner, unmatched=unmatched)
    if as_json:
        say_json(line_objects(lines))
        return
    say_table(["customer", "name", "status", "owner", "match", "company"], line_rows(lines))
    say(f"{len(lines):,} customers.")


@customers.command()
@click.option("--customer", metavar="ID", help="Only those with this customer.")
@click.option("--status", type=click.Choice([status.value for status in CustomerStatus]), help="Only those.")
@json_option
@table_option
@pass_session
def deals(session: Session, *, customer: str | None, status: str | None, as_json: bool) -> None:
    """List the deals."""
    from graphleads.view.customer import deal_rows, deals_object

    with session.workspace() as workspace:
        found = workspace.customers.deals(customer=customer, status=status)
    if as_json:
        say_json(deals_object(found, limit=None)["items"])
        return
    columns = ["deal", "customer", "what", "stage", "status", Right("amount"), "day", "owner"]
    say_table(columns, deal_rows(found))
    say(f"{len(found):,} deals.")


@customers.command()
@json_option
@table_option
@pass_session
def check(session: Session, as_json: bool) -> None:
    """List customers that need repair, each with the command that does it.

    Duplicate, dissolved, renamed, unmatched and incomplete ones.
    """
    from graphleads.view.check import CHECK_COLUMNS, check_objects, check_rows

    with session.workspace() as workspace:
        findings = workspace.customers.check()
    if as_json:
        say_json(check_objects(findings, session.command))
        return
    if findings or csv_wanted():
        say_table(CHECK_COLUMNS, check_rows(findings, session.command))
    counts = Counter(one.kind.value for one in findings)
    say(", ".join(f"{n:,} {kind}" for kind, n in counts.items()) + "." if counts else "Nothing needs repair.")


@customers.command()
@click.argument("customer_id", metavar="ID")
@json_option
@table_option
@pass_session
def show(session: Session, customer_id: str, *, as_json: bool) -> None:
    """Show the customer ID with what the registers say of it."""
    with session.workspace() as workspace:
        answer = workspace.customers.get(customer_id)
    if as_json:
        from graphleads.view.lookup import customer_object

        say_json(customer_object(answer))
    else:
        _say_customer(session, answer)


def _say_customer(session: Session, answer: CustomerAnswer) -> None:
    from graphleads.view.customer import customer_rows

    say(f"{answer.customer.name} ({answer.customer.external_id}), {answer.customer.status}")
    say_table(["in the CRM", "value"], customer_rows(answer.customer))
    match = answer.match
    if match is None:
        say(f"Not matched yet: `{session.command('match')}` looks for it in the registers.")
    elif match.company is None:
        say("Not found in the registers.")
    else:
        say(f"Match: {match.state}, {match.probability:.0%}, by {in_words(match.method)}.")
    if answer.company is not None:
        say_company(answer.company)
    for one in answer.candidates:
        say(f"It may be {one.name} ({one.id}).")


@customers.command()
@click.argument("customer_ids", nargs=-1, required=True, metavar="ID…")
@click.option("--why", default="removed", show_default=True, help="Why they end.")
@click.option("--by", metavar="NAME", help="Who says so; otherwise who is logged in.")
@json_option
@pass_session
def remove(session: Session, customer_ids: tuple[str, ...], *, why: str, by: str | None, as_json: bool) -> None:
    """End the customers ID…; their history is kept."""
    with session.workspace() as workspace:
        report = workspace.customers.remove(*customer_ids, source="customers remove", why=why, by=by)
    if as_json:
        from graphleads.view.customer import import_object

        say_json(import_object(report, dry_run=False))
        return
    _say_ended(report.ended)
    say(f"To take this back: `{session.command('customers', 'undo', str(report.import_id))}`")


@customers.command()
@click.argument("import_id", type=int, metavar="IMPORT")
@click.option("--by", metavar="NAME", help="Who says so; otherwise who is logged in.")
@json_option
@pass_session
def undo(session: Session, import_id: int, *, by: str | None, as_json: bool) -> None:
    """Take IMPORT back, where no later one has a customer so."""
    with session.workspace() as workspace:
        undone = workspace.customers.undo(import_id, by=by)
    if as_json:
        from graphleads.view.imported import undone_object

        say_json(undone_object(undone))
    else:
        ended = f", {undone.n_ended:,} ended" if undone.n_ended else ""
        counts = f"{undone.n_new:,} new and {undone.n_changed:,} changed{ended}"
        say(f"Import {undone.id} of {undone.file} is undone: {counts}.")
        if undone.n_deals:
            say(f"Deals: {len(undone.removed_deals):,} taken out, {len(undone.restored_deals):,} as they were.")
        _say_left([*undone.left, *undone.left_deals])


def _say_left(left: Sequence[LeftCustomer | LeftDeal]) -> None:
    for one in left[:_SHOWN_LEFT]:
        say(f"Left as it is: {one.external_id}, because import {one.import_id} of {one.file} has it so.")
    if len(left) > _SHOWN_LEFT:
        say(f"Left as they are: {len(left) - _SHOWN_LEFT:,} more, see `--json`.")


@customers.command("rename-owner")
@click.argument("old")
@click.argument("new")
@click.option("--by", metavar="NAME", help="Who says so; otherwise who is logged in.")
@json_option
@pass_session
def rename_owner(session: Session, old: str, new: str, *, by: str | None, as_json: bool) -> None:
    """Let the customers and claims of OLD go by the name NEW."""
    with session.workspace() as workspace:
        renamed = workspace.customers.rename_owner(old, new, by=login_name(by))
    if as_json:
        say_json(renamed)
    else:
        say(f"{renamed.old} is {renamed.new}: {renamed.n_customers:,} customers and {renamed.n_claims:,} claims.")


@customers.command()
@json_option
@table_option
@pass_session
def imports(session: Session, as_json: bool) -> None:
    """List the imports of customers and deals, the first one first."""
    from graphleads.view.imported import import_line, import_rows

    with session.workspace() as workspace:
        made = workspace.customers.imports()
    if as_json:
        say_json([import_line(one) for one in made])
        return
    counts = map(Right, ("new", "changed", "ended", "rejected", "deals"))
    say_table([Right("import"), "file", "by", "at", *counts, ""], import_rows(made))


@customers.command()
@click.option("--state", type=click.Choice([state.value for state in MatchState]), help="Only those.")
@click.option("--customer", metavar="ID", help="Only that of this customer.")
@json_option
@table_option
@pass_session
def matches(session: Session, *, state: str | None, customer: str | None, as_json: bool) -> None:
    """List how the customers stand to the registers: both sides, and what people decided."""
    from graphleads.view.matched import matched_rows, matches_object

    with session.workspace() as workspace:
        found = workspace.customers.matched(state=state, customer=customer)
        counts = workspace.customers.count_matches()
    if as_json:
        say_json(matches_object(found, counts, limit=None))
        return
    say_table(["customer", "match", "found by", "company", "decided"], matched_rows(found))
    say(", ".join(f"{n:,} {name}" for name, n in counts.items() if n) or "No customer was looked for yet.")
