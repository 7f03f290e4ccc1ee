from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from graphleads.crm.crm_file import read_customers
from graphleads.crm.external_id import are_whole_numbers, find_stored, fold_id, spellings_of


def test_the_two_forms_of_a_salesforce_id_are_one() -> None:
    assert fold_id("0015g00000AbCdEAAV") == "0015g00000AbCdE"
    assert fold_id("0015g00000AbCdE") == "0015g00000AbCdE"
    assert spellings_of("0015g00000AbCdE") == ("0015g00000AbCdE", "0015g00000AbCdEAAV")
    assert spellings_of("0015g00000AbCdEAAV") == ("0015g00000AbCdEAAV", "0015g00000AbCdE")
    assert find_stored("0015g00000AbCdE", {"0015g00000AbCdEAAV": 1}) == 1
    assert find_stored("0015g00000abcde", {"0015g00000AbCdEAAV": 1}) is None


@pytest.mark.parametrize("text", ["0015g00000AbCdEAAA", "0015g00000AbCdE-AV", "C-42", "123456789012345678"])
def test_other_ids_are_what_they_are(text: str) -> None:
    assert (fold_id(text), spellings_of(text)) == (text, (text,))


def test_only_columns_of_whole_numbers_lose_their_point() -> None:
    assert are_whole_numbers(["1001.0", None, "7"])
    assert not are_whole_numbers(["1001.0", "A7"])
    assert not are_whole_numbers(["1.5", "1001.0"])
    assert not are_whole_numbers(["1001", "7"])


@pytest.mark.parametrize(("ids", "read"), [(["1001.0", "7"], ["1001", "7"]), (["1001.0", "A"], ["1001.0", "A"])])
def test_an_id_is_read_as_it_was_before_it_became_a_number(tmp_path: Path, ids: list[str], read: list[str]) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("".join(f"{one},Foo\n" for one in ["id,name", *ids]).replace("id,name,Foo", "id,name"))
    assert [one.external_id for one in read_customers(file).records] == read
    file.write_text("Deal ID,Company ID,Company,Stage\n" + "".join(f"{one},{one},Foo,won\n" for one in ids))
    assert [(one.external_id, one.customer) for one in read_customers(file).deals] == [(one, one) for one in read]


def test_an_id_that_was_rounded_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["id", "name"], [876000000123456000, "Foo"], [9007199254740992, "Bar"], ["8.76E+17", "Quux"]):
        book.active.append(row)
    book.save(tmp_path / "crm.xlsx")
    file = read_customers(tmp_path / "crm.xlsx")
    assert [one.external_id for one in file.records] == ["9007199254740992"]
    assert [(one.row, one.reason) for one in file.rejected] == [
        (
            row,
            f"Its id {text!r} was rounded by a spreadsheet, which keeps numbers up to 2^53 only: export the column "
            "as text.",
        )
        for row, text in ((2, "8.76000000123456e+17"), (4, "8.76E+17"))
    ]
    frame = pd.DataFrame({"id": [876000000123456001, 2**53], "name": ["Foo", "Bar"]})
    assert [one.external_id for one in read_customers(frame).records] == ["876000000123456001", "9007199254740992"]
    frame["id"] = frame["id"].astype(float)
    assert [one.external_id for one in read_customers(frame).records] == ["9007199254740992"]
    deals = pd.DataFrame(
        {"Deal ID": [1, 2], "Company ID": [8.76e17, 7.0], "Company": ["Foo", "Bar"], "Stage": ["won"] * 2}
    )
    assert [one.external_id for one in read_customers(deals).deals] == ["2"]


def test_identifiers_that_cannot_be_are_said(tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,name,LEI,CNPJ\n1,Foo,5.299E+22,\n2,Bar,,191234000192\n3,Quux,not a number,\n")
    notes = "Column 'LEI', 2 times: no XI-LEI is written so (row 2, 4), kept as written; no company is found by it."
    assert notes in read_customers(file).notes
    assert not any("CNPJ" in one for one in read_customers(file).notes)
