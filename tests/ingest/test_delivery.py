"""Deliveries of the invented CVM files, and of what users hand in by mistake."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphleads.errors import (
    DeliveryConflict,
    FileUnreadable,
    FormatChanged,
    FormatMismatch,
    GraphLeadsError,
    ReaderNotFound,
    ValueInvalid,
)
from graphleads.ingest.delivery import IngestRequest, IngestResult, ingest
from graphleads.ingest.registers.cvm.reader import CvmReader
from graphleads.model import DeliveryKind
from graphleads.tables.delivery import open_deliveries
from graphleads.tables.schema import ISSUES

GOLDEN = Path(__file__).parents[1] / "golden" / "cvm"
EARLY, LATE = GOLDEN / "cad_cia_aberta_2021-06-30.csv", GOLDEN / "cad_cia_aberta_2023-06-30.csv"
DAY = date(2021, 6, 30)


class Watch:
    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None]] = []
        self.done: list[int] = []

    def step(self, name: str, total: int | None = None) -> None:
        self.steps.append((name, total))
        self.done.append(0)

    def advance(self, n: int = 1) -> None:
        self.done[-1] += n


def stage(staged: Path, *files: Path, **request: object) -> IngestResult:
    given = {"observed_on": DAY, **request}
    return ingest("cvm", files, staged=staged, request=IngestRequest(**given))  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_delivery_says_what_it_holds(tmp_path: Path) -> None:
    result = stage(tmp_path, EARLY)
    manifest = result.manifest
    assert (manifest.dataset, manifest.kind, manifest.observed_on) == ("br_cvm", DeliveryKind.FULL, DAY)
    assert manifest.id.startswith("2021-06-30-")
    assert len(manifest.id) == 23
    assert (manifest.reader, manifest.reader_version, manifest.mapping) == ("cvm", 1, None)
    assert [(file.name, file.size, file.encoding) for file in manifest.files] == [
        ("cad_cia_aberta_2021-06-30.csv", EARLY.stat().st_size, "utf-8")
    ]
    assert manifest.n_rows_read == 7
    assert manifest.n_rows_staged["companies"] == 10
    assert manifest.issues == {"bad_email": 2, "damaged_text": 1}
    assert not result.already_there
    (delivery,) = open_deliveries(tmp_path)
    assert delivery.manifest == manifest
    assert {name: delivery.read(name).num_rows for name in manifest.n_rows_staged} == manifest.n_rows_staged


def test_issues_are_a_table_of_samples(tmp_path: Path) -> None:
    issues = pq.read_table(stage(tmp_path, EARLY).issues_path).cast(ISSUES)
    assert [(one["row"], one["column"], one["code"], one["sample"]) for one in issues.to_pylist()] == [
        (7, "DENOM_COMERC", "damaged_text", "GAMA PARTICIPA?OES"),
        (5, "EMAIL", "bad_email", None),
        (6, "EMAIL", "bad_email", None),
    ]


def test_the_same_file_twice_changes_nothing_and_says_so(tmp_path: Path) -> None:
    first = stage(tmp_path, EARLY)
    before = tree(tmp_path)
    copy = tmp_path / "copy" / "renamed.csv"
    copy.parent.mkdir()
    shutil.copy(EARLY, copy)
    again = stage(tmp_path, copy)
    shutil.rmtree(copy.parent)
    assert again.already_there
    assert again.manifest == first.manifest
    assert tree(tmp_path) == before


def test_one_file_given_twice_counts_once(tmp_path: Path) -> None:
    copy = tmp_path / "a_copy.csv"
    shutil.copy(EARLY, copy)
    manifest = stage(tmp_path / "staged", EARLY, copy).manifest
    assert [file.name for file in manifest.files] == ["a_copy.csv"]
    assert manifest.n_rows_read == 7


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    stage(tmp_path / "a", EARLY)
    stage(tmp_path / "b", EARLY)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_dated_files_are_deliveries_of_their_own(tmp_path: Path) -> None:
    stage(tmp_path, LATE, observed_on=date(2023, 6, 30))
    stage(tmp_path, EARLY)
    assert [one.manifest.observed_on.year for one in open_deliveries(tmp_path)] == [2021, 2023]


def test_another_full_delivery_of_the_day_is_refused(tmp_path: Path) -> None:
    stage(tmp_path, EARLY)
    before = tree(tmp_path)
    with pytest.raises(
        DeliveryConflict,
        match=r"br_cvm already has a full delivery of 2021-06-30 with other content \(cad_cia_aberta_2021-06-30\.csv\)",
    ):
        stage(tmp_path, LATE)
    assert tree(tmp_path) == before


def test_replace_puts_it_in_the_others_place(tmp_path: Path) -> None:
    stage(tmp_path, EARLY)
    late = stage(tmp_path, LATE, replace=True)
    assert [one.manifest.id for one in open_deliveries(tmp_path)] == [late.manifest.id]
    assert [path.name for path in (tmp_path / "br_cvm").iterdir() if path.name != ".lock"] == [late.manifest.id]


def test_updates_stand_beside_each_other(tmp_path: Path) -> None:
    stage(tmp_path, EARLY, kind=DeliveryKind.UPDATE)
    stage(tmp_path, LATE, kind=DeliveryKind.UPDATE)
    assert len(open_deliveries(tmp_path)) == 2


def test_a_newer_reader_supersedes_its_own_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage(tmp_path, EARLY)
    monkeypatch.setattr(CvmReader, "version", 2)
    result = stage(tmp_path, EARLY)
    assert not result.already_there
    assert [one.manifest.reader_version for one in open_deliveries(tmp_path)] == [2]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "br_cvm" / ".tmp-2021-06-30-000000000000" / "companies"
    left.mkdir(parents=True)
    (left / "part-00000.parquet").write_bytes(b"half")
    manifest = stage(tmp_path, EARLY).manifest
    assert sorted(path.name for path in (tmp_path / "br_cvm").iterdir()) == [".lock", manifest.id]


def test_a_run_killed_between_two_renames_is_finished_by_the_next(tmp_path: Path) -> None:
    late = stage(tmp_path / "other", LATE).manifest
    stage(tmp_path / "staged", EARLY)
    shutil.copytree(tmp_path / "other" / "br_cvm" / late.id, tmp_path / "staged" / "br_cvm" / late.id)
    result = stage(tmp_path / "staged", LATE, replace=True)
    assert result.already_there
    assert [one.manifest.id for one in open_deliveries(tmp_path / "staged")] == [late.id]


def test_two_runs_at_once_do_not_meet(tmp_path: Path) -> None:
    folder = tmp_path / "br_cvm"
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DeliveryConflict, match="Another ingest of br_cvm is running"):
            stage(tmp_path, EARLY)


def test_progress_counts_bytes(tmp_path: Path) -> None:
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(EARLY.read_bytes()))
    watch, size = Watch(), packed.stat().st_size
    ingest("cvm", [packed], staged=tmp_path, request=IngestRequest(observed_on=DAY), progress=watch)
    assert watch.steps == [("hash", size), ("read", size)]
    assert watch.done == [size, size]


def damaged(folder: Path, content: bytes) -> Path:
    path = folder / "register.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda text: b"", FileUnreadable, "is empty"),
        (lambda text: gzip.compress(text)[:-20], FileUnreadable, "truncated or damaged"),
        (lambda text: b"<!doctype html><html></html>", FormatMismatch, "is an HTML page"),
        (lambda text: b"%PDF-1.4", FormatMismatch, "is a PDF document"),
        (lambda text: text.replace(b"CD_CVM", b"CODIGO_CVM", 1), FormatChanged, r"'CD_CVM' \(perhaps now 'CODIGO"),
        (lambda text: text.replace(b";", b","), FormatChanged, "no column 'CNPJ_CIA'"),
        (lambda text: text + b"x;y\r\n" * 8, FormatMismatch, "has 8 bad rows of 15, most of them wrong_field_count"),
    ],
)  # fmt: skip
def test_bad_files_stage_nothing_and_lose_nothing(
    tmp_path: Path, change: Callable[[bytes], bytes], error: type[Exception], message: str
) -> None:
    stage(tmp_path / "staged", LATE, observed_on=date(2023, 6, 30))
    before = tree(tmp_path / "staged")
    with pytest.raises(error, match=message) as caught:
        stage(tmp_path / "staged", damaged(tmp_path, change(EARLY.read_bytes())))
    assert "\n" not in str(caught.value)
    assert tree(tmp_path / "staged") == before


def test_bad_rows_cost_issues_only(tmp_path: Path) -> None:
    text = EARLY.read_bytes()
    path = damaged(tmp_path, text + b"x;y\r\n" + b"long" * (3 << 20) + b"\r\n" + b"nul\x00;\r\n")
    manifest = stage(tmp_path / "staged", path).manifest
    assert manifest.n_rows_read == 10
    assert manifest.n_rows_staged == stage(tmp_path / "other", EARLY).manifest.n_rows_staged
    assert manifest.issues["wrong_field_count"] == 2
    assert manifest.issues["record_too_long"] == 1
    assert manifest.issues["nul_bytes"] == 1


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"observed_on": None}, "do not say which day of the register they show: give --observed-on YYYY-MM-DD"),
        ({"dataset": "../etc"}, r"'\.\./etc' can name no dataset"),
        ({"dataset": "Big"}, "'Big' can name no dataset"),
        ({"mapping": "plain"}, "The reader cvm takes no mapping"),
    ],
)
def test_requests_that_cannot_be_met(tmp_path: Path, request_: dict[str, object], message: str) -> None:
    with pytest.raises(ValueInvalid, match=message):
        stage(tmp_path, EARLY, **request_)
    assert open_deliveries(tmp_path) == []


def test_dated_files_do_not_go_into_one_delivery(tmp_path: Path) -> None:
    with pytest.raises(ValueInvalid, match="The register is one file, and these are 2"):
        stage(tmp_path, EARLY, LATE)


@pytest.mark.parametrize(
    ("reader", "files", "error"),
    [("cmv", [EARLY], ReaderNotFound), ("cvm", [], ValueInvalid), ("cvm", [GOLDEN], FileUnreadable)],
)
def test_calls_that_cannot_be_met(tmp_path: Path, reader: str, files: list[Path], error: type[GraphLeadsError]) -> None:
    with pytest.raises(error):
        ingest(reader, files, staged=tmp_path, request=IngestRequest(observed_on=DAY))


@pytest.mark.parametrize("size", [0, 3_000])
def test_a_file_that_is_written_while_it_is_read_is_not_staged(tmp_path: Path, size: int) -> None:
    path = Path(shutil.copy(EARLY, tmp_path))

    class Cut(Watch):
        def advance(self, n: int = 1) -> None:
            if self.steps[-1][0] == "read":
                os.truncate(path, size)

    request = IngestRequest(observed_on=DAY)
    with pytest.raises(FileUnreadable, match=rf"^{path.name} changed while it was read"):
        ingest("cvm", [path], staged=tmp_path / "staged", request=request, progress=Cut())
    assert open_deliveries(tmp_path / "staged") == []
    assert [one.name for one in (tmp_path / "staged" / "br_cvm").iterdir()] == [".lock"]


def test_a_delivery_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    mapping = tmp_path / "codes.yaml"
    mapping.write_text(
        "version: 1\nname: codes\nfiles:\n  - match: codes.csv\n    ignore: {b: x}\n    rest: not wanted\n    tables:\n"
        "      - table: companies\n        where: [{column: a, equals: '7'}]\n"
        "        fields: {record: a, id: {column: a, steps: [{scheme: X-C}]}}\n",
        encoding="utf-8",
    )
    request = IngestRequest(mapping=mapping, dataset="codes", observed_on=DAY)
    with pytest.raises(
        FormatMismatch,
        match=r"^Nothing was staged, because no table has a place for any of the 1 records of codes\.csv: check",
    ):
        ingest("table", [tmp_path / "codes.csv"], staged=tmp_path / "staged", request=request)
    assert list((tmp_path / "staged" / "codes").glob("2021*")) == []


def test_what_was_staged_before_a_column_came_to_be_lacks_it_and_is_read(tmp_path: Path) -> None:
    stage(tmp_path, EARLY)
    (delivery,) = open_deliveries(tmp_path)
    before = delivery.read("companies")
    for part in (delivery.folder / "companies").glob("*.parquet"):
        pq.write_table(pq.read_table(part).drop_columns(["revenue_min", "revenue_max", "revenue_currency"]), part)

    assert delivery.read("companies").equals(before)
    assert delivery.read("companies", ["id", "revenue_min"]).equals(before.select(["id", "revenue_min"]))
