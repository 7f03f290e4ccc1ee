"""Measure Neo4j beside the snapshot: `python -m benchmarks.neo4j --companies N`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.neo4j.asking import measure_pagerank, measure_questions
from benchmarks.neo4j.machinery import COLLECTOR, GDS_VERSION, PAGES, VERSION, fetch_jars, serving
from benchmarks.neo4j.register import change, make_snapshot
from benchmarks.neo4j.writing import measure_import, measure_load, measure_sync
from benchmarks.speed import report
from benchmarks.speed.machine import describe_machine
from benchmarks.speed.place import Place
from benchmarks.speed.process import StepFailed
from benchmarks.speed.row import Row


def main() -> None:
    """Measure everything, print it, and write it down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neo4j", description=__doc__)
    parser.add_argument("--companies", type=int, default=20_000, help="how many companies (default: 20000)")
    parser.add_argument("--out", type=Path, help="a folder for neo4j.json")
    parser.add_argument("--home", type=Path, help="keep the register and its snapshot in this folder")
    parser.add_argument("--port", type=int, default=17_687, help="where the server listens (default: 17687)")
    parser.add_argument("--heap", default="2g", help="the server's Java heap (default: 2g)")
    parser.add_argument("--quick", action="store_true", help="repeat less, and keep nothing in benchmarks/results")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        home = arguments.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        place = Place(folder=home.resolve(), companies=arguments.companies, quick=arguments.quick)
        try:
            _measure(place, arguments)
        except StepFailed as failure:
            raise SystemExit(f"Nothing can be measured: {failure}") from failure


def _measure(place: Place, arguments: argparse.Namespace) -> None:
    machine = describe_machine()
    server = f"{VERSION} (heap {arguments.heap}, page cache {PAGES}, {COLLECTOR} collector)"
    machine["libraries"] |= {"Neo4j": server, "Graph Data Science": GDS_VERSION}
    rows = []
    for row in _rows(place, port=arguments.port, heap=arguments.heap):
        report.print_rows([row])
        rows.append(row)
    report.keep(place, "neo4j", rows, machine, title="Neo4j", out=arguments.out)


def _rows(place: Place, *, port: int, heap: str) -> Iterator[Row]:
    fetch_jars()
    snapshot = make_snapshot(place)
    yield from measure_import(place, snapshot, heap=heap)
    with serving(place.fresh("server"), port=port, heap=heap) as server:
        loaded, seconds = measure_load(server, snapshot)
        yield from loaded
        yield from measure_questions(server, snapshot, place)
        yield from measure_pagerank(server, snapshot, place)
        yield from measure_sync(server, snapshot, change(place), seconds)


if __name__ == "__main__":
    main()
