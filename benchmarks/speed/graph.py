"""The kernels beside what others take for the same: columns → CSR, the walk, and how exact it is."""

from __future__ import annotations

from typing import Any

from benchmarks.speed.place import Place
from benchmarks.speed.process import run_task
from benchmarks.speed.row import Limit, Peer, Row, missing

GB = 1e9
_CSR = "integer columns → CSR"
_WALK = "the walk alone, 10 seeds"
_MOST_FOR_PEERS = 1_000_000


def columns(place: Place) -> list[Row]:
    """Make the CSR of the graph from two columns of integers."""
    folder = place.fresh("columns")
    counts = run_task("save_columns", snapshots=place.snapshots, folder=folder).json()
    made = {
        name: run_task("columns", program=name, folder=folder, n_nodes=counts["n_nodes"]).json()
        for name in ("graphleads", "pandas", "numpy", "scipy", "DuckDB")
    }
    place.fresh("columns")
    ours = made.pop("graphleads")
    peers = {name: _csr_peer(name, one, ours) for name, one in made.items()}
    numpy, pandas = made["numpy"], peers["pandas"].ratio
    note = f"{counts['n_edges']:,} relationships in random order; memory above the columns"
    return [
        Row(step=_CSR, value=ours["seconds"], unit="s", peak_bytes=ours["peak_bytes"],
            peers=tuple(peers.values()), note=note),
        Row(step=f"{_CSR}: pandas' time by ours", value=pandas, unit="×", limit=Limit(must=4, at_least=True)),
        Row(step=f"{_CSR}: our time by numpy's", value=ours["seconds"] / numpy["seconds"], unit="×",
            limit=Limit(must=1)),
        Row(step=f"{_CSR}: our memory by numpy's", value=ours["peak_bytes"] / numpy["peak_bytes"], unit="×",
            limit=Limit(must=0.5)),
    ]  # fmt: skip


def _csr_peer(name: str, made: dict[str, Any], ours: dict[str, Any]) -> Peer:
    if "missing" in made:
        return Peer(name=name, note="not installed")
    same = made["digest"] == ours["digest"]
    note = "" if same else "adds parallel relationships up" if name == "scipy" else "another result"
    ratio = made["seconds"] / ours["seconds"]
    return Peer(name=name, seconds=made["seconds"], peak_bytes=made["peak_bytes"], ratio=ratio, note=note)


def walk(place: Place) -> list[Row]:
    """Walk from ten companies, beside igraph, networkx and scipy on the same graph."""
    ours = run_task("walk", program="graphleads", snapshots=place.snapshots, n_sets=place.repeat(500)).json()
    times = {"igraph": 3, "networkx": 1, "scipy": 3}
    peers = {name: _walk_peer(place, name, n_sets, ours) for name, n_sets in times.items()}
    note = f"p99 {ours['p99'] * 1e3:.2f} ms; damping of hubs off; memory above the mapped graph"
    limits = {"igraph": 10_000, "networkx": 50_000}
    return [
        Row(step=_WALK, value=ours["seconds"] * 1e3, unit="ms", peak_bytes=ours["peak_bytes"],
            peers=tuple(peers.values()), note=note),
        *(
            Row(step=f"{_WALK}: {name}'s time by ours", value=peers[name].ratio, unit="×",
                limit=Limit(must=least, at_least=True), note=_asked_at_1_million(place))
            for name, least in limits.items()
        ),
    ]  # fmt: skip


def _asked_at_1_million(place: Place) -> str:
    return "" if place.companies == _MOST_FOR_PEERS else "asked for at 1,000,000 companies"


def _walk_peer(place: Place, name: str, n_sets: int, ours: dict[str, Any]) -> Peer:
    if place.companies > _MOST_FOR_PEERS and not place.all_peers:
        return Peer(name=name, note="left out above 1 million companies without --all-peers")
    made = run_task("walk", program=name, snapshots=place.snapshots, n_sets=n_sets).json()
    if "missing" in made:
        return Peer(name=name, note="not installed")
    shared = [len(set(one) & set(other)) / max(len(other), 1) for one, other in zip(ours["tops"], made["tops"])]  # noqa: B905 - as many as the shorter has
    note = f"loaded in {made['load_seconds']:.1f} s; {sum(shared) / len(shared):.0%} of its top 100 are in ours"
    ratio = made["seconds"] / ours["seconds"]
    return Peer(name=name, seconds=made["seconds"], peak_bytes=made["peak_bytes"], ratio=ratio, note=note)


def exact(place: Place) -> list[Row]:
    """Compare the walk's nearest companies with the exact ones."""
    rows = []
    for n_seeds, n_sets in ((10, 20), (100, 5)):
        made = run_task("exact", snapshots=place.snapshots, n_sets=place.repeat(n_sets), n_seeds=n_seeds)
        found = made.json()
        step = f"share of the exact top 100, {n_seeds} seeds"
        note = f"the least {found['least']:.3f}; {found['n_wanted']:.0f} companies can be reached and count"
        limit = Limit(must=0.95, aim=0.98, at_least=True)
        rows.append(
            Row(step=step, value=found["mean"], unit="", limit=limit, peak_bytes=made.peak_bytes, note=note)
            if found["n_wanted"]
            else missing(step, "no company can be reached")
        )
    return rows
