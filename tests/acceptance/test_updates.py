"""A register over time: a stream over a full file is the full file of that day, and what changed has its days."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

import graphleads as gl
from graphleads.cli.app import graphleads
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.ingest.registers.companies_house.control_record import COUNTS, TOTALS

GOLDEN = Path(__file__).parents[1] / "golden" / "companies_house"
BEGINNING, FOREVER = "0001-01-01", "9999-12-31"
FIRST, SECOND = "2024-06-01", "2024-06-15"
TABLES = (
    "companies", "persons", "contact_points", "names", "identifiers", "classifications", "statuses", "records",
    "declarations", "edges", "statements", "redirects",
)  # fmt: skip
ALDER, BIRCH = "99000001", "99000002"

Psc = dict[str, Any]


def person(company: str, part: str, name: str, *natures: str, **more: Any) -> Psc:
    forename, surname = name.split()
    return {
        "kind": "individual-person-with-significant-control",
        "links": {"self": f"/company/{company}/persons-with-significant-control/individual/{part}"},
        "name_elements": {"forename": forename, "surname": surname},
        "date_of_birth": {"month": 4, "year": 1961},
        "natures_of_control": list(natures),
        "notified_on": "2016-04-06",
        **more,
    }


def organisation(company: str, part: str, name: str, number: str) -> Psc:
    return {
        "kind": "corporate-entity-person-with-significant-control",
        "links": {"self": f"/company/{company}/persons-with-significant-control/corporate-entity/{part}"},
        "name": name,
        "identification": {"country_registered": "England", "registration_number": number},
        "natures_of_control": ["voting-rights-75-to-100-percent"],
        "notified_on": "2017-01-01",
    }


def nobody(company: str, part: str, **more: Any) -> Psc:
    return {
        "kind": "persons-with-significant-control-statement",
        "links": {"self": f"/company/{company}/persons-with-significant-control-statements/{part}"},
        "statement": "no-individual-or-entity-with-signficant-control",
        "notified_on": "2016-04-06",
        **more,
    }


SHARES_25, SHARES_50 = "ownership-of-shares-25-to-50-percent", "ownership-of-shares-50-to-75-percent"
ADA, BO, CY = (person(ALDER, f"part{n}", name, SHARES_25) for n, name in enumerate(("Ada A", "Bo B", "Cy C")))
GORSE = organisation(ALDER, "part4", "Gorse Limited", "99000004")
BEFORE = (ADA, BO, GORSE, nobody(BIRCH, "part5"))
ADA_NOW = ADA | {"natures_of_control": [SHARES_50, "right-to-appoint-and-remove-directors"]}
BO_NOW = BO | {"ceased_on": "2024-06-10"}
NOBODY_NOW = nobody(BIRCH, "part5", ceased_on="2024-06-05")
DI = person(BIRCH, "part6", "Di D", SHARES_25, notified_on="2024-06-05")
AFTER = (ADA_NOW, BO_NOW, GORSE, NOBODY_NOW, DI)


def company_of(record: Psc) -> str:
    number: str = record["links"]["self"].split("/")[2]
    return number


def event(timepoint: int, record: Psc, kind: str = "changed") -> dict[str, Any]:
    return {
        "resource_kind": "company-psc",
        "resource_uri": record["links"]["self"],
        "resource_id": record["links"]["self"].rpartition("/")[2],
        "data": record if kind == "changed" else {},
        "event": {"timepoint": timepoint, "published_at": "2024-06-12T10:00:00", "type": kind},
    }


EVENTS = (
    event(105, ADA_NOW),
    event(101, ADA | {"natures_of_control": ["voting-rights-75-to-100-percent"]}),
    event(103, BO_NOW),
    event(107, DI),
    event(104, NOBODY_NOW),
    event(102, ADA | {"ceased_on": "2024-06-02"}),
)
"""What happened between the two days, in no order: twice something about Ada that the last event takes back."""


class Home:
    """A home with its own deliveries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def full(self, day: str, records: Iterable[Psc]) -> Home:
        lines: list[Psc] = [{"company_number": company_of(one), "data": one} for one in records]
        kinds = [one["data"]["kind"] for one in lines]
        counts = {name: sum(kind in counted for kind in kinds) for name, counted in COUNTS.items()}
        lines.append({"data": {"kind": TOTALS, **counts}})
        return self._ingest(f"persons-with-significant-control-snapshot-{day}.txt", lines, day, "full")

    def stream(self, day: str, events: Iterable[Mapping[str, Any]]) -> Home:
        return self._ingest(f"stream-{day}.jsonl", events, day, "update")

    def _ingest(self, name: str, objects: Iterable[Any], day: str, kind: str) -> Home:
        file = self.folder / name
        file.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
        with gl.open_workspace(self.folder / "home") as ws:
            manifest = ws.ingest("companies-house-psc", file, observed_on=day).manifest
        assert (manifest.kind, manifest.unknown_fields, manifest.issues) == (kind, (), {})
        return self

    def build(self) -> Snapshot:
        with gl.open_workspace(self.folder / "home") as ws:
            ws.link()
            ws.build(accept_drop=True)
        return open_snapshot(self.folder / "home" / "snapshots")


