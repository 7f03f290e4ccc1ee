"""The reader of persons with significant control on invented ones; every expected value is written out."""

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
from graphleads.formats.source import open_sources
from graphleads.ingest.reader import load_reader
from graphleads.ingest.registers.companies_house.psc_reader import CompaniesHousePscReader
from graphleads.model import DeliveryKind
from graphleads.testing.reader_contract import ReaderContract

GOLDEN = (
    Path(__file__).parents[3]
    / "golden" / "companies_house" / "persons-with-significant-control-snapshot-2024-12-19.txt"
)  # fmt: skip
ADA = "8228d0b1517498de86cc4a8f"
GORSE = "X-GB-COH-PSC-ENTITY:99000001-aaaaaaaaaaaaaaaaaaaaaaaaaa3"

Read = tuple[dict[str, pa.Table], DeliveryReport]


class TestContract(ReaderContract):
    reader = CompaniesHousePscReader()
    files = (GOLDEN,)
    bad_line = None  # without a header, the contract's row is another


@pytest.fixture(scope="module")
def golden() -> Read:
    return TestContract().read([GOLDEN])


def rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table.to_pylist()]


def objects() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def test_the_entry_point_and_the_files_name() -> None:
    assert isinstance(load_reader("companies-house-psc"), CompaniesHousePscReader)
    preview = CompaniesHousePscReader().preview(open_sources(GOLDEN), None)
    assert (preview.dataset, preview.observed_on, preview.kind) == (
        "gb_coh_psc", date(2024, 12, 19), DeliveryKind.FULL,
    )  # fmt: skip


def test_people_have_a_month_of_birth_and_no_address(golden: Read) -> None:
    tables, report = golden
    assert rows(tables["persons"], "id", "name", "birth_year", "birth_month", "nationality", "residence", "kind") == [
        ("X-GB-COH-PSC:99000001-aaaaaaaaaaaaaaaaaaaaaaaaaa1", "Ada Mary Ficton", 1961, 4, "GB", "GB", "known"),
        ("X-GB-COH-PSC:00990002--aaaaaaaaaaaaaaaaaaaaaaaaa2", "ADA MARY FICTON", 1961, 4, "IE", "GB", "known"),
        ("X-GB-COH-PSC:00990002-aaaaaaaaaaaaaaaaaaaaaaaaaa6", None, None, None, None, None, "anonymous"),
        ("X-GB-COH-PSC:OE990001-aaaaaaaaaaaaaaaaaaaaaaaaaa8", "Bo Inventström", 1970, 12, "SE", "SE", "known"),
        ("X-GB-COH-PSC:OE990001-aaaaaaaaaaaaaaaaaaaaaaaaa11", None, None, None, None, None, "anonymous"),
    ]
    assert report.dropped_personal_fields == {"data.address": 3, "data.date_of_birth.day": 1}
    everything = "".join(str(table.to_pylist()) for table in tables.values())
    assert "Home Lane" not in everything
    assert "Storgatan" not in everything
    assert "A Person" not in everything


def test_one_name_and_month_of_birth_is_one_key(golden: Read) -> None:
    keys = golden[0]["persons"]["key"].to_pylist()
    assert keys[:3] == [ADA, ADA, None]
    confidences = golden[0]["persons"]["key_confidence"].to_pylist()
    assert confidences[0] == pytest.approx(0.9)
    assert confidences[2] is None


def test_records_are_the_registers_own_links(golden: Read) -> None:
    assert golden[0]["persons"]["record"][0].as_py() == (
        "/company/99000001/persons-with-significant-control/individual/aaaaaaaaaaaaaaaaaaaaaaaaaa1"
    )


