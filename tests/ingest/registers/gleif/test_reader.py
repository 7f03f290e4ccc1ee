"""The reader of GLEIF's files on invented entities, the same as XML and CSV; every expected value is written out."""

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
from graphleads.ingest.reader import Preview, load_reader
from graphleads.ingest.registers.gleif.reader import GleifReader
from graphleads.model import DeliveryKind
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "gleif"
DAY = "20241201-0800-gleif-goldencopy"
XML = tuple(GOLDEN / f"{DAY}-{kind}-golden-copy.xml" for kind in ("lei2", "repex", "rr"))
CSV = tuple(path.with_suffix(".csv") for path in XML)
AMBER, BIRCH, FUND, SUBFUND, BRANCH, PROPRIETOR, ENDED, MERGED, TWICE, VOID, STATE, WORLD, PARENT = (
    f"2549000FICTON{name}"
    for name in (
        "AMBER17", "BIRCH05", "FUNDX52", "SUBFU21", "BRANC39", "PROPR76", "ENDED19", "MERGE54", "TWICE84", "VOIDX83",
        "STATE51", "WORLD70", "PAREN28",
    )
)  # fmt: skip

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestXmlContract(ReaderContract):
    reader = GleifReader()
    files = XML
    bad_line = None  # text after the root element makes it no XML


class TestCsvContract(ReaderContract):
    reader = GleifReader()
    files = CSV
    required_column = "Entity.EntityStatus"


@pytest.fixture(scope="module")
def golden() -> Read:
    return TestXmlContract().read(XML)


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def of(table: pa.Table, lei: str) -> pa.Table:
    return table.filter(pc.equal(table["record"], lei))


def preview(*paths: Path) -> Preview:
    return GleifReader().preview([source for path in paths for source in open_sources(path)], None)


def changed(path: Path, folder: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text)
    changed = folder / path.name
    changed.write_text(re.sub(old, new, text, count=1), encoding="utf-8")
    return changed


def test_the_entry_point() -> None:
    assert isinstance(load_reader("gleif"), GleifReader)


def test_csv_gives_the_rows_of_the_xml(golden: Read) -> None:
    assert TestCsvContract().read(CSV)[0] == golden[0]


@pytest.mark.parametrize("files", [XML, CSV], ids=["xml", "csv"])
def test_the_files_say_dataset_day_and_kind(files: tuple[Path, ...]) -> None:
    day, full = date(2024, 12, 1), DeliveryKind.FULL
    assert preview(*files) == Preview(dataset="gleif", observed_on=day, kind=full)
    assert [preview(path).dataset for path in files] == ["gleif_lei", "gleif_repex", "gleif_rr"]
    assert preview(*files[:2]).dataset is None


def test_an_update_says_so_in_header_or_name(tmp_path: Path) -> None:
    delta = changed(XML[0], tmp_path, "GLEIF_FULL_PUBLISHED", "GLEIF_DELTA_PUBLISHED")
    assert preview(delta).kind is DeliveryKind.UPDATE
    named = tmp_path / f"{DAY}-lei2-last-week.csv"
    named.write_bytes(CSV[0].read_bytes())
    assert preview(named).kind is DeliveryKind.UPDATE
    bare = tmp_path / "lei.csv"
    bare.write_bytes(CSV[0].read_bytes())
    assert (preview(bare).kind, preview(bare).observed_on) == (None, None)
    with pytest.raises(ValueInvalid, match="full ones first"):
        preview(delta, XML[2])


def test_one_kind_of_records_has_one_day(tmp_path: Path) -> None:
    later = changed(XML[0], tmp_path, "2024-12-01T08", "2024-12-02T08")
    assert preview(later, *XML[1:]).observed_on is None
    with pytest.raises(ValueInvalid, match=r"LEI records are of different days \(2024-12-01, 2024-12-02\)"):
        preview(later, XML[0])


