"""Time every step on a made-up register: `python -m benchmarks.speed --companies N`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.speed import graph, growth, register, report, service
from benchmarks.speed.machine import describe_machine
from benchmarks.speed.place import Place
from benchmarks.speed.process import StepFailed
from benchmarks.speed.row import Row, missing

STEPS: Mapping[str, Callable[[Place], list[Row]]] = {
    "generate": register.generate,
    "stage": register.stage,
    "ingest": register.ingest,
    "link": register.link,
    "build": register.build,
    "match": register.match,
    "columns": graph.columns,
    "open": service.opening,
    "query": service.query,
    "walk": graph.walk,
    "exact": graph.exact,
    "as-of": service.as_of,
    "shell": service.shell,
    "http": service.http,
    "compile": service.compiling,
}
"""Every step in order; each needs what those before it left in the place."""


def main() -> None:
    """Measure what was asked for, print it, and write it down."""
    arguments = _parse()
    with ExitStack() as stack:
        home = arguments.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measure = _measure_growth if arguments.growth else _measure
        try:
            measure(home.resolve(), arguments)
        except StepFailed as failure:
            raise SystemExit(f"Nothing can be measured: {failure}") from failure


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--companies", type=int, default=20_000, help="how many companies (default: 20000)")
    parser.add_argument("--out", type=Path, help="a folder for speed.json")
    parser.add_argument("--home", type=Path, help="keep the register and all that is made of it in this folder")
    parser.add_argument("--steps", type=_steps, default=tuple(STEPS), help=f"some of {','.join(STEPS)}")
    parser.add_argument("--quick", action="store_true", help="repeat less, and keep nothing in benchmarks/results")
    parser.add_argument("--all-peers", action="store_true", help="run the peers above 1 million companies, too")
    parser.add_argument("--growth", action="store_true", help="time 0.5, 1 and 5 million companies side by side")
    return parser.parse_args()


def _steps(text: str) -> tuple[str, ...]:
    wanted = tuple(text.split(","))
    unknown = [name for name in wanted if name not in STEPS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no step {unknown[0]!r}: use some of {','.join(STEPS)}")
    return tuple(name for name in STEPS if name in wanted)


def _measure(folder: Path, arguments: argparse.Namespace) -> None:
    place = _place(folder, arguments, arguments.companies)
    machine = describe_machine()
    _run(place, arguments.steps)
    rows = [row for name in STEPS for row in place.kept(name)]
    report.keep(place, "speed", rows, machine, title="Speed", out=arguments.out)


def _place(folder: Path, arguments: argparse.Namespace, companies: int) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder=folder, companies=companies, quick=arguments.quick, all_peers=arguments.all_peers)


def _run(place: Place, steps: Sequence[str]) -> None:
    """Run steps, print and keep their rows; one that fails is a row that says so."""
    print(f"\n{place.companies:,} companies in {place.folder}\n")
    try:
        service.compile_kernels(place)
    except StepFailed as failure:
        print(f"The compiler's time is in the first steps: {failure}\n")
    for name in steps:
        try:
            rows = STEPS[name](place)
        except StepFailed as failure:
            rows = [missing(name, str(failure))]
        place.keep(name, rows)
        report.print_rows(rows)


def _measure_growth(folder: Path, arguments: argparse.Namespace) -> None:
    machine: dict[str, Any] = describe_machine()
    measured = []
    for companies in growth.QUICK_SIZES if arguments.quick else growth.SIZES:
        place = _place(folder / str(companies), arguments, companies)
        _run(place, growth.STEPS)
        measured.append((place, [row for name in growth.STEPS for row in place.kept(name)]))
    table = growth.growth_table(measured)
    print("\n" + "\n".join(report.markdown_table(table)))
    if arguments.out:
        for place, rows in measured:
            path = arguments.out / f"speed-{place.companies}.json"
            report.write_json(path, machine, companies=place.companies, rows=rows)
    if not arguments.quick:
        path = report.RESULTS / f"growth-{machine['measured_at'][:10]}.md"
        report.write_markdown(path, machine, title="Growth with the register", table=table)


if __name__ == "__main__":
    main()
