"""Keeps what says nothing out of contact points, in whatever register it stands: it would tie strangers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import DeliveryReport, Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.text import NO_VALUE

NO_CONTACT = Flaw(
    code="no_contact_point",
    message="It stands for nothing, or is a place that many share and no address: left out.",
    column="contact_points.display",
    private=True,
)
"""What is counted of contact points that are left out."""

_NONE_OF_IT = "(?:no|sem|sin) ?(?:web ?site|site|web|phone|telefone|tel[eé]fono|e-?mail|endere[cç]o|address)?"
_NOTHING = rf"(?i)^[\s ]*(?:{NO_VALUE}|[0. -]+|{_NONE_OF_IT}|x+)[\s ]*$"
_ONE_DIGIT = r"^\D*(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)\D*$|^\D*\d{0,4}\D*$"
_NUMBERED = r"[0-9０-９一二三四五六七八九十]|[,，;；\n]"
_HAN_PLACE = r"[省市区县州盟旗镇乡村路街道园巷弄]$|^\p{Han}{1,4}$"


def stand_for_nothing(texts: pa.Array) -> pa.Array:
    """Return which texts stand where a contact point should, and are none: bool[n], null is false."""
    return pc.fill_null(pc.match_substring_regex(texts, _NOTHING), False)


def keep_out_idle(batch: StagedBatch, report: DeliveryReport) -> StagedBatch:
    """Return a batch without contact points that stand for nothing; they are counted.

    A phone has more than four digits, and not the same one throughout. An address without any number, of one part, is a
    county, a zone or a street: a place, not an address.
    """
    if batch.table != "contact_points" or not batch.rows.num_rows:
        return batch
    display, key = (pa.chunked_array(batch.rows[name]).combine_chunks() for name in ("display", "key"))
    kind = batch.rows["kind"].cast(pa.string()).combine_chunks()
    idle = pc.or_(stand_for_nothing(display), stand_for_nothing(key))
    phone = pc.and_(pc.equal(kind, "phone"), pc.match_substring_regex(key, _ONE_DIGIT))
    bare = pc.and_(pc.equal(kind, "address"), pc.invert(pc.match_substring_regex(display, _NUMBERED)))
    han = pc.match_substring_regex(display, r"\p{Han}")
    place = pc.and_(bare, pc.if_else(han, pc.match_substring_regex(display, _HAN_PLACE), True))
    idle = pc.or_(pc.or_(idle, phone), place)
    if not (n_idle := pc.sum(idle).as_py()):
        return batch
    report.issue(NO_CONTACT, "contact points")
    report.issue_counts[NO_CONTACT.code] += n_idle - 1
    kept = pc.invert(idle)
    return batch.with_rows(batch.rows.filter(kept), kept)
