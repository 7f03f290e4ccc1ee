"""What is checked before a snapshot is switched to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.errors import BuildRefused
from graphleads.graph.describe import is_open
from graphleads.graph.edges import RELATIONS, Joined
from graphleads.graph.facts import Facts
from graphleads.graph.matrix import Adjacency, times_of
from graphleads.graph.order import by_node, keep
from graphleads.remedy import Remedy

FEW = 5
"""Losing fewer rows than this refuses nothing, as long as some are left."""


def count_live(facts: Facts, edges: pa.Table, in_force: NDArray[np.bool_]) -> dict[str, int]:
    """Return how much of the registers is in force: described companies, and edges of each relation.

    Args:
        facts: Folded facts.
        edges: All edges.
        in_force: bool[n_edges], on the day of the snapshot.
    """
    records = facts.read("records", ["id", "mentioned", "valid_to", "known_until"])
    current = is_open(records) & ~records["mentioned"].to_numpy()
    relation = edges["relation"].to_numpy()[in_force]
    ties = np.bincount(relation, minlength=len(RELATIONS))
    n_companies = len(pc.unique(records.filter(pa.array(current))["id"]))
    return {"companies": n_companies} | {name: int(n) for name, n in zip(RELATIONS, ties, strict=True)}


def refuse_drop(before: Mapping[str, int], after: Mapping[str, int], max_drop: float) -> None:
    """Refuse a build in which too much of the registers is no longer in force, as after half a delivery.

    Args:
        before: What `count_live` returned for the current snapshot.
        after: The same for the new one.
        max_drop: The part that may be lost, in [0, 1].

    Raises:
        BuildRefused: If more of something is lost.
    """
    for name, n_before in sorted(before.items()):
        n_after = after.get(name, 0)
        few = n_before - n_after < FEW and n_after > 0
        if n_after < (1 - max_drop) * n_before and not few:
            what = _LIVE.get(name, name)
            raise BuildRefused(
                f"In the new snapshot {n_after:,} {what} are in force, in the current one {n_before:,}: a drop of more "
                f"than {max_drop:.0%}, so the current one stays. Is the last delivery whole?",
                Remedy.REPLACE_OR_ACCEPT_DROP,
            )


_LIVE = {
    "interest": "interests",
    "role": "roles",
    "link": "links",
    "contact": "contact points of companies",
    "same_person": "probable identities of persons",
}


def refuse_broken(adjacency: Adjacency, n_nodes: int, n_edges: int) -> None:
    """Refuse a graph whose arrays do not fit each other.

    Raises:
        BuildRefused: If an offset, a neighbour or an edge is out of its range.
    """
    indptr, neighbor, edge = adjacency.indptr, adjacency.neighbor, adjacency.edge
    whole = len(indptr) == n_nodes + 1 and indptr[0] == 0 and indptr[-1] == len(neighbor) == len(edge) == 2 * n_edges
    whole = whole and bool((np.diff(indptr) >= 0).all())
    if whole and n_edges:
        whole = neighbor.min() >= 0 and neighbor.max() < n_nodes and edge.min() >= 0 and edge.max() < n_edges
    if not whole:
        raise BuildRefused("The adjacency of the new snapshot is broken: the current one stays. Please report this.")


def warnings(
    edges: pa.Table, records: pa.Table, *, view_on: int, n_undescribed: int, n_never: int, joined: Joined
) -> list[str]:
    """Return what a person should know of a snapshot that is served all the same.

    Args:
        edges: All edges.
        records: What each record says of companies, by `node`.
        view_on: The snapshot's own day, since 1970.
        n_undescribed: How many companies no record describes.
        n_never: How many statements are true on no day.
        joined: What became of the statements.
    """
    found = []
    if n_contradicting := _n_contradicting(records):
        found.append(
            f"{n_contradicting:,} records give one company several names at once: it is called by the first, the "
            "others are listed with it. Is the delivery whole, and each file in it once?"
        )
    if n_undescribed:
        found.append(f"{n_undescribed:,} companies are known only from a relationship; they are never leads.")
    if n_never:
        found.append(f"{n_never:,} statements end on the day on which they begin; they are true on no day.")
    if joined.n_dangling:
        n_dangling = joined.n_dangling
        found.append(f"{n_dangling:,} statements name no other end, or tie a company to itself; they are no edges.")
    if joined.n_outlived:
        n_outlived = joined.n_outlived
        found.append(f"{n_outlived:,} ties are said to begin when a company that has them had ended; they tie nobody.")
    in_force = times_of(edges).in_force(view_on, view_on) & (
        edges["relation"].to_numpy() == RELATIONS.index("interest")
    )
    held = edges.filter(pa.array(in_force)).filter(pc.field("kind").cast(pa.string()) == "shareholding")
    if held.num_rows:
        n_over = _n_overheld(held)
        if n_over:
            found.append(f"{n_over:,} companies have shareholders whose least shares sum to more than 1.")
    return found


def _n_contradicting(records: pa.Table) -> int:
    """Return how many records say two names of a company that hold at once."""
    rows = keep(records, is_open(records) & ~records["mentioned"].to_numpy())
    node = rows["node"].to_numpy()
    order = by_node(node, n=int(node.max(initial=-1)) + 1)
    order.refine(rows["dataset"])
    order.refine(rows["record"])
    of_record, first = np.cumsum(order.new), order.new.copy()
    order.refine(rows["name"])
    return len(np.unique(of_record[order.new & ~first]))


def _n_overheld(held: pa.Table) -> int:
    share = pc.fill_null(held["share_min"], 0.0).to_numpy()
    direct = pc.fill_null(pc.not_equal(held["directness"].cast(pa.string()), "indirect"), True).to_numpy(
        zero_copy_only=False
    )
    sums = np.bincount(held["target"].to_numpy(), weights=share * direct)
    return int((sums > 1 + 1e-6).sum())