def rows(table: pa.Table, *left_out: str) -> list[dict[str, Any]]:
    said = table.drop_columns([name for name in left_out if name in table.column_names])
    found: list[dict[str, Any]] = said.to_pylist()
    return found


def known_now(snapshot: Snapshot, table: str, **where: str) -> list[dict[str, str]]:
    """Return what is known of a table now, nodes by their ids, days as texts."""
    ids = [one for kind in ("companies", "persons", "contact_points") for one in snapshot.table(kind)["id"].to_pylist()]
    found = []
    for row in snapshot.table(table).to_pylist():
        row |= {end: ids[row[end]] for end in ("node", "source", "target") if row.get(end) is not None}
        told = {name: str(value) for name, value in row.items()}
        if told.get("known_until", FOREVER) == FOREVER and all(told[name] == value for name, value in where.items()):
            found.append(told)
    return found


def columns(found: Iterable[Mapping[str, str]], *names: str) -> list[tuple[str, ...]]:
    return sorted(tuple(row[name] for name in names) for row in found)


@pytest.fixture(scope="module")
def streamed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return Home(tmp_path_factory.mktemp("streamed")).full(FIRST, BEFORE).stream(SECOND, EVENTS).build()


@pytest.fixture(scope="module")
def twice_full(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return Home(tmp_path_factory.mktemp("full")).full(FIRST, BEFORE).full(SECOND, AFTER).build()


@pytest.mark.parametrize("table", TABLES)
def test_a_stream_over_a_full_file_is_the_full_file_of_that_day(
    streamed: Snapshot, twice_full: Snapshot, table: str
) -> None:
    # A stream does not repeat the records that stayed as they were, so they were last seen in the full file.
    assert rows(streamed.table(table), "last_seen_on") == rows(twice_full.table(table), "last_seen_on")


DAYS = {"known_from", "last_seen_on", "statement", "statements", "fact"}
"""When a delivery said so, and where it stands in its table."""


@pytest.mark.parametrize("table", [table for table in TABLES if table != "statements"])
def test_what_is_known_now_is_one_full_file_of_that_day(
    tmp_path_factory: pytest.TempPathFactory, streamed: Snapshot, table: str
) -> None:
    # A name without a first day is valid since it was first seen, which a single file cannot know.
    left_out = DAYS | ({"valid_from"} if table == "names" else set())
    alone = Home(tmp_path_factory.mktemp("alone")).full(SECOND, AFTER).build()
    found, expected = (
        [{name: value for name, value in row.items() if name not in left_out} for row in known_now(one, table)]
        for one in (streamed, alone)
    )
    assert found == expected


def test_the_stream_says_who_holds_what_since_when(streamed: Snapshot) -> None:
    interests = known_now(streamed, "edges")
    alder, birch = f"GB-COH:{ALDER}", f"GB-COH:{BIRCH}"
    assert columns(interests, "source", "target", "kind", "share_min", "valid_from", "valid_to") == [
        ("GB-COH:99000004", alder, "voting_rights", "0.75", "2017-01-01", FOREVER),
        (f"X-GB-COH-PSC:{ALDER}-part0", alder, "appointment_of_board", "None", "2016-04-06", FOREVER),
        (f"X-GB-COH-PSC:{ALDER}-part0", alder, "shareholding", "0.5", "2016-04-06", FOREVER),
        (f"X-GB-COH-PSC:{ALDER}-part1", alder, "shareholding", "0.25", "2016-04-06", "2024-06-10"),
        (f"X-GB-COH-PSC:{BIRCH}-part6", birch, "shareholding", "0.25", "2024-06-05", FOREVER),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (1, 5, 0, 4, 2, 3)])