def test_interests_have_bounds_capacity_and_dates(golden: Read) -> None:
    interests = golden[0]["interests"]
    assert rows(interests, "subject", "kind", "share_min", "share_max", "held_as", "start_on", "end_on")[:4] == [
        ("GB-COH:99000001", "shareholding", 0.25, 0.5, "own", date(2016, 4, 6), None),
        ("GB-COH:99000001", "voting_rights", 0.5, 0.75, "own", date(2016, 4, 6), None),
        ("GB-COH:00990002", "shareholding", 0.75, 1.0, "own", date(2018, 6, 5), date(2020, 2, 29)),
        ("GB-COH:00990002", "appointment_of_board", None, None, "own", date(2018, 6, 5), date(2020, 2, 29)),
    ]
    assert interests.num_rows == 15
    overseas = interests.filter(pc.equal(interests["subject"], "GB-COH:OE990001"))
    assert rows(overseas, "kind", "directness", "held_as", "beneficial", "op") == [
        ("shareholding", "unknown", "own", True, "assert"),
        ("voting_rights", "indirect", "trust", True, "assert"),
        ("nominator", "direct", "own", True, "assert"),
        ("unpublished_interest", "unknown", None, True, "end"),
        ("other_influence_or_control", "unknown", "trust", False, "assert"),
        ("appointment_of_board", "unknown", "firm", False, "assert"),
    ]


def test_what_is_kept_secret_is_an_unpublished_interest(golden: Read) -> None:
    interests = golden[0]["interests"]
    secret = interests.filter(pc.equal(interests["kind"], "unpublished_interest"))
    assert rows(secret, "subject", "holder", "op", "details") == [
        ("GB-COH:00990002", "X-GB-COH-PSC:00990002-aaaaaaaaaaaaaaaaaaaaaaaaaa6", "assert",
         "super-secure-persons-with-significant-control"),
        ("GB-COH:OE990001", "X-GB-COH-PSC:OE990001-aaaaaaaaaaaaaaaaaaaaaaaaa11", "end",
         "super-secure-beneficial-owner"),
    ]  # fmt: skip


def test_organisations_are_mentioned_by_their_record(golden: Read) -> None:
    assert rows(golden[0]["companies"], "id", "name", "entity_type", "mentioned", "jurisdiction", "postcode") == [
        (GORSE, "Gorse Limited", "registered_entity", True, "GB", "XC1 1AA"),
        ("X-GB-COH-PSC-ENTITY:SO990001-aaaaaaaaaaaaaaaaaaaaaaaaaa4", "Holz Und Mehr Gmbh", "legal_entity", True,
         "DE", "00000"),
        ("X-GB-COH-PSC-ENTITY:NI990001-aaaaaaaaaaaaaaaaaaaaaaaaaa5", "Ministry Of Nothing", "legal_entity", True,
         None, "XA1 1AA"),
        ("X-GB-COH-PSC-ENTITY:OE990001-aaaaaaaaaaaaaaaaaaaaaaaaaa9", "Palm Nominees", "legal_entity", True,
         "GG", "XY2 2BB"),
        ("X-GB-COH-PSC-ENTITY:OE990001-aaaaaaaaaaaaaaaaaaaaaaaaa10", "State Of Utopia", "legal_entity", True,
         None, None),
    ]  # fmt: skip
    assert rows(golden[0]["identifiers"], "id", "scheme", "value") == [
        (GORSE, "GB-COH", "99000004"),
        ("X-GB-COH-PSC-ENTITY:SO990001-aaaaaaaaaaaaaaaaaaaaaaaaaa4", "X-REG-DE", "HRB 4711"),
    ]
    assert rows(golden[0]["contact_points"], "purpose", "key") == [
        ("correspondence", "4 xc1 1aa"),
        ("correspondence", "3 waldweg 00000"),
        ("correspondence", "nowhere house xa1 1aa"),
        ("correspondence", "1 xy1 1aa"),
        ("head_office", "2 xy2 2bb"),
    ]


def test_statements_and_exemptions_are_declarations(golden: Read) -> None:
    assert rows(golden[0]["declarations"], "id", "about", "reason", "start_on", "end_on", "text") == [
        ("GB-COH:FC990001", "owner", "psc-has-failed-to-confirm-changed-details", date(2017, 2, 1), date(2017, 8, 1),
         "Ada Mary Ficton; restrictions-notice-withdrawn-by-company"),
        ("GB-COH:99000004", "owner", "psc-exempt-as-trading-on-uk-regulated-market", date(2018, 6, 18),
         date(2019, 6, 18), None),
        ("GB-COH:99000004", "owner", "psc-exempt-as-trading-on-uk-regulated-market", date(2020, 1, 1), None, None),
        ("GB-COH:99000004", "owner", "disclosure-transparency-rules-chapter-five-applies", date(2018, 6, 18), None,
         None),
    ]  # fmt: skip