def test_companies(golden: Read) -> None:
    companies = golden[0]["companies"]
    stand = companies.filter(pc.equal(companies["op"], "assert"))
    assert rows(stand, "record", "entity_type", "jurisdiction", "status", "status_text", "legal_form") == [
        (AMBER, "registered_entity", "GB", "active", "ACTIVE; ISSUED", "H0PO"),
        (BIRCH, "registered_entity", "GR", "in_liquidation", "ACTIVE; LAPSED", "Ανώνυμη Εταιρεία"),
        (FUND, "arrangement", "GB", "active", "ACTIVE; ISSUED", "FUND"),
        (SUBFUND, "arrangement", "GB", "active", "ACTIVE; ISSUED", None),
        (BRANCH, "registered_entity", "NL", "active", "ACTIVE; ISSUED", None),
        (PROPRIETOR, "registered_entity", "GB", "active", "ACTIVE; ISSUED", None),
        (ENDED, "registered_entity", "GB", "dissolved", "INACTIVE; RETIRED", "H0PO"),
        (MERGED, "registered_entity", "GB", "dissolved", "INACTIVE; CORPORATE_ACTION; MERGED", "H0PO"),
        (STATE, "state", "AT", "active", "ACTIVE; ISSUED", None),
        (WORLD, "legal_entity", "CH", "active", "ACTIVE; ISSUED", None),
    ]
    columns = ("id", "name", "incorporated_on", "published_on", "region", "locality", "postcode")
    assert rows(of(companies, AMBER), *columns) == [
        (f"XI-LEI:{AMBER}", "Amber Mills Limited", date(2001, 3, 1), date(2024, 11, 20), "GB-LND", "London", "EC1A 1BB")
    ]


def test_the_day_of_the_end_is_the_entitys_or_that_of_the_event(golden: Read) -> None:
    companies = golden[0]["companies"]
    assert rows(of(companies, ENDED), "start_on", "dissolved_on") == [(date(2024, 1, 31), date(2024, 1, 31))]
    assert rows(of(companies, MERGED), "start_on", "dissolved_on") == [(date(2023, 12, 31), date(2023, 12, 31))]


def test_names_have_kinds_and_languages(golden: Read) -> None:
    assert rows(golden[0]["names"], "record", "name", "kind", "language") == [
        (AMBER, "Ambre Moulins", "alternative", "fr"),
        (AMBER, "Old Mills Limited", "former", "en"),
        (AMBER, "The Mill", "trading", "en"),
        (BIRCH, "Simyda Anonymi Etaireia", "transliterated", "en"),
    ]


def test_numbers_in_registers(golden: Read) -> None:
    numbers = golden[0]["identifiers"]
    registers = numbers.filter(pc.not_equal(numbers["scheme"], "XI-LEI"))
    assert rows(registers, "record", "scheme", "value", "valid") == [
        (AMBER, "GB-COH", "01234567", None),
        (BIRCH, "RA000685", "000123401000", None),
        (FUND, "RA000585", "07654321", None),
        (BRANCH, "RA000463", "12345678", None),
        (ENDED, "GB-COH", "NI654321", None),
        (MERGED, "GB-COH", "SC654321", None),
        (BIRCH, "RA888888", "7", None),
        (AMBER, "GB-CHC", "1043470", None),
    ]


def test_a_duplicate_is_void_and_its_lei_is_one_more_of_the_entitys(golden: Read) -> None:
    companies, numbers = golden[0]["companies"], golden[0]["identifiers"]
    assert rows(companies.filter(pc.equal(companies["op"], "void")), "record", "name") == [(TWICE, None), (VOID, None)]
    assert rows(of(numbers, TWICE), "id", "scheme", "value", "valid") == [(f"XI-LEI:{AMBER}", "XI-LEI", TWICE, True)]
    assert of(numbers, VOID).num_rows == 0


def test_addresses_are_without_who_takes_the_post_in(golden: Read) -> None:
    tables, report = golden
    assert rows(of(tables["contact_points"], AMBER), "purpose", "key", "display") == [
        ("registered", "17 ec1a 1bb", "2nd Floor, 17 King Street, London, GB-LND, EC1A 1BB, GB"),
        ("head_office", "17 ec1a 1bb", "17 King Street, London, GB-LND, EC1A 1BB, GB"),
    ]
    assert "A Person" not in str([table.to_pylist() for table in tables.values()])
    assert report.issue_counts == {"bad_share": 1}