def test_events_apply_in_the_order_of_their_timepoints(
    tmp_path: Path, streamed: Snapshot, order: tuple[int, ...]
) -> None:
    shuffled = Home(tmp_path).full(FIRST, BEFORE).stream(SECOND, [EVENTS[n] for n in order]).build()
    for table in TABLES:
        assert rows(shuffled.table(table)) == rows(streamed.table(table)), table


def test_a_deleted_record_is_void(tmp_path: Path) -> None:
    """It was filed in error: what is known of the register now is what it would be without it."""
    deleted = Home(tmp_path / "deleted").full(FIRST, [*BEFORE, CY]).stream(SECOND, [event(9, CY, "deleted")]).build()
    never = Home(tmp_path / "never").full(FIRST, BEFORE).build()
    for table in ("edges", "declarations", "names", "identifiers", "statuses", "records", "classifications"):
        found, expected = (
            [{name: value for name, value in row.items() if name not in DAYS} for row in known_now(one, table)]
            for one in (deleted, never)
        )
        assert found == expected, table


def test_a_record_that_comes_back_after_it_was_deleted_is_there(tmp_path: Path) -> None:
    events = [event(9, CY, "deleted"), event(11, CY), event(10, CY, "deleted")]
    back = Home(tmp_path).full(FIRST, BEFORE).stream(SECOND, events).build()
    assert columns(known_now(back, "edges", source=f"X-GB-COH-PSC:{ALDER}-part2"), "kind") == [("shareholding",)]


def write_companies(folder: Path, day: str, companies: Iterable[Mapping[str, str]]) -> Path:
    header = (GOLDEN / "BasicCompanyDataAsOneFile-2024-12-01.csv").read_text(encoding="utf-8").splitlines()[0]
    fields = [name.strip() for name in header.split(",")]
    path = folder / f"BasicCompanyDataAsOneFile-{day}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="")
        writer.writeheader()
        writer.writerows(companies)
    return path


def company(number: str, name: str, street: str = "1 High Street", **more: str) -> dict[str, str]:
    return {
        "CompanyName": name, "CompanyNumber": number, "CompanyStatus": "Active", "CountryOfOrigin": "United Kingdom",
        "RegAddress.AddressLine1": street, "RegAddress.PostTown": "INVENTON", "RegAddress.PostCode": "XA1 1AA",
        "IncorporationDate": "01/02/2010", **more,
    }  # fmt: skip