def test_the_last_line_only_counts(golden: Read, tmp_path: Path) -> None:
    assert golden[1].n_rows_read.total() == 13
    assert golden[1].issue_counts == {}
    shorter = tmp_path / "psc.txt"
    shorter.write_text("\n".join(GOLDEN.read_text(encoding="utf-8").splitlines()[1:]), encoding="utf-8")
    (issue,) = TestContract().read([shorter])[1].issue_table().to_pylist()
    assert issue["code"] == "count_differs"
    assert issue["sample"] == "persons_of_significant_control_count: 10 stated, 9 read"


def test_arrays_are_read_like_lines(golden: Read, tmp_path: Path) -> None:
    for name, indent in (("pretty.json", 2), ("one_line.json", None)):
        (tmp_path / name).write_text(json.dumps(objects(), indent=indent), encoding="utf-8")
        assert TestContract().read([tmp_path / name])[0] == golden[0]


def test_a_line_that_is_no_json_costs_itself_only(golden: Read, tmp_path: Path) -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "psc.txt"
    path.write_text("\n".join([*lines[:2], lines[2][:99], '{"data":' * 5_000, *lines[2:]]), encoding="utf-8")
    tables, report = TestContract().read([path])
    assert tables == golden[0]
    assert [issue["row"] for issue in report.issue_table().to_pylist()] == [3, 4]


def changed(tmp_path: Path, place: int, **values: Any) -> Path:
    """Write the golden file with other values in the data of one object; None takes the field away."""
    lines = objects()
    number = values.pop("company_number", lines[place]["company_number"])
    data = {name: value for name, value in (lines[place]["data"] | values).items() if value is not None}
    lines[place] = {"company_number": number, "data": data}
    path = tmp_path / "psc.txt"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_nature_that_nobody_has_seen_is_kept_in_its_own_words(tmp_path: Path) -> None:
    path = changed(tmp_path, 0, natures_of_control=["control-of-the-moon", "voting-rights-25-to-50-percent"])
    tables, report = TestContract().read([path])
    assert rows(tables["interests"], "kind", "share_min", "held_as", "details")[:2] == [
        ("unknown_interest", None, None, "control-of-the-moon"),
        ("voting_rights", 0.25, "own", "voting-rights-25-to-50-percent"),
    ]
    (issue,) = report.issue_table().to_pylist()
    assert (issue["code"], issue["row"], issue["sample"]) == ("unknown_nature", 1, "control-of-the-moon")


@pytest.mark.parametrize("natures", [None, []])
def test_a_record_without_a_nature_is_an_unknown_interest(tmp_path: Path, natures: list[str] | None) -> None:
    tables, report = TestContract().read([changed(tmp_path, 0, natures_of_control=natures)])
    assert report.issue_counts == {"no_nature": 1}
    assert ("GB-COH:99000001", "unknown_interest", None) in rows(tables["interests"], "subject", "kind", "details")


def test_a_field_that_nobody_has_seen_is_listed(tmp_path: Path) -> None:
    path = changed(tmp_path, 0, shoe_size=43, address={"planet": "Earth"})
    assert TestContract().read([path])[1].unknown_fields == {"data.shoe_size", "data.address.planet"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "robot-with-significant-control"}, "unknown_kind"),
        ({"company_number": "X"}, "bad_company_number"),
        ({"links": {}}, "no_record_id"),
    ],
)
def test_records_that_cannot_be_used_are_left_out(tmp_path: Path, values: dict[str, Any], code: str) -> None:
    tables, report = TestContract().read([changed(tmp_path, 1, **values)])
    found = [(issue["code"], issue["row"]) for issue in report.issue_table().to_pylist()]
    assert (code, 2) in found
    assert {name for name, _ in found} <= {code, "count_differs"}
    assert tables["persons"].num_rows == 4


