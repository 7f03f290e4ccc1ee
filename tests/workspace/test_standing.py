from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from graphleads.errors import NotFound, StepMissing
from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.standing import refuse_nothing_to_start_from


def customer(external_id: str, status: str, owner: str | None = None) -> CustomerRecord:
    return CustomerRecord(external_id=external_id, name=external_id, status=CustomerStatus(status), owner=owner)


def match(customer: str, company: str | None, state: str) -> Match:
    return Match(customer=customer, company=company, state=MatchState(state), method="name", probability=0.9)


def accounts(customers: Sequence[CustomerRecord], matches: Mapping[str, Match]) -> Accounts:
    return Accounts().changed([one.external_id for one in customers], customers, matches)[0]


CUSTOMERS = [
    customer("a", "won", "ann"),
    customer("b", "won", "bob"),
    customer("c", "open", "ann"),
    customer("d", "lost", "ann"),
    customer("e", "won", "ann"),
    customer("f", "won", "ann"),
]
MATCHES = {
    "a": match("a", "X-T:a", "sure"),
    "b": match("b", "X-T:b", "confirmed"),
    "c": match("c", "X-T:c", "sure"),
    "d": match("d", "X-T:d", "sure"),
    "e": match("e", "X-T:e", "unsure"),
    "f": match("f", "X-T:f", "refused"),
}


def test_won_and_found_customers_are_the_seeds_and_open_ones_are_only_kept_out() -> None:
    standing = accounts(CUSTOMERS, MATCHES).standing()

    assert standing.seeds == ("X-T:a", "X-T:b")
    assert standing.customers == {"X-T:a", "X-T:b", "X-T:c"}
    assert [one.company for one in standing.unsure] == ["X-T:e"]


def test_an_owner_gets_own_seeds_while_everybodys_customers_stay_out() -> None:
    standing = accounts(CUSTOMERS, MATCHES).standing("bob")

    assert standing.seeds == ("X-T:b",)
    assert standing.customers == {"X-T:a", "X-T:b", "X-T:c"}


def test_every_company_that_an_unsure_customer_may_be_is_withheld() -> None:
    doubtful = replace(match("e", "X-T:e", "unsure"), others={"X-T:g": 0.3})

    assert accounts(CUSTOMERS, MATCHES | {"e": doubtful}).standing().withheld == {"X-T:e", "X-T:g"}


@pytest.mark.parametrize(
    ("customers", "matches", "owner", "error", "sentence"),
    [
        ([], {}, None, StepMissing, "There are no customers yet: run `graphleads customers import FILE` first"),
        ([customer("d", "lost")], {}, None, StepMissing, "None of the 1 customers is won"),
        (CUSTOMERS, MATCHES, "eve", NotFound, "'eve' has no won customer; those who have: ann, bob."),
        (CUSTOMERS, {}, None, StepMissing, "not matched yet: run `graphleads match` first"),
        (CUSTOMERS, MATCHES, "ann", StepMissing, "None of the 3 won customers was found in the register"),
    ],
)
def test_why_there_is_nothing_to_start_from_is_said(
    customers: list[CustomerRecord], matches: dict[str, Match], owner: str | None, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence.replace("(", r"\(")):
        refuse_nothing_to_start_from(customers, matches, owner)
