"""The steps that are measured from inside: the register's making, the build's steps, the name index."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import graphleads as gl
from benchmarks.speed.process import peak_bytes, reset_peak
from graphleads.graph.snapshot import open_snapshot
from graphleads.names.index import write_name_index
from graphleads.testing.synthetic.register import generate as generate_register


class StepClock:
    """A progress that keeps the time and the peak memory of every step."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self._begin("start")

    def _begin(self, name: str) -> None:
        reset_peak()
        self._name, self._start = name, time.perf_counter()

    def step(self, name: str, total: int | None = None) -> None:  # noqa: ARG002 - the protocol's
        """End the current step and begin another."""
        self.end()
        self._begin(name)

    def advance(self, n: int = 1) -> None:
        """Nothing is kept of what is within a step."""

    def end(self) -> None:
        """End the current step."""
        seconds = time.perf_counter() - self._start
        self.steps.append({"name": self._name, "seconds": seconds, "peak_bytes": peak_bytes()})


def generate(*, folder: str, companies: int) -> dict[str, Any]:
    """Make a register in both layouts."""
    made = generate_register(Path(folder), companies=companies, layouts=("plain", "companies-house"))
    stated = {"companies": companies, "observed_on": made.observed_on.isoformat()}
    (Path(folder) / "made.json").write_text(json.dumps(stated), encoding="utf-8")
    return stated


def build(*, home: str) -> dict[str, Any]:
    """Build a snapshot as `graphleads build` does."""
    clock = StepClock()
    with gl.open_workspace(home, progress=clock) as workspace:
        report = workspace.build()
    clock.end()
    return {"steps": clock.steps, "counts": report.counts, "snapshot": report.snapshot}


def index_names(*, snapshots: str, folder: str) -> dict[str, Any]:
    """Write the name index of a snapshot once more; the kernels are compiled before."""
    snapshot = open_snapshot(Path(snapshots))
    names, nodes = snapshot.names["name"], snapshot.numbers("names", "node")
    write_name_index(Path(folder) / "small", names.slice(0, 1_000), nodes[:1_000])
    shutil.rmtree(Path(folder) / "small")
    reset_peak()
    start = time.perf_counter()
    write_name_index(Path(folder), names, nodes)
    seconds = time.perf_counter() - start
    n_bytes = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return {"seconds": seconds, "peak_bytes": peak_bytes(), "n_names": len(names), "n_bytes": n_bytes}
