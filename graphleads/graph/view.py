"""The ties of a snapshot as they were on a day: what is in force, what it weighs, who is a hub, what is one family.

What a snapshot has of these baked in is the cache of one view, that of its own day under the usual weights and caps.
Any other is computed for what is asked of it, and no more: a question about last March costs what it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.config import WalkConfig
from graphleads.graph.family import Control, find_groups, open_control
from graphleads.graph.history import (
    Caps,
    Group,
    History,
    count_each,
    find_hubs,
    make_group,
    make_memory,
    read_through,
)
from graphleads.graph.lookup import rows_between
from graphleads.graph.matrix import Adjacency
from graphleads.graph.order import days_since_1970
from graphleads.graph.overlay import NOTHING, AddedTie, Laid, Overlay, as_edges, lay
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.weigh import cap_ranges, edge_weights, pass_through
from graphleads.model import View

_FIRST_ROOM = 1 << 10


class TieView:
    """The ties of one snapshot for one pair of days. Safe to share between threads.

    Attributes:
        snapshot: The snapshot.
        days: The two days.
        walk: Weights and caps; those that the snapshot has baked in unless others are given.
        overlay: What was judged since the snapshot was built.
        is_baked: Whether the snapshot has this view baked in; if not, it is computed.
    """

    def __init__(
        self, snapshot: Snapshot, days: View, walk: WalkConfig | None = None, overlay: Overlay = NOTHING
    ) -> None:
        self.snapshot = snapshot
        self.days = days
        self.walk = walk or snapshot.baked_walk
        self.valid_on, self.known_on = days_since_1970(days.valid_on), days_since_1970(days.known_on)
        own_day = in_view(snapshot, valid_on=self.valid_on, known_on=self.known_on)
        self.overlay = overlay
        self.is_baked = own_day and self.walk == snapshot.baked_walk and overlay == NOTHING

    @cached_property
    def history(self) -> History:
        """All edges, as kernels read them."""
        snapshot = self.snapshot
        adjacency, times = snapshot.adjacency, snapshot.times
        return History(
            indptr=adjacency.indptr,
            neighbor=adjacency.neighbor,
            edge=adjacency.edge,
            source=snapshot.numbers("edges", "source"),
            relation=snapshot.numbers("edges", "relation"),
            weight=self.weight,
            valid_from=times.valid_from,
            valid_to=times.valid_to,
            known_from=times.known_from,
            known_until=times.known_until,
            ever=snapshot.node_array("ever_tied"),
            caps=self._caps(),
            laid=self._laid,
            added_weight=self._added_weight,
            memory=make_memory(),
            valid_on=self.valid_on,
            known_on=self.known_on,
        )

    def _caps(self) -> Caps:
        snapshot = self.snapshot
        contacts = snapshot.contact_points["id"].chunk(0)
        begin, most = cap_ranges(snapshot.n_companies, snapshot.n_persons, contacts, self.walk)
        counts = np.arange(min(int(most.max()), snapshot.n_nodes) + 2, dtype=np.int32)
        return Caps(begin=begin, most=most, free=self.walk.free_degree, through=pass_through(counts, self.walk))

    @cached_property
    def _laid(self) -> Laid:
        return lay(self.overlay, self.snapshot)

    @cached_property
    def _added_weight(self) -> NDArray[np.float32]:
        return edge_weights(as_edges(self.overlay, self._laid), self.walk)

    @cached_property
    def weight(self) -> NDArray[np.float32]:
        """float32[n_edges], what each edge weighs while it is in force."""
        if self.walk.weighs_as(self.snapshot.baked_walk):
            weight: NDArray[np.float32] = self.snapshot.node_array("edge_weight")
            return weight
        edges = self.snapshot.edges
        return self.snapshot.kept("edge_weight " + self.walk.weighing(), lambda: edge_weights(edges, self.walk))

    def in_force(self, edges: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return bool[n]: whether each of some edges of the snapshot is true on the one day, as known on the other."""
        found: NDArray[np.bool_] = self.snapshot.times.in_force(self.valid_on, self.known_on, edges)
        return found if len(self._laid.struck) == 0 else found & ~np.isin(edges, self._laid.struck)

    def weight_of(self, edges: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return float32[n]: what each of some edges weighs; those after the snapshot's own are added ties."""
        n, weight = len(self.weight), self.weight
        if len(self._added_weight) == 0:
            of_snapshot: NDArray[np.float32] = weight[edges]
            return of_snapshot
        added = edges >= n
        found: NDArray[np.float32] = self._added_weight[np.where(added, edges - n, 0)]
        found[~added] = weight[edges[~added]]
        return found

    def ends_of(self, edges: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the nodes that some edges go out from and go to, those of added ties too."""
        own = edges < len(self.weight)
        source, target = np.empty(len(edges), np.int32), np.empty(len(edges), np.int32)
        for into, name in ((source, "source"), (target, "target")):
            into[own] = self.snapshot.numbers("edges", name)[edges[own]]
            into[~own] = getattr(self._laid, name)[edges[~own] - len(self.weight)]
        return source, target

    def added_at(self, node: int) -> list[int]:
        """Return the numbers of the added ties of a node, ascending."""
        ties = self._laid.tie[self._laid.node == node]
        return [len(self.weight) + tie for tie in sorted(ties.tolist())]

    def added_tie(self, edge: int) -> AddedTie | None:
        """Return the added tie that an edge is, None if it is one of the snapshot's own."""
        at = edge - len(self.weight)
        return None if at < 0 else self.overlay.added[int(self._laid.place[at])]

    def parted(self, companies: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return bool[n]: whether each of some companies was made of two that are different."""
        return np.isin(companies, self._laid.parted)

    def edges_at(self, nodes: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the edges in force at some nodes, and the other end of each; added ties are numbered after them."""
        edges, others, _ = self._in_force_at(nodes)
        return edges, others

    def _in_force_at(
        self, nodes: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.integer[Any]]]:
        """Return the edges in force at some nodes, the other end of each, and whose it is."""
        adjacency, laid = self.snapshot.adjacency, self._laid
        slots, of = _slots_at(adjacency, nodes)
        kept = self.in_force(adjacency.edge[slots])
        slots, of = slots[kept], of[kept]
        edges, others = adjacency.edge[slots], adjacency.neighbor[slots]
        if len(laid.node) == 0:
            return edges, others, of
        added = np.isin(laid.node, nodes)
        return (
            np.concatenate([edges, laid.tie[added] + np.int32(len(self.weight))]),
            np.concatenate([others, laid.neighbor[added]]),
            np.concatenate([of, laid.node[added]]),
        )

    def followed_at(
        self,
        nodes: Sequence[int],
        ends: tuple[int, int],
        *,
        kinds: Collection[str] = (),
        outward: bool | None = None,
    ) -> dict[int, dict[int, int]]:
        """Return the neighbours that a path may go on to from each of some nodes, with the strongest edge to each.

        Args:
            nodes: Nodes.
            ends: The two ends of the path, to which it may go even if they are hubs.
            kinds: The kinds of tie that it follows; empty takes all.
            outward: Whether it follows the ties that go out from a node or those that come in; None takes both. What
                joins two records of one person is followed whatever is asked for.
        """
        edges, others, of = self._in_force_at(np.array(nodes, np.int64))
        weight = self.weight_of(edges)
        kept = np.flatnonzero(weight > 0)
        if kinds or outward is not None:
            kept = kept[self._is_asked_for(edges[kept], of[kept], kinds, outward=outward)]
        reached, place = np.unique(others[kept], return_inverse=True)
        open_to = ~self.blocked(reached) | np.isin(reached, ends)
        kept = kept[open_to[place]]
        edges, others, of, weight = edges[kept], others[kept], of[kept], weight[kept]
        # Of several edges to a neighbour the last one stays: the strongest, and of those the first.
        order = np.lexsort((-edges, weight, others, of))
        found: dict[int, dict[int, int]] = {node: {} for node in nodes}
        for node, other, edge in zip(of[order].tolist(), others[order].tolist(), edges[order].tolist(), strict=True):
            found[node][other] = edge
        return found

    def _is_asked_for(
        self, edges: NDArray[np.int32], nodes: NDArray[np.integer[Any]], kinds: Collection[str], *, outward: bool | None
    ) -> NDArray[np.bool_]:
        own = edges < len(self.weight)
        kind = np.empty(len(edges), object)
        kind[own] = self.snapshot.edges["kind"].chunk(0).take(pa.array(edges[own])).to_pylist()
        kind[~own] = [tie.kind for edge in edges[~own].tolist() if (tie := self.added_tie(edge))]
        asked = np.isin(kind, list(kinds)) if kinds else np.ones(len(edges), bool)
        if outward is not None:
            asked &= (self.ends_of(edges)[0] == nodes) == outward
        found: NDArray[np.bool_] = asked | (kind == "same_person")
        return found

    def blocked(self, nodes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return bool[n]: whether each of some nodes ties too many companies together to be followed."""
        if self.is_baked:
            found: NDArray[np.bool_] = self.snapshot.node_array("blocked")[nodes]
            return found
        into = np.zeros(len(nodes), bool)
        wanted = nodes.astype(np.int32)
        self._in_room(lambda group: find_hubs(wanted, self.history, group, into))
        return into

    def through(self, nodes: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return float32[n] in (0, 1]: the part of a walk that each of some nodes, which are no hubs, passes on."""
        if self.is_baked:
            found: NDArray[np.float32] = self.snapshot.walk.node["through"][nodes]
            return found
        into = np.zeros(len(nodes), np.float32)
        wanted = nodes.astype(np.int32)
        self._in_room(lambda group: read_through(wanted, self.history, group, into))
        return into

    def n_companies(self, nodes: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
        """Return int32[n]: how many companies each of some nodes ties together, whatever the ties weigh."""
        if self.is_baked:
            found: NDArray[np.int32] = self.snapshot.node_array("n_companies")[nodes]
            return found
        into = np.zeros(len(nodes), np.int32)
        wanted = nodes.astype(np.int32)
        self._in_room(lambda group: count_each(wanted, -1.0, self.history, group, into))
        return into

    @staticmethod
    def _in_room(count: Callable[[Group], bool]) -> None:
        """Have a kernel count in a room that grows until it fits."""
        n = _FIRST_ROOM
        while not count(make_group(n)):
            n *= 4

    def family(self, companies: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return int32[n]: a number that those of some companies share which are one corporate group.

        Majority holdings, branches and consolidations in force make a group; numbers of two answers say nothing of
        each other.
        """
        if self.is_baked:
            family: NDArray[np.int32] = self.snapshot.node_array("family")[companies]
            return family
        reached, numbers = self._groups_of(companies)
        return numbers[np.searchsorted(reached, companies)]

    def in_families_of(self, companies: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return bool[n]: whether each of some companies is in the corporate group of one of the others."""
        if self.is_baked:
            family = self.snapshot.node_array("family")
            return np.isin(family[companies], family[others])
        reached, numbers = self._groups_of(companies)
        return np.isin(numbers[np.searchsorted(reached, companies)], numbers[np.isin(reached, others)])

    def _groups_of(self, companies: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return all companies of the groups of some, ascending, and the number of each one's group."""
        return find_groups(companies, self.history, self._control)

    @cached_property
    def _control(self) -> Control:
        return open_control(self.snapshot.edges, self.snapshot.n_companies, self.walk.family_share)


def _slots_at(
    adjacency: Adjacency, nodes: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.integer[Any]]]:
    """Return the slots of some nodes, one row after the other, and the node of each."""
    begin, end = adjacency.indptr[nodes], adjacency.indptr[nodes + 1]
    return rows_between(begin, end), np.repeat(nodes, end - begin)


def in_view(snapshot: Snapshot, *, valid_on: int, known_on: int) -> bool:
    """Return whether nothing begins or ends by itself between the day of the snapshot and both days."""
    return all(snapshot.view_on <= day < snapshot.view_until for day in (valid_on, known_on))
