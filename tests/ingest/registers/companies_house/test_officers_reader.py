"""The reader of Companies House's officers on invented ones; every expected value is written out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphleads.errors import FileUnreadable, FormatMismatch, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.graph.facts import read_facts
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.ingest.reader import load_reader
from graphleads.ingest.registers.companies_house.officers_reader import CompaniesHouseOfficersReader
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import open_deliveries
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "companies_house"
SNAPSHOT, UPDATE = GOLDEN / "Prod216_2898_ew_1_21042021.dat", GOLDEN / "Prod198_1724_22042021.dat"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContractOfSnapshots(ReaderContract):
    reader = CompaniesHouseOfficersReader()
    files = (SNAPSHOT,)


class TestContractOfUpdates(ReaderContract):
    reader = CompaniesHouseOfficersReader()
    files = (UPDATE,)


def read(path: Path) -> Read:
    return TestContractOfSnapshots().read([path])


@pytest.fixture(scope="module")
def snapshot() -> Read:
    return read(SNAPSHOT)


@pytest.fixture(scope="module")
def update() -> Read:
    return read(UPDATE)


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


@pytest.mark.parametrize(
    ("path", "day", "kind"),
    [(SNAPSHOT, date(2021, 4, 21), DeliveryKind.FULL), (UPDATE, date(2021, 4, 22), DeliveryKind.UPDATE)],
)
def test_the_header_says_day_and_kind(path: Path, day: date, kind: DeliveryKind) -> None:
    reader = load_reader("companies-house-officers")
    assert isinstance(reader, CompaniesHouseOfficersReader)
    preview = reader.preview(open_sources(path), None)
    assert (preview.dataset, preview.observed_on, preview.kind) == ("gb_coh_officers", day, kind)


def test_snapshots_and_updates_are_different_deliveries() -> None:
    with pytest.raises(ValueInvalid, match=r"full of 2021-04-21, update of 2021-04-22"):
        CompaniesHouseOfficersReader().preview([*open_sources(SNAPSHOT), *open_sources(UPDATE)], None)


def test_companies_have_a_name_and_a_status(snapshot: Read) -> None:
    companies = snapshot[0]["companies"].filter(pc.invert(snapshot[0]["companies"]["mentioned"]))
    assert rows(companies, "record", "id", "name", "jurisdiction", "status", "status_text") == [
        ("99000001", "GB-COH:99000001", "ALDER & BIRCH LIMITED", "GB", "active", None),
        ("SO990001", "GB-COH:SO990001", "DOGWOOD PARTNERS LLP", "GB-SCT", "in_liquidation", "In liquidation"),
        ("NI990001", "GB-COH:NI990001", "ÉLAN ELM LIMITED", "GB-NIR", "inactive", "Converted or closed"),
    ]


def test_eight_digits_are_a_person_whatever_the_other_four_are(snapshot: Read) -> None:
    assert rows(snapshot[0]["persons"], "record", "id", "name", "birth_year", "birth_month", "nationality") == [
        ("99000001-01-90000001", "X-GB-COH-PERSON:90000001", "ADA MARY FICTON", 1961, 4, "GB"),
        ("99000001-03-90000003", "X-GB-COH-PERSON:90000003", "CY MADEUP", 1950, 1, "GB"),
        ("99000001-02-90000003", "X-GB-COH-PERSON:90000003", "CY MADEUP", 1950, 1, "GB"),
        ("SO990001-05-90000001", "X-GB-COH-PERSON:90000001", "ADA MARY FICTON", 1961, 4, "GB"),
        ("SO990001-12-90000004", "X-GB-COH-PERSON:90000004", "BO INVENTSTRÖM", 1970, 12, "SE"),
    ]


def test_the_key_is_that_of_the_register_of_control(snapshot: Read) -> None:
    assert snapshot[0]["persons"]["key"][0].as_py() == "8228d0b1517498de86cc4a8f"


def test_addresses_and_days_of_birth_are_dropped(snapshot: Read) -> None:
    tables, report = snapshot
    assert report.dropped_personal_fields == {"Address": 5, "Full Date of Birth": 1}
    everything = "".join(str(table.to_pylist()) for table in tables.values())
    assert "HOME LANE" not in everything
    assert "XA26 2ZZ" not in everything
    assert "19610430" not in everything


def test_appointments_are_roles(snapshot: Read) -> None:
    roles = snapshot[0]["roles"]
    assert rows(roles, "company", "holder", "kind", "title", "op", "start_on", "end_on") == [
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000001", "director", "Director", "assert", date(2012, 2, 29), None),
        ("GB-COH:99000001", "X-GB-COH-OFFICER:90000002", "secretary", "Secretary", "assert", date(2012, 2, 29), None),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000003", "director", "Director", "assert", date(2012, 2, 29),
         date(2015, 1, 1)),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000003", "secretary", "Secretary", "end", date(2012, 2, 29), None),
        ("GB-COH:SO990001", "X-GB-COH-PERSON:90000001", "partner", "LLP designated member", "assert",
         date(2011, 11, 11), None),
        ("GB-COH:SO990001", "X-GB-COH-PERSON:90000004", "manager", "Receiver or manager under the Charities Act",
         "assert", None, None),
    ]  # fmt: skip


def test_a_day_of_registration_is_no_day_of_appointment(snapshot: Read) -> None:
    published = dict(rows(snapshot[0]["roles"], "record", "published_on"))
    assert published["SO990001-12-90000004"] == date(2020, 3, 3)
    assert published["99000001-01-90000001"] is None


def test_organisations_are_mentioned_companies_with_an_address(snapshot: Read) -> None:
    companies = snapshot[0]["companies"].filter(snapshot[0]["companies"]["mentioned"])
    assert rows(companies, "id", "name", "entity_type", "locality", "postcode") == [
        ("X-GB-COH-OFFICER:90000002", "QUILL SECRETARIES LIMITED", "legal_entity", "INVENTON", "XW1 3JW"),
    ]
    assert rows(snapshot[0]["contact_points"], "id", "purpose", "key") == [
        ("X-GB-COH-OFFICER:90000002", "service", "20 xw1 3jw"),
    ]


def test_updates_void_the_former_record_and_assert_the_new_one(update: Read) -> None:
    assert rows(update[0]["roles"], "record", "op", "holder", "end_on", "published_on") == [
        ("99000001-01-90000001", "void", "X-GB-COH-PERSON:90000001", None, None),
        ("99000001-00-90000002", "void", "X-GB-COH-OFFICER:90000002", None, None),
        ("SO990001-12-90000004", "void", "X-GB-COH-PERSON:90000004", None, None),
        ("99000001-03-90000001", "assert", "X-GB-COH-PERSON:90000001", date(2021, 4, 20), date(2021, 4, 22)),
        ("99000001-01-90000005", "assert", "X-GB-COH-PERSON:90000005", None, date(2021, 4, 22)),
        ("99000001-00-90000006", "assert", "X-GB-COH-OFFICER:90000006", None, date(2021, 4, 22)),
        ("SO990001-05-90000001", "assert", "X-GB-COH-PERSON:90000001", None, date(2021, 4, 22)),
    ]
    assert update[1].issue_counts == {"withdrawn_appointment": 1}


def test_an_update_over_a_snapshot_gives_one_history(tmp_path: Path) -> None:
    for path in (SNAPSHOT, UPDATE):
        ingest("companies-house-officers", [path], staged=tmp_path, request=IngestRequest())
    roles = read_facts(open_deliveries(tmp_path)).read("roles")
    forever = date(9999, 12, 31)
    known_now = roles.filter(pc.equal(roles["known_until"], forever)).sort_by(
        [("company", "ascending"), ("holder", "ascending"), ("title", "ascending")]
    )
    assert rows(known_now, "company", "holder", "title", "valid_to") == [
        ("GB-COH:99000001", "X-GB-COH-OFFICER:90000006", "Secretary", forever),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000001", "Director", date(2021, 4, 20)),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000003", "Director", date(2015, 1, 1)),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000003", "Secretary", date(2021, 4, 21)),
        ("GB-COH:99000001", "X-GB-COH-PERSON:90000005", "Director", forever),
        ("GB-COH:SO990001", "X-GB-COH-PERSON:90000001", "LLP designated member", forever),
    ]
    once = roles.filter(pc.equal(roles["known_until"], date(2021, 4, 22)))
    assert sorted(rows(once, "holder", "valid_to")) == [
        ("X-GB-COH-OFFICER:90000002", forever),
        ("X-GB-COH-PERSON:90000001", forever),
        ("X-GB-COH-PERSON:90000004", forever),
    ]


def changed(tmp_path: Path, old: str, new: str, path: Path = SNAPSHOT) -> Path:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    damaged = tmp_path / path.name
    damaged.write_text(text.replace(old, new), encoding="utf-8")
    return damaged


@pytest.mark.parametrize(
    ("old", "new", "code", "row"),
    [
        ("9900000121019000000", "9900000131019000000", "bad_record", 3),
        ("SOFTWARE ENGINEER<BRITISH<ENGLAND<\n99000001210090", "SOFTWARE\n99000001210090", "bad_record", 3),
        ("99000001210190000001", "99000-01210190000001", "bad_company_number", 3),
        ("99000001210190000001", "990000012101900000x1", "bad_person_number", 3),
        ("99000001210190000001", "9900000121 190000001", "bad_appointment_type", 3),
        ("NI9900011C", "NI99 0011C", "bad_company_number", 10),
    ],
)
def test_lines_that_cannot_be_used_are_left_out(tmp_path: Path, old: str, new: str, code: str, row: int) -> None:
    tables, report = read(changed(tmp_path, old, new))
    assert [(issue["code"], issue["row"]) for issue in report.issue_table().to_pylist()] == [(code, row)]
    assert tables["roles"].num_rows + tables["companies"].num_rows == 9


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("SO9900011L", "SO9900011X", "unknown_status", "Company Status"),
        ("SO9900012112", "SO9900012177", "unknown_appointment_type", "Appointment Type"),
        ("20200303", "20200230", "bad_date", "Appointment Date"),
        ("20150101", "20110101", "ends_before_start", "Resignation Date"),
        ("197012", "197013", "bad_birth", "Partial Date of Birth"),
        ("SWEDISH", "ELVISH", "unknown_country", "Nationality"),
        ("<SWEDEN<\n", "<UTOPIA<\n", "unknown_country", "Usual Residential Country"),
        ("<SWEDEN<\n", "<SWEDEN<MORE<\n", "further_data", None),
        ("9999999900000009", "9999999900000008", "count_differs", None),
    ],
)
def test_odd_values_are_reported_and_the_row_stays(
    tmp_path: Path, old: str, new: str, code: str, column: str | None
) -> None:
    tables, report = read(changed(tmp_path, old, new))
    assert [(issue["code"], issue["column"]) for issue in report.issue_table().to_pylist()] == [(code, column)]
    assert tables["roles"].num_rows == 6
    assert tables["persons"].num_rows == 5


def test_a_type_that_nobody_has_seen_is_another_office(tmp_path: Path) -> None:
    roles = read(changed(tmp_path, "SO9900012112", "SO9900012177"))[0]["roles"]
    assert rows(roles, "record", "kind", "title")[-1] == ("SO990001-77-90000004", "other", "Appointment type 77")


def test_a_file_without_its_trailer_is_truncated(tmp_path: Path) -> None:
    path = changed(tmp_path, "9999999900000009\n", "")
    with pytest.raises(FileUnreadable, match=rf"{path.name} has no trailer record"):
        read(path)


@pytest.mark.parametrize("first", ["DDDDSNAP289820211321", "DDDDXXXX289820210421", "99000001 2", ""])
def test_a_file_without_its_header_is_another_format(tmp_path: Path, first: str) -> None:
    with pytest.raises(FormatMismatch, match="does not begin with a header record"):
        read(changed(tmp_path, "DDDDSNAP289820210421", first))


@pytest.mark.acceptance
def test_the_registers_own_example_is_read_whole(test_data: Path, tmp_path: Path) -> None:
    page = (test_data / "spec/companies_house/guide/update-file_index.md").read_text(encoding="utf-8")
    found = re.search(r"```\n(DDDDUPDT.*?)```", page, flags=re.DOTALL)
    assert found is not None
    path = tmp_path / "Prod198_1724_18102016.dat"
    path.write_text(found[1], encoding="utf-8")
    tables, report = read(path)
    # Read by eye: 4 companies and 9 officers, 2 of them organisations, 3 resigned and 1 with another person number.
    assert tables["companies"].num_rows == 4 + 2
    assert tables["persons"].num_rows == 7
    roles = tables["roles"]
    assert sorted(rows(roles, "op")) == [("assert",)] * 9 + [("void",)] * 4
    assert pc.count(roles["end_on"]).as_py() == 3
    assert report.unknown_fields == set()
    # Its trailer counts 12 records where there are 13.
    assert report.issue_counts == {"count_differs": 1}
