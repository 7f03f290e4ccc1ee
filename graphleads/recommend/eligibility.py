"""Which companies may be leads: alive, sellable, nobody's customer, unclaimed."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.entity_view import EntityView
from graphleads.graph.kernel import kernel, part
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.text_kernel import first_not_below
from graphleads.graph.view import TieView
from graphleads.ids import EntityId
from graphleads.model import LeadQuery, View
from graphleads.recommend.barred import Barred, bar
from graphleads.recommend.company_state import CompanyStates, open_versions, own_states, read_states

NOT_ELIGIBLE = (
    "seed", "customer", "withheld", "excluded", "mentioned", "not_alive", "jurisdiction", "industry", "family",
    "parted", "blocked",
)  # fmt: skip
"""Why a company is no lead, in the order in which it is said."""

_SEED, _CUSTOMER, _MENTIONED, _NOT_ALIVE = (
    NOT_ELIGIBLE.index(reason) for reason in ("seed", "customer", "mentioned", "not_alive")
)
_KEPT_TEAMS = 16


def _bar(snapshot: Snapshot, *sets: Set[EntityId]) -> Barred:
    return bar(*(nodes_of(snapshot, ids) for ids in sets))


class Eligibility:
    """Says of the companies of one snapshot why they are no leads. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._own = own_states(snapshot)
        self._versions = open_versions(snapshot)
        # A team asks with the same customers, claims and exclusions again and again.
        self._barred = lru_cache(maxsize=_KEPT_TEAMS)(partial(_bar, snapshot))

    def barred(self, query: LeadQuery) -> Barred:
        """Return who is barred by the ids that a query names."""
        return self._barred(query.customers, query.withheld, query.exclude)

    def against(
        self,
        query: LeadQuery,
        companies: NDArray[np.int32],
        team: tuple[NDArray[np.int32], Barred],
        view: TieView,
    ) -> NDArray[np.int8]:
        """Return int8[n_companies]: the position in `NOT_ELIGIBLE` of the first reason against each; -1 for none.

        Args:
            query: What is asked.
            companies: int32[n_companies], company nodes, ascending.
            team: int32[n_seeds], the nodes of the seeds, ascending, and who is barred.
            view: The ties of the day.
        """
        reason = np.empty(len(companies), np.int8)
        entities = EntityView(self.snapshot, View(valid_on=query.valid_on, known_on=query.known_on))
        states = self._own if entities.is_own else read_states(entities, companies, self._own, self._versions)
        _judge(companies, team, states, reason)
        for name, kept in self._filters(query, companies, team, (entities, view)):
            position = NOT_ELIGIBLE.index(name)
            reason[~kept & ((reason < 0) | (reason > position))] = position
        return reason

    def _filters(
        self,
        query: LeadQuery,
        companies: NDArray[np.int32],
        team: tuple[NDArray[np.int32], Barred],
        views: tuple[EntityView, TieView],
    ) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        """Yield what the query and the ties ask for beyond that, and which companies have it."""
        entities, ties = views
        if query.jurisdictions:
            yield "jurisdiction", _in_jurisdictions(entities, query.jurisdictions, companies)
        if query.industries:
            yield "industry", _in_industries(entities, query.industries, companies)
        if query.exclude_families:
            seeds, barred = team
            own = np.union1d(np.union1d(barred.customers, seeds), nodes_of(self.snapshot, query.kin))
            yield "family", ~ties.in_families_of(companies, own[own < self.snapshot.n_companies])
        yield "parted", ~ties.parted(companies)
        yield "blocked", ~ties.blocked(companies)


def nodes_of(snapshot: Snapshot, ids: Iterable[EntityId]) -> NDArray[np.int32]:
    """Return int32, ascending and distinct: the nodes of the ids that the snapshot has."""
    found = snapshot.nodes_of(list(ids))
    return np.unique(found[found >= 0]).astype(np.int32)


@kernel
def _judge(
    companies: NDArray[np.int32], team: tuple[NDArray[np.int32], Barred], states: CompanyStates, into: NDArray[np.int8]
) -> None:
    seeds, barred = team
    at_seed, at_barred = 0, 0
    for at in range(len(companies)):
        node = companies[at]
        at_seed = first_not_below(seeds, node, at_seed)
        at_barred = first_not_below(barred.nodes, node, at_barred)
        if at_seed < len(seeds) and seeds[at_seed] == node:
            into[at] = _SEED
        elif at_barred < len(barred.nodes) and barred.nodes[at_barred] == node:
            into[at] = _CUSTOMER + barred.why[at_barred]
        else:
            into[at] = _said_of(at if states.by_place else node, states)


@part
def _said_of(place: int, states: CompanyStates) -> int:
    """Return what the registers say against a company."""
    if states.thrives[place]:
        return -1
    return _MENTIONED if states.mentioned[place] else _NOT_ALIVE


def _in_jurisdictions(entities: EntityView, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    column = entities.companies(companies, ["jurisdiction"])["jurisdiction"].cast(pa.string())
    inside = pc.is_in(column, value_set=pa.array(wanted))
    for code in wanted:
        inside = pc.or_(inside, pc.fill_null(pc.starts_with(column, f"{code}-"), False))
    kept: NDArray[np.bool_] = pc.fill_null(inside, False).to_numpy(zero_copy_only=False)
    return kept


def _in_industries(entities: EntityView, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    rows = entities.in_force("classifications", companies, ["code"])
    codes = pc.utf8_lower(rows["code"].cast(pa.string()))
    fits = pc.starts_with(codes, wanted[0])
    for beginning in wanted[1:]:
        fits = pc.or_(fits, pc.starts_with(codes, beginning))
    kept = np.zeros(len(companies), bool)
    kept[rows["node"].to_numpy()[fits.to_numpy()]] = True
    return kept
