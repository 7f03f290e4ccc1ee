"""A full delivery shows its end: what breaks off, or counts more than it has, ends nothing. Days have an order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import DeliveryManifest, open_deliveries

GOLDEN = Path(__file__).parents[1] / "golden"
PSC = "persons-with-significant-control-snapshot-2024-12-19.txt"
OFFICERS = "Prod216_2898_ew_1_21042021.dat"
DAY = date(2026, 1, 1)
FULL, UPDATE = DeliveryKind.FULL, DeliveryKind.UPDATE


def stage(staged: Path, reader: str, *files: Path, **request: object) -> DeliveryManifest:
    return ingest(reader, files, staged=staged, request=IngestRequest(**request)).manifest  # type: ignore[arg-type]


def written(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def golden(name: str) -> bytes:
    (path,) = GOLDEN.glob(f"*/{name}")
    return path.read_bytes()


def cut(content: bytes, lines: int, within: int = 0) -> bytes:
    """Return a text without its last lines, and within the one before them."""
    kept = content.splitlines(keepends=True)[:-lines]
    return b"".join(kept)[: -within or None]


@pytest.mark.parametrize(
    ("reader", "name", "content", "codes"),
    [
        ("companies-house-psc", PSC, cut(golden(PSC), 1), {"no_count"}),
        ("companies-house-psc", PSC, cut(golden(PSC), 3, within=20), {"no_count", "cut_short"}),
        ("companies-house-psc", PSC, golden(PSC).replace(b"\n", b"\n\n", 1).split(b"\n", 1)[1], {"count_differs"}),
        (
            "companies-house-officers", OFFICERS, b"".join(golden(OFFICERS).splitlines(keepends=True)[::2][:1])
            + b"".join(golden(OFFICERS).splitlines(keepends=True)[2:]), {"count_differs"},
        ),
        (
            "gleif", "20241201-0800-gleif-goldencopy-rr-golden-copy.xml",
            golden("20241201-0800-gleif-goldencopy-rr-golden-copy.xml").replace(
                b"RecordCount>", b"RecordCount>9", 1
            ), {"count_differs"},
        ),
        (
            "gleif", "20241201-0800-gleif-goldencopy-lei2-golden-copy.csv",
            golden("20241201-0800-gleif-goldencopy-lei2-golden-copy.csv").rstrip()[:-11], {"cut_short"},
        ),
        (
            "companies-house", "BasicCompanyDataAsOneFile-2024-12-01.csv",
            golden("BasicCompanyDataAsOneFile-2024-12-01.csv").rstrip()[:-40], {"cut_short"},
        ),
    ],
)  # fmt: skip
def test_what_is_cut_is_an_update_unless_the_caller_vouches_for_it(
    tmp_path: Path, reader: str, name: str, content: bytes, codes: set[str]
) -> None:
    whole = stage(tmp_path / "whole", reader, written(tmp_path / "whole", name, golden(name)))
    assert (whole.kind, whole.issues.get("taken_as_update")) == (FULL, None)
    path = written(tmp_path / "cut", name, content)
    found = stage(tmp_path / "staged", reader, path)
    assert (found.kind, found.issues["taken_as_update"]) == (UPDATE, 1)
    assert codes <= set(found.issues)
    assert stage(tmp_path / "staged", reader, path, kind=FULL).kind is FULL


@pytest.mark.parametrize("reader", ["bods", "ftm"])
def test_the_last_line_breaks_off(tmp_path: Path, reader: str) -> None:
    name = {"bods": "statements_0_4.jsonl", "ftm": "entities.ftm.json"}[reader]
    path = written(tmp_path, name, golden(name).rstrip()[:-2])
    found = stage(tmp_path / "staged", reader, path, dataset="d", observed_on=DAY)
    assert (found.kind, found.issues["cut_short"]) == (UPDATE, 1)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"id,name,locality\n1,Alder,Leeds\n2,Birch,Y", FULL),
        (b"id,name,locality\n1,Alder,Leeds\n2,Bir", UPDATE),
        (b'id,name,locality\n1,Alder,Leeds\n2,Birch,"Yo', UPDATE),
        (b"id,name,locality\n1,Alder,Leeds\n2,Birch,York\n2 rows\n", FULL),
    ],
)
def test_a_table_breaks_off_where_its_last_row_is_no_row(tmp_path: Path, content: bytes, kind: DeliveryKind) -> None:
    path = written(tmp_path, "companies.csv", content)
    found = stage(tmp_path / "staged", "table", path, mapping="plain", dataset="d", observed_on=DAY)
    assert found.kind is kind


def officers(folder: Path, run: str, number: int, day: str) -> Path:
    lines = [f"DDDDSNAP{run}{day}", f"0000000{number}1".ljust(40) + f"FIRM {number}<", "9999999900000001", ""]
    name = f"Prod195_{run}_ew_{number}_{day[6:]}{day[4:6]}{day[:4]}.dat"
    return written(folder, name, "\n".join(lines).encode())


def test_fewer_files_than_the_last_full_delivery_had_are_not_all(tmp_path: Path) -> None:
    first = [officers(tmp_path, "2898", number, "20261001") for number in (1, 2, 3)]
    second = [officers(tmp_path, "2899", number, "20261101") for number in (1, 2, 3)]
    assert stage(tmp_path / "staged", "companies-house-officers", *first).kind is FULL
    some = stage(tmp_path / "staged", "companies-house-officers", *second[:2])
    assert (some.kind, some.issues) == (UPDATE, {"fewer_files": 1, "taken_as_update": 1})
    assert stage(tmp_path / "staged", "companies-house-officers", *second).kind is FULL


def test_files_without_one_of_a_lower_number_are_not_all(tmp_path: Path) -> None:
    some = [officers(tmp_path, "2898", number, "20261001") for number in (1, 3)]
    found = stage(tmp_path / "staged", "companies-house-officers", *some)
    assert (found.kind, found.issues) == (UPDATE, {"parts_missing": 1, "taken_as_update": 1})


COPY = golden("20241201-0800-gleif-goldencopy-rr-golden-copy.xml").replace(b"GLEIF_FULL", b"GLEIF_DELTA")


@pytest.mark.parametrize("turned", [False, True])
def test_updates_of_one_day_are_in_the_order_of_their_times(tmp_path: Path, *, turned: bool) -> None:
    times = ("2024-12-01T08:00:00Z", "2024-12-01T18:00:00+02:00", "2024-12-01T23:30:00Z")
    found = []
    for number, time in reversed(list(enumerate(times))) if turned else enumerate(times):
        begin = COPY.index(b"ContentDate>") + len(b"ContentDate>")
        content = COPY[:begin] + time.encode() + COPY[COPY.index(b"<", begin) :]
        found.append((time, stage(tmp_path / "staged", "gleif", written(tmp_path, f"{9 - number}.xml", content)).id))
    ids = dict(found)
    assert [one.manifest.id for one in open_deliveries(tmp_path / "staged")] == [ids[time] for time in times]


def test_without_a_time_full_deliveries_come_first_and_files_are_in_the_order_of_their_names(tmp_path: Path) -> None:
    told = golden("statements_0_4.jsonl")
    for number, (name, kind) in enumerate([("b.jsonl", UPDATE), ("a.jsonl", UPDATE), ("c.jsonl", FULL)]):
        path = written(tmp_path, name, told + b"\n" * number)
        stage(tmp_path / "staged", "bods", path, dataset="d", observed_on=DAY, kind=kind)
    names = [one.manifest.files[0].name for one in open_deliveries(tmp_path / "staged")]
    assert names == ["c.jsonl", "a.jsonl", "b.jsonl"]
