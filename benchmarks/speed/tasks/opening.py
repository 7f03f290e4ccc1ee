"""Opening a snapshot: how long, and how much memory that no other process shares."""

from __future__ import annotations

import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.process import dirty_bytes, mapped_bytes, run_task
from benchmarks.speed.tasks.seeds import draw_seeds
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.model import LeadQuery
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline


def opening(*, snapshots: str) -> dict[str, Any]:
    """Open a snapshot with all its parts, then ask it something; then let a second process do the same beside it."""
    folder = Path(snapshots)
    before = dirty_bytes()
    start = time.perf_counter()
    snapshot = open_snapshot(folder)
    explainer = Explainer(Pipeline(snapshot))
    _touch_parts(snapshot)
    seconds = time.perf_counter() - start
    opened = dirty_bytes()
    _use(explainer)
    return {
        "seconds": seconds,
        "dirty_bytes": opened - before,
        "dirty_asked_bytes": dirty_bytes() - before,
        "second": run_task("opened_beside", snapshots=folder).json(),
    }


def _touch_parts(snapshot: Snapshot) -> None:
    """Map every part of a snapshot that an answer can need."""
    _ = (snapshot.adjacency, snapshot.walk, snapshot.times, snapshot.name_index, snapshot.edges, snapshot.names)
    for path in (snapshot.folder / "nodes").glob("*.npy"):
        snapshot.node_array(path.stem)


def _use(explainer: Explainer) -> None:
    """Read the walk's arrays whole, and answer a few questions."""
    snapshot = explainer.snapshot
    for field in fields(snapshot.walk):
        np.max(getattr(snapshot.walk, field.name).view(np.uint8), initial=0)
    companies, day = snapshot.companies["id"], snapshot.observed_on
    for seeds in draw_seeds(snapshot, 20, 10):
        ids = tuple(companies[int(node)].as_py() for node in seeds)
        explainer.recommend(LeadQuery(seeds=ids, k=50, valid_on=day, known_on=day))


def opened_beside(*, snapshots: str) -> dict[str, int]:
    """Do the same, and return what this process has mapped of the snapshot."""
    explainer = Explainer(Pipeline(open_snapshot(Path(snapshots))))
    _touch_parts(explainer.snapshot)
    _use(explainer)
    return mapped_bytes(Path(snapshots).resolve())