def test_the_address_of_a_sole_proprietor_may_be_a_home(golden: Read) -> None:
    tables, report = golden
    assert of(tables["contact_points"], PROPRIETOR).num_rows == 0
    assert rows(of(tables["companies"], PROPRIETOR), "locality", "postcode") == [("Leeds", None)]
    assert report.dropped_personal_fields == {"Entity.LegalAddress": 1, "Entity.HeadquartersAddress": 1}


def test_relationships_have_the_period_in_which_they_held(golden: Read) -> None:
    links = golden[0]["links"]
    stand = links.filter(pc.not_equal(links["op"], "void"))
    found = [
        (source.removeprefix("XI-LEI:"), kind, target.removeprefix("XI-LEI:"), *more)
        for source, kind, target, *more in rows(stand, "source", "kind", "target", "share", "start_on", "end_on", "op")
    ]
    direct, ultimate = "consolidated_directly_by", "consolidated_ultimately_by"
    assert found == [
        (MERGED, "merged_into", AMBER, None, date(2023, 12, 31), None, "assert"),
        (AMBER, direct, BIRCH, 0.755, date(2018, 5, 1), None, "assert"),
        (AMBER, ultimate, PARENT, None, date(2018, 5, 1), None, "assert"),
        (BRANCH, "branch_of", AMBER, None, date(2015, 2, 1), None, "assert"),
        (FUND, "managed_by", AMBER, None, date(2016, 1, 1), None, "assert"),
        (SUBFUND, "subfund_of", FUND, None, date(2016, 1, 1), None, "assert"),
        (ENDED, direct, AMBER, None, date(2010, 1, 1), date(2024, 1, 31), "end"),
        (MERGED, direct, AMBER, None, date(2011, 1, 1), date(2024, 11, 21), "end"),
        (BIRCH, direct, "X-GLEIF-NODE:PNI00042", None, date(2019, 1, 1), None, "assert"),
        (SUBFUND, "feeder_to", FUND, None, None, None, "assert"),
    ]
    assert rows(links.filter(pc.equal(links["op"], "void")), "record") == [
        (f"{WORLD}/IS_DIRECTLY_CONSOLIDATED_BY/{AMBER}",)
    ]


def test_exceptions_are_declarations(golden: Read) -> None:
    assert rows(golden[0]["declarations"], "id", "about", "reason", "reference") == [
        (f"XI-LEI:{BIRCH}", "ultimate_parent", "NON_PUBLIC", "Law 1; Law 2"),
        (f"XI-LEI:{BIRCH}", "ultimate_parent", "LEGAL_OBSTACLES", "Law 1; Law 2"),
        (f"XI-LEI:{PROPRIETOR}", "direct_parent", "NATURAL_PERSONS", None),
        (f"XI-LEI:{PROPRIETOR}", "ultimate_parent", "NATURAL_PERSONS", None),
    ]


