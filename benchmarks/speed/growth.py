"""How time grows with the register: the build should be linear, a query flat."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.place import Place
from benchmarks.speed.process import StepFailed
from benchmarks.speed.row import Row

STEPS = ("generate", "ingest", "link", "build", "query")
SIZES = (500_000, 1_000_000, 5_000_000)
QUICK_SIZES = (5_000, 10_000, 50_000)
_PER_COMPANY = ("ingest the register", "link", "build, name index apart", "name index")
_AS_IT_IS = (
    "10 seeds → 100 leads, no reasons: p50",
    "10 seeds → 100 leads, no reasons: p99",
    "10 seeds → 50 leads with reasons: p50",
    "1,000 seeds → 100 leads, no reasons: p99",
)


def growth_table(measured: Sequence[tuple[Place, Sequence[Row]]]) -> list[list[str]]:
    """Return a table with a column for each size, and the last by the first."""
    table = [["", *(f"{place.companies:,}" for place, _ in measured), "last by first"]]
    table += [
        _line(f"{step}, µs a company", [_value(rows, step) / place.companies * 1e6 for place, rows in measured])
        for step in _PER_COMPANY
    ]
    table += [_line(f"{step}, ms", [_value(rows, step) for _, rows in measured]) for step in _AS_IT_IS]
    return table


def _value(rows: Sequence[Row], step: str) -> float:
    found = next((row.value for row in rows if row.step == step), None)
    if found is None:
        raise StepFailed(f"{step!r} was not measured")
    return found


def _line(name: str, values: Sequence[float]) -> list[str]:
    return [name, *(f"{value:,.2f}" for value in values), f"× {values[-1] / values[0]:.2f}"]
