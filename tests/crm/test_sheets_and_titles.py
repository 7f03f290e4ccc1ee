"""What stands around the table of an export: titles, a line for spreadsheets, other sheets; and formulas in it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from graphleads.crm.crm_file import read_customers
from graphleads.crm.importing import Imports
from graphleads.crm.record import Customers
from graphleads.errors import FormatMismatch
from graphleads.model import CustomerStatus
from graphleads.testing.session import session_on

HEADER = ["Account ID", "Account Name", "Account Status", "Amount", "Account Owner", "Tier"]


def write_book(path: Path, *rows: list[object], name: str = "Accounts", hidden: str | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in [HEADER, *rows]:
        sheet.append(row)
    if hidden is not None:
        other = book.create_sheet(hidden)
        other.append(HEADER)
        other.sheet_state = "hidden"
    book.save(path)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nAccount ID;Account Name;Account Status\r\nA1;Alder, Ltd;Customer\r\n",
        'Accounts report,,\nAs of 2026-11-30,,\n,,\nAccount ID,Account Name,Account Status\nA1,"Alder, Ltd",Customer\n',
        "Accounts, all of them\nAccount ID;Account Name;Account Status\nA1;Alder, Ltd;Customer\n",
        "Report:\tAccounts\t\nAccount ID\tAccount Name\tAccount Status\nA1\tAlder, Ltd\tCustomer\n",
    ],
)
def test_titles_above_a_header_are_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "crm.csv").write_bytes(text.encode())
    file = read_customers(tmp_path / "crm.csv")
    assert [(one.external_id, one.name, one.status) for one in file.records] == [
        ("A1", "Alder, Ltd", CustomerStatus.WON)
    ]
    assert file.rejected == ()


def test_rows_below_titles_keep_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text("All accounts\n\nID,Name,Status\n1,Alder,won\n,Birch,won\n3,Cedar\n")
    assert [one.row for one in read_customers(tmp_path / "crm.csv").rejected] == [4, 5]


def test_hidden_sheets_are_passed_over_and_one_can_be_named(tmp_path: Path) -> None:
    path = write_book(tmp_path / "crm.xlsx", ["A1", "Alder Ltd", "Customer"], hidden="lists")
    assert [one.external_id for one in read_customers(path).records] == ["A1"]
    assert read_customers(path, sheet="lists").records == ()
    with pytest.raises(FormatMismatch, match=r"crm\.xlsx has no sheet 'Old', only Accounts, lists"):
        read_customers(path, sheet="Old")


def test_a_formula_without_a_result_is_said_and_clears_nothing(tmp_path: Path, engine: Engine) -> None:
    stored = write_book(
        tmp_path / "a.xlsx",
        ["A1", "Alder Ltd", "Customer", 100, "Ann", "gold"],
        ["A2", "Birch Ltd", "Customer", 5, "Ann"],
    )
    Imports(session_on(engine)).make(read_customers(stored))
    formulas = write_book(
        tmp_path / "b.xlsx",
        ["A1", "Alder Ltd", '=IF(TRUE,"Customer","")', "=D3*2", '="Ann"', '="gold"'],
        ["A2", '=HYPERLINK("https://crm.example/A2","Birch Ltd")', "Customer", 5, "Ann"],
        ['="A3"', "Cedar Ltd", "Customer", 5, "Ann"],
        ["A4", "Damson Ltd", '="Customer"', 5, "Ann"],
    )
    file = read_customers(formulas)
    assert [(one.row, one.external_id, one.reason) for one in file.rejected] == [
        (3, "A2", "It has no name: what column 'Account Name' says could not be read."),
        (4, None, "It has no id: what column 'Account ID' says could not be read."),
    ]
    assert (
        "Column 'Amount', row 2 (1 times): A formula in the row has no result in the file: its cell is left empty. "
        "Open the workbook in Excel and save it, which stores the results. What is stored stays."
    ) in file.notes
    report = Imports(session_on(engine)).make(file)
    assert (report.new, report.changed) == (("A4",), ())
    alder, birch, damson = Customers(session_on(engine)).current()
    assert (alder.status, alder.value, alder.owner, alder.custom) == (
        CustomerStatus.WON,
        100.0,
        "Ann",
        {"Tier": "gold"},
    )
    assert (birch.name, damson.status) == ("Birch Ltd", CustomerStatus.OPEN)


def test_a_cell_that_is_too_long_clears_nothing(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "a.csv").write_text("ID,Name,Status,Owner\n1,Alder,won,Ann\n")
    (tmp_path / "b.csv").write_text("ID,Name,Status,Owner\n1,Alder,won," + "a" * 70_000 + "\n")
    Imports(session_on(engine)).make(read_customers(tmp_path / "a.csv"))
    assert Imports(session_on(engine)).make(read_customers(tmp_path / "b.csv")).unchanged == ("1",)
