"""Stock exports of the CRMs that people use, in their own columns, pick lists and languages: read without a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from graphleads.crm.cell import convert_frame
from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.crm.status_column import tell_standing
from graphleads.errors import ValueInvalid
from graphleads.model import CustomerStatus

GOLDEN = Path(__file__).parents[1] / "golden" / "crm"

EXPORTS = {
    "salesforce_report.csv": ("Account ID", "Type", ["won", "open", "open", "open"], "GB", "Ines Calloway"),
    "salesforce_data_loader.csv": ("ID", "TYPE", ["won", "open", "open"], "GB", "0055g00000BBbbBAAT"),
    "salesforce_api.json": ("Id", "Type", ["won", "open"], "GB", "0055g00000BBbbBAAT"),
    "hubspot_companies.csv": ("Record ID", "Lifecycle Stage", ["won", "open", "open", "won"], "GB", "Ines Calloway"),
    "dynamics_accounts.csv": (
        *("(Do Not Modify) Account", "Relationship Type", ["won", "open", "open"], "GB", "Ines Calloway"),
    ),
    "zoho_accounts.csv": ("Record Id", "Account Type", ["won", "open", "open"], "GB", "Ines Calloway"),
    "pipedrive_organizations.csv": (
        *("Organization - ID", "Organization - Won deals", ["won", "open", "open"], None, "Ines Calloway"),
    ),
    "suitecrm_accounts.csv": ("ID", "Type", ["won", "open", "open"], "GB", "ines"),
    "espocrm_accounts.csv": ("id", "type", ["won", "open", "open"], "GB", "Ines Calloway"),
    "odoo_contacts.csv": ("External ID", "Customer Rank", ["won", "open", "open"], "GB", "Ines Calloway"),
    "erpnext_customers.csv": ("ID", "Disabled", ["won", "lost", "won"], None, "Ines Calloway"),
    "xiaoshouyi_accounts.csv": ("客户编号", "客户类型", ["won", "open", "open"], None, "王经理"),
    "fxiaoke_accounts.csv": ("客户编号", "成交状态", ["won", "open", "won"], "CN", "王经理"),
    "german_list.csv": ("Kundennummer", "Status", ["won", "lost", "open"], "DE", "I. Callweg"),
    "french_list.csv": ("Numéro de client", "Statut", ["won", "lost", "open"], "FR", "Inès C."),
    "spanish_list.csv": ("Código del cliente", "Tipo de cuenta", ["won", "open", "lost"], "ES", "Inés"),
    "portuguese_list.csv": ("Código do cliente", "Situação", ["won", "open", "lost"], "BR", "Inês"),
    "japanese_list.csv": ("取引先ID", "取引先種別", ["won", "open", "lost"], None, "高橋"),
}


def read_rows(*rows: Mapping[str, object]) -> CustomerFile:
    return read_customers(pd.DataFrame(list(rows)))


def statuses(file: CustomerFile) -> list[str]:
    return [one.status.value for one in file.records]


@pytest.mark.parametrize("name", EXPORTS)
def test_a_stock_export_is_read_without_a_mapping(name: str) -> None:
    id_column, status_column, expected, country, owner = EXPORTS[name]
    file = read_customers(GOLDEN / name)
    assert (file.columns["external_id"], file.columns["status"]) == (id_column, status_column)
    assert statuses(file) == expected
    assert (file.records[0].jurisdiction, file.records[0].owner) == (country, owner)
    assert file.question is None
    assert set(file.became) == {*file.columns.values(), *file.custom, *file.dropped_personal}


def test_every_golden_export_is_tried() -> None:
    assert set(EXPORTS) == {path.name for path in GOLDEN.iterdir()}


def test_a_list_of_nothing_but_customers_is_won() -> None:
    file = read_rows({"ID": "1", "Customer Name": "Alder Ltd", "Customer Group": "Commercial", "Territory": "UK"})
    assert (statuses(file), file.question) == (["won"], None)


def test_the_id_is_the_column_that_is_filled_and_distinct() -> None:
    rows = [{"Id": f"001{n}", "Name": "Alder Ltd", "AccountNumber": "CC-77" if n else None} for n in range(4)]
    assert read_rows(*rows).columns["external_id"] == "Id"
    told = [{"Id": f"001{n}", "Name": "Alder Ltd", "AccountNumber": f"CC-{n}"} for n in range(4)]
    assert read_rows(*told).columns["external_id"] == "AccountNumber"


def test_a_field_is_the_first_of_its_columns_that_says_anything() -> None:
    file = read_rows({"ID": "1", "Name": "Alder Ltd", "Website": None, "Company Domain Name": "alder.example"})
    assert file.records[0].website == "alder.example"


def test_a_status_of_records_is_not_that_of_customers() -> None:
    rows = [
        {"ID": "1", "Name": "Alder Ltd", "Status": "Active", "Type": "Customer"},
        {"ID": "2", "Name": "Birch Ltd", "Status": "Active", "Type": "Prospect"},
    ]
    assert statuses(read_rows(*rows)) == ["won", "open"]
    renamed = [{"Account Status" if key == "Status" else key: value for key, value in row.items()} for row in rows]
    assert statuses(read_rows(*renamed)) == ["won", "won"]


def test_a_type_of_businesses_is_no_status() -> None:
    rows = [{"ID": str(n), "Name": "Alder Ltd", "Type": kind} for n, kind in enumerate(["Bakery", "Other", "Mill"])]
    file = read_rows(*rows)
    assert "status" not in file.columns
    assert file.question is not None
    assert "No column of the DataFrame surely says how its customers stand: 'Type' (Other) could" in file.question


def test_two_columns_that_differ_are_asked_about_and_two_that_agree_are_not() -> None:
    first = {"ID": "1", "Name": "Alder Ltd", "Stage": "Closed Won", "Type": "Customer"}
    assert read_rows(first).columns["status"] == "Stage"
    second = {"ID": "2", "Name": "Birch Ltd", "Stage": "Negotiation", "Type": "Customer"}
    assert read_rows(first, second).question == (
        "the DataFrame says in several columns how its customers stand, and differently: "
        "'Stage' (Closed Won, Negotiation), 'Type' (Customer)."
    )


def test_a_column_of_another_name_that_could_say_it_is_asked_about() -> None:
    file = read_rows(
        {"ID": "1", "Name": "Alder Ltd", "Einordnung": "Bestandskunde"},
        {"ID": "2", "Name": "Birch Ltd", "Einordnung": "Interessent"},
    )
    assert file.question is not None
    assert "'Einordnung' (Bestandskunde, Interessent) could" in file.question


@pytest.mark.parametrize(
    ("status_of", "expected"), [("Einordnung", ["won", "open"]), ("won", ["won", "won"]), ("lost", ["lost", "lost"])]
)
def test_what_was_asked_can_be_said(status_of: str, expected: list[str]) -> None:
    frame = pd.DataFrame({"ID": ["1", "2"], "Name": ["A", "B"], "Einordnung": ["Kunde", "vielleicht"]})
    file = read_customers(frame, status_of=status_of)
    assert (statuses(file), file.question) == (expected, None)
    assert file.scope is not None
    assert "status" in file.scope.fields


def test_what_is_neither_a_column_nor_a_status_is_told() -> None:
    with pytest.raises(ValueInvalid, match="'Art' is neither a column of the DataFrame nor won, open or lost: its col"):
        read_customers(pd.DataFrame({"ID": ["1"], "Name": ["A"]}), status_of="Art")


def test_counts_of_what_was_won_say_who_is_a_customer() -> None:
    table = convert_frame(pd.DataFrame({"Won deals": [3, 0, None], "Label": ["Cold lead", "Customer", None]}))
    standing = tell_standing(table, table.headers)
    assert standing.header == "Won deals"
    assert [standing.words[word] for word in ("3", "0", "")] == [
        CustomerStatus.WON,
        CustomerStatus.OPEN,
        CustomerStatus.OPEN,
    ]
