"""Print what a write costs a team that has much, before and after: `python -m benchmarks.writes --before CHECKOUT`."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed.machine import describe_machine
from benchmarks.speed.report import markdown_table, write_markdown
from benchmarks.writes.clients import KINDS, N_CLIENTS, Target, cpu_by_kind, serve, wall_by_kind

RESULTS = Path(__file__).parents[1] / "results"
_TASK = Path(__file__).with_name("task.py")
_WITHIN = ("put a new customer", "put a changed customer", "claim", "release", "exclude", "include")
_MUST_CPU_MS, _MUST_P99_MS = 10, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one checkout did.

    Attributes:
        within: Milliseconds of processor time within Python, by what was done.
        peak_bytes: The most memory of the process that did it.
        served: Milliseconds of a server's processor time by kind of write.
        wall: To the answer for eight clients that write without pause, by kind of write.
        paced: The same at half of that rate.
        resident_bytes: The server's memory before the clients came, and after.
    """

    within: dict[str, float]
    peak_bytes: int
    served: dict[str, float]
    wall: dict[str, dict[str, float]]
    paced: dict[str, dict[str, float]]
    resident_bytes: tuple[int, int]


def main() -> None:
    """Measure, print, and keep the table."""
    arguments = _parse()
    machine = describe_machine()
    checkouts = {"before": arguments.before, "now": Path(__file__).parents[2]}
    with tempfile.TemporaryDirectory() as folder:
        kept = arguments.homes or Path(folder)
        measured = {
            name: _measure(checkout.absolute(), kept.absolute() / name, arguments)
            for name, checkout in checkouts.items()
            if checkout
        }
    table = [("", *measured, "must"), *_rows(measured)]
    print("\n".join(markdown_table(table)))
    if not arguments.quick:
        path = RESULTS / f"writes-{arguments.customers}-{machine['measured_at'][:10]}.md"
        write_markdown(path, machine, title=_title(arguments), table=table)
        print(f"\nWritten: benchmarks/results/{path.name}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What writes cost a team that has many customers and leads.")
    parser.add_argument("--before", type=Path, help="a checkout of earlier code with its own .venv, for the same run")
    parser.add_argument("--homes", type=Path, help="where the homes are made, and found again; none makes them anew")
    parser.add_argument("--companies", type=int, default=150_000, help="companies of the register (default: 150000)")
    for name, n in (("customers", 100_000), ("claims", 15_000), ("exclusions", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=n, help=f"that the team has (default: {n})")
    parser.add_argument("--rounds", type=int, default=20, help="how often each is done (default: 20; before: 3)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long eight clients write, twice (default: 20)")
    parser.add_argument("--quick", action="store_true", help="keep no table among the results")
    return parser.parse_args()


def _title(arguments: argparse.Namespace) -> str:
    return (
        f"Writes of a team with {arguments.customers:,} customers, {arguments.claims:,} claims and "
        f"{arguments.exclusions:,} exclusions"
    )


def _measure(checkout: Path, made: Path, arguments: argparse.Namespace) -> Measured:
    is_before = arguments.before is not None and checkout == arguments.before.absolute()
    rounds = min(3, arguments.rounds) if is_before else arguments.rounds
    python = checkout / ".venv" / "bin" / "python"
    if not (made / "targets.json").exists():
        sizes = [f"--{name}={getattr(arguments, name)}" for name in ("companies", "customers", "claims", "exclusions")]
        _run_task(python, "make", *sizes, str(made))
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        home = Path(shutil.copytree(made, Path(folder) / "home"))
        within = _run_task(python, "time", f"--rounds={rounds}", str(home))
        targets = [(company, name) for company, name in json.loads((home / "targets.json").read_bytes())]
        with serve(home, python) as server:
            alone, many, more = (targets[at::3] for at in range(3))
            served = cpu_by_kind(server, _each(alone), n=rounds)
            before = server.resident_bytes()
            wall = wall_by_kind(server, many, seconds=arguments.seconds)
            half = wall["all"]["per_second"] / 2
            paced = wall_by_kind(server, more, seconds=arguments.seconds, rate=half)
            resident = before, server.resident_bytes()
    return Measured(
        within=within["median_ms"],
        peak_bytes=within["peak_bytes"],
        served=served,
        wall=wall,
        paced=paced,
        resident_bytes=resident,
    )


def _each(targets: Sequence[Target]) -> Iterator[Target]:
    yield from targets
    raise SystemExit("There are too few companies for so many rounds.")


def _run_task(python: Path, *words: str) -> Any:
    done = subprocess.run([python, _TASK, *words], stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}.")
    return json.loads(done.stdout)


def _rows(measured: dict[str, Measured]) -> Iterator[tuple[str, ...]]:
    every = list(measured.values())

    def row(name: str, values: Sequence[float], unit: str, must: str = "") -> tuple[str, ...]:
        return (name, *(f"{value:,.1f} {unit}" for value in values), must)

    for kind in _WITHIN:
        yield row(f"{kind}, processor time", [one.within[kind] for one in every], "ms", f"{_MUST_CPU_MS} ms")
    quiet = "recommendation, nothing written"
    for name in (quiet, *(f"recommendation after: {kind}" for kind in _WITHIN), "first recommendation"):
        yield row(f"{name}, processor time", [one.within[name] for one in every], "ms")
    for kind in KINDS:
        yield row(f"HTTP: {kind}, processor time", [one.served[kind] for one in every], "ms", f"{_MUST_CPU_MS} ms")
    for kind in (*KINDS, "all"):
        name = f"HTTP, {N_CLIENTS} clients without pause: {kind}"
        yield row(f"{name}, p50", [one.wall[kind]["p50_ms"] for one in every], "ms")
        yield row(f"{name}, p99", [one.wall[kind]["p99_ms"] for one in every], "ms")
    for kind in (*KINDS, "all"):
        name = f"HTTP, {N_CLIENTS} clients at half of that rate: {kind}"
        yield row(f"{name}, p50", [one.paced[kind]["p50_ms"] for one in every], "ms")
        yield row(f"{name}, p99", [one.paced[kind]["p99_ms"] for one in every], "ms", f"{_MUST_P99_MS} ms")
    yield row("HTTP: writes a second", [one.wall["all"]["per_second"] for one in every], "")
    yield row("peak memory within Python", [one.peak_bytes / 1e6 for one in every], "MB")
    yield row("server's own memory before the clients", [one.resident_bytes[0] / 1e6 for one in every], "MB")
    yield row("server's own memory after them", [one.resident_bytes[1] / 1e6 for one in every], "MB")


if __name__ == "__main__":
    main()