RENAMED = {"PreviousName_1.CompanyName": "ALDER LIMITED", "PreviousName_1.CONDATE": "10/06/2024"}
DISSOLVED = {"CompanyStatus": "Dissolved", "DissolutionDate": "12/06/2024"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two dated files: a rename, a removal, a dissolution, and a company that is there no more."""
    folder = tmp_path_factory.mktemp("register")
    before = [company(ALDER, "ALDER LIMITED"), company(BIRCH, "BIRCH LIMITED"), company("99000003", "CEDAR LIMITED"),
              company("99000005", "DAPHNE LIMITED", "5 Low Street")]  # fmt: skip
    after = [company(ALDER, "ALDER HOLDINGS LIMITED", **RENAMED), company(BIRCH, "BIRCH LIMITED", "2 High Street"),
             company("99000003", "CEDAR LIMITED", **DISSOLVED)]  # fmt: skip
    with gl.open_workspace(folder / "home") as ws:
        for day, companies in ((FIRST, before), (SECOND, after)):
            ws.ingest("companies-house", write_companies(folder, day, companies))
        ws.link()
        ws.build(accept_drop=True)
    return folder / "home"


@pytest.fixture(scope="module")
def dated(register: Path) -> Snapshot:
    return open_snapshot(register / "snapshots")


def test_two_dated_files_give_a_rename_between_them(dated: Snapshot) -> None:
    names = known_now(dated, "names", node=f"GB-COH:{ALDER}", kind="legal")
    assert columns(names, "name", "valid_from", "valid_to") == [
        ("ALDER HOLDINGS LIMITED", SECOND, FOREVER),
        ("ALDER LIMITED", BEGINNING, SECOND),
    ]


def test_a_former_name_ended_on_the_day_that_the_register_says(dated: Snapshot) -> None:
    names = known_now(dated, "names", node=f"GB-COH:{ALDER}", kind="former")
    assert columns(names, "name", "valid_from", "valid_to") == [("ALDER LIMITED", "2024-06-09", "2024-06-10")]


def test_two_dated_files_give_relationships_that_ended_between_them(dated: Snapshot) -> None:
    birch = known_now(dated, "edges", source=f"GB-COH:{BIRCH}")
    assert columns(birch, "target", "valid_from", "valid_to", "last_seen_on") == [
        ("X-ADDRESS:1 xa1 1aa", BEGINNING, SECOND, FIRST),
        ("X-ADDRESS:2 xa1 1aa", SECOND, FOREVER, SECOND),
    ]
    gone = known_now(dated, "edges", source="GB-COH:99000005")
    assert columns(gone, "valid_to", "last_seen_on") == [(SECOND, FIRST)]


def test_two_dated_files_give_a_dissolution_and_its_day(dated: Snapshot) -> None:
    statuses = known_now(dated, "statuses", node="GB-COH:99000003")
    assert columns(statuses, "valid_from", "valid_to", "status") == [
        (BEGINNING, SECOND, "active"),
        ("2024-06-12", FOREVER, "dissolved"),
    ]
    gone = known_now(dated, "statuses", node="GB-COH:99000005")
    # That it is inactive from then on is no statement of the register, and told by the view of the day: see below.
    assert columns(gone, "valid_from", "valid_to", "status") == [(BEGINNING, SECOND, "active")]


def shown(home: Path, company_id: str, day: str) -> str:
    result = CliRunner().invoke(graphleads, ["--home", str(home), "company", company_id, "--as-of", day])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("number", "day", "head"),
    [
        (ALDER, FIRST, "ALDER LIMITED (GB-COH:99000001)\nactive"),
        (ALDER, SECOND, "ALDER HOLDINGS LIMITED (GB-COH:99000001)\nactive"),
        ("99000003", "2024-06-11", "CEDAR LIMITED (GB-COH:99000003)\nactive"),
        ("99000003", "2024-06-12", "CEDAR LIMITED (GB-COH:99000003)\ndissolved"),
        ("99000005", FIRST, "DAPHNE LIMITED (GB-COH:99000005)\nactive"),
        ("99000005", SECOND, "DAPHNE LIMITED (GB-COH:99000005)\ninactive"),
    ],
)
def test_a_company_is_shown_as_of_a_day(register: Path, number: str, day: str, head: str) -> None:
    assert shown(register, f"GB-COH:{number}", day).startswith(head)


def test_ties_are_shown_as_of_a_day(register: Path) -> None:
    before, after = (shown(register, f"GB-COH:{BIRCH}", day) for day in (FIRST, SECOND))
    assert f"address (registered) until {SECOND}" in before
    assert "1 High Street" in before
    assert "2 High Street" not in before
    assert f"address (registered) since {SECOND}" in after
    assert "2 High Street" in after
    assert "1 High Street" not in after
