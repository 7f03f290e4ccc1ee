"""What the edges weigh on the day of the view, who is a hub, and what is one corporate group."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from numpy.typing import NDArray

from graphleads.graph.component import label_components
from graphleads.graph.config import WalkConfig
from graphleads.graph.edges import RELATIONS
from graphleads.graph.matrix import Adjacency
from graphleads.graph.nodes import Nodes


def edge_weights(edges: pa.Table, config: WalkConfig) -> NDArray[np.float32]:
    """Return float32[n_edges], kind × share × confidence: what a tie weighs while it is in force.

    An interest weighs at least `share_floor` of its kind; one held as nominee, or of no share, weighs nothing.
    """
    weight = np.empty(edges.num_rows, np.float32)
    # All at once would take five times the memory of the result.
    for first in range(0, len(weight), _AT_ONCE):
        weight[first : first + _AT_ONCE] = _weigh(edges.slice(first, _AT_ONCE), config)
    return weight


def _weigh(edges: pa.Table, config: WalkConfig) -> NDArray[np.float64]:
    weight: NDArray[np.float64] = _kind_weights(edges, config) * edges["confidence"].to_numpy()
    share = _middle_share(edges, config.unknown_share)
    interest = edges["relation"].to_numpy() == RELATIONS.index("interest")
    weight[interest] *= (config.share_floor + (1 - config.share_floor) * share)[interest]
    weight[pc.fill_null(pc.equal(edges["held_as"], "nominee"), False).to_numpy()] = 0
    weight[interest & pc.fill_null(pc.equal(edges["share_max"], 0), False).to_numpy()] = 0
    return weight


def _kind_weights(edges: pa.Table, config: WalkConfig) -> NDArray[np.float64]:
    by_relation = {
        "interest": config.interest,
        "role": config.role,
        "link": config.link,
        "contact": config.contact,
        "same_person": {"same_person": config.same_person},
    }
    kinds = edges["kind"].combine_chunks()
    words = kinds.dictionary.to_pylist()
    table = np.array([[by_relation[relation].get(word, config.other) for word in words] for relation in RELATIONS])
    weights: NDArray[np.float64] = table.reshape(len(RELATIONS), -1)[
        edges["relation"].to_numpy(), kinds.indices.to_numpy()
    ]
    return weights


def _middle_share(edges: pa.Table, unknown: float) -> NDArray[np.float64]:
    low, high = edges["share_min"], edges["share_max"]
    middle = pc.divide(pc.add(pc.coalesce(low, high), pc.coalesce(high, low)), 2.0)
    share: NDArray[np.float64] = np.clip(pc.fill_null(middle, unknown).to_numpy(), 0, 1)
    return share


@njit(cache=True, nogil=True)
def _count_at(
    adjacency: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]],
    hub: NDArray[np.int32], counted: NDArray[np.bool_],
) -> NDArray[np.int32]:  # fmt: skip
    """Return int32[n_nodes]: over how many neighbours the counted edges go of which a node is the hub."""
    indptr, neighbor, edge = adjacency
    counts = np.zeros(len(indptr) - 1, np.int32)
    for node in range(len(counts)):
        last = -1
        for slot in range(indptr[node], indptr[node + 1]):
            end = hub[edge[slot]]
            is_hub = end == node or end == _EITHER  # noqa: PLR1714 (a set or tuple for each slot takes its time)
            if is_hub and counted[edge[slot]] and neighbor[slot] != last:
                last = neighbor[slot]
                counts[node] += 1
    return counts


def count_companies(
    edges: pa.Table, adjacency: Adjacency, counted: NDArray[np.bool_], n_companies: int
) -> NDArray[np.int32]:
    """Return int32[n_nodes]: how many companies each node ties together.

    A person counts with all records that are probably the same person; a company counts those it holds or serves, and
    those at the other end of its links, whichever end it is.

    Args:
        edges: All edges.
        adjacency: The same edges by node.
        counted: bool[n_edges], those that count: in force, or probable identities of persons.
        n_companies: How many companies there are; their nodes come first.
    """
    source, target, relation = (edges[name].to_numpy() for name in ("source", "target", "relation"))
    same = counted & (relation == RELATIONS.index("same_person"))
    tied = counted & ~same
    hub = np.where(relation == RELATIONS.index("contact"), target, source)
    hub[relation == RELATIONS.index("link")] = _EITHER
    counts: NDArray[np.int32] = _count_at((adjacency.indptr, adjacency.neighbor, adjacency.edge), hub, tied)
    _count_together(counts, (source[same], target[same]), adjacency, (hub, tied), n_companies)
    return counts


def _count_together(
    counts: NDArray[np.int32],
    same: tuple[NDArray[np.int32], NDArray[np.int32]],
    adjacency: Adjacency,
    tied: tuple[NDArray[np.int32], NDArray[np.bool_]],
    n_companies: int,
) -> None:
    """Give every record of a person the number of companies of all records that are probably the same person."""
    records, ends = np.unique(np.concatenate(same), return_inverse=True)
    if not len(records):
        return
    left, right = np.split(ends, 2)
    person = label_components(left, right, len(records))
    begin, end = adjacency.indptr[records], adjacency.indptr[records + 1]
    slots = np.concatenate([np.arange(*bounds) for bounds in zip(begin, end, strict=True)])
    of = np.repeat(np.arange(len(records)), end - begin)
    edge = adjacency.edge[slots]
    kept = tied[1][edge] & (tied[0][edge] == records[of])
    pairs = np.unique(person[of[kept]].astype(np.int64) * n_companies + adjacency.neighbor[slots[kept]])
    counts[records] = np.bincount(pairs // max(n_companies, 1), minlength=person.max() + 1)[person]


def families(edges: pa.Table, controlling: NDArray[np.bool_], n_companies: int) -> NDArray[np.int32]:
    """Return int32[n_companies]: a number that the companies of one corporate group share.

    Args:
        edges: All edges.
        controlling: bool[n_edges], the majority holdings and branches between companies.
        n_companies: How many companies there are.
    """
    source, target = (edges[name].to_numpy()[controlling] for name in ("source", "target"))
    return label_components(source, target, n_companies)


def caps(nodes: Nodes, config: WalkConfig) -> NDArray[np.int32]:
    """Return int32[n_nodes]: from how many companies on a node is a hub."""
    begin, most = cap_ranges(len(nodes.companies), len(nodes.persons), nodes.contact_points, config)
    each: NDArray[np.int32] = np.repeat(most, np.diff(np.append(begin, len(nodes))))
    return each


def cap_ranges(
    n_companies: int, n_persons: int, contact_points: pa.Array | pa.ChunkedArray, config: WalkConfig
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the first node of each range of nodes with one cap, int64[5], and the caps, int32[5].

    Args:
        n_companies: How many companies there are; their nodes come first.
        n_persons: How many persons there are; their nodes come next.
        contact_points: The ids of the contact points, ascending.
        config: The caps.
    """
    first = n_companies + n_persons
    addresses = [
        first + bisect_left(range(len(contact_points)), word, key=lambda row: contact_points[row].as_py())
        for word in ("X-ADDRESS:", "X-ADDRESS;")
    ]
    most = (config.holder_cap, config.person_cap, config.contact_cap, config.address_cap, config.contact_cap)
    # What is more than any count, an array of counts need not hold.
    return np.array([0, n_companies, first, *addresses]), np.minimum(most, _MOST).astype(np.int32)


