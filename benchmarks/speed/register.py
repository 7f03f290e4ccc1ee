"""From files to a published snapshot: every step as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.speed.place import Place
from benchmarks.speed.process import Run, StepFailed, run_graphleads, run_task
from benchmarks.speed.row import Limit, Peer, Row

GB = 1e9
_NAME_INDEX = "index names"
_NOT_FOR_CSR = ("start", "describe nodes")
"""Steps of the build that have nothing to do with the graph as arrays."""

_STAGED = (
    ("stage companies, CSV, a core", "companies-house", "BasicCompanyData*.csv",
     Limit(must=60_000, aim=120_000, at_least=True)),
    ("stage control, JSON lines, a core", "companies-house-psc", "persons-with-*.txt",
     Limit(must=40_000, aim=80_000, at_least=True)),
)  # fmt: skip
"""What is staged for its rate: the step, the reader, its files in the layout `companies-house`, the limit."""


def generate(place: Place) -> list[Row]:
    """Make the register in the plain layout and as Companies House writes it."""
    made = run_task("generate", folder=place.fresh("register"), companies=place.companies)
    return [Row(step="generate the register", value=made.seconds, unit="s", peak_bytes=made.peak_bytes)]


def stage(place: Place) -> list[Row]:
    """Stage the files of Companies House's layout, each in a fresh home."""
    return [_stage(place, *one) for one in _STAGED]


def _stage(place: Place, step: str, reader: str, pattern: str, limit: Limit) -> Row:
    files = sorted(str(path) for path in place.register.glob(pattern))
    read = run_graphleads(place.fresh("staging"), "ingest", reader, *files, "--json")
    place.fresh("staging")
    size = sum(Path(file).stat().st_size for file in files)
    n_rows = read.json()["manifest"]["n_rows_read"]
    # More than one core may have worked: the rate is that of one.
    seconds = max(read.seconds, read.cpu_seconds)
    by_processor = f"{n_rows / read.cpu_seconds:,.0f} a second of processor time"
    note = f"{n_rows:,} rows, {size / GB:.2f} GB, {read.effort}; {by_processor}"
    return Row(step=step, value=n_rows / seconds, unit="rows/s", limit=limit, peak_bytes=read.peak_bytes, note=note)


def ingest(place: Place) -> list[Row]:
    """Stage the register in the plain layout into the home that everything else is measured on."""
    observed_on = _observed_on(place)
    place.fresh("home")
    names = ("companies", "persons", "interests", "roles", "links", "contact_points")
    files = [str(place.register / f"{name}.csv") for name in names]
    options = ("--mapping", "plain", "--dataset", "synthetic", "--observed-on", observed_on, "--json")
    read = run_graphleads(place.home, "ingest", "table", *files, *options)
    n_rows = read.json()["manifest"]["n_rows_read"]
    note = f"{n_rows:,} rows of six CSV files, {n_rows / read.seconds:,.0f} rows/s, {read.effort}"
    return [Row(step="ingest the register", value=read.seconds, unit="s", peak_bytes=read.peak_bytes, note=note)]


def _observed_on(place: Place) -> str:
    made = place.register / "made.json"
    if not made.is_file():
        raise StepFailed(f"there is no register in {place.register}: run the step generate first")
    stated: str = json.loads(made.read_bytes())["observed_on"]
    return stated


def link(place: Place) -> list[Row]:
    """Link by identifiers and keys."""
    place.fresh("home/linked")
    linked = run_graphleads(place.home, "link", "--json")
    report = linked.json()
    note = f"{report['n_companies']:,} pairs of companies, {report['n_persons']:,} of persons; {linked.effort}"
    return [
        Row(step="link", value=linked.seconds, unit="s", limit=Limit(must=60, aim=20),
            peak_bytes=linked.peak_bytes, note=note),
        Row(step="link: peak memory", value=linked.peak_bytes / GB, unit="GB", limit=Limit(must=4)),
    ]  # fmt: skip


def build(place: Place) -> list[Row]:
    """Build a snapshot and its name index, and let others make a CSR of the same staged files."""
    place.fresh("home/snapshots")
    built = run_task("build", home=place.home)
    report = built.json()
    steps = report["steps"]
    rest = [one for one in steps if one["name"] != _NAME_INDEX]
    index_seconds = sum(one["seconds"] for one in steps if one["name"] == _NAME_INDEX)
    seconds, peak = built.seconds - index_seconds, max(one["peak_bytes"] for one in rest)
    counts = report["counts"]
    n_nodes = counts["companies"] + counts["persons"] + counts["contact_points"]
    note = f"{n_nodes:,} nodes, {counts['edges']:,} relationships; {built.effort}; " + ", ".join(
        f"{one['name']} {one['seconds']:.1f} s" for one in steps
    )
    return [
        Row(step="build, name index apart", value=seconds, unit="s", limit=Limit(must=180, aim=90),
            peak_bytes=peak, note=note),
        Row(step="build, name index apart: peak memory", value=peak / GB, unit="GB", limit=Limit(must=8, aim=6)),
        *_index_names(place, index_seconds),
        _make_csr(place, sum(one["seconds"] for one in rest if one["name"] not in _NOT_FOR_CSR)),
        Row(step="build, all of it", value=built.seconds, unit="s", peak_bytes=max(one["peak_bytes"] for one in steps)),
    ]  # fmt: skip


def _index_names(place: Place, in_build: float) -> list[Row]:
    alone = run_task("index_names", snapshots=place.snapshots, folder=place.fresh("name_index"))
    place.fresh("name_index")
    made = alone.json()
    step = "name index"
    note = f"{made['n_names']:,} names; {in_build:.1f} s within the build"
    return [
        Row(step=step, value=made["seconds"], unit="s", limit=Limit(must=180, aim=60),
            peak_bytes=made["peak_bytes"], note=note),
        Row(step=f"{step}: peak memory", value=made["peak_bytes"] / GB, unit="GB", limit=Limit(must=6)),
        Row(step=f"{step}: size", value=made["n_bytes"] / made["n_names"], unit="B", limit=Limit(must=150),
            note="bytes a name on disk"),
    ]  # fmt: skip


def _make_csr(place: Place, ours: float) -> Row:
    """Return what the part of the build that makes the graph took, beside others that make a CSR of the same files."""
    programs = {"pandas": "pandas", "DuckDB": "duckdb"}
    peers = tuple(
        _peer(name, run_task("files", program=program, staged=place.home / "staged"), ours)
        for name, program in programs.items()
    )
    note = (
        "ours: with dates, sources and weights, checked, hashed and published; theirs: the ends of relationships alone"
    )
    return Row(step="staged files → CSR, within the build", value=ours, unit="s", peers=peers, note=note)


def _peer(name: str, run: Run, ours: float) -> Peer:
    made = run.json()
    if "missing" in made:
        return Peer(name=name, note="not installed")
    ratio = made["seconds"] / ours
    return Peer(name=name, seconds=made["seconds"], peak_bytes=made["peak_bytes"], ratio=ratio)


def match(place: Place) -> list[Row]:
    """Bring the customers in and match them."""
    (place.home / "graphleads.db").unlink(missing_ok=True)
    imported = run_graphleads(place.home, "customers", "import", str(place.register / "customers.csv"), "--json")
    matched = run_graphleads(place.home, "match", "--json")
    return [
        Row(step="import customers", value=imported.seconds, unit="s", peak_bytes=imported.peak_bytes),
        Row(step="match customers", value=matched.seconds, unit="s", peak_bytes=matched.peak_bytes),
    ]
