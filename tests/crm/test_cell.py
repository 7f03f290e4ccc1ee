from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from graphleads.crm.crm_file import read_customers
from graphleads.crm.customer_file import CustomerFile
from graphleads.errors import FormatMismatch
from graphleads.model import CustomerStatus

ROWS: list[dict[str, Any]] = [
    {"Account ID": "007", "Account Name": "Foo & Sons Ltd", "Stage": "Closed Won", "Close Date": datetime(2023, 5, 13)},
    {"Account ID": "8", "Account Name": "示例钢铁有限公司", "Stage": "Prospecting", "Close Date": None},
]


def check(read: CustomerFile) -> None:
    assert [(one.external_id, one.name, one.status, one.won_on) for one in read.records] == [
        ("007", "Foo & Sons Ltd", CustomerStatus.WON, date(2023, 5, 13)),
        ("8", "示例钢铁有限公司", CustomerStatus.OPEN, None),
    ]
    assert (read.rejected, read.notes) == ((), ())


def write_workbook(path: Path, *sheets: str) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(list(ROWS[0]))
        for row in ROWS:
            sheet.append(list(row.values()))
    book.save(path)
    return path


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    check(read_customers(write_workbook(tmp_path / "crm.xlsx", "Accounts")))


def test_a_parquet_file_is_read_like_a_csv_file(tmp_path: Path) -> None:
    pd.DataFrame(ROWS).to_parquet(tmp_path / "crm.parquet")
    check(read_customers(tmp_path / "crm.parquet"))


def test_json_lines_are_read_like_a_csv_file(tmp_path: Path) -> None:
    text = "".join(json.dumps(row, default=str) + "\n" for row in ROWS)
    (tmp_path / "crm.json").write_text(text, encoding="utf-8")
    check(read_customers(tmp_path / "crm.json"))


def test_a_workbook_of_several_sheets_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        FormatMismatch, match=r"crm\.xlsx holds 2 tables \(Accounts, Old\): name the customers' with --sheet"
    ):
        read_customers(write_workbook(tmp_path / "crm.xlsx", "Accounts", "Old"))


def test_a_time_of_day_is_left_off(tmp_path: Path) -> None:
    frame = pd.DataFrame([{**ROWS[0], "Close Date": datetime(2023, 5, 13, 17, 45)}])
    frame.to_parquet(tmp_path / "crm.parquet")
    assert read_customers(frame).records[0].won_on == date(2023, 5, 13)
    assert read_customers(tmp_path / "crm.parquet").records[0].won_on == date(2023, 5, 13)
