from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from graphleads.crm.crm_file import read_customers
from graphleads.crm.people import hold_out_of, tells_of_person
from graphleads.model import CustomerRecord, CustomerStatus

CONTACTS = {
    "Associated Contact": "Bo Kay (bo@alder.example)",
    "Decision Maker": "Bo Kay",
    "Contacts": "Bo Kay, Cy Day",
    "Notes": "Call Bo on +44 7700 900123",
    "Ansprechpartner": "Bo Kay",
    "法定代表人": "张三",
    "决策人": "李四",
    "对接人": "王五 13800138000",
    "Key Person": "Bo Kay",
    "Assistant Phone": "+44 7700 900124",
    "Last Contacted By": "Ann",
    "Skype": "bo.kay",
    "WhatsApp": "+44 7700 900125",
    "Remark": "bo@alder.example",
}
COMPANY = {
    "Industry": "Steel",
    "Parent": "1a2b3c4d-0001-4000-8000-000000000001",
    "Modified": "01.02.2024 10:00",
    "Created": "2024-01-02T09:30:00.000+0000",
    "Turnover": "12 500 000",
    "Tax": "11.222.333/0001-81",
    "Last Contacted": "2024-01-02 10:00",
    "Number of Contacts": "3",
    "Contacted": "true",
    "Code": "201901011234567",
}


@pytest.mark.parametrize(
    "text",
    [
        *("Bo <bo.kay@alder.example>", "+44 113 496 0001", "+441134960001", "0044 113 496 0001", "13800138000"),
        *("138 0013 8000", "(0113) 496 0001", "0113 496 0001", "01 23 45 67 89", "03-5550-0001", "010-5550100"),
        *("(212) 555-0100", "212-555-0100", "1-212-555-0100", "07700900123", "tel: 5550 0100 22", "电话：55500100"),
    ],
)
def test_addresses_and_numbers_are_told_by_what_they_are(text: str) -> None:
    assert tells_of_person("Anything", text)
    assert tells_of_person("Anything", f"ask {text} first")


@pytest.mark.parametrize(("header", "text"), COMPANY.items())
def test_what_is_the_companys_stays(header: str, text: str) -> None:
    assert not tells_of_person(header, text)


def test_people_are_held_out_of_an_export_and_counted() -> None:
    rows = [{"ID": n, "Name": "Alder", "Status": "won", **CONTACTS, **COMPANY, "Remark": note} for n, note in
            enumerate(["late payer", CONTACTS["Remark"]])]  # fmt: skip
    file = read_customers(pd.DataFrame(rows))
    assert [one.custom for one in file.records] == [COMPANY | {"Remark": "late payer"}, COMPANY]
    assert file.dropped_personal == dict.fromkeys(CONTACTS, 2) | {"Remark": 1}
    assert {header for header, fate in file.became.items() if fate == "never stored"} == {*CONTACTS} - {"Remark"}


def test_an_address_in_another_field_is_not_stored(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text(
        "ID,Name,Status,Website,Country,Amount\n"
        "1,Alder,call bo@alder.example,bo@alder.example,0113 496 0001,x@y.example\n"
    )
    file = read_customers(tmp_path / "crm.csv", status_of="Status")
    (record,) = file.records
    assert (record.status, record.website, record.custom) == (CustomerStatus.OPEN, None, {})
    assert "alder.example" not in "".join(file.notes)


def test_people_are_held_out_of_what_a_program_sends() -> None:
    sent = CustomerRecord(
        external_id="1",
        name="Alder",
        status=CustomerStatus.WON,
        website="bo@alder.example",
        custom=COMPANY | {"Contact email": "bo@alder.example", "Mobile": "1"},
    )
    kept, held = hold_out_of(sent)
    assert (kept.custom, kept.website) == (COMPANY, None)
    assert held == {"Contact email": 1, "Mobile": 1, "website": 1}


def test_numbers_of_people_are_held_out_of_what_a_program_sends() -> None:
    sent = CustomerRecord(
        external_id="1",
        name="Beto Ficticio 12345678909",
        status=CustomerStatus.WON,
        identifiers=(("CN-USCI", "11010119000101001X"), ("BR-CNPJ", "11222333000181")),
    )
    kept, held = hold_out_of(sent)
    assert (kept.name, kept.identifiers) == ("Beto Ficticio", (("BR-CNPJ", "11222333000181"),))
    assert held == {"name": 1, "identifiers": 1}
