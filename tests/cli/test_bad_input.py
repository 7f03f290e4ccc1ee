"""Bad input is normal input: one clear sentence each, nothing lost, and what was there before still answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

HEADER = "id,name,jurisdiction\n"
PLAIN = ("--mapping", "plain", "--dataset", "other", "--observed-on", "2026-07-01")
HTML = "<!DOCTYPE html><html><body>Please log in</body></html>"

FILES: dict[str, bytes] = {
    "truncated.csv.gz": gzip.compress((HEADER + "X-T:1,Alder,GB\n" * 10_000).encode())[:-40],
    "page.csv": HTML.encode(),
    "empty.csv": b"",
    "image.csv": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "renamed.csv": b"identifier,title\nX-T:1,Alder\n",
}
CRM_FILES: dict[str, bytes] = {
    "page.csv": HTML.encode(),
    "empty.csv": b"",
    "no-names.csv": b"colour,size\nred,3\n",
    "truncated.csv.gz": FILES["truncated.csv.gz"],
}


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under the name that readers of the plain layout look for."""
    path = folder / "given" / name.replace(name.partition(".")[0], "companies")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def leads(run: Run) -> list[str]:
    result = run("recommend", "-k", 3, "--json")
    assert result.exit_code == 0, result.output
    return [item["company"]["id"] for item in json.loads(result.stdout)["items"]]


def assert_one_sentence(result: Result, exit_code: int = 1) -> None:
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert line.endswith((".", ")"))
    assert "nobody foresaw" not in line


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", FILES)
def test_a_register_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    before = leads(run)
    assert_one_sentence(run("ingest", "table", put(tmp_path, name, FILES[name]), *PLAIN))

    assert leads(run) == before
    assert json.loads(run("status", "--json").stdout)["stale"] == []


@pytest.mark.usefixtures("demo")
def test_a_directory_and_a_missing_file(run: Run, tmp_path: Path) -> None:
    assert_one_sentence(run("ingest", "table", tmp_path, *PLAIN))
    assert_one_sentence(run("ingest", "table", tmp_path / "gone.csv", *PLAIN))
    assert_one_sentence(run("customers", "import", tmp_path))
    assert_one_sentence(run("customers", "import", tmp_path / "gone.csv"))


@pytest.mark.parametrize(
    "content",
    [
        HEADER.encode() + b"X-T:1,\x1b[31m<script>alert(1)</script>,GB\n",
        HEADER.encode() + b"X-T:1,Al\x00der,GB\nX-T:2,Birch,GB\n",
        HEADER.encode() + b"X-T:1,M\xfcller Ltd,GB\n",
        HEADER.encode() + b'X-T:1,"' + b"x" * 10_000_000 + b'",GB\nX-T:2,Birch,GB\n',
        HEADER.encode() + b'X-T:1,"never closed,GB\nX-T:2,Birch,GB\n',
    ],
    ids=["a name with a script in it", "NUL bytes", "Latin-1", "a field of 10 MB", "a quote that is never closed"],
)
def test_odd_rows_are_read_or_reported_and_never_stop_anything(run: Run, tmp_path: Path, content: bytes) -> None:
    path = put(tmp_path, "odd.csv", content)
    result = run("ingest", "table", path, *PLAIN)

    assert "Traceback" not in result.output
    assert "nobody foresaw" not in result.output
    if result.exit_code:
        assert_one_sentence(result)
    else:
        assert run("run").exit_code == 0
        shown = run("search", "script").stdout
        assert "\x1b" not in shown


def test_a_name_with_a_script_in_it_is_printed_as_text(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path, "odd.csv", HEADER.encode() + b"X-T:1,[bold]\x1b[31m<script>alert(1)</script>,GB\n")
    roles = path.with_name("roles.csv")
    roles.write_text("company,holder,kind\nX-T:1,X-T:2,director\n", encoding="utf-8")
    assert run("ingest", "table", path, roles, *PLAIN).exit_code == 0
    assert run("run").exit_code == 0

    shown = run("company", "X-T:1").stdout
    assert "<script>alert(1)</script> (X-T:1)" in shown
    assert "[bold]" in shown
    assert "\x1b" not in shown


