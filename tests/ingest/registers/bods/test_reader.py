"""The reader of beneficial ownership statements on invented ones; every expected value is written out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphleads.errors import ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.snapshot import open_snapshot
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.ingest.reader import load_reader
from graphleads.ingest.registers.bods.reader import BodsReader
from graphleads.testing.known_graph import CONFIG
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "bods"
OLDEST, MIDDLE, NEWEST = (GOLDEN / f"statements_0_{name}" for name in ("2.json", "3.json", "4.jsonl"))
HERON, GREBE = (f"X-BODS:invented-register/00000000-0000-4000-8000-{n:012d}" for n in (1, 21))
TEAL = "X-BODS:registry-of-nowhere/ent-1"
ADA = "X-BODS-PERSON:invented-register/00000000-0000-4000-8000-000000000005"
BO = "X-BODS-PERSON:registry-of-nowhere/per-1"
TRUST = "X-BODS:invented-register/00000000-0000-4000-8000-000000000003"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestOldest(ReaderContract):
    reader = BodsReader()
    files = (OLDEST,)
    bad_line = None  # an array has no lines


class TestMiddle(ReaderContract):
    reader = BodsReader()
    files = (MIDDLE,)
    bad_line = None  # an array has no lines


class TestNewest(ReaderContract):
    reader = BodsReader()
    files = (NEWEST,)
    bad_line = None  # without a header, the contract's row is another


@pytest.fixture(scope="module")
def oldest() -> Read:
    return TestOldest().read([OLDEST])


@pytest.fixture(scope="module")
def middle() -> Read:
    return TestMiddle().read([MIDDLE])


@pytest.fixture(scope="module")
def newest() -> Read:
    return TestNewest().read([NEWEST])


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def counts(read: Read) -> dict[str, int]:
    return {name: table.num_rows for name, table in read[0].items() if table.num_rows}


def n(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def test_the_entry_point_and_what_the_files_do_not_say() -> None:
    assert isinstance(load_reader("bods"), BodsReader)
    preview = BodsReader().preview([], None)
    assert (preview.dataset, preview.observed_on, preview.kind) == (None, None, None)
    with pytest.raises(ValueInvalid, match="takes no mapping"):
        BodsReader().preview([], "plain")


def test_counts_of_each_version(oldest: Read, middle: Read, newest: Read) -> None:
    assert counts(oldest) == {
        "companies": 4, "components": 2, "contact_points": 1, "declarations": 1, "identifiers": 2, "interests": 6,
        "names": 3, "persons": 1, "roles": 1,
    }  # fmt: skip
    assert counts(middle) == {"companies": 2, "declarations": 1, "identifiers": 2, "interests": 4, "persons": 1}
    assert counts(newest) == {
        "companies": 3, "components": 2, "contact_points": 2, "declarations": 1, "identifiers": 1, "interests": 8,
        "names": 1, "persons": 1, "roles": 1,
    }  # fmt: skip
    assert oldest[1].issue_counts == {"no_interest": 1}
    assert middle[1].issue_counts == {}
    assert newest[1].issue_counts == {"bad_identifier": 1, "no_subject": 1, "not_described": 1, "no_full_name": 1}
    assert [read[1].n_rows_read.total() for read in (oldest, middle, newest)] == [11, 6, 14]


def test_people_keep_the_month_of_birth_and_no_number_or_address(oldest: Read, newest: Read) -> None:
    columns = ("id", "name", "given_name", "birth_year", "birth_month", "nationality", "residence", "kind", "key")
    assert rows(oldest[0]["persons"], *columns) == [
        (ADA, "Ada Mary Ficton", "Ada Mary", 1961, 4, "IE", "GB", "known", "8228d0b1517498de86cc4a8f"),
    ]
    assert rows(newest[0]["persons"], *columns)[0][:8] == (BO, "Bo Inventström", "Bo", 1970, 12, "SE", "SE", "known")
    assert oldest[1].dropped_personal_fields == {
        "addresses": 1, "birthDate.day": 1, "identifiers": 2, "placeOfResidence": 1,
    }  # fmt: skip
    assert newest[1].dropped_personal_fields == {"addresses": 1, "identifiers": 1}
    everything = "".join(str(table.to_pylist()) for read in (oldest, newest) for table in read[0].values())
    for secret in ("SECRET", "Home Lane", "Post Lane", "Storgatan", "Hidden Town", "1961-04-17", "Mayor"):
        assert secret not in everything


def test_every_name_has_its_kind(oldest: Read, newest: Read) -> None:
    assert sorted(rows(oldest[0]["names"], "id", "name", "kind")) == [
        (ADA, "Ada Reedling", "former"),
        (ADA, "Ада Фиктон", "transliterated"),
        (HERON, "Heron", "alternative"),
    ]
    assert rows(newest[0]["names"], "id", "name", "kind") == [(BO, "Bo Inventstream", "alternative")]


def test_a_company_goes_by_its_record(oldest: Read, middle: Read, newest: Read) -> None:
    columns = ("id", "entity_type", "mentioned", "jurisdiction", "legal_form")
    assert rows(oldest[0]["companies"], *columns)[:3] == [
        (TRUST, "arrangement", False, None, None),
        (f"X-BODS:invented-register/{n(4)}", "anonymous", True, None, None),
        (HERON, "registered_entity", False, "GB", None),
    ]
    assert rows(middle[0]["companies"], *columns, "status", "dissolved_on") == [
        (GREBE, "registered_entity", False, "GB", None, "dissolved", date(2021, 2, 1)),
        (f"X-BODS:invented-register/{n(22)}", "state_body", False, "FR", "Ministry", None, None),
    ]
    assert rows(middle[0]["identifiers"], "id", "scheme", "value", "valid") == [
        (GREBE, "XI-LEI", "5299000000000000AB46", False),
        (GREBE, "GB-COH", "99000002", None),
    ]
    assert rows(oldest[0]["identifiers"], "scheme", "value")[0] == ("X-TRUSTS-OF-NOWHERE", "T 7")
    assert rows(newest[0]["contact_points"], "id", "purpose", "key", "display") == [
        (TEAL, "registered", "rietlaan 2 nergensdam 0000 aa", "Rietlaan 2, Nergensdam, 0000 AA, Netherlands"),
        (TEAL, "head_office", "kade 3 nergensdam nl", "Kade 3, Nergensdam, Netherlands"),
    ]


def test_a_replaced_statement_is_the_same_company_before(oldest: Read) -> None:
    heron = oldest[0]["companies"].filter(pc.equal(oldest[0]["companies"]["id"], HERON))
    assert rows(heron, "record", "name", "start_on", "end_on", "published_on") == [
        (n(1), "Heron Limited", None, date(2019, 5, 20), date(2018, 1, 10)),
        (n(1), "Heron Holdings Limited", date(2019, 5, 20), None, date(2019, 5, 20)),
    ]


def test_bounds_are_open_by_default_before_0_4_only(oldest: Read, middle: Read, newest: Read) -> None:
    columns = ("kind", "share_min", "share_max", "min_exclusive", "max_exclusive", "held_as")
    assert rows(oldest[0]["interests"], *columns) == [
        ("shareholding", 0.25, 0.5, False, True, None),
        ("voting_rights", 0.25, 0.5, True, False, None),
        ("trustee", None, None, None, None, "trust"),
        ("shareholding", 0.3, 0.3, False, False, None),
        ("rights_to_profit_or_income", 0.75, 1.0, False, False, None),
        ("unknown_interest", None, None, None, None, None),
    ]
    assert rows(middle[0]["interests"], *columns)[1] == ("shareholding", 0.5, 0.75, True, True, None)
    assert rows(newest[0]["interests"], *columns)[:4] == [
        ("voting_rights", 0.25, 0.5, True, False, "trust"),
        ("shareholding", 0.05, 0.1, False, True, "nominee"),
        ("nominee", None, None, None, None, "nominee"),
        ("nominator", None, None, None, None, None),
    ]


def test_an_owner_without_a_name_has_a_reason(oldest: Read, middle: Read, newest: Read) -> None:
    declared = [
        row for read in (oldest, middle, newest) for row in rows(read[0]["declarations"], "id", "reason", "text")
    ]
    assert declared == [
        (HERON, "subject_unable_to_confirm_or_identify_beneficial_owner", "Letters were not answered"),
        (GREBE, "information_unknown_to_publisher", None),
        (TEAL, "no_beneficial_owners", "Nobody holds a quarter"),
    ]
    assert rows(middle[0]["interests"], "holder", "kind", "unspecified_reason")[2:] == [
        (f"X-BODS-PERSON:invented-register/{n(23)}", "unpublished_interest",
         "interested_party_has_not_provided_information"),
        (None, "board_chair", "information_unknown_to_publisher"),
    ]  # fmt: skip
    assert rows(oldest[0]["interests"], "unspecified_reason")[5] == ("interested_party_exempt_from_disclosure",)


def test_offices_are_roles(oldest: Read, newest: Read) -> None:
    columns = ("company", "holder", "kind", "title", "start_on", "end_on")
    assert rows(oldest[0]["roles"], *columns) == [
        (HERON, ADA, "manager", "Managing director", date(2015, 1, 1), None),
    ]
    assert rows(newest[0]["roles"], *columns) == [
        (TEAL, BO, "director", None, date(2019, 9, 11), date(2021, 4, 3)),
    ]


def test_an_indirect_interest_names_its_components(oldest: Read, newest: Read) -> None:
    assert rows(oldest[0]["components"], "record", "component_record") == [(n(9), n(7)), (n(9), n(8))]
    assert rows(newest[0]["components"], "record", "component_record") == [("rel-5", "rel-3"), ("rel-5", "rel-4")]


def test_three_statements_of_one_record_are_two_periods_of_the_graph(tmp_path: Path) -> None:
    request = IngestRequest(dataset="owners", observed_on=date(2022, 1, 1))
    manifest = ingest("bods", [NEWEST], staged=tmp_path / "staged", request=request).manifest
    assert manifest.unknown_fields == ()
    pairs = link(tmp_path / "staged", tmp_path / "linked").path
    source = BuildInput(staged=tmp_path / "staged", same_as=pairs, snapshots=tmp_path / "snapshots")
    snapshot = open_snapshot(tmp_path / "snapshots", build_snapshot(source, CONFIG).snapshot)
    edges = snapshot.edges.filter(pc.equal(snapshot.edges["source"], snapshot.node_of(BO)))
    edges = edges.filter(pc.is_in(edges["kind"], value_set=pa.array(["shareholding", "director"])))
    assert sorted(rows(edges, "kind", "share_min", "valid_from", "valid_to", "known_from")) == [
        ("director", None, date(2019, 9, 11), date(2021, 4, 3), date(2019, 9, 12)),
        ("shareholding", 0.5, date(2019, 9, 11), date(2020, 9, 11), date(2019, 9, 12)),
        ("shareholding", 0.6, date(2020, 9, 11), date(2021, 4, 3), date(2020, 9, 11)),
    ]


def statements() -> list[dict[str, Any]]:
    return [json.loads(line) for line in NEWEST.read_text(encoding="utf-8").splitlines()]


def written(tmp_path: Path, objects: list[dict[str, Any]]) -> Path:
    path = tmp_path / "statements.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in objects), encoding="utf-8")
    return path


def sorted_rows(tables: dict[str, pa.Table]) -> dict[str, list[str]]:
    return {name: sorted(str(row) for row in table.to_pylist()) for name, table in tables.items() if table.num_rows}


def test_order_of_lines_and_of_files_does_not_matter(newest: Read, tmp_path: Path) -> None:
    expected = sorted_rows(newest[0])
    assert sorted_rows(TestNewest().read([written(tmp_path, statements()[::-1])])[0]) == expected
    halves = [tmp_path / "a.jsonl", tmp_path / "b.json"]
    halves[0].write_text("\n".join(json.dumps(one) for one in statements()[::2]), encoding="utf-8")
    halves[1].write_text(json.dumps(statements()[1::2], indent=2), encoding="utf-8")
    assert sorted_rows(TestNewest().read(halves)[0]) == expected


def test_the_same_statement_twice_is_one(newest: Read, tmp_path: Path) -> None:
    twice = written(tmp_path, statements() + statements())
    assert sorted_rows(TestNewest().read([twice])[0]) == sorted_rows(newest[0])


def test_statements_of_one_moment_go_by_publication_then_by_place(tmp_path: Path) -> None:
    first, second = json.loads(json.dumps(statements()[1])), json.loads(json.dumps(statements()[1]))
    first["recordDetails"]["name"], second["recordDetails"]["name"] = "Later Ltd", "Earlier Ltd"
    first["publicationDetails"]["publicationDate"] = "2019-12-01"
    tables, _ = TestNewest().read([written(tmp_path, [first, second])])
    assert rows(tables["companies"], "name", "end_on")[-1] == ("Later Ltd", None)
    first["publicationDetails"]["publicationDate"] = "2019-09-12"
    tables, _ = TestNewest().read([written(tmp_path, [first, second])])
    assert rows(tables["companies"], "name", "end_on")[-1] == ("Earlier Ltd", None)


def statement(key: str, kind: str, day: str, **details: Any) -> dict[str, Any]:
    return {
        "statementId": f"{key}-{day}", "recordId": key, "recordType": kind, "statementDate": day,
        "declarationSubject": "e1", "recordDetails": {"isComponent": False, **details},
    }  # fmt: skip


def holding(day: str, start: str, share: int) -> dict[str, Any]:
    interest = {"type": "shareholding", "startDate": start, "share": {"exact": share}}
    return statement("r1", "relationship", day, subject="e1", interestedParty="e2", interests=[interest])


def test_a_new_version_ends_the_old_one_on_its_own_start(tmp_path: Path) -> None:
    objects = [
        statement("e1", "entity", "2019-01-01", entityType={"type": "registeredEntity"}, name="Alpha Ltd"),
        statement("e2", "entity", "2019-01-01", entityType={"type": "registeredEntity"}, name="Beta Ltd"),
        holding("2019-01-01", "2018-01-01", 50),
        holding("2020-09-11", "2020-06-01", 60),
    ]
    tables, _ = TestNewest().read([written(tmp_path, objects)])
    assert rows(tables["interests"], "share_min", "start_on", "end_on") == [
        (0.5, date(2018, 1, 1), date(2020, 6, 1)),
        (0.6, date(2020, 6, 1), None),
    ]


def test_two_statements_that_replace_one_are_no_versions_of_it(tmp_path: Path) -> None:
    def held(key: str, day: str, share: int, **more: Any) -> dict[str, Any]:
        interest = {"type": "shareholding", "interestLevel": "direct", "share": {"exact": share}}
        return {
            "statementID": key, "statementType": "ownershipOrControlStatement", "statementDate": day,
            "subject": {"describedByEntityStatement": "e1"}, "interests": [interest],
            "interestedParty": {"describedByEntityStatement": f"e-{share}"}, **more,
        }  # fmt: skip

    objects = [
        held("s1", "2019-01-01", 100),
        held("s2", "2020-01-01", 40, replacesStatements=["s1"]),
        held("s3", "2020-01-02", 60, replacesStatements=["s1"]),
    ]
    tables, _ = TestMiddle().read([written(tmp_path, objects)])
    assert sorted(rows(tables["interests"], "record", "share_min", "end_on"), key=str) == [
        ("s1", 1.0, date(2020, 1, 1)),
        ("s2", 0.4, None),
        ("s3", 0.6, None),
    ]


def test_a_text_where_a_list_must_stand_is_named(tmp_path: Path) -> None:
    kind = {"type": "registeredEntity"}
    one = statement("e1", "entity", "2019-01-01", entityType=kind, name="Alpha Ltd", alternateNames="Fermentcat Ltd")
    tables, report = TestNewest().read([written(tmp_path, [one])])
    assert rows(tables["companies"], "name") == [("Alpha Ltd",)]
    assert "names" not in tables or tables["names"].num_rows == 0
    columns = ("code", "row", "column", "message")
    named = [row for row in rows(report.issue_table(), *columns) if row[0] == "wrong_type"]
    assert named == [
        ("wrong_type", 1, "alternateNames", "The field must be a list, each a text and is something else: left empty.")
    ]


@pytest.mark.parametrize(
    ("place", "details", "code"),
    [
        (1, {"entityType": {"type": "robot"}}, "unknown_entity_type"),
        (1, {"jurisdiction": {"name": "Utopia"}}, "unknown_country"),
        (1, {"foundingDate": "in spring"}, "bad_date"),
        (2, {"birthDate": "1970-13"}, "bad_birth"),
        (2, {"personType": "robot"}, "unknown_person_type"),
        (7, {"interests": [{"type": "control-of-the-moon"}]}, "unknown_interest_type"),
        (7, {"interests": [{"type": "shareholding", "share": {"exact": 101}}]}, "bad_share"),
        (7, {"interests": [{"type": "shareholding", "share": {"minimum": 50, "maximum": 25}}]}, "shares_cross"),
        (7, {"interestedParty": {}}, "no_holder"),
        (7, {"interests": "none"}, "wrong_type"),
    ],
)
def test_odd_values_are_reported_with_their_row(tmp_path: Path, place: int, details: dict[str, Any], code: str) -> None:
    objects = statements()
    objects[place]["recordDetails"].update(details)
    _, report = TestNewest().read([written(tmp_path, objects)])
    found = [(issue["code"], issue["row"]) for issue in report.issue_table().to_pylist()]
    assert (code, place + 1) in found


@pytest.mark.parametrize(
    ("change", "code"),
    [({"recordType": "robot"}, "unknown_kind"), ({"recordId": None, "statementId": None}, "no_record_id")],
)
def test_statements_that_cannot_be_used_are_left_out(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    objects = statements()
    objects[3].update(change)
    tables, report = TestNewest().read([written(tmp_path, objects)])
    assert report.issue_counts[code] == 1
    assert tables["companies"].num_rows == 2


def test_a_field_that_nobody_has_seen_is_listed(tmp_path: Path) -> None:
    objects = statements()
    objects[1]["recordDetails"]["shoeSize"] = 43
    objects[1]["mood"] = "good"
    assert TestNewest().read([written(tmp_path, objects)])[1].unknown_fields == {"shoeSize", "mood"}


REAL = {
    # Counted in the files: statements, entities, persons, interests (one each, or none).
    "data/bods_demo/all_demo.jsonl": (1204, 520, 18, 1256),
    "data/bods_demo/by_source/uk/04152338.jsonl": (3, 2, 0, 3),
    "data/bods_demo/by_source/gleif/213800BC4TEGCCQH9V07.jsonl": (3, 1, 0, 2),
    "data/gleif/lei-data-out.json": (5, 5, 0, 0),
    "data/gleif/rr-data-out.json": (10, 0, 0, 10),
    "spec/bods/0.2/examples/3-joint-ownership.json": (7, 2, 2, 3),
    "spec/bods/0.3/examples/3-joint-ownership.json": (7, 2, 2, 3),
    "spec/bods/0.4/examples/joint-ownership.json": (7, 2, 2, 3),
}


@pytest.mark.acceptance
@pytest.mark.parametrize("name", REAL)
def test_real_files_are_read_whole(test_data: Path, name: str) -> None:
    tables, report = TestNewest().read([test_data / name])
    n_rows = [tables[table].num_rows if table in tables else 0 for table in ("companies", "persons", "interests")]
    assert (report.n_rows_read.total(), *n_rows) == REAL[name]
    # Published as data, and not all of it as the standard wants: places without a name, or with another code.
    of_places = {"address_unusable", "no_place_name", "bad_place_code"}
    assert set(report.issue_counts) <= {"bad_identifier", "not_described"} | of_places


@pytest.mark.acceptance
def test_no_field_of_any_real_file_is_unknown(test_data: Path) -> None:
    found = [
        *sorted((test_data / "spec" / "bods").glob("*/examples/**/*.json")),
        *sorted((test_data / "data" / "bods_demo").glob("**/*.jsonl")),
        *sorted((test_data / "data" / "gleif").glob("*-out.json")),
    ]
    assert len(found) > 30
    unknown = {path.name: TestNewest().read([path])[1].unknown_fields for path in found}
    assert {name: fields for name, fields in unknown.items() if fields} == {}
