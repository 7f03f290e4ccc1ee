"""Customers that somebody names by the CRM's own id or by name, and the companies that they are."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from graphleads.crm.column import fold_name
from graphleads.crm.external_id import spellings_of
from graphleads.errors import CustomerNotFound, MatchUndecided, ValueInvalid
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, Match
from graphleads.remedy import Remedy
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.given import parse_text
from graphleads.workspace.standing import FOUND

_SHOWN = 5
"""Candidates that an error names."""

_ALIKE = 60
"""How like a name has to be to be named, of 100."""


def companies_of(accounts: Accounts, named: Iterable[str], snapshot: Snapshot) -> dict[str, EntityId]:
    """Return the company that each customer is, by the customer's id.

    Args:
        accounts: The customers, and how they stand to the registers.
        named: Customers by id, or by a name that one alone has.
        snapshot: The register that errors take companies' names from.

    Raises:
        CustomerNotFound: If there is no such customer; names those that are called like it.
        ValueInvalid: If several are called so; names them.
        MatchUndecided: If it is not sure which company one is; names those that it may be.
    """
    found: dict[str, EntityId] = {}
    for text in named:
        customer = find_customer(accounts, text)
        match = accounts.matches.get(customer.external_id)
        if match is None or match.company is None or match.state not in FOUND:
            raise _undecided(customer, match, snapshot)
        found[customer.external_id] = match.company
    return found


def find_customer(accounts: Accounts, text: str) -> CustomerRecord:
    """Return the customer of an id in whichever form, otherwise the only one of a name; raises as `companies_of`."""
    wanted = parse_text(text, "customer")
    by_id = next((accounts.records[one] for one in spellings_of(wanted) if one in accounts.records), None)
    if by_id is not None:
        return by_id
    records = accounts.records.whole()
    called = sorted(key for key, one in records.items() if fold_name(one.name) == fold_name(wanted))
    if len(called) == 1:
        return records[called[0]]
    if called:
        shown = ", ".join(called[:_SHOWN])
        raise ValueInvalid(
            f"{len(called):,} customers are called {wanted[:80]!r}, {shown}: name one by its id.",
            customer=wanted,
            candidates=tuple(called[:_SHOWN]),
        )
    names = {key: fold_name(one.name) for key, one in records.items()}
    alike = process.extract(fold_name(wanted), names, scorer=fuzz.WRatio, limit=_SHOWN, score_cutoff=_ALIKE)
    near = tuple(key for *_, key in alike)
    told = ", ".join(f"{records[key].name} ({key})" for key in near)
    raise CustomerNotFound(
        f"There is no customer {wanted[:80]!r}, by id or by name{f'; called like it: {told}' if near else ''}.",
        None if near else Remedy.BRING_IN,
        customer=wanted,
        candidates=near,
    )


def _undecided(customer: CustomerRecord, match: Match | None, snapshot: Snapshot) -> MatchUndecided:
    guessed = [] if match is None or match.company is None else [match.company, *match.others]
    nodes = {one: snapshot.node_of(one) for one in guessed[:_SHOWN]}
    told = ", ".join(one if node is None else f"{snapshot.name_of(node)} ({one})" for one, node in nodes.items())
    may_be = f"it may be {told}" if told else "no company was found for it"
    return MatchUndecided(
        f"It is not sure which company the customer {customer.external_id} ({customer.name}) is: {may_be}.",
        Remedy.DECIDE_OR_SEED,
        customer=customer.external_id,
        candidates=tuple(nodes),
    )
