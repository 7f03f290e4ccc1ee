"""A CRM's accounts and opportunities, as somebody else made them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graphleads.workspace.workspace import open_workspace

ACCOUNTS, DEALS = "accounts.csv", "sales_pipeline.csv"


@pytest.mark.parametrize("order", [(DEALS, ACCOUNTS), (ACCOUNTS, DEALS)])
def test_every_account_with_a_won_deal_is_won(test_data: Path, tmp_path: Path, order: tuple[str, str]) -> None:
    folder = test_data / "data" / "crm_maven"
    with open_workspace(tmp_path / "home") as workspace:
        for file in order:
            assert workspace.import_customers(folder / file).rejected == ()
        customers, deals = workspace.customers.all(), workspace.customers.deals()
        assert Counter(one.status for one in customers) == {"won": 85}
        assert sum(one.parent is not None for one in customers) == 15
        assert Counter(one.status for one in deals) == {"won": 4238, "lost": 2473, "open": 2089}
        assert sum(one.customer is None for one in deals) == 1425
        won = {one.customer: 0.0 for one in deals if one.customer}
        for one in deals:
            if one.customer and one.status == "won":
                won[one.customer] += one.amount or 0
        assert {one.external_id: one.value for one in customers} == won
        assert [workspace.import_customers(folder / file).import_id for file in order] == [None, None]
