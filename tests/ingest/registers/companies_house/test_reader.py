"""The reader of Companies House's companies on invented ones; every expected value is written out."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.reader import load_reader
from graphleads.ingest.registers.companies_house.reader import CompaniesHouseReader
from graphleads.model import DeliveryKind
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "companies_house" / "BasicCompanyDataAsOneFile-2024-12-01.csv"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContract(ReaderContract):
    reader = CompaniesHouseReader()
    files = (GOLDEN,)
    required_column = "CompanyStatus"


@pytest.fixture(scope="module")
def golden() -> Read:
    return TestContract().read([GOLDEN])


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def test_the_entry_point_and_the_files_name() -> None:
    assert isinstance(load_reader("companies-house"), CompaniesHouseReader)
    preview = CompaniesHouseReader().preview(open_sources(GOLDEN), None)
    assert (preview.dataset, preview.observed_on, preview.kind) == ("gb_coh", date(2024, 12, 1), DeliveryKind.FULL)


def test_companies(golden: Read) -> None:
    tables, report = golden
    assert rows(tables["companies"], "record", "id", "name", "jurisdiction", "status", "incorporated_on") == [
        ("99000001", "GB-COH:99000001", "ALDER & BIRCH LIMITED", "GB", "active", date(2012, 2, 29)),
        ("00990002", "GB-COH:00990002", 'THE "CEDAR" PRESS LTD', "GB", "active", date(2018, 6, 5)),
        ("SO990001", "GB-COH:SO990001", "DOGWOOD PARTNERS LLP", "GB-SCT", "in_liquidation", date(2011, 11, 11)),
        ("NI990001", "GB-COH:NI990001", "ÉLAN ELM LIMITED", "GB-NIR", "active", date(2001, 1, 1)),
        ("FC990001", "GB-COH:FC990001", "FIR OVERSEAS INC", "US", "active", date(1999, 4, 1)),
        ("99000004", "GB-COH:99000004", "GORSE LIMITED", "GB", "dissolved", date(2010, 10, 10)),
    ]
    assert report.n_rows_read.total() == 6
    assert report.issue_counts == {}


def test_places_forms_and_the_registers_words(golden: Read) -> None:
    alder, cedar, *_, gorse = golden[0]["companies"].to_pylist()
    assert (alder["region"], alder["locality"], alder["postcode"]) == ("GB-ENG", "INVENTON", "XA26 1AB")
    assert (alder["legal_form"], alder["size_class"]) == ("Private Limited Company", "MICRO ENTITY")
    assert (cedar["region"], cedar["status_text"]) == ("HAMPSHIRE", "Active - Proposal to Strike off")
    assert (gorse["start_on"], gorse["dissolved_on"]) == (date(2024, 9, 17), date(2024, 9, 17))
    assert alder["start_on"] is None


def test_former_names_end_when_they_were_changed(golden: Read) -> None:
    assert rows(golden[0]["names"], "id", "name", "kind", "start_on", "end_on") == [
        ("GB-COH:99000001", "ALDER LIMITED", "former", None, date(2019, 7, 15)),
        ("GB-COH:99000001", "OLD ALDER LIMITED", "former", None, date(2013, 3, 1)),
    ]


def test_trades_are_codes_of_2007_or_of_before(golden: Read) -> None:
    assert rows(golden[0]["classifications"], "record", "scheme", "code", "primary") == [
        ("99000001", "UK-SIC-2007", "62012", True),
        ("00990002", "UK-SIC-2007", "99999", True),
        ("NI990001", "UK-SIC-2007", "41201", True),
        ("FC990001", "X-UK-SIC-2003", "7499", True),
        ("99000004", "UK-SIC-2007", "56101", True),
        ("99000001", "UK-SIC-2007", "70229", False),
    ]


def test_registered_offices_in_one_building_share_a_key(golden: Read) -> None:
    points = golden[0]["contact_points"]
    assert set(rows(points, "kind", "purpose")) == {("address", "registered")}
    assert rows(points, "record", "key")[:3] == [
        ("99000001", "17 xa26 1ab"),
        ("00990002", "17 xa26 1ab"),
        ("SO990001", "unit 3 xh1 2cd"),
    ]
    assert points["display"][0].as_py() == (
        "2ND FLOOR, 17 KING STREET, LITTLE INVENTON, INVENTON, HAMPSHIRE, XA26 1AB, ENGLAND"
    )


def test_identifiers_are_the_companys_number(golden: Read) -> None:
    assert rows(golden[0]["identifiers"], "id", "scheme", "value", "valid")[:2] == [
        ("GB-COH:99000001", "GB-COH", "99000001", None),
        ("GB-COH:00990002", "GB-COH", "00990002", None),
    ]


def test_who_takes_the_post_in_is_not_stored(golden: Read) -> None:
    assert "A PERSON" not in "".join(str(table.to_pylist()) for table in golden[0].values())
    assert golden[1].ignored_fields["RegAddress.CareOf"] == "who takes the post in, often a person"


def changed(tmp_path: Path, **values: str) -> Path:
    """Write the first company with other values, and an untouched second one."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, skipinitialspace=True)
        first, second, *_ = reader
    path = tmp_path / "companies.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(first), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows([first | values, second])
    return path


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("CompanyNumber", "ABC", "bad_company_number"),
        ("CompanyNumber", "", "bad_company_number"),
        ("CompanyName", " ", "no_name"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out(tmp_path: Path, column: str, value: str, code: str) -> None:
    tables, report = TestContract().read([changed(tmp_path, **{column: value})])
    assert [(issue["code"], issue["row"], issue["column"]) for issue in report.issue_table().to_pylist()] == [
        (code, 2, column)
    ]
    assert tables["companies"]["record"].to_pylist() == ["00990002"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("CompanyStatus", "Asleep", "unknown_status"),
        ("IncorporationDate", "30/02/2012", "bad_date"),
        ("IncorporationDate", "2012-02-29", "bad_date"),
        ("PreviousName_1.CONDATE", "0", "bad_date"),
        ("CountryOfOrigin", "UTOPIA", "unknown_country"),
        ("SICCode.SicText_2", "Gardening", "bad_trade"),
    ],
)
def test_odd_values_are_reported_and_the_row_stays(tmp_path: Path, column: str, value: str, code: str) -> None:
    tables, report = TestContract().read([changed(tmp_path, **{column: value})])
    assert [
        (issue["code"], issue["row"], issue["column"], issue["sample"]) for issue in report.issue_table().to_pylist()
    ] == [(code, 2, column, value)]
    assert tables["companies"]["record"].to_pylist() == ["99000001", "00990002"]


