"""How the customers stand to the register: around which companies to look, and which are never leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from graphleads.errors import NotFound, StepMissing
from graphleads.ids import EntityId
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.remedy import Remedy
from graphleads.text import is_same_name
from graphleads.workspace.companies import Companies

FOUND = (MatchState.SURE, MatchState.CONFIRMED)
"""States in which a customer is its company, for all that follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ranking is told about customers.

    Attributes:
        seeds: Companies of the won customers that were asked for, sorted.
        customers: Companies of all won and open customers; never leads.
        unsure: Matches that nobody has decided yet, by customer.
        withheld: Every company that a customer of those may be; never leads.
    """

    seeds: tuple[EntityId, ...]
    customers: Companies
    unsure: tuple[Match, ...]
    withheld: Companies


def refuse_nothing_known(day: date, customers: Sequence[CustomerRecord], owner: str | None) -> NoReturn:
    """Say that no won customer was known, and found in the register, on an earlier day.

    Raises:
        StepMissing: Always; says how many customers were known then.
    """
    whose = "" if owner is None else f" of {owner}"
    won = [one.owner for one in customers if one.status is CustomerStatus.WON]
    n_won = len(won) if owner is None else sum(is_same_name(owner, one) for one in won)
    raise StepMissing(
        f"On {day} no won customer{whose} was known and found in the register ({len(customers):,} customers were "
        f"known, {n_won:,} of them won).",
        Remedy.ASK_LATER,
        day=str(day),
    )


def refuse_nothing_to_start_from(
    customers: Sequence[CustomerRecord], matches: Mapping[str, Match], owner: str | None
) -> None:
    """Say why there is no won customer in the register to look around.

    Raises:
        StepMissing: If there are no customers, none is won, none is matched, or none was found.
        NotFound: If the owner has no won customer; names those who have.
    """
    if not customers:
        raise StepMissing("There are no customers yet.", Remedy.IMPORT_OR_SEED)
    owners = Counter(one.owner or "nobody" for one in customers if one.status is CustomerStatus.WON)
    if not owners:
        raise StepMissing(f"None of the {len(customers):,} customers is won.", Remedy.MARK_OR_SEED)
    n_own = 0 if owner is None else sum(n for name, n in owners.items() if is_same_name(owner, name))
    if owner is not None and not n_own:
        names = ", ".join(name for name, _ in owners.most_common(5))
        raise NotFound(f"{owner!r} has no won customer; those who have: {names}.")
    if not matches:
        raise StepMissing("The customers are not matched yet.", Remedy.MATCH_OR_SEED)
    n_won = owners.total() if owner is None else n_own
    raise StepMissing(
        f"None of the {n_won:,} won customers was found in the register with certainty.", Remedy.REVIEW_OR_SEED
    )
