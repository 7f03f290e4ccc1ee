"""Staged and linked tables in, a published snapshot out."""

from __future__ import annotations

import os
import shutil
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.disk import make_folder
from graphleads.errors import StepMissing
from graphleads.graph import gather
from graphleads.graph.checks import count_live, refuse_broken, warnings
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.csr import build_adjacency, build_walk
from graphleads.graph.describe import Day, describe_companies, describe_persons, settled_on, thrives_on
from graphleads.graph.edges import Joined, join_edges, read_statements
from graphleads.graph.ended import Ends, find_ends
from graphleads.graph.entity_view import bear_several_names
from graphleads.graph.facts import Facts, n_folds, read_facts
from graphleads.graph.fold import FOREVER
from graphleads.graph.inputs import content_parameters, hash_inputs
from graphleads.graph.manifest import FORMAT
from graphleads.graph.matrix import Times, times_of
from graphleads.graph.nodes import Nodes, first_known, number_nodes, redirects
from graphleads.graph.order import days, days_since_1970
from graphleads.graph.parts import open_table, write_array, write_table
from graphleads.graph.publish import check_drop, publish, remove_stale
from graphleads.graph.sighting import Sightings, join_sightings
from graphleads.graph.snapshot import NAME_INDEX
from graphleads.graph.snapshot_folder import read_manifests, use_snapshot, verify_snapshot
from graphleads.graph.standing import standing_on
from graphleads.graph.weigh import caps, controlling, count_companies, edge_weights, families, pass_through
from graphleads.model import Progress, Silence
from graphleads.names.index import write_name_index
from graphleads.remedy import Remedy
from graphleads.tables.delivery import Delivery, DeliveryManifest, open_deliveries
from graphleads.tables.schema import SAME_AS


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildInput:
    """Where a build reads and writes: the staged tables, the linked pairs (None: nothing is linked), the snapshots."""

    staged: Path
    same_as: Path | None
    snapshots: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made: the snapshot's id, rows by table, what to know of it, and whether it was there already."""

    snapshot: str
    counts: dict[str, int]
    warnings: tuple[str, ...]
    unchanged: bool


def build_snapshot(
    source: BuildInput, config: BuildConfig, progress: Progress | None = None, *, walk: WalkConfig | None = None
) -> BuildReport:
    """Build a snapshot of all kept deliveries, check it, and make it the current one.

    Args:
        source: Where to read and write.
        config: How sure a merge must be, and what may be lost.
        progress: Where to say how far it is.
        walk: The weights and caps whose arrays are baked in; None takes the usual ones. Others cost no build.

    Raises:
        StepMissing: If nothing was ingested yet.
        BuildRefused: If a check fails; the current snapshot stays.
    """
    progress = progress or Silence()
    deliveries = open_deliveries(source.staged)
    if not deliveries:
        raise StepMissing("There is no register yet.", Remedy.INGEST)
    parameters = content_parameters(config, walk or WalkConfig())
    inputs = hash_inputs(deliveries, source.same_as, parameters)
    make_folder(source.snapshots)
    there = _built_from(source.snapshots, inputs)
    if there is not None:
        use_snapshot(source.snapshots, there["id"])
        return _report(there, unchanged=True)
    beside = source.snapshots / f".building-{os.getpid()}"
    remove_stale(source.snapshots)
    beside.mkdir()
    try:
        manifest = _write(beside, deliveries, source.same_as, parameters, progress) | {
            "inputs": inputs,
            "format": FORMAT,
        }
        check_drop(source.snapshots, manifest["live"], config.max_drop)
        progress.step("publish")
        published = publish(beside, source.snapshots, manifest, keep=config.keep)
        return _report(published, unchanged=False)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _report(manifest: dict[str, Any], *, unchanged: bool) -> BuildReport:
    return BuildReport(
        snapshot=manifest["id"],
        counts=manifest["counts"],
        warnings=tuple(manifest["warnings"]),
        unchanged=unchanged,
    )


def _built_from(snapshots: Path, inputs: str) -> dict[str, Any] | None:
    for manifest in read_manifests(snapshots):
        if manifest["inputs"] == inputs and not verify_snapshot(snapshots, manifest["id"]):
            return manifest
    return None


