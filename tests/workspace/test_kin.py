from __future__ import annotations

import pandas as pd
import pytest

from graphleads.model import CustomerRecord, CustomerStatus, Match, MatchState
from graphleads.testing.known_graph import company
from graphleads.workspace.accounts import Accounts
from graphleads.workspace.kin import kin_of_customers
from graphleads.workspace.workspace import Workspace

WON, OPEN, LOST = CustomerStatus.WON, CustomerStatus.OPEN, CustomerStatus.LOST


def _accounts(*told: tuple[str, CustomerStatus, str | None]) -> Accounts:
    records = [CustomerRecord(external_id=key, name=f"{key} Ltd", status=status, parent=up) for key, status, up in told]
    matches = {
        key: Match(customer=key, company=f"X-A:{key}", state=MatchState.SURE, method="name", probability=1.0)
        for key, _, _ in told
    }
    return Accounts().changed([key for key, _, _ in told], records, matches)[0]


@pytest.mark.parametrize(
    ("told", "kin"),
    [
        ([("a", WON, None), ("b", LOST, "a")], ("X-A:a", "X-A:b")),
        ([("a", LOST, None), ("b", OPEN, "a"), ("c", LOST, "A  LTD")], ("X-A:a", "X-A:b", "X-A:c")),
        ([("a", WON, "Elsewhere"), ("b", LOST, "elsewhere")], ("X-A:a", "X-A:b")),
        ([("a", WON, "b"), ("b", LOST, "c"), ("c", LOST, "a")], ("X-A:a", "X-A:b", "X-A:c")),
        ([("a", LOST, None), ("b", LOST, "a"), ("c", WON, None)], ()),
        ([("a", WON, None), ("b", LOST, None)], ()),
    ],
)
def test_accounts_of_one_group_with_a_customer_are_kin(
    told: list[tuple[str, CustomerStatus, str | None]], kin: tuple[str, ...]
) -> None:
    assert kin_of_customers(_accounts(*told)) == kin


def test_what_nobody_is_sure_of_is_no_kin() -> None:
    accounts = _accounts(("a", WON, None), ("b", LOST, "a"))
    unsure = Match(customer="b", company="X-A:b", state=MatchState.UNSURE, method="name", probability=0.5)
    accounts, _ = accounts.changed(["b"], [accounts.records["b"]], {"b": unsure})
    assert kin_of_customers(accounts) == ("X-A:a",)


def test_a_lost_subsidiary_of_a_customer_is_family(built: Workspace) -> None:
    told = [("a", "Alder Ltd", "won", None), ("e", "Elm Ltd", "lost", "a"), ("b", "Birch Ltd", "lost", None)]
    built.import_customers(pd.DataFrame(told, columns=["id", "name", "status", "Parent Account"]))
    built.match()

    assert {company("Birch"), company("Elm")} <= {item.company.id for item in built.recommend()}
    left = {item.company.id for item in built.recommend(exclude_families=True)}
    assert (company("Birch") in left, company("Elm") in left) == (True, False)
    assert built.explain(company("Elm"), exclude_families=True).explanation.ineligible == (
        "it belongs to a customer's own corporate family"
    )
