"""Staged and linked tables in, a published snapshot out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graphleads.errors import StepMissing
from graphleads.graph import describe
from graphleads.graph.checks import count_live, refuse_broken, refuse_drop, warnings
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.edges import RELATIONS, join_edges
from graphleads.graph.facts import Facts, n_folds, read_facts
from graphleads.graph.matrix import (
    build_adjacency,
    build_walk,
    count_companies,
    edge_weights,
    families,
    times_of,
)
from graphleads.graph.nodes import Nodes, number_nodes, redirects
from graphleads.graph.order import days_since_1970
from graphleads.graph.parts import checksum, one_chunk, open_table, sync_folder, write_array, write_table
from graphleads.graph.shelf import drop_old, read_manifests, use_snapshot, verify_snapshot
from graphleads.graph.snapshot import FORMAT, MANIFEST, NAME_INDEX, current_id, manifest_id
from graphleads.model import Progress, Silence
from graphleads.names.index import write_name_index
from graphleads.tables.delivery import Delivery, open_deliveries
from graphleads.tables.schema import SAME_AS

_NOT_CONTENT = {"max_drop", "keep"}
"""Settings that decide whether a snapshot is published and kept, not what is in it."""


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


def build_snapshot(source: BuildInput, config: BuildConfig, progress: Progress | None = None) -> BuildReport:
    """Build a snapshot of all kept deliveries, check it, and make it the current one.

    Args:
        source: Where to read and write.
        config: Weights, caps and limits.
        progress: Where to say how far it is.

    Raises:
        StepMissing: If nothing was ingested yet.
        BuildRefused: If a check fails; the current snapshot stays.
    """
    progress = progress or Silence()
    deliveries = open_deliveries(source.staged)
    if not deliveries:
        raise StepMissing("There is no register yet: run `graphleads ingest READER FILES…` first.")
    inputs = build_inputs(deliveries, source.same_as, config)
    source.snapshots.mkdir(parents=True, exist_ok=True)
    there = _built_from(source.snapshots, inputs)
    if there is not None:
        use_snapshot(source.snapshots, there["id"])
        return BuildReport(
            snapshot=there["id"], counts=there["counts"], warnings=tuple(there["warnings"]), unchanged=True
        )
    beside = source.snapshots / f".building-{os.getpid()}"
    _remove_stale(source.snapshots)
    beside.mkdir()
    try:
        manifest = _write(beside, deliveries, source.same_as, config, progress) | {"inputs": inputs, "format": FORMAT}
        _check_drop(source.snapshots, manifest["live"], config)
        return _publish(beside, source.snapshots, manifest, config)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def build_inputs(deliveries: Sequence[Delivery], same_as: Path | None, config: BuildConfig) -> str:
    """Return a hash of everything that a build depends on; a snapshot with the same inputs need not be built again."""
    stated = {
        "format": FORMAT,
        "deliveries": [[one.manifest.dataset, one.manifest.id] for one in deliveries],
        "same_as": checksum(same_as) if same_as else None,
        "config": config.model_dump(exclude=_NOT_CONTENT),
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _built_from(snapshots: Path, inputs: str) -> dict[str, Any] | None:
    for manifest in read_manifests(snapshots):
        if manifest["inputs"] == inputs and not verify_snapshot(snapshots, manifest["id"]):
            return manifest
    return None


def _remove_stale(snapshots: Path) -> None:
    """Remove what a killed build left, but never the work of one that still runs."""
    for folder in snapshots.glob(".building-*"):
        process = folder.name.rpartition("-")[2]
        if process == str(os.getpid()) or not _is_running(process):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _write(
    folder: Path, deliveries: Sequence[Delivery], same_as: Path | None, config: BuildConfig, progress: Progress
) -> dict[str, Any]:
    """Write all parts of a snapshot into a folder; return its manifest without id, inputs and files."""
    progress.step("fold deliveries", n_folds(deliveries))
    facts = read_facts(deliveries, progress.advance)
    pairs = pq.read_table(same_as, schema=SAME_AS) if same_as else SAME_AS.empty_table()
    view_on = max(days_since_1970(one.manifest.observed_on) for one in deliveries)
    progress.step("number nodes")
    nodes = number_nodes(facts, pairs, config.merge_probability)
    progress.step("describe nodes")
    counts = _write_tables(folder, facts, nodes)
    write_table(folder / "redirects.arrow", redirects(nodes))
    progress.step("join edges")
    joined = join_edges(facts, pairs, nodes)
    write_table(folder / "edges.arrow", joined.edges)
    write_table(folder / "statements.arrow", joined.statements)
    progress.step("index names")
    names = open_table(folder / "names.arrow")
    (folder / NAME_INDEX).mkdir()
    write_name_index(folder / NAME_INDEX, names["name"], names["node"].to_numpy())
    progress.step("weigh edges")
    view_until = _write_arrays(folder, joined.edges, nodes, config.walk, view_on)
    _write_lookups(folder, len(nodes.companies), view_on)
    times = times_of(one_chunk(joined.edges))
    found = warnings(
        joined.edges, times, view_on=view_on,
        n_undescribed=nodes.n_undescribed, n_dangling=joined.n_dangling,
    )  # fmt: skip
    return {
        "sources": [_source(one) for one in deliveries],
        "parameters": config.model_dump(exclude=_NOT_CONTENT),
        "schemes": _schemes(nodes.company_ids),
        "view_on": view_on,
        "view_until": view_until,
        "counts": counts | {"edges": joined.edges.num_rows, "statements": joined.statements.num_rows},
        "live": count_live(facts, joined.edges, times.in_force(view_on, view_on)),
        "warnings": found,
    }


def _schemes(ids: pa.Array) -> list[str]:
    """Return the schemes of ids, sorted: what a number without its scheme may be a number of."""
    schemes: list[str] = pc.unique(pc.list_element(pc.split_pattern(ids, ":", max_splits=1), 0)).to_pylist()
    return sorted(schemes)


def _source(delivery: Delivery) -> dict[str, Any]:
    manifest = delivery.manifest
    return {
        "dataset": manifest.dataset,
        "delivery": manifest.id,
        "kind": manifest.kind.value,
        "observed_on": manifest.observed_on.isoformat(),
        "checksums": sorted(file.sha256 for file in manifest.files),
    }


def _write_tables(folder: Path, facts: Facts, nodes: Nodes) -> dict[str, int]:
    tables = {
        "companies": describe.describe_companies(facts, nodes),
        "persons": describe.describe_persons(facts, nodes),
        "contact_points": describe.describe_contact_points(facts, nodes),
        "names": describe.gather_names(facts, nodes),
        "identifiers": describe.gather(facts["identifiers"], nodes.holder_of(facts["identifiers"]["id"])),
        "statuses": describe.gather_statuses(facts, nodes),
    }
    for name in ("records", "classifications", "declarations"):
        tables[name] = describe.gather(facts[name], nodes.company_of(facts[name]["id"]))
    for name, table in tables.items():
        write_table(folder / f"{name}.arrow", table)
    return {name: table.num_rows for name, table in tables.items()}


def _write_arrays(folder: Path, edges: pa.Table, nodes: Nodes, config: WalkConfig, view_on: int) -> int:
    """Write adjacency, walk and node arrays; return the first day after `view_on` on which an edge begins or ends."""
    edges = one_chunk(edges)
    times = times_of(edges)
    in_force = times.in_force(view_on, view_on)
    source, target = edges["source"].to_numpy(), edges["target"].to_numpy()
    adjacency = build_adjacency(source, target, len(nodes))
    refuse_broken(adjacency, len(nodes), edges.num_rows)
    weight = edge_weights(edges, config)
    n_tied = count_companies(edges, in_force & (weight > 0), len(nodes.companies), len(nodes))
    blocked = n_tied > _caps(nodes, config)
    walk = build_walk(adjacency, weight, in_force, blocked)
    own = {name: getattr(adjacency, name) for name in ("indptr", "neighbor", "edge")}
    followed = {name: getattr(walk, name) for name in ("indptr", "neighbor", "edge", "weight", "degree")}
    by_node = {
        "blocked": blocked,
        "n_companies": count_companies(edges, in_force, len(nodes.companies), len(nodes)),
        "through": pass_through(n_tied, config),
        "family": families(edges, _controlling(edges, in_force, nodes, config), len(nodes.companies)),
        "edge_weight": weight,
    }
    for part, arrays in (("adjacency", own), ("walk", followed), ("nodes", by_node)):
        (folder / part).mkdir()
        for name, array in arrays.items():
            write_array(folder / part / f"{name}.npy", array)
    dates = np.concatenate([times.valid_from, times.valid_to, times.known_from, times.known_until])
    later = dates[dates > view_on]
    return int(later.min()) if len(later) else np.iinfo(np.int32).max


def _write_lookups(folder: Path, n_companies: int, view_on: int) -> None:
    """Write each company's status on the day of the view, and the order of the identifiers by value."""
    statuses, identifiers = open_table(folder / "statuses.arrow"), open_table(folder / "identifiers.arrow")
    status = describe.status_on(statuses, n_companies, valid_on=view_on, known_on=view_on)
    write_array(folder / "nodes" / "status.npy", status)
    order = pc.sort_indices(identifiers, [("value", "ascending"), ("node", "ascending")]).to_numpy()
    write_array(folder / "nodes" / "identifier_order.npy", order.astype(np.int32))


