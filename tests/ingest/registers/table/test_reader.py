from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphleads.errors import FormatChanged, FormatMismatch, MappingInvalid, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import SourceFile, open_sources
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.table.reader import TableReader
from graphleads.tables.schema import STAGED

Delivered = tuple[dict[str, pa.Table], DeliveryReport]

GOLDEN = Path(__file__).parents[3] / "golden"


def sources(paths: Iterable[Path]) -> list[SourceFile]:
    return [source for path in sorted(paths) for source in open_sources(path)]


def read(paths: Iterable[Path], mapping: str | Path) -> Delivered:
    report = DeliveryReport()
    context = ReadContext(dataset="d", observed_on=date(2024, 3, 31), report=report, mapping=mapping)
    batches: dict[str, list[pa.Table]] = {}
    for batch in TableReader().read(sources(paths), context):
        assert batch.rows.schema == STAGED[batch.table].schema
        batches.setdefault(batch.table, []).append(batch.rows)
    return {table: pa.concat_tables(rows).unify_dictionaries() for table, rows in batches.items()}, report


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def issues(report: DeliveryReport) -> list[tuple[Any, ...]]:
    return sorted(rows(report.issue_table(), "file", "row", "column", "code", "sample"), key=str)


def test_values_that_say_nothing_and_the_first_of_several_columns(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("id,name,brand,town\n1,-,Amber,Leeds\n2,Birch,-,N/A\n", encoding="utf-8")
    mapping = tmp_path / "firms.yaml"
    mapping.write_text(
        "version: 1\nname: firms\nformats: {empty: ['-', N/A]}\nfiles:\n  - match: firms.csv\n    tables:\n"
        "      - table: companies\n        fields:\n          record: id\n"
        "          id: {column: id, steps: [{scheme: X-F}]}\n"
        "          name: {coalesce: [name, {column: brand, steps: [upper]}]}\n          locality: town\n",
        encoding="utf-8",
    )
    tables, report = read([tmp_path / "firms.csv"], mapping)
    assert rows(tables["companies"], "name", "locality") == [("AMBER", "Leeds"), ("Birch", None)]
    assert issues(report) == []


NESTED = """
{"meta": {"asked_on": "2026-01-02"}, "result": {"items": [
  {"no": 1.0, "name": "Amber &amp; Co", "capital": "500(万元)", "directors": [{"name": "Ada Ash", "id": "p1",
   "since": {"day": "2020-01-01"}}, {"name": "Acme Holdings Ltd", "id": "p2"}]},
  {"no": 2, "name": "Birch", "capital": "7,000", "directors": [{"name": "Ada Ash", "id": "p1"}]},
  {"no": 3, "name": "Cedar", "capital": null, "directors": []},
  {"no": 4, "name": "Damson", "capital": null, "directors": "Ada"},
  7
]}}
"""
NESTED_MAPPING = r"""
version: 1
name: answers
files:
  - match: answer.json
    formats: {rows: result.items}
    record: {column: "no", steps: [whole]}
    ignore: {meta.asked_on: not a fact}
    tables:
      - table: companies
        fields:
          id: {column: "no", steps: [whole, {scheme: X-A}]}
          name: {column: name, steps: [clean]}
          capital: {column: capital, steps: [amount]}
          capital_currency: {column: capital, steps: [currency]}
      - table: persons
        distinct: true
        explode: {column: directors, position: place}
        where: [{column: directors.name, organisation: false}]
        fields: {record: directors.id, id: {column: directors.id, steps: [{scheme: X-P}]}, name: directors.name}
      - table: roles
        explode: {column: directors, position: place}
        where: [{column: directors.name, organisation: false}]
        fields:
          record: {columns: ["no", place]}
          company: {column: "no", steps: [whole, {scheme: X-A}]}
          holder: {column: directors.id, steps: [{scheme: X-P}]}
          kind: {value: director}
          start_on: directors.since.day
"""


def test_rows_and_lists_of_objects_inside_json(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(NESTED, encoding="utf-8")
    (tmp_path / "answers.yaml").write_text(NESTED_MAPPING, encoding="utf-8")
    tables, report = read([tmp_path / "answer.json"], tmp_path / "answers.yaml")
    assert rows(tables["companies"], "record", "id", "name", "capital", "capital_currency") == [
        ("1", "X-A:1", "Amber & Co", Decimal("5000000.00"), "CNY"),
        ("2", "X-A:2", "Birch", None, None),
        ("3", "X-A:3", "Cedar", None, None),
        ("4", "X-A:4", "Damson", None, None),
    ]
    assert rows(tables["persons"], "record", "id", "name") == [("p1", "X-P:p1", "Ada Ash")]
    assert rows(tables["roles"], "record", "company", "holder", "start_on") == [
        ("1 1", "X-A:1", "X-P:p1", date(2020, 1, 1)),
        ("2 1", "X-A:2", "X-P:p1", None),
    ]
    assert issues(report) == [
        ("answer.json", 2, "capital", "amount_unusable", "7,000"),
        ("answer.json", 4, "directors", "no_list", None),
        ("answer.json", 5, None, "no_object", None),
    ]
    assert report.n_rows_read == {"answer.json": 5}


def test_a_path_without_rows_is_said(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text('{"result": {"item": [{"no": 1}]}}', encoding="utf-8")
    (tmp_path / "answers.yaml").write_text(NESTED_MAPPING, encoding="utf-8")
    with pytest.raises(
        FormatMismatch, match=r"^answer\.json has no list of JSON objects at 'result\.items': mend `rows`"
    ):
        read([tmp_path / "answer.json"], tmp_path / "answers.yaml")


def test_a_phone_number_is_dialled_where_its_company_is(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,name,jurisdiction\n1,A,GB\n2,B,United Kingdom\n3,C,DE\n4,D,\n", "utf-8")
    (tmp_path / "contact_points.csv").write_text(
        "id,kind,value,country\n1,phone,020 7946 0958,\n2,phone,+44 (0)20 7946 0958,\n3,phone,020 7946 0958,GB\n"
        "3,phone,030 901820,\n4,phone,0113 4960000,\nGB-COH:00000077,phone,(0113) 496 0000,\n2,phone,12,\n2,phone,0,\n",
        encoding="utf-8",
    )
    tables, report = read(tmp_path.glob("*.csv"), "plain")
    assert rows(tables["contact_points"], "id", "key") == [
        ("X-LOCAL:1", "442079460958"),
        ("X-LOCAL:2", "442079460958"),
        ("X-LOCAL:3", "442079460958"),
        ("X-LOCAL:3", "4930901820"),
        ("X-LOCAL:4", "01134960000"),
        ("GB-COH:00000077", "441134960000"),
    ]
    assert issues(report) == [
        ("contact_points.csv", 8, "value", "phone_unusable", None),
        ("contact_points.csv", 9, "contact_points.display", "no_contact_point", None),
    ]


@pytest.fixture(scope="module")
def plain() -> Delivered:
    return read((GOLDEN / "plain").glob("*.csv"), "plain")


@pytest.fixture(scope="module")
def asx() -> Delivered:
    return read((GOLDEN / "asx200_holders").glob("*.csv"), "asx200_holders")


@pytest.fixture(scope="module")
def cn() -> Delivered:
    return read((GOLDEN / "cn_executives").glob("*.csv"), "cn_executives")


class TestPlain:
    def test_companies(self, plain: Delivered) -> None:
        companies = plain[0]["companies"]
        assert companies.slice(0, 1).to_pylist() == [
            {
                "dataset": "d",
                "record": "GB-COH:01234567",
                "op": "assert",
                "published_on": None,
                "start_on": date(2001, 3, 1),
                "end_on": None,
                "id": "GB-COH:01234567",
                "name": "Amber Mills Ltd",
                "entity_type": "registered_entity",
                "mentioned": False,
                "jurisdiction": "GB",
                "status": "active",
                "status_text": None,
                "legal_form": "Ltd",
                "size_class": None,
                "incorporated_on": date(2001, 3, 1),
                "dissolved_on": None,
                "capital": Decimal("1000.50"),
                "capital_currency": "GBP",
                "n_employees_min": 10,
                "n_employees_max": 20,
                "revenue_min": Decimal("500000.00"),
                "revenue_max": Decimal("750000.00"),
                "revenue_currency": "GBP",
                "region": "GB-ENG",
                "locality": "Leeds",
                "postcode": "LS1 1AA",
                "business_scope": "Flour",
            }
        ]
        assert rows(companies, "id", "jurisdiction", "status", "status_text", "incorporated_on")[1:] == [
            ("X-LOCAL:7", "BR", "unclear", "asleep", None),
            ("X-LOCAL:8", None, "dissolved", None, None),
        ]

    def test_lists_become_rows(self, plain: Delivered) -> None:
        tables = plain[0]
        assert rows(tables["names"], "id", "name", "kind") == [
            ("GB-COH:01234567", "Old Mills Ltd", "former"),
            ("GB-COH:01234567", "Older Mills Ltd", "former"),
            ("GB-COH:01234567", "Amber", "trading"),
        ]
        assert rows(tables["classifications"], "scheme", "code", "primary") == [
            ("UK-SIC-2007", "10611", True),
            ("UK-SIC-2007", "46210", False),
        ]
        assert rows(tables["identifiers"], "scheme", "value", "valid") == [
            ("XI-LEI", "529900T8BM49AURSDO55", True),
            ("X-VAT", "42", None),
        ]

    def test_persons(self, plain: Delivered) -> None:
        columns = ("id", "birth_year", "birth_month", "nationality", "residence", "key", "key_confidence")
        assert rows(plain[0]["persons"], *columns) == [
            ("X-P:1", 1970, 4, "GB", "DE", "k1", pytest.approx(0.8)),
            ("X-LOCAL:2", 1970, None, None, None, "k2", pytest.approx(0.9)),
        ]

    def test_relationships(self, plain: Delivered) -> None:
        tables = plain[0]
        assert rows(tables["interests"], "record", "holder", "kind", "share_min", "share_max", "held_as") == [
            ("GB-COH:01234567|7||own|2010-01-01", "X-LOCAL:7", "shareholding", 0.25, 0.5, "own"),
            ("7|X-P:1|voting_rights||", "X-P:1", "voting_rights", None, 0.5, None),
        ]
        assert rows(tables["roles"], "company", "holder", "kind", "title", "start_on", "end_on") == [
            ("GB-COH:01234567", "X-P:1", "director", "Managing director", date(2010, 1, 1), date(2015, 1, 1)),
            ("X-LOCAL:7", "X-LOCAL:2", "other", None, None, None),
        ]
        assert rows(tables["links"], "source", "target", "kind") == [("X-LOCAL:7", "GB-COH:01234567", "branch_of")]

    def test_contact_points(self, plain: Delivered) -> None:
        assert rows(plain[0]["contact_points"], "kind", "purpose", "key", "display") == [
            ("address", "registered", "1 high street leeds", "1 High Street, Leeds"),
            ("phone", None, "441134960000", "+44 (0)113 496-0000"),
            ("email_domain", None, "birch.example", "birch.example"),
            ("website", None, "birch.example", "https://www.Birch.example/about"),
        ]

    def test_issues_name_file_row_and_column_once(self, plain: Delivered) -> None:
        report = plain[1]
        assert not report.unknown_fields
        assert issues(report) == [
            ("companies.csv", 3, "incorporated_on", "value_unusable", "2001-02-30"),
            ("companies.csv", 3, "status", "value_unusable", "asleep"),
            ("companies.csv", 4, "id", "value_missing", None),
            ("companies.csv", 5, "classification_scheme", "value_missing", None),
            ("companies.csv", 5, "identifiers", "value_missing", "no identifier"),
            ("contact_points.csv", 6, None, "row_unused", None),
            ("contact_points.csv", 7, "value", "domain_unusable", None),
            ("interests.csv", 3, "share_min", "value_unusable", "25"),
            ("links.csv", 3, "kind", "value_unusable", "likes"),
            ("persons.csv", 3, "birth_month", "value_unusable", "13"),
            ("roles.csv", 4, "holder", "value_missing", None),
        ]

    def test_two_columns_are_enough(self, tmp_path: Path) -> None:
        path = tmp_path / "companies.tsv"
        path.write_text("name\tid\nDelta\t9\n", encoding="utf-8")
        tables, report = read([path], "plain")
        assert rows(tables["companies"], "id", "name") == [("X-LOCAL:9", "Delta")]
        assert list(tables) == ["companies"]
        assert issues(report) == []


class TestAsx200Holders:
    def test_organisations_are_joined_by_name_and_people_are_not(self, asx: Delivered) -> None:
        nominee = "X-AU-HOLDER:example custody nominees nowhere ltd"
        interests = asx[0]["interests"].sort_by("holder")
        assert rows(interests, "subject", "holder", "share_min", "share_max", "held_as", "amount")[3:] == [
            ("X-ASX:ZZA", nominee, 0.0815, 0.0815, "nominee", Decimal(1000000)),
            ("X-ASX:ZZB", nominee, 0.12, 0.12, "nominee", Decimal(2000)),
            ("X-ASX:ZZA", "X-AU-HOLDER:sample partners", None, None, None, Decimal(9)),
        ]
        persons = asx[0]["persons"]
        assert rows(persons, "name", "kind", "key") == [
            ("Mr Ada Sample <Sample Super A/C>", "known", None),
            ("Mr Ada Sample <Sample Super A/C>", "known", None),
            ("Ben Sample", "unknown", None),
        ]
        assert len(persons["id"].unique()) == 3
        assert interests["holder"].to_pylist()[:3] == sorted(persons["id"].to_pylist())

    def test_companies(self, asx: Delivered) -> None:
        assert rows(asx[0]["companies"], "id", "jurisdiction", "mentioned") == [
            ("X-ASX:ZZA", "AU", False),
            ("X-ASX:ZZB", "AU", False),
            ("X-AU-HOLDER:example custody nominees nowhere ltd", None, True),
            ("X-AU-HOLDER:example custody nominees nowhere ltd", None, True),
            ("X-AU-HOLDER:sample partners", None, True),
        ]

    def test_every_column_is_accounted_for(self, asx: Delivered) -> None:
        report = asx[1]
        assert report.unknown_fields == set()
        assert report.ignored_fields == {"column 1": "the row's number"}
        assert issues(report) == [("asx200_shareholders_2022.csv", 9, "Capital", "value_unusable", "many")]


class TestCnExecutives:
    def test_codes_get_their_zeros_back(self, cn: Delivered) -> None:
        assert rows(cn[0]["companies"], "id", "name", "jurisdiction") == [
            ("X-CN-STOCK:000002", "样本甲", "CN"),
            ("X-CN-STOCK:600999", "样本乙", "CN"),
        ]

    def test_an_executive_is_one_person_a_company(self, cn: Delivered) -> None:
        assert rows(cn[0]["persons"], "id", "name", "key", "key_confidence") == [
            ("X-CN-EXECUTIVE:aaaa-000002", "张样本", "aaaa", pytest.approx(0.9)),
            ("X-CN-EXECUTIVE:aaaa-600999", "张样本", "aaaa", pytest.approx(0.9)),
            ("X-CN-EXECUTIVE:bbbb-600999", "李样本", "bbbb", pytest.approx(0.9)),
        ]

    def test_every_job_is_a_role(self, cn: Delivered) -> None:
        assert rows(cn[0]["roles"], "company", "holder", "kind", "title") == [
            ("X-CN-STOCK:000002", "X-CN-EXECUTIVE:aaaa-000002", "chair", "董事长"),
            ("X-CN-STOCK:000002", "X-CN-EXECUTIVE:aaaa-000002", "director", "董事"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:aaaa-600999", "director", "独立董事"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "director", "副董事长"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "other", "名誉董事长"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "supervisor", "监事会主席"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "chief_executive", "总经理"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "manager", "副总经理"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "secretary", "董事会秘书"),
            ("X-CN-STOCK:600999", "X-CN-EXECUTIVE:bbbb-600999", "other", "顾问"),
        ]

    def test_industries_are_looked_up(self, cn: Delivered) -> None:
        assert rows(cn[0]["classifications"], "id", "scheme", "code") == [
            ("X-CN-STOCK:000002", "X-CN-INDUSTRY", "测试行业")
        ]
        assert issues(cn[1]) == [("stock_industry.csv", 3, ":END_ID(Industry)", "value_not_found", "i9")]

    def test_personal_fields_are_dropped_and_counted(self, cn: Delivered) -> None:
        report = cn[1]
        assert report.dropped_personal_fields == {"gender": 2, "age:int": 2}
        assert report.unknown_fields == set()
        assert report.ignored_fields["executive_prep.csv"] == "the same positions without the ids of people"


VENDORS = """
version: 1
name: vendors
files:
  - match: vendors*.csv
    tables:
      - table: companies
        fields:
          record: Nr
          id: {column: Nr, steps: [{scheme: X-VENDOR}]}
          name: Firma
"""
SINCE = "          incorporated_on: {columns: [Day, Year], dates: ['%d %B %Y']}\n"


class TestFiles:
    @pytest.fixture
    def mapping(self, tmp_path: Path) -> Path:
        path = tmp_path / "vendors.yaml"
        path.write_text(VENDORS, encoding="utf-8")
        return path

    def write(self, folder: Path, name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_a_renamed_column_stops_it(self, tmp_path: Path, mapping: Path) -> None:
        path = self.write(tmp_path, "vendors.csv", "Nr,Firmen\n1,Delta\n")
        with pytest.raises(FormatChanged, match=r"vendors\.csv has no column 'Firma' \(perhaps now 'Firmen'\)"):
            read([path], mapping)

    def test_a_new_column_is_reported(self, tmp_path: Path, mapping: Path) -> None:
        _, report = read([self.write(tmp_path, "vendors.csv", "Nr,Firma,Ort\n1,Delta,Ulm\n")], mapping)
        assert report.unknown_fields == {"Ort"}

    def test_a_file_without_a_place_is_named(self, tmp_path: Path, mapping: Path) -> None:
        path = self.write(tmp_path, "people.csv", "a\n1\n")
        with pytest.raises(FormatMismatch, match=r"vendors has no place for people\.csv: it reads vendors\*\.csv"):
            TableReader().preview(sources([path]), mapping)

    def test_an_issue_of_several_columns_is_told_where_some_rows_have_none_of_them(self, tmp_path: Path) -> None:
        mapping = self.write(tmp_path, "vendors.yaml", VENDORS + SINCE)
        path = self.write(tmp_path, "vendors.csv", "Nr,Firma,Day,Year\n1,Delta,31 June,2020\n2,Echo,,\n")
        tables, report = read([path], mapping)
        assert rows(tables["companies"], "name", "incorporated_on") == [("Delta", None), ("Echo", None)]
        assert issues(report) == [("vendors.csv", 2, "Day, Year", "value_unusable", "31 June 2020")]

    def test_a_required_file_is_missed(self) -> None:
        with pytest.raises(FormatMismatch, match=r"needs a file companies\.\[ct\]sv, and given are roles\.csv"):
            TableReader().preview(sources([GOLDEN / "plain" / "roles.csv"]), "plain")

    def test_a_mapping_is_needed(self) -> None:
        with pytest.raises(
            ValueInvalid,
            match=r"needs a mapping: name one with --mapping: asx200_holders, br_partners, cn_exe.*, plain, receita",
        ):
            TableReader().preview([], None)

    def test_an_unknown_mapping_is_named(self) -> None:
        with pytest.raises(MappingInvalid, match="There is no mapping 'plane': use asx200_holders"):
            TableReader().preview([], "plane")

    def test_the_preview_carries_the_mapping(self, tmp_path: Path, mapping: Path) -> None:
        path = self.write(tmp_path, "Vendors 2024.CSV", "Nr,Firma\n1,Delta\n")
        preview = TableReader().preview(sources([path]), mapping)
        assert (preview.mapping, preview.dataset, preview.mapping_content) == ("vendors", None, VENDORS)

    def test_rows_that_no_table_could_take_are_bad_rows(self, tmp_path: Path, mapping: Path) -> None:
        path = self.write(tmp_path, "vendors.csv", "Nr,Firma\n,Delta\n,Epsilon\n3,Zeta\n")
        _, report = read([path], mapping)
        with pytest.raises(FormatMismatch, match=r"2 bad rows of 3"):
            report.check_bad_rows()


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    page = Path(__file__).parents[4].joinpath("docs", "mapping.md").read_text(encoding="utf-8")
    texts = re.findall(r"```(?:csv|yaml)\n(.*?)```", page, re.DOTALL)
    paths = [tmp_path / name for name in ("vendors.csv", "people.csv", "vendors.yaml", "answers.yaml")]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    tables, report = read(paths[:2], paths[2])
    assert rows(tables["companies"].sort_by("id"), "id", "name", "jurisdiction", "status", "incorporated_on") == [
        ("X-VENDOR:0007", "Müller & Söhne GmbH", "DE", "active", date(1998, 2, 1)),
        ("X-VENDOR:0012", "Beispiel Holding AG", "DE", "in_liquidation", date(2004, 6, 15)),
    ]
    assert rows(tables["persons"].sort_by("id"), "id", "name", "key") == [
        ("X-VENDOR-PERSON:P1-7", "Anna Muster", "P1"),
        ("X-VENDOR-PERSON:P2-12", "Bernd Beispiel", "P2"),
        ("X-VENDOR-PERSON:P2-7", "Bernd Beispiel", "P2"),
    ]
    assert rows(tables["roles"].sort_by("holder"), "company", "holder", "kind") == [
        ("X-VENDOR:0007", "X-VENDOR-PERSON:P1-7", "director"),
        ("X-VENDOR:0012", "X-VENDOR-PERSON:P2-12", "director"),
        ("X-VENDOR:0007", "X-VENDOR-PERSON:P2-7", "director"),
    ]
    assert rows(tables["interests"], "subject", "holder", "share_min", "share_max") == [
        ("X-VENDOR:0007", "X-VENDOR:0012", 0.255, 0.255)
    ]
    assert (report.unknown_fields, report.issue_counts) == (set(), {})
    assert report.dropped_personal_fields == {"Geburtsdatum": 1}
    assert report.ignored_fields == {"Notiz": "the buyers' own remarks"}


def test_the_example_of_json_in_the_documentation(tmp_path: Path) -> None:
    page = Path(__file__).parents[4].joinpath("docs", "mapping.md").read_text(encoding="utf-8")
    for name, language in (("answer.json", "json"), ("answers.yaml", "yaml")):
        text = re.findall(rf"`{re.escape(name)}`:\n\n```{language}\n(.*?)```", page, re.DOTALL)[0]
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables, report = read([tmp_path / "answer.json"], tmp_path / "answers.yaml")
    assert rows(tables["companies"], "id", "name", "capital") == [
        ("X-ANSWER:7", "Amber & Co", Decimal("5000000.00")), ("X-ANSWER:8", "Birch Ltd", None),
    ]  # fmt: skip
    assert rows(tables["persons"], "id", "name") == [("X-ANSWER-PERSON:p1", "Ada Ash")]
    assert rows(tables["roles"], "record", "company") == [("7 p1", "X-ANSWER:7"), ("8 p1", "X-ANSWER:8")]
    assert (report.unknown_fields, report.issue_counts) == (set(), {})


class TestRealFiles:
    def test_one_nominee_reaches_165_companies(self, test_data: Path) -> None:
        tables, report = read((test_data / "data/asx200_holders").glob("*.csv"), "asx200_holders")
        assert report.unknown_fields == set()
        assert report.issue_counts == {}
        assert {name: table.num_rows for name, table in tables.items()} == {
            "companies": 3559,
            "interests": 3596,
            "persons": 237,
        }
        reach = tables["interests"].group_by("holder").aggregate([("subject", "count_distinct")])
        assert pc.max(reach["subject_count_distinct"]).as_py() == 165
        assert pc.max(pc.value_counts(tables["persons"]["id"]).field("counts")).as_py() == 1

    def test_executives_of_listed_companies(self, test_data: Path) -> None:
        tables, report = read((test_data / "data/cn_executives").glob("*.csv"), "cn_executives")
        assert report.unknown_fields == set()
        assert report.issue_counts == {}
        assert {name: table.num_rows for name, table in tables.items()} == {
            "persons": 24775,
            "roles": 29073,
            "companies": 3188,
            "classifications": 2908,
        }
        boards = tables["persons"].group_by("key").aggregate([("id", "count")])
        assert pc.sum(pc.greater(boards["id_count"], 1)).as_py() == 2730
        assert set(tables["roles"]["kind"].unique().to_pylist()) == {"chair", "director", "other"}
        assert pc.all(pc.match_substring_regex(tables["companies"]["id"], "^X-CN-STOCK:[0-9]{6}$")).as_py()


def test_a_constant_is_as_clean_as_a_cell(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("id\nX-A:1\n", encoding="utf-8")
    mapping = tmp_path / "firms.yaml"
    table = "{table: classifications, fields: {record: id, id: id, scheme: {value: ' X-TRADE '}, code: {value: '%s'}}}"
    texts = ", ".join(table % code for code in (" 7 ", ""))
    mapping.write_text(f"version: 1\nname: firms\nfiles:\n- match: firms*\n  tables: [{texts}]\n", encoding="utf-8")
    tables, _ = read([tmp_path / "firms.csv"], mapping)
    assert rows(tables["classifications"], "scheme", "code") == [("X-TRADE", "7")]
