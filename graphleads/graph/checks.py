"""What is checked before a snapshot is switched to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.errors import BuildRefused
from graphleads.graph.edges import RELATIONS
from graphleads.graph.matrix import Adjacency, Times


def refuse_drop(before: Mapping[str, int], after: Mapping[str, int], max_drop: float) -> None:
    """Refuse a build that lost more of a table than is allowed.

    Raises:
        BuildRefused: If a table shrank by more than `max_drop` of its rows.
    """
    for table, n_before in sorted(before.items()):
        n_after = after.get(table, 0)
        if n_after < (1 - max_drop) * n_before:
            raise BuildRefused(
                f"The new snapshot has {n_after:,} {table}, the current one {n_before:,}: "
                f"a drop of more than {max_drop:.0%}, so the current one stays. "
                "Look at the last delivery, or build with --accept-drop."
            )


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


def warnings(edges: pa.Table, times: Times, *, view_on: int, n_undescribed: int, n_dangling: int) -> list[str]:
    """Return what a person should know of a snapshot that is served all the same."""
    found = []
    if n_undescribed:
        found.append(f"{n_undescribed:,} companies are known only from a relationship; they are never leads.")
    if n_dangling:
        found.append(f"{n_dangling:,} statements name no other end, or tie a company to itself; they are no edges.")
    in_force = times.in_force(view_on, view_on) & (edges["relation"].to_numpy() == RELATIONS.index("interest"))
    held = edges.filter(pa.array(in_force)).filter(pc.field("kind").cast(pa.string()) == "shareholding")
    if held.num_rows:
        n_over = _n_overheld(held)
        if n_over:
            found.append(f"{n_over:,} companies have shareholders whose least shares sum to more than 1.")
    return found


def _n_overheld(held: pa.Table) -> int:
    share = pc.fill_null(held["share_min"], 0.0).to_numpy()
    direct = pc.fill_null(pc.not_equal(held["directness"].cast(pa.string()), "indirect"), True).to_numpy(
        zero_copy_only=False
    )
    sums = np.bincount(held["target"].to_numpy(), weights=share * direct)
    return int((sums > 1 + 1e-6).sum())