@pytest.mark.parametrize(
    ("place", "values", "code"),
    [
        (0, {"notified_on": "6 April 2016"}, "bad_date"),
        (0, {"ceased_on": "2016-04-05"}, "ends_before_start"),
        (0, {"nationality": "Elvish"}, "unknown_country"),
        (0, {"country_of_residence": "Utopia"}, "unknown_country"),
        (0, {"date_of_birth": {"month": 13, "year": 1961}}, "bad_birth"),
        (0, {"date_of_birth": {"month": 1, "year": 161}}, "bad_birth"),
        (0, {"nationality": ["British"]}, "wrong_type"),
        (6, {"statement": None}, "no_statement"),
    ],
)
def test_odd_values_are_reported_and_the_record_stays(
    tmp_path: Path, place: int, values: dict[str, Any], code: str
) -> None:
    tables, report = TestContract().read([changed(tmp_path, place, **values)])
    assert [(issue["code"], issue["row"]) for issue in report.issue_table().to_pylist()] == [(code, place + 1)]
    assert tables["persons"].num_rows == 5


@pytest.mark.parametrize(
    ("identification", "stated", "codes"),
    [
        ({"registration_number": "99000004", "place_registered": "Companies House, Cardiff"}, "99000004", {}),
        ({"registration_number": "990004", "place_registered": "England"}, "00990004", {}),
        ({"registration_number": "990004", "place_registered": "Scotland"}, "SC990004", {}),
        ({"registration_number": "990004", "country_registered": "Wales", "legal_form": "LLP"}, "OC990004", {}),
        ({"registration_number": "99000004"}, None, {}),
        ({"registration_number": "99000004", "country_registered": "France"}, None, {}),
        ({"registration_number": "12", "country_registered": "Wales"}, None, {"bad_holder_number": 1}),
        ({"registration_number": "12345678", "country_registered": "Wales"}, None, {"bad_holder_number": 1}),
        ({"registration_number": "99000001", "country_registered": "Wales"}, None, {"own_number": 1}),
        (
            {"registration_number": "1099999", "country_registered": "England", "place_registered": "Mutuals Register"},
            None,
            {},
        ),
    ],
)
def test_a_number_is_stated_where_the_register_is_british(
    tmp_path: Path, identification: dict[str, str], stated: str | None, codes: dict[str, int]
) -> None:
    tables, report = TestContract().read([changed(tmp_path, 2, identification=identification)])
    assert tables["companies"]["id"][0].as_py() == GORSE
    numbers = tables["identifiers"].filter(pc.equal(tables["identifiers"]["scheme"], "GB-COH"))
    assert numbers["value"].to_pylist() == ([] if stated is None else [stated])
    assert report.issue_counts == codes


def test_a_charitys_number_is_no_companys(tmp_path: Path) -> None:
    identification = {"registration_number": "1099999", "place_registered": "Charity Commission, England"}
    tables, _ = TestContract().read([changed(tmp_path, 2, identification=identification)])
    assert ("GB-CHC", "1099999") in rows(tables["identifiers"], "scheme", "value")


SAMPLES = {
    # Read by eye: records, people, organisations with a British number, other organisations, interests, declarations.
    "psc-data-1.json": (3, 1, 0, 0, 1, 1),
    "psc-data-2.json": (2, 0, 1, 0, 2, 0),
    "psc-data-3.json": (2, 1, 0, 0, 2, 0),
    "psc-data-4.json": (2, 0, 0, 1, 1, 0),
    "psc-data-5.json": (2, 0, 0, 1, 1, 0),
    "psc-data-6.json": (2, 0, 0, 1, 2, 0),
    "psc-data-7.json": (2, 1, 0, 0, 1, 0),
    "psc-data-8.json": (4, 2, 1, 0, 6, 0),
    "psc-data-9.json": (2, 0, 0, 1, 1, 0),
    "psc-data-10.json": (2, 0, 0, 1, 2, 0),
    "psc-data-11.json": (2, 1, 0, 0, 4, 0),
    "psc-data-12.json": (2, 0, 0, 1, 3, 0),
    "psc-data-13.json": (2, 0, 0, 1, 1, 0),
    "psc-data-14.json": (2, 0, 0, 1, 2, 0),
    "psc-data-15.json": (2, 0, 0, 1, 2, 0),
    "psc-data-16.json": (2, 0, 0, 1, 1, 0),
}