def _write(
    folder: Path,
    deliveries: Sequence[Delivery],
    same_as: Path | None,
    parameters: Mapping[str, Any],
    progress: Progress,
) -> dict[str, Any]:
    """Write all parts of a snapshot into a folder; return its manifest without id, inputs and files."""
    progress.step("fold deliveries", n_folds(deliveries))
    facts = read_facts(deliveries, advance=progress.advance)
    pairs = pq.read_table(same_as, schema=SAME_AS) if same_as else SAME_AS.empty_table()
    view_on = max(days_since_1970(one.manifest.observed_on) for one in deliveries)
    progress.step("number nodes")
    nodes = number_nodes(facts, pairs, parameters["merge_probability"])
    progress.step("describe nodes")
    counts = _write_tables(folder, facts, nodes, view_on)
    progress.step("join edges")
    counts |= {"edges": 0, "statements": 0}
    sources = [_source(one) for one in deliveries]
    sightings = Sightings(sources, open_table(folder / "sightings.arrow"))
    ends = _find_ends(folder, deliveries, sightings)
    joined = _write_edges(folder, (facts, pairs, [one.manifest for one in deliveries]), nodes, ends, counts)
    progress.step("weigh edges")
    edges = open_table(folder / "edges.arrow")
    view_until = _write_arrays(folder, edges, nodes, WalkConfig.model_validate(parameters["walk"]), view_on)
    view_until = min(view_until, _write_lookups(folder, view_on, sightings))
    known_from = first_known(facts, nodes)
    write_array(folder / "nodes" / "known_from.npy", known_from)
    progress.step("index names")
    _index_names(folder)
    counted = {"n_undescribed": nodes.n_undescribed, "n_never": facts.n_never}
    return {
        "sources": sources,
        "parameters": parameters,
        "schemes": _schemes(nodes.company_ids),
        "known_since": int(known_from.min(initial=view_on)),
        "view_on": view_on,
        "view_until": view_until,
        "counts": counts,
        "live": count_live(facts, edges, times_of(edges).in_force(view_on, view_on)),
        "warnings": warnings(edges, open_table(folder / "records.arrow"), view_on=view_on, joined=joined, **counted),
    }


def _index_names(folder: Path) -> None:
    names = open_table(folder / "names.arrow")
    (folder / NAME_INDEX).mkdir()
    write_name_index(folder / NAME_INDEX, names["name"], names["node"].to_numpy())


def _schemes(ids: pa.Array) -> list[str]:
    """Return the schemes of sorted ids, sorted: what a number without its scheme may be a number of."""
    schemes, at = [], 0
    while at < len(ids):
        schemes.append(ids[at].as_py().partition(":")[0])
        beyond = schemes[-1] + chr(ord(":") + 1)
        at = bisect_left(range(len(ids)), beyond, lo=at, key=lambda row: ids[row].as_py())
    return schemes


def _source(delivery: Delivery) -> dict[str, Any]:
    manifest = delivery.manifest
    return {
        "dataset": manifest.dataset,
        "delivery": manifest.id,
        "kind": manifest.kind.value,
        "observed_on": manifest.observed_on.isoformat(),
        "checksums": sorted(file.sha256 for file in manifest.files),
    }


def _write_tables(folder: Path, facts: Facts, nodes: Nodes, view_on: int) -> dict[str, int]:
    """Write what describes the nodes, two tables at a time; return the rows of each."""
    day = Day(valid_on=view_on, known_on=view_on)
    gathered: dict[str, Callable[[], Mapping[str, pa.Table]]] = {
        "companies": lambda: _described(folder, gather.gather_records(facts, nodes), nodes, day),
        "persons": lambda: _persons(facts, nodes, day),
        "contact_points": lambda: {"contact_points": gather.describe_contact_points(facts, nodes)},
        "names": lambda: dict(zip(("names", "name_versions"), gather.gather_names(facts, nodes), strict=True)),
        "identifiers": lambda: {"identifiers": gather.gather_identifiers(facts, nodes)},
        **{
            name: partial(lambda name: {name: gather.gather_of_companies(facts, nodes, name)}, name)
            for name in ("classifications", "declarations")
        },
        "statuses": lambda: {"statuses": gather.gather_statuses(facts, nodes)},
    }
    write_table(folder / "redirects.arrow", redirects(nodes))
    write_table(folder / "sightings.arrow", join_sightings(facts.sightings))

    def write(name: str) -> dict[str, int]:
        tables = gathered[name]()
        for part, table in tables.items():
            write_table(folder / f"{part}.arrow", table)
        return {part: table.num_rows for part, table in tables.items()}

    # More at a time would take more memory than a laptop has for a country's register.
    with ThreadPoolExecutor(2) as writers:
        return {part: n for written in writers.map(write, gathered) for part, n in written.items()}


def _described(folder: Path, records: pa.Table, nodes: Nodes, day: Day) -> dict[str, pa.Table]:
    """Return the companies on a day; what their records say is written first, and read where it lies."""
    write_table(folder / "records.arrow", records)
    del records
    companies = describe_companies(open_table(folder / "records.arrow"), nodes.companies, day)
    return {"companies": companies.drop_columns(["row"])}


