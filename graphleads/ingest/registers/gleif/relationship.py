"""Level 2: who consolidates whom, branches of head offices, funds and those who manage them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.mapping.convert import ValueFormat, convert, get_target
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.gleif.list_column import first_of_each
from graphleads.ingest.registers.gleif.record import DAY, UPDATED, day_texts, lei_ids, translate, withdrawn
from graphleads.ingest.row_stager import RowStager

PROVISIONAL = "X-GLEIF-NODE"
"""Scheme of the numbers that GLEIF gives to parents without an LEI."""

KINDS = {
    "IS_DIRECTLY_CONSOLIDATED_BY": "consolidated_directly_by",
    "IS_ULTIMATELY_CONSOLIDATED_BY": "consolidated_ultimately_by",
    "IS_INTERNATIONAL_BRANCH_OF": "branch_of",
    "IS_FUND-MANAGED_BY": "managed_by",
    "IS_SUBFUND_OF": "subfund_of",
    "IS_FEEDER_TO": "feeder_to",
}
"""Types of relationship, and the links that they become."""

_START, _END = "Relationship.StartNode", "Relationship.EndNode"
_TYPE, _STATUS = "Relationship.RelationshipType", "Relationship.RelationshipStatus"
_PERIODS = "Relationship.RelationshipPeriods.RelationshipPeriod"
_QUANTIFIERS = "Relationship.RelationshipQuantifiers.RelationshipQuantifier"
_AMOUNT = f"{_QUANTIFIERS}.QuantifierAmount"
_SHARE = get_target("links", "share")
_LEAST_SHARE = 0.01
"""Up to here nobody can tell a percentage from a fraction that somebody wrote for one: consolidation at 1 %?"""

_BAD_NODE = Flaw(
    code="bad_node", message="An end is no LEI, or both ends are one: the row is left out.", column=f"{_END}.NodeID"
)
_UNKNOWN_TYPE = Flaw(
    code="unknown_relationship", message="A type of relationship that is not known: the row is left out.", column=_TYPE
)
_BAD_SHARE = Flaw(code="bad_share", message="Can be no percentage, or may be a fraction: the share is left empty.")


def stage_relationships(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield links, one a period in which the relationship held; a record that was taken back or out is void."""
    block = block.drop(context.report, _UNKNOWN_TYPE, pc.invert(pc.is_in(block.columns[_TYPE], pa.array(list(KINDS)))))
    source, target = _nodes(block, _START), _nodes(block, _END)
    bad = pc.fill_null(pc.equal(source, target), True)
    block = block.drop(context.report, _BAD_NODE, bad)
    source, target = _nodes(block, _START), _nodes(block, _END)
    record = pc.binary_join_element_wise(_number(source), block.columns[_TYPE], _number(target), "/")
    rows = RowStager(block=block, context=context, record=record)
    kind = translate(rows[_TYPE], KINDS)
    rows = rows.with_columns({"source": source, "target": target, "kind": kind, "void": withdrawn(block)})
    void = rows.filter(rows["void"])
    yield void.batch("links", {**_ends(void), "op": pa.scalar("void")})
    yield from _stage(rows.filter(pc.invert(rows["void"])))


def _stage(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield a link for every period of relationship, and one without days where there is none.

    The periods of accounts and filings are not when the relationship held.
    """
    rows = rows.with_columns({UPDATED: day_texts(rows[UPDATED])})
    rows = rows.with_columns({"published_on": rows.days(UPDATED, DAY), "share": _shares(rows)})
    each = rows.explode(_PERIODS)
    yield _links(each.filter(_holds(each[f"{_PERIODS}.PeriodType"])))
    periods = rows[_PERIODS]
    held = first_of_each(periods, _holds(pc.struct_field(pc.list_flatten(periods), "PeriodType")))
    undated = rows.filter(pc.is_null(held))
    nothing = pa.nulls(undated.block.n_rows, pa.string())
    yield _links(undated.with_columns({f"{_PERIODS}.StartDate": nothing, f"{_PERIODS}.EndDate": nothing}))


def _links(rows: RowStager) -> StagedBatch:
    """Return links; one that is inactive ended on its last day, or if none is said when the record was last changed."""
    start, end = f"{_PERIODS}.StartDate", f"{_PERIODS}.EndDate"
    rows = rows.with_columns({name: day_texts(rows[name]) for name in (start, end)})
    period = rows.period(start, end, DAY)
    inactive = pc.fill_null(pc.equal(rows[_STATUS], "INACTIVE"), False)
    last = pc.if_else(inactive, pc.coalesce(period["end_on"], rows["published_on"]), period["end_on"])
    columns = {
        **_ends(rows),
        "share": rows["share"],
        "published_on": rows["published_on"],
        "start_on": period["start_on"],
        "end_on": last,
        "op": pc.if_else(inactive, "end", "assert"),
    }
    return rows.batch("links", columns)


def _ends(rows: RowStager) -> dict[str, pa.Array]:
    return {name: rows[name] for name in ("source", "target", "kind")}


def _nodes(block: RowBlock, node: str) -> pa.Array:
    number = block.columns[f"{node}.NodeID"]
    provisional = pc.not_equal(pc.fill_null(block.columns[f"{node}.NodeIDType"], "LEI"), "LEI")
    return pc.if_else(provisional, pc.binary_join_element_wise(PROVISIONAL, number, ":"), lei_ids(number))


def _number(ids: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(ids, "^[^:]*:", "")


def _holds(kinds: pa.Array) -> pa.Array:
    return pc.equal(kinds, "RELATIONSHIP_PERIOD")


def _shares(rows: RowStager) -> pa.Array:
    """Return the percentage of consolidation as a fraction: float64[n], null where none is given or it is unclear."""
    units = pc.struct_field(pc.list_flatten(rows[_QUANTIFIERS]), "QuantifierUnits")
    stated = pc.struct_field(first_of_each(rows[_QUANTIFIERS], pc.equal(units, "PERCENTAGE")), "QuantifierAmount")
    share = convert(stated, _SHARE, ValueFormat(percent=True))
    share = pc.if_else(pc.greater(share, _LEAST_SHARE), share, pa.scalar(None, pa.float64()))
    rows.with_columns({_AMOUNT: stated}).flag(_BAD_SHARE, _AMOUNT, pc.and_(pc.is_valid(stated), pc.is_null(share)))
    return share
