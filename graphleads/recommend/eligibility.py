"""Which companies may be leads: alive, sellable, nobody's customer, unclaimed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.graph.describe import ALIVE, STATUSES, status_on
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot
from graphleads.ids import EntityId
from graphleads.model import LeadQuery

NOT_ELIGIBLE = (
    "seed", "customer", "withheld", "excluded", "mentioned", "not_alive", "jurisdiction", "industry", "family",
    "blocked",
)  # fmt: skip
"""Why a company is no lead, in the order in which it is said."""

_ALIVE = np.array([STATUSES.index(word) for word in ALIVE], np.int8)


def ineligible(
    snapshot: Snapshot, query: LeadQuery, companies: NDArray[np.int32], seeds: NDArray[np.int32]
) -> NDArray[np.int8]:
    """Return int8[n_companies]: the position in `NOT_ELIGIBLE` of the first reason against each company, -1 for none.

    Args:
        snapshot: The snapshot.
        query: What is asked.
        companies: int32[n_companies], company nodes, ascending.
        seeds: The nodes of the seeds.
    """
    family = snapshot.node_array("family")
    mentioned = snapshot.companies["mentioned"].chunk(0)
    against = {
        "seed": np.isin(companies, seeds),
        "customer": np.isin(companies, _nodes(snapshot, query.customers)),
        "withheld": np.isin(companies, _nodes(snapshot, query.withheld)),
        "excluded": np.isin(companies, _nodes(snapshot, query.exclude)),
        "mentioned": mentioned.take(pa.array(companies)).to_numpy(zero_copy_only=False),
        "not_alive": ~_is_alive(snapshot, query, companies),
        "jurisdiction": ~_in_jurisdictions(snapshot, query.jurisdictions, companies),
        "industry": ~_in_industries(snapshot, query.industries, companies),
        "family": np.isin(family[companies], _families(snapshot, query, family, seeds)),
        "blocked": snapshot.node_array("blocked")[companies],
    }
    reason = np.full(len(companies), -1, np.int8)
    for position, name in reversed(list(enumerate(NOT_ELIGIBLE))):
        reason[against[name]] = position
    return reason


def _is_alive(snapshot: Snapshot, query: LeadQuery, companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return bool[n_companies]: founded by the query's day, not dissolved by then, and of a status that lives."""
    rows = snapshot.companies.select(["incorporated_on", "dissolved_on"]).take(pa.array(companies))
    founded = pc.fill_null(pc.less_equal(rows["incorporated_on"], query.valid_on), True)
    dissolved = pc.fill_null(pc.less_equal(rows["dissolved_on"], query.valid_on), False)
    there: NDArray[np.bool_] = pc.and_not(founded, dissolved).to_numpy()
    return there & np.isin(statuses(snapshot, query, companies), _ALIVE)


def statuses(snapshot: Snapshot, query: LeadQuery, companies: NDArray[np.int32]) -> NDArray[np.int8]:
    """Return int8[n_companies], the position in `describe.STATUSES` of each company's status on the query's day."""
    days = [days_since_1970(day) for day in (query.valid_on, query.known_on)]
    rows = _rows_of(snapshot, "statuses", companies)
    return status_on(rows, len(companies), valid_on=days[0], known_on=days[1])


def _rows_of(snapshot: Snapshot, table: str, companies: NDArray[np.int32]) -> pa.Table:
    """Return some companies' rows of a table that is sorted by node, with positions in `companies` as nodes."""
    begin, end = snapshot.rows_of(table, "node", companies)
    counts = end - begin
    rows = np.repeat(begin - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    local = np.repeat(np.arange(len(companies), dtype=np.int32), counts)
    return snapshot.table(table).take(pa.array(rows)).set_column(0, "node", pa.array(local))


def nodes_of(snapshot: Snapshot, ids: Iterable[EntityId]) -> NDArray[np.int32]:
    """Return int32, ascending and distinct: the nodes of the ids that the snapshot has."""
    return _nodes(snapshot, ids)


def _nodes(snapshot: Snapshot, ids: Iterable[EntityId]) -> NDArray[np.int32]:
    found = [node for node in (snapshot.node_of(one) for one in ids) if node is not None]
    return np.unique(np.array(found, np.int32))


def _in_jurisdictions(snapshot: Snapshot, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    if not wanted:
        return np.ones(len(companies), bool)
    column = snapshot.companies["jurisdiction"].take(pa.array(companies)).cast(pa.string())
    inside = pc.is_in(column, value_set=pa.array(wanted))
    for code in wanted:
        inside = pc.or_(inside, pc.fill_null(pc.starts_with(column, f"{code}-"), False))
    kept: NDArray[np.bool_] = pc.fill_null(inside, False).to_numpy()
    return kept


def _in_industries(snapshot: Snapshot, wanted: tuple[str, ...], companies: NDArray[np.int32]) -> NDArray[np.bool_]:
    if not wanted:
        return np.ones(len(companies), bool)
    rows = _rows_of(snapshot, "classifications", companies)
    codes = pc.utf8_lower(rows["code"].cast(pa.string()))
    fits = pc.starts_with(codes, wanted[0])
    for beginning in wanted[1:]:
        fits = pc.or_(fits, pc.starts_with(codes, beginning))
    kept = np.zeros(len(companies), bool)
    kept[rows["node"].to_numpy()[fits.to_numpy(zero_copy_only=False)]] = True
    return kept


def _families(
    snapshot: Snapshot, query: LeadQuery, family: NDArray[np.int32], seeds: NDArray[np.int32]
) -> NDArray[np.int32]:
    if not query.exclude_families:
        return np.empty(0, np.int32)
    own = np.union1d(_nodes(snapshot, query.customers), seeds)
    return np.unique(family[own[own < snapshot.n_companies]])