def _persons(facts: Facts, nodes: Nodes, day: Day) -> dict[str, pa.Table]:
    persons = gather.gather_persons(facts, nodes)
    return {
        "persons": describe_persons(persons, nodes.persons, day),
        "person_versions": gather.changing(persons, len(nodes.persons), len(nodes.companies)),
    }


def _find_ends(folder: Path, deliveries: Sequence[Delivery], sightings: Sightings) -> Ends:
    observed_on = [days_since_1970(one.manifest.observed_on) for one in deliveries]
    return find_ends(
        open_table(folder / "records.arrow"), open_table(folder / "statuses.arrow"), observed_on, sightings
    )


def _write_edges(
    folder: Path,
    said: tuple[Facts, pa.Table, Sequence[DeliveryManifest]],
    nodes: Nodes,
    ends: Ends,
    counts: dict[str, int],
) -> Joined:
    """Write the edges that facts and pairs of persons make, and where each of them stands."""
    edges, joined = join_edges(said[0], said[1], nodes, ends, said[2])
    write_table(folder / "edges.arrow", edges)
    counts["edges"] = edges.num_rows
    del edges
    statements = read_statements(said[0], joined)
    write_table(folder / "statements.arrow", statements)
    counts["statements"] = statements.num_rows
    return joined


def _write_arrays(folder: Path, edges: pa.Table, nodes: Nodes, config: WalkConfig, view_on: int) -> int:
    """Write adjacency, walk and node arrays; return the first day after `view_on` on which an edge begins or ends."""
    times, n_companies = times_of(edges), len(nodes.companies)
    in_force = times.in_force(view_on, view_on)
    adjacency = build_adjacency(edges["source"].to_numpy(), edges["target"].to_numpy(), len(nodes))
    refuse_broken(adjacency, len(nodes), edges.num_rows)
    _write_part(folder / "adjacency", adjacency, ("indptr", "neighbor", "edge"))
    weight = edge_weights(edges, config)
    n_tied = count_companies(edges, adjacency, in_force & (weight > 0), n_companies)
    blocked = n_tied > caps(nodes, config)
    walk = build_walk(adjacency, weight, in_force, blocked=blocked, through=pass_through(n_tied, config))
    _write_part(folder / "walk", walk, ("node", "tie", "edge"))
    by_node = {
        "blocked": blocked,
        "n_companies": count_companies(edges, adjacency, in_force, n_companies),
        "ever_tied": count_companies(edges, adjacency, np.ones(edges.num_rows, bool), n_companies),
        "family": families(edges, controlling(edges, in_force, n_companies, config.family_share), n_companies),
        "edge_weight": weight,
    }
    (folder / "nodes").mkdir()
    for name, array in by_node.items():
        write_array(folder / "nodes" / f"{name}.npy", array)
    return min(_first_after(getattr(times, time), view_on) for time in Times.__slots__)


def _write_part(folder: Path, part: object, names: Sequence[str]) -> None:
    folder.mkdir()
    for name in names:
        write_array(folder / f"{name}.npy", getattr(part, name))


def _first_after(dates: NDArray[np.int32], day: int) -> int:
    later = dates[dates > day]
    return int(later.min()) if len(later) else int(np.iinfo(np.int32).max)


def _write_lookups(folder: Path, view_on: int, sightings: Sightings) -> int:
    """Write what the companies are on the day of the view, and the order of the identifiers by value.

    Returns:
        The first later day on which a company or a person begins or ends to be something.
    """
    companies, statuses, records = (
        open_table(folder / f"{name}.arrow") for name in ("companies", "statuses", "records")
    )
    day = Day(valid_on=view_on, known_on=view_on)
    seen_on = partial(sightings.seen_on, known_on=view_on)
    standing = standing_on(statuses, records, companies.num_rows, day, seen_on=seen_on)
    write_array(folder / "nodes" / "status.npy", standing.status)
    write_array(folder / "nodes" / "thrives.npy", thrives_on(companies, *standing, view_on))
    settled = settled_on(companies, statuses, records, view_on)
    names, versions = open_table(folder / "names.arrow"), open_table(folder / "name_versions.arrow")
    settled[bear_several_names(names, versions, companies.num_rows)] = FOREVER
    write_array(folder / "nodes" / "settled_on.npy", settled)
    identifiers = open_table(folder / "identifiers.arrow")
    order = pc.sort_indices(identifiers, [("value", "ascending"), ("node", "ascending")]).to_numpy()
    write_array(folder / "nodes" / "identifier_order.npy", order.astype(np.int32))
    dates = [companies[name].drop_null() for name in ("incorporated_on", "dissolved_on")]
    dated = (statuses, records, open_table(folder / "person_versions.arrow"))
    dates += [table[name] for table in dated for name in Times.__slots__]
    return min(_first_after(days(column), view_on) for column in dates)
