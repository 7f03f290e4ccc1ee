from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed.growth import growth_table
from benchmarks.speed.machine import LIBRARIES, describe_machine
from benchmarks.speed.place import Place
from benchmarks.speed.process import StepFailed, run
from benchmarks.speed.report import cells, markdown_table
from benchmarks.speed.row import Limit, Peer, Row, Verdict, missing, row_from_json
from benchmarks.speed.tasks import columns, files, walk
from graphleads.graph.snapshot import Snapshot

AT_MOST = Limit(must=60, aim=20)
AT_LEAST = Limit(must=0.95, aim=0.98, at_least=True)


@pytest.mark.parametrize(
    ("limit", "value", "verdict"),
    [
        (AT_MOST, 20, Verdict.AIM),
        (AT_MOST, 20.1, Verdict.REACHED),
        (AT_MOST, 60, Verdict.REACHED),
        (AT_MOST, 60.1, Verdict.MISSED),
        (AT_LEAST, 0.99, Verdict.AIM),
        (AT_LEAST, 0.96, Verdict.REACHED),
        (AT_LEAST, 0.94, Verdict.MISSED),
        (Limit(must=4), 1, Verdict.REACHED),
    ],
)
def test_a_limit_judges_a_value(limit: Limit, value: float, verdict: Verdict) -> None:
    assert limit.judge(value) is verdict


ROW = Row(
    step="link", value=12.345, unit="s", limit=AT_MOST, peak_bytes=2_500_000_000,
    peers=(
        Peer(name="pandas", seconds=24.69, peak_bytes=4_000_000, ratio=2.0),
        Peer(name="DuckDB", note="not installed"),
    ),
    note="a note",
)  # fmt: skip


def test_a_row_is_written_in_words() -> None:
    assert cells(ROW) == (
        "link",
        "12.3 s",
        "≤ 60 s (aim 20)",
        "aim reached",
        "2.50 GB",
        "pandas × 2.00 (24.69 s, 4 MB); DuckDB: not installed",
    )


def test_what_could_not_be_measured_says_so() -> None:
    row = missing("exact", "no company can be reached")
    assert cells(row) == ("exact", "not measured", "", "", "", "")
    assert row.note == "no company can be reached"


def test_a_place_keeps_what_was_measured(tmp_path: Path) -> None:
    place = Place(folder=tmp_path, companies=1_000)
    place.keep("link", [ROW])
    assert place.kept("link") == [ROW]
    assert place.kept("build") == []


def test_a_row_is_the_same_from_its_json() -> None:
    assert row_from_json(ROW.to_json()) == ROW


def test_growth_stands_by_company_and_by_query(tmp_path: Path) -> None:
    measured = [
        (Place(folder=tmp_path, companies=n), [*_rows(seconds), *_queries(milliseconds)])
        for n, seconds, milliseconds in ((1_000_000, 10.0, 0.5), (2_000_000, 30.0, 0.6))
    ]
    table = growth_table(measured)
    assert table[0] == ["", "1,000,000", "2,000,000", "last by first"]
    assert ["link, µs a company", "10.00", "15.00", "× 1.50"] in table
    assert ["10 seeds → 100 leads, no reasons: p50, ms", "0.50", "0.60", "× 1.20"] in table


def _rows(seconds: float) -> list[Row]:
    steps = ("ingest the register", "link", "build, name index apart", "name index")
    return [Row(step=step, value=seconds, unit="s") for step in steps]


def _queries(milliseconds: float) -> list[Row]:
    steps = (
        "10 seeds → 100 leads, no reasons: p50",
        "10 seeds → 100 leads, no reasons: p99",
        "10 seeds → 50 leads with reasons: p50",
        "1,000 seeds → 100 leads, no reasons: p99",
    )
    return [Row(step=step, value=milliseconds, unit="ms") for step in steps]


def test_a_table_has_a_line_under_its_header() -> None:
    assert markdown_table([["a", "b"], ["1|2", "3"]]) == ["| a | b |", "| --- | --- |", "| 1\\|2 | 3 |"]


def test_the_machine_names_every_library() -> None:
    machine = describe_machine()
    assert tuple(machine["libraries"]) == LIBRARIES
    assert machine["cores"] >= 1


def test_a_process_is_measured() -> None:
    done = run([sys.executable, "-c", "print('[1, 2]')"])
    assert done.json() == [1, 2]
    assert done.peak_bytes > 1_000_000


def test_a_process_that_fails_is_quoted() -> None:
    with pytest.raises(StepFailed, match="ended with 1: ValueError: broken"):
        run([sys.executable, "-c", "raise ValueError('broken')"])


@pytest.mark.parametrize("program", ["graphleads", "pandas", "numpy", "DuckDB"])
def test_every_program_makes_the_same_csr(program: str) -> None:
    _skip_without(program)
    # Two parallel edges in both directions, a loop-free triangle, and node 3 without any.
    source, target = np.array([1, 0, 0, 2], np.int32), np.array([0, 1, 2, 1], np.int32)
    indptr, neighbor, edge = columns._PROGRAMS[program]()(source, target, 4)
    assert indptr.tolist() == [0, 3, 6, 8, 8]
    assert neighbor.tolist() == [1, 1, 2, 0, 0, 2, 0, 1]
    assert edge.tolist() == [0, 1, 2, 0, 1, 3, 2, 3]


@pytest.mark.parametrize("program", ["pandas", "DuckDB"])
def test_every_program_makes_a_csr_of_staged_files(program: str, known_snapshots: Path) -> None:
    _skip_without(program)
    made = files.files(program=program.lower(), staged=str(known_snapshots.parent / "staged"))
    assert (made["n_nodes"], made["n_slots"]) == (17, 36)


@pytest.mark.parametrize("program", ["igraph", "networkx"])
def test_every_program_walks_the_same(program: str, known_snapshot: Snapshot) -> None:
    _skip_without(program)
    seeds = np.array([0, 1], np.int32)
    _, expected = walk._PROGRAMS["scipy"](known_snapshot)(seeds)
    nodes, mass = walk._PROGRAMS[program](known_snapshot)(seeds)
    assert nodes.tolist() == list(range(known_snapshot.n_nodes))
    np.testing.assert_allclose(mass, expected, atol=1e-5)


def _skip_without(program: str) -> None:
    if importlib.util.find_spec(program.lower()) is None:
        pytest.skip(f"{program} is not installed: pip install -e '.[benchmarks]'")
