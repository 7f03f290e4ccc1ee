"""The table, for people and as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.place import Place
from benchmarks.speed.row import Limit, Peer, Row

HEADER = ("step", "ours", "must reach", "verdict", "peak memory", "others, by our time")
RESULTS = Path(__file__).resolve().parents[1] / "results"


def print_rows(rows: Iterable[Row]) -> None:
    """Print rows as they come, in columns."""
    for row in rows:
        step, ours, must, verdict, peak, _ = cells(row)
        print(f"{step:<58} {ours:>18}  {must:<32} {verdict:<12} {peak:>9}", flush=True)
        for line in (row.note, *(_describe_peer(peer) for peer in row.peers)):
            if line:
                print(f"{'':<4}{line}", flush=True)


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text, a cell for each of `HEADER`."""
    return (
        row.step,
        "not measured" if row.value is None else _with_unit(row.value, row.unit),
        "" if row.limit is None else _describe_limit(row.limit, row.unit),
        row.verdict.value,
        "" if row.peak_bytes is None else _describe_bytes(row.peak_bytes),
        "; ".join(_describe_peer(peer) for peer in row.peers),
    )


def _with_unit(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".strip()


def _number(value: float) -> str:
    """Return a number with three digits that count, or with all before its point."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def _describe_limit(limit: Limit, unit: str) -> str:
    sign = "≥" if limit.at_least else "≤"
    aim = "" if limit.aim is None else f" (aim {limit.aim:,g})"
    return f"{sign} {limit.must:,g} {unit}".strip() + aim


def _describe_bytes(n: int) -> str:
    return f"{n / 1e9:.2f} GB" if n >= 1e9 else f"{n / 1e6:.0f} MB"


def _describe_peer(peer: Peer) -> str:
    if peer.seconds is None or peer.ratio is None:
        return f"{peer.name}: {peer.note}"
    peak = "" if peer.peak_bytes is None else f", {_describe_bytes(peer.peak_bytes)}"
    note = f", {peer.note}" if peer.note else ""
    return f"{peer.name} × {_number(peer.ratio)} ({peer.seconds:,.2f} s{peak}{note})"


def write_json(path: Path, machine: dict[str, Any], *, companies: int, rows: Sequence[Row]) -> None:
    """Write everything that was measured."""
    stated = {"machine": machine, "companies": companies, "rows": [row.to_json() for row in rows]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stated, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_markdown(path: Path, machine: dict[str, Any], *, title: str, table: Sequence[Sequence[str]]) -> None:
    """Write a table with what it was measured on.

    Args:
        path: The file.
        machine: What `describe_machine` gave.
        title: The heading.
        table: The header, then the rows.
    """
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    lines = [
        f"# {title}",
        "",
        f"Measured {machine['measured_at']} on {machine['cores']} cores of {machine['cpu']}, "
        f"{machine['memory_bytes'] / 1e9:.0f} GB, {machine['system']}, load {machine['load_1_minute']} at the start; "
        f"Python {machine['python']}, {libraries}.",
        "",
        *markdown_table(table),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown_table(table: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose first row is its header."""
    header, *rows = [[cell.replace("|", "\\|") for cell in row] for row in table]
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]


def keep(
    place: Place, program: str, rows: Sequence[Row], machine: dict[str, Any], *, title: str, out: Path | None
) -> None:
    """Write what was measured into `out`, if there is one, and among the results unless it was measured in a hurry."""
    if out:
        write_json(out / f"{program}.json", machine, companies=place.companies, rows=rows)
    if not place.quick:
        name = f"{program}-{place.companies}-{machine['measured_at'][:10]}.md"
        table = [(*HEADER, "note"), *((*cells(row), row.note) for row in rows)]
        write_markdown(RESULTS / name, machine, title=f"{title} at {place.companies:,} companies", table=table)
        print(f"\nWritten: benchmarks/results/{name}")
