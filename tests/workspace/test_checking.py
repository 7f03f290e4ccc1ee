from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from graphleads.testing.staging import stage_delivery
from graphleads.workspace.workspace import Workspace

NAMES = {"1": "Kauri Trading Ltd", "2": "Rimu Timber Ltd", "3": "Totara Ltd", "4": "山东黎阳半导体有限公司"}

CUSTOMERS = pd.DataFrame(
    [
        {"id": "a", "name": "Kauri Trading Ltd", "owner": "ann", "website": "kauri.example"},
        {"id": "b", "name": "Kauri", "owner": "ann", "website": "kauri.example"},
        {"id": "c", "name": "Rimu Timber Ltd", "owner": "ann", "website": "rimu.example"},
        {"id": "d", "name": "Old Totara Ltd", "owner": "ann", "website": "totara.example"},
        {"id": "e", "name": "黎阳", "owner": "ann", "country": "CN", "website": "liyang.example"},
        {"id": "f", "name": "Zebra Cloud", "owner": None, "website": None},
    ]
).assign(status="won")
CUSTOMERS["country"] = CUSTOMERS["country"].fillna("GB")


@pytest.fixture
def checked(home: Path, open_home: Callable[[], Workspace]) -> Workspace:
    """A home with six customers, of which each has another fault."""
    companies = [
        {"record": f"S{n}", "id": f"X-S:{n}", "name": name, "jurisdiction": "CN" if n == "4" else "GB"}
        | ({"status": "dissolved"} if n == "2" else {})
        for n, name in NAMES.items()
    ]
    names = [{"record": "S3", "id": "X-S:3", "name": "Old Totara Ltd", "kind": "former"}]
    tables = {"companies": companies, "names": names}
    stage_delivery(home / "staged", tables, observed_on="2025-07-01", dataset="checked")
    workspace = open_home()
    workspace.import_customers(CUSTOMERS)
    workspace.run()
    workspace.customers.confirm("a", "X-S:1", by="ann")
    workspace.customers.confirm("b", "X-S:1", by="ann")
    return workspace


def test_each_fault_of_customers_is_listed_with_what_repairs_it(checked: Workspace) -> None:
    found = [
        (one.kind.value, [each.external_id for each in one.customers], one.company and one.company.id, one.repair)
        for one in checked.customers.check()
    ]
    assert found == [
        ("duplicate", ["a", "b"], "X-S:1", ("customers", "remove", "b")),
        ("dissolved", ["c"], "X-S:2", ("customers", "remove", "c", "--why", "its company is dissolved")),
        ("renamed", ["d"], "X-S:3", ("customers", "import", "FILE")),
        ("unmatched", ["e"], None, ("match", "--confirm", "e", "X-S:4")),
        ("unmatched", ["f"], None, ("search", "Zebra Cloud")),
        ("incomplete", ["f"], None, ("customers", "import", "FILE")),
    ]
    assert [one.what for one in checked.customers.check()][2] == "its company is called Totara Ltd now"


def test_customers_that_are_likely_one_are_duplicates_without_a_register(open_home: Callable[[], Workspace]) -> None:
    workspace = open_home()
    rows = [{"id": key, "name": "Kauri", "status": "won", "country": "GB", "owner": "ann"} for key in ("x", "y")]
    workspace.import_customers(pd.DataFrame(rows))
    kinds = [(one.kind.value, len(one.customers), one.repair[0]) for one in workspace.customers.check()]
    assert kinds == [
        ("duplicate", 2, "customers"),
        *[("unmatched", 1, "match")] * 2,
        *[("incomplete", 1, "customers")] * 2,
    ]


def test_what_a_search_finds_is_offered_for_a_chinese_name_that_nothing_matches(checked: Workspace) -> None:
    answer = checked.customers.get("e")
    assert (answer.match and answer.match.company, [one.id for one in answer.candidates]) == (None, ["X-S:4"])
    (line,) = (one for one in checked.customers.review() if one.customer.external_id == "e")
    assert [(one.company, one.method) for one in line.candidates] == [("X-S:4", "search")]
    assert checked.customers.get("f").candidates == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["1", "2", "3"], "Column 'Firmennr' holds X-S numbers of the register (3 of 3 looked up)"),
        (["X-S:1", "X-S:2", "X-S:3"], "Column 'Firmennr' holds ids of the register (3 of 3 looked up)"),
        (["91", "92", "3"], None),
        (["1", "1", "1"], None),
    ],
)
def test_a_column_of_numbers_of_the_register_is_noticed(
    checked: Workspace, values: list[str], said: str | None
) -> None:
    rows = pd.DataFrame(
        {"id": ["p", "q", "r"], "name": ["Pear", "Quince", "Rose"], "Firmennr": values, "status": "won"}
    )
    notes = checked.import_customers(rows, dry_run=True).file.notes
    assert [note for note in notes if "Firmennr" in note] == ([] if said is None else [notes[-1]])
    assert said is None or notes[-1].startswith(said)
