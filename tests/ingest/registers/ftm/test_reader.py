"""The reader of FollowTheMoney on invented entities; every expected value is written out."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphleads.errors import GraphLeadsError, ValueInvalid
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.ingest.reader import load_reader
from graphleads.ingest.registers.ftm.reader import FtmReader
from graphleads.ingest.registers.ftm.schema import FAMILIES, IGNORED_SCHEMATA
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = Path(__file__).parents[3] / "golden" / "ftm" / "entities.ftm.json"
ALDER, NEST, FICTIONAL = "X-FTM:comp-alder", "X-FTM:comp-nest", "X-FTM:comp-us"
ADA, BO = "X-FTM:pers-ada", "X-FTM:pers-bo"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContract(ReaderContract):
    reader = FtmReader()
    files = (GOLDEN,)
    bad_line = None  # without a header, the contract's row is another


@pytest.fixture(scope="module")
def golden() -> Read:
    return TestContract().read([GOLDEN])


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def row(table: pa.Table, record: str) -> dict[str, Any]:
    (found,) = table.filter(pc.equal(table["record"], record)).to_pylist()
    return {name: value for name, value in found.items() if value is not None and name not in ("dataset", "record")}


def written(tmp_path: Path, *entities: object) -> Path:
    file = tmp_path / "entities.json"
    file.write_text("".join(json.dumps(one) + "\n" for one in entities), encoding="utf-8")
    return file


def test_the_entry_point_and_what_files_say() -> None:
    assert isinstance(load_reader("ftm"), FtmReader)
    preview = FtmReader().preview(open_sources(GOLDEN), None)
    assert (preview.dataset, preview.observed_on, preview.kind) == ("ftm", None, None)
    with pytest.raises(ValueInvalid, match="takes no mapping"):
        FtmReader().preview(open_sources(GOLDEN), "x")


def test_companies_go_by_their_record(golden: Read) -> None:
    assert rows(golden[0]["companies"], "id", "name", "entity_type", "mentioned", "jurisdiction", "status") == [
        (ALDER, "Alder & Birch Limited", "registered_entity", False, "GB", "active"),
        ("X-FTM:org-club", "Verein der Erfinder", "legal_entity", False, "DE", "unknown"),
        ("X-FTM:body-1", "Ministry of Inventions", "state_body", False, None, "dissolved"),
        ("X-FTM:le-1", "Somebody Or Something", "unknown", False, None, None),
        ("X-FTM:comp-ru", "ООО Выдумка", "registered_entity", False, "RU", "dissolved"),
        ("X-FTM:comp-br", "Invenção S.A.", "registered_entity", False, "BR", None),
        (FICTIONAL, "Fictional Holdings Inc.", "registered_entity", False, "US-DE", None),
        ("X-FTM:comp-unseen", None, None, True, None, None),
        (NEST, "Nest Ltd", "registered_entity", False, "GB", None),
    ]


def test_a_company_has_its_dates_capital_and_place(golden: Read) -> None:
    assert row(golden[0]["companies"], "comp-alder") == {
        "op": "assert",
        "id": ALDER,
        "name": "Alder & Birch Limited",
        "entity_type": "registered_entity",
        "mentioned": False,
        "jurisdiction": "GB",
        "status": "active",
        "status_text": "Active",
        "legal_form": "Private limited company",
        "incorporated_on": date(2004, 1, 1),
        "capital": Decimal("1000.50"),
        "capital_currency": "GBP",
        "region": "Greater London",
        "locality": "London",
        "postcode": "EC2V 8EA",
    }
    ended = row(golden[0]["companies"], "body-1")
    assert (ended["start_on"], ended["dissolved_on"]) == (date(1991, 12, 31), date(1991, 12, 31))


def test_an_entity_is_known_since_it_was_last_changed(golden: Read, tmp_path: Path) -> None:
    def published(**changed: Any) -> list[date | None]:
        entity = {"id": "a", "schema": "Company", "properties": changed.pop("properties", {"name": ["A"]}), **changed}
        tables, _ = TestContract().read([written(tmp_path, entity)])
        days: list[date | None] = tables["companies"]["published_on"].to_pylist()
        return days

    assert published(last_change="2019-05-06T07:08:09") == [date(2019, 5, 6)]
    assert published(properties={"name": ["A"], "modifiedAt": ["2018-01-01", "2018-02-01"]}) == [date(2018, 2, 1)]
    assert published(last_change="2020-02-01") == [None]  # after the delivery's day
    assert golden[0]["companies"]["published_on"].null_count == golden[0]["companies"].num_rows


def test_names_have_their_kinds(golden: Read) -> None:
    assert rows(golden[0]["names"], "id", "name", "kind") == [
        (ALDER, "Alder and Birch Ltd", "alternative"),
        (ALDER, "Alder Birch", "alternative"),
        (ALDER, "A&B", "short"),
        (ALDER, "ABL", "short"),
        (ALDER, "Sapling Trading Limited", "former"),
        (ADA, "Ada Ficton", "alternative"),
        (ADA, "A. M. Ficton", "alternative"),
        (NEST, "Nest Limited", "alternative"),
    ]


def test_numbers_have_their_schemes(golden: Read) -> None:
    found = rows(golden[0]["identifiers"], "id", "scheme", "value", "valid")
    assert sorted(found, key=lambda one: one[:3]) == [
        (ALDER, "GB-COH", "99000001", None),
        (ALDER, "X-FTM", "old-alder", None),
        (ALDER, "X-OPENCORPORATES", "gb/99000001", None),
        (ALDER, "X-VAT", "GB999000001", None),
        (ALDER, "XI-LEI", "5299000000000000AB46", False),
        ("X-FTM:comp-br", "BR-CNPJ", "11222333", True),
        (NEST, "GB-COH", "SC990001", None),
        ("X-FTM:comp-ru", "RU-INN", "7700000000", None),
        ("X-FTM:comp-ru", "RU-OGRN", "1027700000000", None),
        ("X-FTM:comp-ru", "X-RU-OKPO", "00000001", None),
        (FICTIONAL, "X-REG-US-DE", "7654321", None),
        ("X-FTM:org-club", "X-REG-DE", "VR 1234", None),
    ]


def test_contact_points_are_companies_alone(golden: Read) -> None:
    assert rows(golden[0]["contact_points"], "id", "kind", "key") == [
        (ALDER, "address", "17 ec2v 8ea"),
        ("X-FTM:org-club", "address", "erfindergasse 3 10115 berlin"),
        (ALDER, "phone", "442079460001"),
        (ALDER, "email_domain", "alderbirch.example"),
        (ALDER, "website", "alderbirch.example"),
        ("X-FTM:org-club", "website", "erfinder.example"),
    ]


def test_trades_stay_in_the_publishers_words(golden: Read) -> None:
    assert rows(golden[0]["classifications"], "id", "scheme", "code") == [
        (ALDER, "X-FTM-CLASSIFICATION", "16.10"),
        (ALDER, "X-FTM-SECTOR", "Timber"),
        ("X-FTM:comp-ru", "X-RU-OKVED", "16.10"),
    ]


def test_people_have_a_month_of_birth_and_no_numbers(golden: Read) -> None:
    tables, report = golden
    columns = ("id", "name", "given_name", "family_name", "birth_year", "birth_month", "nationality", "residence")
    assert rows(tables["persons"], *columns) == [
        (ADA, "Ada Mary Ficton", "Ada Mary", "Ficton", 1961, 4, "GB", "IE"),
        (BO, "Bo Inventström", "Bo", "Inventström", 1970, None, "SE", None),
        ("X-FTM:pers-di", "Di Made-Up", None, None, 1980, 2, None, None),
    ]
    assert report.dropped_personal_fields == {
        "Company.idNumber": 1, "Company.innCode": 1, "Identification.number": 1, "LegalEntity.idNumber": 1,
        "LegalEntity.taxNumber": 1, "Person.address": 1, "Person.addressEntity": 1, "Person.birthDate": 1,
        "Person.email": 1, "Person.gender": 1, "Person.idNumber": 1, "Person.innCode": 1, "Person.passportNumber": 1,
        "Person.taxNumber": 1,
    }  # fmt: skip
    everything = "".join(str(table.to_pylist()) for table in tables.values()) + str(report.issue_table().to_pylist())
    for secret in ("500100732259", "123456789'", "Home Lane", "home.example", "AA-1", "T-1", "99-1", "1961-04"):
        assert secret not in everything


def test_ownership_keeps_bounds_words_and_period(golden: Read) -> None:
    interests = golden[0]["interests"]
    assert row(interests, "own-1") == {
        "op": "assert", "start_on": date(2019, 3, 1), "subject": ALDER, "holder": ADA, "kind": "shareholding",
        "share_min": 0.25, "share_max": 0.5, "min_exclusive": False, "max_exclusive": False, "directness": "unknown",
        "details": "Shareholder",
    }  # fmt: skip
    assert row(interests, "own-2") == {
        "op": "assert", "start_on": date(2015, 1, 1), "end_on": date(2020, 12, 31), "subject": ALDER,
        "holder": FICTIONAL, "kind": "shareholding", "share_min": 0.5, "share_max": 0.5, "min_exclusive": False,
        "max_exclusive": False, "directness": "indirect", "held_as": "nominee", "beneficial": True,
        "amount": Decimal("1200.00"), "amount_kind": "shares",
        "details": "indirect beneficial, through a nominee; ordinary",
    }  # fmt: skip


def test_other_interests(golden: Read) -> None:
    interests = golden[0]["interests"]
    others = interests.filter(pc.not_equal(interests["kind"].cast(pa.string()), "shareholding"))
    assert rows(others, "record", "subject", "holder", "kind", "details") == [
        ("le-1", "X-FTM:le-1", ALDER, "other_influence_or_control", "parent"),
        ("ctl-1", FICTIONAL, BO, "other_influence_or_control", "voting agreement"),
        ("unk-1", "X-FTM:comp-br", ADA, "unknown_interest", "Adviser"),
    ]


def test_an_end_that_is_never_described_keeps_the_relation(golden: Read) -> None:
    interests = golden[0]["interests"]
    unseen = interests.filter(pc.equal(interests["record"], "own-3"))
    assert rows(unseen, "subject", "holder") == [
        (FICTIONAL, "X-FTM:never-described"),
        ("X-FTM:comp-unseen", "X-FTM:never-described"),
    ]
    mentioned = row(golden[0]["companies"], "own-3")
    assert (mentioned["id"], mentioned["mentioned"]) == ("X-FTM:comp-unseen", True)
    assert golden[1].issue_counts["never_described"] == 3


def test_roles_have_kind_title_and_period(golden: Read) -> None:
    assert rows(golden[0]["roles"], "company", "holder", "kind", "title", "op", "start_on", "end_on") == [
        (ALDER, ADA, "chair", "Chairwoman", "assert", date(2019, 3, 2), None),
        (ALDER, BO, "director", None, "end", None, None),
        ("X-FTM:org-club", BO, "other", "Treasurer", "assert", None, None),
        (FICTIONAL, BO, "chief_executive", "Managing Director", "assert", date(2020, 1, 1), None),
        ("X-FTM:comp-ru", "X-FTM:org-club", "representative", "lobbyist", "assert", None, None),
    ]


def test_successions_are_links(golden: Read) -> None:
    assert rows(golden[0]["links"], "source", "target", "kind", "start_on") == [
        ("X-FTM:body-1", "X-FTM:org-club", "succeeded_by", date(1991, 12, 26))
    ]


def test_what_is_wrong_is_reported(golden: Read) -> None:
    assert golden[1].issue_counts == {
        "partial_date": 4, "never_described": 3, "no_tie": 2, "bad_share": 2, "no_address": 1, "unknown_country": 1,
        "unknown_status": 1, "bad_date": 1, "bad_phone": 1, "no_end": 1, "ends_before_start": 1,
    }  # fmt: skip


def test_other_schemata_are_counted_by_name(golden: Read) -> None:
    ignored = golden[1].ignored_fields
    assert ignored["Payment"] == "a deal or a payment is no tie that lasts (2 left out)"
    assert {name for name in ignored if name in IGNORED_SCHEMATA} == {"Family", "Payment", "Vessel"}


def test_no_schema_has_two_places() -> None:
    read = [schema for family in FAMILIES for schema in family.schemata]
    assert len(read) == len(set(read))
    assert not set(read) & set(IGNORED_SCHEMATA)
    for family in FAMILIES:
        places = [*family.read, *family.ignored, *family.personal]
        assert len(places) == len(set(places)), family.schemata


def test_entities_in_several_files_and_any_order_are_the_same(tmp_path: Path) -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "a.json").write_text("".join(lines[20:]), encoding="utf-8")
    (tmp_path / "b.json").write_text("".join(lines[:20]), encoding="utf-8")
    halves, _ = TestContract().read([tmp_path / "a.json", tmp_path / "b.json"])
    whole, _ = TestContract().read([GOLDEN])
    for name, table in whole.items():
        assert sorted(map(str, halves[name].to_pylist())) == sorted(map(str, table.to_pylist()))


def test_what_is_no_entity_costs_itself(tmp_path: Path) -> None:
    company = {"id": "a", "schema": "Company", "properties": {"name": ["A"]}}
    tables, report = TestContract().read([written(tmp_path, company, {"id": "b"}, [1])])
    assert tables["companies"]["name"].to_pylist() == ["A"]
    assert report.issue_counts == {"no_entity": 1, "no_object": 1}


def test_a_relation_of_a_later_delivery_finds_its_company(tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    request = IngestRequest(observed_on=date(2024, 3, 1))
    ingest("ftm", [GOLDEN], staged=staged, request=request)
    later = written(
        tmp_path,
        {"id": "mem-9", "schema": "Membership", "properties": {"member": ["pers-bo"], "organization": ["old-alder"]}},
    )
    ingest("ftm", [later], staged=staged, request=IngestRequest(dataset="other", observed_on=date(2024, 3, 2)))
    report = link(staged, tmp_path / "linked")
    pairs = pq.read_table(report.path).to_pylist()
    joined = [(one["left"], one["right"]) for one in pairs if one["method"] == "identifier"]
    assert joined == [("X-FTM:comp-alder", "X-FTM:old-alder")]
    assert report.n_conflicts == 0


def test_the_published_sample_has_no_unknown_field(test_data: Path) -> None:
    tables, report = TestContract().read([test_data / "data" / "name_pairs" / "donations.ijson"])
    assert report.unknown_fields == set()
    assert report.ignored_fields["Payment"].endswith("(290 left out)")
    assert (tables["companies"].num_rows, tables["persons"].num_rows) == (73, 22)
    assert report.n_rows_read.total() == 474


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_SCHEMATA = st.sampled_from([*(schema for family in FAMILIES for schema in family.schemata), "Payment", "Robot"])
_PROPERTIES = st.sampled_from(sorted({name for family in FAMILIES for name in (*family.read, *family.personal)}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.sampled_from(["a", "b", "c"]),
                "schema": _SCHEMATA,
                "properties": st.dictionaries(_PROPERTIES, st.lists(st.sampled_from(["a", "b", "2020"]) | _VALUES)),
            },
            optional={"caption": _VALUES, "referents": _VALUES, "last_change": _VALUES},
        )
        | _VALUES,
        min_size=1,
        max_size=6,
    )
)
def test_whatever_comes_is_read_or_told(tmp_path: Path, entities: list[Any]) -> None:
    with suppress(GraphLeadsError):
        for table in TestContract().read([written(tmp_path, *entities)])[0].values():
            table.validate(full=True)