def test_a_mapping_with_a_wrong_column_names_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Nr,Firma\n1,Alder\n", encoding="utf-8")
    mapping = tmp_path / "list.yaml"
    mapping.write_text("version: 1\nname: list\nnonsense: true\n", encoding="utf-8")
    result = run("ingest", "table", tmp_path / "list.csv", "--mapping", mapping, "--observed-on", "2026-07-01")

    assert_one_sentence(result)
    assert "list.yaml" in result.stderr
    assert "line" in result.stderr


def test_a_delivery_without_a_day_is_refused(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path, "list.csv", HEADER.encode() + b"X-T:1,Alder,GB\n")
    result = run("ingest", "table", path, "--mapping", "plain", "--dataset", "other")

    assert "--observed-on" in result.stderr or "observed" in result.stderr
    assert result.exit_code in (1, 2)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CRM_FILES)
def test_a_customer_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    before = leads(run)
    assert_one_sentence(run("customers", "import", put(tmp_path, name, CRM_FILES[name])))

    assert leads(run) == before


def test_two_header_rows_and_one_id_twice_are_rejected_rows(run: Run, tmp_path: Path) -> None:
    crm = tmp_path / "crm.csv"
    crm.write_text("id,name,status\nid,name,status\n1,Alder,won\n1,Birch,won\n,Cedar,won\n", encoding="utf-8")
    said = json.loads(run("customers", "import", crm, "--json").stdout)

    assert said["new"] == ["1"]
    assert [row["row"] for row in said["rejected"]] == [2, 4, 5]


def test_customers_that_match_nothing_leave_a_next_step(run: Run, demo: Path, tmp_path: Path) -> None:
    (demo / "graphleads.db").unlink()
    crm = tmp_path / "crm.csv"
    crm.write_text("id,name,status\n1,Zzyzx Qqxyz Vvwv,won\n", encoding="utf-8")
    assert run("customers", "import", crm).exit_code == 0
    too_early = run("recommend")
    assert_one_sentence(too_early)
    assert "run `graphleads match` first" in too_early.stderr
    assert run("match").exit_code == 0
    result = run("recommend")

    assert_one_sentence(result)
    assert "None of the 1 won customers was found in the register with certainty" in result.stderr


def test_no_customers_at_all(run: Run, demo: Path) -> None:
    (demo / "graphleads.db").unlink()

    for words in (("recommend",), ("match",)):
        result = run(*words)
        assert_one_sentence(result)
        assert "There are no customers yet: run `graphleads customers import FILE` first" in result.stderr


def test_a_damaged_database_is_said_to_be_damaged(run: Run, demo: Path) -> None:
    (demo / "graphleads.db").write_bytes(b"this is no database at all, " * 100)

    assert_one_sentence(run("recommend"))


def test_a_snapshot_that_lost_a_file_is_not_served(run: Run, demo: Path) -> None:
    (edges,) = (demo / "snapshots").glob("*/edges.arrow")
    edges.unlink()
    assert_one_sentence(run("recommend"))
    assert run("snapshot", "verify").exit_code == 1


def test_a_snapshot_that_lost_a_file_is_built_again(run: Run, demo: Path) -> None:
    before = leads(run)
    (edges,) = (demo / "snapshots").glob("*/edges.arrow")
    edges.unlink()

    assert run("run").exit_code == 0
    assert leads(run) == before


def test_a_register_without_a_single_tie_answers_all_the_same(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path, "list.csv", HEADER.encode() + b"X-T:1,Alder,GB\n")
    assert run("ingest", "table", path, *PLAIN).exit_code == 0
    assert run("run").exit_code == 0

    assert run("company", "X-T:1").exit_code == 0
    assert "No leads around 1 company as of" in run("recommend", "--seed", "X-T:1").stdout