@pytest.mark.parametrize(
    ("file", "table", "tag"),
    [
        (XML[0], "companies", "lei:LEIRecord"),
        (XML[1], "declarations", "repex:Exception"),
        (XML[2], "links", "rr:RelationshipRecord"),
    ],
)
def test_a_record_taken_out_of_the_golden_copy_is_void(tmp_path: Path, file: Path, table: str, tag: str) -> None:
    deletion = "<Extension><Deletion><DeletedAt>2024-12-01T07:00:00Z</DeletedAt></Deletion></Extension>"
    deleted = changed(file, tmp_path, f"</{tag}>", f"{deletion}</{tag}>")
    found = TestXmlContract().read([deleted])[0][table]
    before = TestXmlContract().read([file])[0][table]
    assert pc.sum(pc.equal(found["op"], "void")).as_py() == pc.sum(pc.equal(before["op"], "void")).as_py() + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (XML[0], f"<lei:LEI>{AMBER}", "<lei:LEI>12345", "bad_lei"),
        (XML[0], "<lei:LegalName xml:lang=\"en\">Amber Mills Limited<", "<lei:LegalName><", "no_name"),
        (XML[0], ">GENERAL<", ">PLANET<", "unknown_category"),
        (XML[0], ">ACTIVE<", ">ASLEEP<", "unknown_status"),
        (XML[0], "TRADING_OR_OPERATING_NAME", "NICKNAME", "unknown_name_kind"),
        (XML[0], "<lei:LegalJurisdiction>GB<", "<lei:LegalJurisdiction>Britain<", "bad_jurisdiction"),
        (XML[0], f"<lei:SuccessorLEI>{AMBER}<", "<lei:SuccessorLEI>Amber<", "bad_successor"),
        (XML[0], "2001-03-01T", "2001-02-30T", "bad_date"),
        (XML[0], "<lei:RecordCount>12<", "<lei:RecordCount>2394586<", "count_differs"),
        (XML[1], ">ULTIMATE_ACC", ">ANOTHER_ACC", "unknown_category"),
        (XML[2], "IS_FUND-MANAGED_BY", "IS_FRIEND_OF", "unknown_relationship"),
        (XML[2], f"<rr:NodeID>{BIRCH}<", f"<rr:NodeID>{AMBER}<", "bad_node"),
        (XML[2], "2010-01-01T", "2030-01-01T", "ends_before_start"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(tmp_path: Path, file: Path, old: str, new: str, code: str) -> None:
    _, report = TestXmlContract().read([changed(file, tmp_path, old, new)])
    assert code in report.issue_counts


def test_a_field_that_nobody_knows_is_listed(tmp_path: Path) -> None:
    file = changed(XML[0], tmp_path, "<lei:LegalForm>", '<lei:Colour tone="dark">red</lei:Colour><lei:LegalForm>')
    assert TestXmlContract().read([file])[1].unknown_fields == {"Entity.Colour"}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("<note>hello</note>", "root note"),
        ("a,b\n1,2\n", r"no column like Entity\."),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type declaration"),
        ("<lei:LEIData><", "ends in the middle"),
        ("<lei:LEIData></b>", "no well-formed XML"),
    ],
)
def test_another_file_is_told(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "file.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((FormatMismatch, FileUnreadable), match=match):
        TestXmlContract().read([path])


def test_takes_no_mapping() -> None:
    with pytest.raises(ValueInvalid, match="takes no mapping"):
        GleifReader().preview(open_sources(XML[0]), "plain")


@pytest.mark.parametrize("name", ["lei-data", "lei-updates-data2", "rr-data", "rr-updates-data2", "repex-data"])
def test_real_cuts_have_no_unknown_field(test_data: Path, name: str) -> None:
    tables, report = TestXmlContract().read([test_data / "data" / "gleif" / f"{name}.xml"])
    assert report.unknown_fields == set()
    assert set(report.issue_counts) <= {"count_differs", "bad_share"}
    assert sum(table.num_rows for table in tables.values()) >= report.n_rows_read.total() >= 10


def test_the_least_columns_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "lei.csv"
    header = "LEI,Entity.LegalName,Entity.EntityStatus,Registration.RegistrationStatus"
    path.write_text(f"{header}\n{AMBER},Amber Mills Limited,ACTIVE,ISSUED\n", encoding="utf-8")
    tables, report = TestCsvContract().read([path])
    assert rows(tables["companies"], "id", "name", "entity_type", "status", "published_on") == [
        (f"XI-LEI:{AMBER}", "Amber Mills Limited", "registered_entity", "active", None)
    ]
    assert report.issue_counts == {}


def test_a_file_of_nothing_but_void_records(tmp_path: Path) -> None:
    text = XML[0].read_text(encoding="utf-8")
    (void,) = [one for one in re.findall("<lei:LEIRecord>.*?</lei:LEIRecord>", text, re.DOTALL) if VOID in one]
    path = tmp_path / "lei.xml"
    path.write_text(re.sub("<lei:LEIRecord>.*</lei:LEIRecord>", void, text, flags=re.DOTALL), encoding="utf-8")
    tables, _ = TestXmlContract().read([path])
    assert {name: table.num_rows for name, table in tables.items() if table.num_rows} == {"companies": 1}