def _caps(nodes: Nodes, config: WalkConfig) -> NDArray[np.int32]:
    is_address = pc.starts_with(nodes.contact_points, "X-ADDRESS:").to_numpy(zero_copy_only=False)
    return np.concatenate(
        [
            np.full(len(nodes.companies), config.holder_cap),
            np.full(len(nodes.persons), config.person_cap),
            np.where(is_address, config.address_cap, config.contact_cap),
        ]
    ).astype(np.int32)


def pass_through(n_companies: NDArray[np.int32], config: WalkConfig) -> NDArray[np.float32]:
    """Return float32[n_nodes] in (0, 1]: the part of a walk that a node passes on, less the more companies it ties."""
    through = (config.free_degree / np.maximum(n_companies, config.free_degree)) ** config.hub_exponent
    return through.astype(np.float32)


def _controlling(edges: pa.Table, in_force: NDArray[np.bool_], nodes: Nodes, config: WalkConfig) -> NDArray[np.bool_]:
    between = (edges["source"].to_numpy() < len(nodes.companies)) & (edges["target"].to_numpy() < len(nodes.companies))
    kind = edges["kind"].cast(pa.string())
    relation = edges["relation"].to_numpy()
    majority = pc.fill_null(pc.greater_equal(edges["share_min"], config.family_share), False)
    voting = pc.is_in(kind, value_set=pa.array(["shareholding", "voting_rights"]))
    own = pc.not_equal(pc.fill_null(edges["held_as"].cast(pa.string()), "own"), "nominee")
    holds = pc.and_(pc.and_(majority, voting), own).to_numpy(zero_copy_only=False)
    groups = pa.array(["branch_of", "consolidated_directly_by", "consolidated_ultimately_by"])
    linked = pc.is_in(kind, value_set=groups).to_numpy(zero_copy_only=False)
    by_kind = np.where(relation == RELATIONS.index("link"), linked, holds & (relation == RELATIONS.index("interest")))
    controlling: NDArray[np.bool_] = between & in_force & by_kind
    return controlling


