"""Level 2: why an entity reports no parent."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.gleif.record import BAD_LEI, lei_ids, translate, withdrawn
from graphleads.ingest.row_stager import RowStager

CATEGORIES = {
    "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT": "direct_parent",
    "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT": "ultimate_parent",
}
"""What exceptions are about, and what declarations are about then."""

_CATEGORY, _REASON = "ExceptionCategory", "ExceptionReason"
_NOT_SAID = "NOT_SAID"

_UNKNOWN_CATEGORY = Flaw(
    code="unknown_category", message="About no parent that is known: the row is left out.", column=_CATEGORY
)
_NO_REASON = Flaw(code="no_reason", message="No reason is given: left out.")


def stage_exceptions(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield a declaration for every reason; an exception that was taken out is void."""
    block = block.drop(context.report, BAD_LEI, pc.is_null(lei_ids(block.columns["LEI"])))
    about = translate(block.columns[_CATEGORY], CATEGORIES)
    block = block.drop(context.report, _UNKNOWN_CATEGORY, pc.is_null(about))
    lei = lei_ids(block.columns["LEI"])
    record = pc.binary_join_element_wise(pc.utf8_slice_codeunits(lei, 7), block.columns[_CATEGORY], "/")
    rows = RowStager(block=block, context=context, record=record)
    about = translate(rows[_CATEGORY], CATEGORIES)
    rows = rows.with_columns({"id": lei, "about": about, "void": withdrawn(block)})
    void, stands = rows.filter(rows["void"]), rows.filter(pc.invert(rows["void"]))
    yield void.batch("declarations", {**_shared(void), "reason": pa.scalar(_NOT_SAID), "op": pa.scalar("void")})
    stands.flag(_NO_REASON, _REASON, pc.equal(pc.fill_null(pc.list_value_length(stands[_REASON]), 0), 0))
    reference = pc.binary_join(stands["ExceptionReference"], "; ")
    reference = pc.if_else(pc.equal(reference, ""), pa.scalar(None, pa.string()), reference)
    each = stands.with_columns({"reference": reference}).explode(_REASON)
    yield each.batch("declarations", {**_shared(each), "reason": each[_REASON], "reference": each["reference"]})


def _shared(rows: RowStager) -> dict[str, pa.Array]:
    return {"id": rows["id"], "about": rows["about"]}