def test_what_is_not_known_is_unclear_and_not_british(tmp_path: Path) -> None:
    path = changed(tmp_path, CompanyStatus="Asleep", CountryOfOrigin="UTOPIA")
    company = TestContract().read([path])[0]["companies"].to_pylist()[0]
    assert (company["status"], company["status_text"], company["jurisdiction"]) == ("unclear", "Asleep", None)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("", "unclear"), ("Restored", "active"), ("Transformed to SE", "inactive"), ("Converted to PLC", "inactive"),
        ("Transferred from UK", "inactive"), ("Petition to Restore Dissolved", "dissolved"),
    ],
)  # fmt: skip
def test_statuses_that_few_companies_have(tmp_path: Path, words: str, status: str) -> None:
    path = changed(tmp_path, CompanyStatus=words)
    assert TestContract().read([path])[0]["companies"]["status"].to_pylist()[0] == status


WRAPPED_AT = 118


@pytest.mark.acceptance
def test_the_hard_wrapped_sample_is_read_once_its_lines_are_joined(test_data: Path, tmp_path: Path) -> None:
    lines = (test_data / "data/companies_house/basic-company-data-1.csv").read_text(encoding="utf-8").splitlines()
    joined = "".join(line if len(line) == WRAPPED_AT else f"{line}\n" for line in lines)
    path = tmp_path / "BasicCompanyDataAsOneFile-2024-12-01.csv"
    path.write_text(joined, encoding="utf-8")
    tables, report = TestContract().read([path])
    assert report.n_rows_read.total() == 1
    assert report.unknown_fields == set()
    assert report.issue_counts == {}
    assert {name: table.num_rows for name, table in tables.items() if table.num_rows} == {
        "companies": 1, "identifiers": 1, "contact_points": 1, "classifications": 1,
    }  # fmt: skip


@pytest.mark.acceptance
def test_the_sample_rendered_as_json_is_read_once_it_is_csv_again(test_data: Path, tmp_path: Path) -> None:
    content = (test_data / "data/companies_house/company-data-1.json").read_text(encoding="utf-8")
    companies = json.loads(content)
    path = tmp_path / "companies.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(companies[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(companies)
    tables, report = TestContract().read([path])
    assert report.n_rows_read.total() == len(companies) == 2
    assert report.unknown_fields == set()
    assert report.issue_counts == {}
    assert tables["companies"]["name"].to_pylist() == [company["CompanyName"] for company in companies]
    assert tables["classifications"].num_rows == 2
