"""Which companies may be leads: alive, sellable, nobody's customer, unclaimed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.kernel import kernel, part
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.view import TieView, in_view
from graphleads.ids import EntityId
from graphleads.model import LeadQuery
from graphleads.recommend.standing import (
    Day,
    Standing,
    first_not_below,
    has_bit,
    is_alive,
    open_standing,
    read_statuses,
)

NOT_ELIGIBLE = (
    "seed", "customer", "withheld", "excluded", "mentioned", "not_alive", "jurisdiction", "industry", "family",
    "blocked",
)  # fmt: skip
"""Why a company is no lead, in the order in which it is said."""

_SEED, _CUSTOMER, _MENTIONED, _NOT_ALIVE = (
    NOT_ELIGIBLE.index(reason) for reason in ("seed", "customer", "mentioned", "not_alive")
)
_KEPT_TEAMS = 16


class Barred(NamedTuple):
    """Whom a team does not want to see, whatever the registers say.

    Attributes:
        nodes: int32[n_barred], ascending.
        why: int8[n_barred], the position in `NOT_ELIGIBLE`.
    """

    nodes: NDArray[np.int32]
    why: NDArray[np.int8]


def _bar(snapshot: Snapshot, *sets: frozenset[EntityId]) -> Barred:
    found = [nodes_of(snapshot, ids) for ids in sets]
    why = [np.full(len(nodes), _CUSTOMER + at, np.int8) for at, nodes in enumerate(found)]
    nodes, first = np.unique(np.concatenate(found), return_index=True)
    return Barred(nodes=nodes, why=np.concatenate(why)[first])


class Eligibility:
    """Says of the companies of one snapshot why they are no leads. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._standing = open_standing(snapshot)
        # A team asks with the same customers, claims and exclusions again and again.
        self._barred = lru_cache(maxsize=_KEPT_TEAMS)(partial(_bar, snapshot))

    def against(
        self, query: LeadQuery, companies: NDArray[np.int32], seeds: NDArray[np.int32], view: TieView
    ) -> NDArray[np.int8]:
        """Return int8[n_companies]: the position in `NOT_ELIGIBLE` of the first reason against each; -1 for none.

        Args:
            query: What is asked.
            companies: int32[n_companies], company nodes, ascending.
            seeds: int32[n_seeds], the nodes of the seeds, ascending.
            view: The ties of the day.
        """
        barred = self._barred(query.customers, query.withheld, query.exclude)
        reason = np.empty(len(companies), np.int8)
        _judge(companies, (seeds, barred), self._standing, _day_of(query, self.snapshot), reason)
        for name, kept in self._filters(query, companies, seeds, view):
            position = NOT_ELIGIBLE.index(name)
            reason[~kept & ((reason < 0) | (reason > position))] = position
        return reason

    def statuses(self, query: LeadQuery, companies: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return int8[n_companies]: the position in `describe.STATUSES` of each company's status on the query's day."""
        found = np.empty(len(companies), np.int8)
        read_statuses(companies, self._standing, _day_of(query, self.snapshot), found)
        return found

    def customers(self, query: LeadQuery) -> NDArray[np.int32]:
        """Return int32, ascending: the nodes of the customers."""
        barred = self._barred(query.customers, query.withheld, query.exclude)
        customers: NDArray[np.int32] = barred.nodes[barred.why == _CUSTOMER]
        return customers

    def _filters(
        self, query: LeadQuery, companies: NDArray[np.int32], seeds: NDArray[np.int32], view: TieView
    ) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        """Yield what the query and the ties ask for beyond that, and which companies have it."""
        if query.jurisdictions:
            yield "jurisdiction", _in_jurisdictions(self.snapshot, query.jurisdictions, companies)
        if query.industries:
            yield "industry", _in_industries(self.snapshot, query.industries, companies)
        if query.exclude_families:
            own = np.union1d(self.customers(query), seeds)
            yield "family", ~view.in_families_of(companies, own[own < self.snapshot.n_companies])
        yield "blocked", ~view.blocked(companies)


def nodes_of(snapshot: Snapshot, ids: Iterable[EntityId]) -> NDArray[np.int32]:
    """Return int32, ascending and distinct: the nodes of the ids that the snapshot has."""
    found = snapshot.nodes_of(list(ids))
    return np.unique(found[found >= 0]).astype(np.int32)


def _day_of(query: LeadQuery, snapshot: Snapshot) -> Day:
    valid_on, known_on = days_since_1970(query.valid_on), days_since_1970(query.known_on)
    return Day(valid_on=valid_on, known_on=known_on, in_view=in_view(snapshot, valid_on=valid_on, known_on=known_on))


@kernel
def _judge(
    companies: NDArray[np.int32], team: tuple[NDArray[np.int32], Barred], standing: Standing, day: Day,
    into: NDArray[np.int8],
) -> None:  # fmt: skip
    seeds, barred = team
    at_seed, at_barred, first = 0, 0, 0
    for at in range(len(companies)):
        node = companies[at]
        at_seed = first_not_below(seeds, node, at_seed)
        at_barred = first_not_below(barred.nodes, node, at_barred)
        if not day.in_view:
            first = first_not_below(standing.statuses.node, node, first)
        if at_seed < len(seeds) and seeds[at_seed] == node:
            into[at] = _SEED
        elif at_barred < len(barred.nodes) and barred.nodes[at_barred] == node:
            into[at] = barred.why[at_barred]
        else:
            into[at] = _said_of(node, first, standing, day)


@part
def _said_of(node: int, first: int, standing: Standing, day: Day) -> int:
    """Return what the registers say against a company whose statuses begin at `first`."""
    if day.in_view and standing.thrives[node]:
        return -1
    if has_bit(standing.mentioned, node):
        return _MENTIONED
    return -1 if is_alive(node, first, standing, day) else _NOT_ALIVE


def _in_jurisdictions(snapshot: Snapshot, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    column = snapshot.companies["jurisdiction"].chunk(0).take(pa.array(companies)).cast(pa.string())
    inside = pc.is_in(column, value_set=pa.array(wanted))
    for code in wanted:
        inside = pc.or_(inside, pc.fill_null(pc.starts_with(column, f"{code}-"), False))
    kept: NDArray[np.bool_] = pc.fill_null(inside, False).to_numpy(zero_copy_only=False)
    return kept


def _in_industries(snapshot: Snapshot, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    begin, end = snapshot.rows_of("classifications", "node", companies)
    rows = rows_between(begin, end)
    column = snapshot.table("classifications")["code"].chunk(0)
    codes = pc.utf8_lower(column.take(pa.array(rows)).cast(pa.string()))
    fits = pc.starts_with(codes, wanted[0])
    for beginning in wanted[1:]:
        fits = pc.or_(fits, pc.starts_with(codes, beginning))
    kept = np.zeros(len(companies), bool)
    kept[np.repeat(np.arange(len(companies)), end - begin)[fits.to_numpy(zero_copy_only=False)]] = True
    return kept