def _check_drop(snapshots: Path, live: dict[str, int], config: BuildConfig) -> None:
    current = current_id(snapshots)
    for manifest in read_manifests(snapshots):
        if manifest["id"] == current:
            refuse_drop(manifest["live"], live, config.max_drop)


def _publish(beside: Path, snapshots: Path, manifest: dict[str, Any], config: BuildConfig) -> BuildReport:
    paths = sorted(path for path in beside.rglob("*") if path.is_file())
    manifest["files"] = {
        path.relative_to(beside).as_posix(): {"size": path.stat().st_size, "sha256": checksum(path)} for path in paths
    }
    manifest["id"] = manifest_id(manifest)
    text = json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False)
    (beside / MANIFEST).write_text(text + "\n", encoding="utf-8")
    sync_folder(beside)
    target = snapshots / manifest["id"]
    if target.exists() and verify_snapshot(snapshots, manifest["id"]):
        # The same content is there and damaged: it makes room, and whoever has it mapped keeps it.
        damaged = target.rename(snapshots / f".building-{os.getpid()}-damaged")
        shutil.rmtree(damaged)
    if not target.exists():
        beside.rename(target)
    use_snapshot(snapshots, manifest["id"])
    drop_old(snapshots, config.keep)
    return BuildReport(
        snapshot=manifest["id"], counts=manifest["counts"], warnings=tuple(manifest["warnings"]), unchanged=False
    )
