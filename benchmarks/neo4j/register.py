"""The made-up register as two snapshots: as it is, and a day later, when 1 % of its records changed."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from benchmarks.speed import register
from benchmarks.speed.place import Place
from benchmarks.speed.process import run_graphleads
from graphleads.graph.snapshot import Snapshot, open_snapshot

_CHANGED = {"companies": "postcode", "roles": "end_on", "interests": "end_on"}
"""Which column of each file changes."""

_ONE_IN = 100


def make_snapshot(place: Place) -> Snapshot:
    """Return the snapshot of the register, made if the place has none."""
    if not (place.snapshots / "CURRENT").is_file():
        register.generate(place)
        register.ingest(place)
        run_graphleads(place.home, "link", "--json")
        run_graphleads(place.home, "build", "--json")
    return open_snapshot(place.snapshots)


def change(place: Place) -> Snapshot:
    """Return the snapshot after a day on which one record in a hundred changed, in a home of its own."""
    observed_on = date.fromisoformat(json.loads((place.register / "made.json").read_bytes())["observed_on"])
    day = observed_on + timedelta(days=1)
    folder = place.fresh("changed")
    files = [_change(place.register / f"{name}.csv", folder, column, day) for name, column in _CHANGED.items()]
    options = ("--mapping", "plain", "--dataset", "synthetic", "--observed-on", day.isoformat(), "--kind", "update")
    later = place.fresh("later")
    shutil.copytree(place.home / "staged", later / "staged", copy_function=os.link)
    run_graphleads(later, "ingest", "table", *map(str, files), *options)
    run_graphleads(later, "link", "--json")
    run_graphleads(later, "build", "--json")
    return open_snapshot(later / "snapshots")


def _change(file: Path, folder: Path, column: str, day: date) -> Path:
    """Write one row in a hundred of a file, with another value in a column; return where."""
    rows = pd.read_csv(file, dtype=str, keep_default_na=False).iloc[::_ONE_IN].copy()
    rows[column] = day.isoformat() if column == "end_on" else f"since {day}"
    rows.to_csv(folder / file.name, index=False)
    return folder / file.name