@pytest.mark.acceptance
@pytest.mark.parametrize("name", SAMPLES)
def test_the_real_samples_are_read_whole(test_data: Path, name: str) -> None:
    tables, report = TestContract().read([test_data / "data" / "companies_house" / name])
    ids = tables["companies"]["id"]
    n_british = pc.sum(pc.equal(tables["identifiers"]["scheme"], "GB-COH")).as_py() or 0
    assert (
        report.n_rows_read.total(),
        tables["persons"].num_rows,
        n_british,
        len(ids) - n_british,
        tables["interests"].num_rows,
        tables["declarations"].num_rows,
    ) == SAMPLES[name]
    assert report.unknown_fields == set()
    # The last line counts the whole register, of which the sample is a few records.
    assert set(report.issue_counts) == {"count_differs"}
    assert "unknown_interest" not in tables["interests"]["kind"].to_pylist()


def stream(tmp_path: Path, *events: dict[str, Any], name: str = "stream.jsonl") -> Path:
    file = tmp_path / name
    file.write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    return file


def event(timepoint: int, data: dict[str, Any], uri: str, kind: str = "changed") -> dict[str, Any]:
    told = {"timepoint": timepoint, "published_at": "2024-12-20T08:00:00", "type": kind, "fields_changed": ["/name"]}
    return {"resource_kind": "x", "resource_uri": uri, "resource_id": "y", "data": data, "event": told}


def link_of(one: dict[str, Any]) -> str:
    link: str = one["data"]["links"]["self"]
    return link


def test_a_stream_is_an_update_of_the_same_records(tmp_path: Path, golden: Read) -> None:
    records = [one for one in objects() if "links" in one["data"]]
    events = [event(number, one["data"], link_of(one)) for number, one in enumerate(records)]
    file = stream(tmp_path, *events)
    assert CompaniesHousePscReader().preview(open_sources(file), None).kind is DeliveryKind.UPDATE
    tables, report = TestContract().read([file])
    assert report.unknown_fields == set()
    for name in ("persons", "companies", "interests", "declarations", "identifiers", "contact_points"):
        known = [row for row in golden[0][name].to_pylist() if row["record"] in set(map(link_of, records))]
        assert tables[name].to_pylist() == known


def test_the_last_event_of_a_record_counts_wherever_it_stands(tmp_path: Path) -> None:
    one = objects()[0]["data"]
    uri = one["links"]["self"]
    older, newer = ({**one, "natures_of_control": [nature]} for nature in ("significant-influence-or-control", "x"))
    first = stream(tmp_path, event(8, newer, uri), event(7, older, uri), name="a.jsonl")
    second = stream(tmp_path, event(5, {}, uri, "deleted"), event(8, newer, uri), name="b.jsonl")
    tables, _ = TestContract().read([first, second])
    assert rows(tables["interests"], "record", "op", "details") == [(uri, "assert", "x")]


def test_a_deleted_record_is_void(tmp_path: Path) -> None:
    folder = "/company/99000001/persons-with-significant-control"
    uris = (f"{folder}/individual/a", f"{folder}/corporate-entity/b", f"{folder}-statements/c")
    tables, report = TestContract().read(
        [stream(tmp_path, *(event(n, {}, uri, "deleted") for n, uri in enumerate(uris)))]
    )
    assert rows(tables["interests"], "record", "op", "subject") == [(uri, "void", "GB-COH:99000001") for uri in uris]
    assert rows(tables["persons"], "record", "op", "id") == [(uris[0], "void", "X-GB-COH-PSC:99000001-a")]
    assert rows(tables["companies"], "record", "op", "id") == [(uris[1], "void", "X-GB-COH-PSC-ENTITY:99000001-b")]
    assert report.issue_counts == {}


def test_what_is_no_event_that_is_known_costs_itself(tmp_path: Path) -> None:
    one = objects()[0]["data"]
    uri = one["links"]["self"]
    file = stream(tmp_path, event(1, one, uri), event(2, one, "/company/99000001/x/individual/z", "moved"))
    tables, report = TestContract().read([file])
    assert tables["persons"].num_rows == 1
    assert report.issue_counts == {"unknown_event": 1}


def test_a_stream_goes_with_no_snapshot(tmp_path: Path) -> None:
    one = objects()[0]["data"]
    file = stream(tmp_path, event(1, one, one["links"]["self"]))
    with pytest.raises(ValueInvalid, match="ingest the snapshot first"):
        CompaniesHousePscReader().preview([*open_sources(GOLDEN), *open_sources(file)], None)