def pass_through(n_companies: NDArray[np.int32], config: WalkConfig) -> NDArray[np.float32]:
    """Return float32[n_nodes] in (0, 1]: the part of a walk that a node passes on, less the more companies it ties."""
    through = (config.free_degree / np.maximum(n_companies, config.free_degree)) ** config.hub_exponent
    return through.astype(np.float32)


def controlling(edges: pa.Table, in_force: NDArray[np.bool_], n_companies: int, share: float) -> NDArray[np.bool_]:
    """Return bool[n_edges]: holdings of at least `share`, branches and consolidations in force between companies."""
    source, target, relation = (edges[name].to_numpy() for name in ("source", "target", "relation"))
    found: NDArray[np.bool_] = in_force & (source < n_companies) & (target < n_companies)
    rows = np.flatnonzero(found)
    own = edges.select(["kind", "held_as", "share_min"]).take(pa.array(rows))
    majority = pc.fill_null(pc.greater_equal(own["share_min"], share), False).to_numpy()
    holds = majority & _is_word(own["kind"], VOTING) & ~_is_word(own["held_as"], ("nominee",))
    of_link = relation[rows] == RELATIONS.index("link")
    of_interest = relation[rows] == RELATIONS.index("interest")
    found[rows] = (of_link & _is_word(own["kind"], GROUPING)) | (of_interest & holds)
    return found


_EITHER = -2
_MOST = 2**31 - 2
_AT_ONCE = 1 << 20
VOTING = ("shareholding", "voting_rights")
GROUPING = ("branch_of", "consolidated_directly_by", "consolidated_ultimately_by")


def _is_word(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.bool_]:
    """Return bool[n_rows]: whether a column of words has one of some; null has none."""
    found: NDArray[np.bool_] = pc.is_in(column.cast(pa.string()), value_set=pa.array(words)).to_numpy()
    return found
