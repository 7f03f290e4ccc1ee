"""Whether a legal entity lives, since when it does not, and whether it went into another one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.registers.gleif.list_column import first_of_each
from graphleads.ingest.registers.gleif.record import DAY, REGISTRATION, day_texts
from graphleads.ingest.row_stager import RowStager
from graphleads.values.text_column import join_present

END = "Entity.EntityExpirationDate"

_STATUS, _REASON = "Entity.EntityStatus", "Entity.EntityExpirationReason"
_EVENTS = "Entity.LegalEntityEvents.LegalEntityEvent"
_DAY_OF_EVENT = f"{_EVENTS}.LegalEntityEventEffectiveDate"
_DISSOLUTIONS = ("DISSOLUTION",)
_MERGERS = ("ABSORPTION", "MERGERS_AND_ACQUISITIONS")
_INSOLVENCIES = ("BANKRUPTCY", "INSOLVENCY", "LIQUIDATION")
_CORPORATE_ACTION, _DISSOLVED, _MERGED = "CORPORATE_ACTION", "DISSOLVED", "MERGED"
_NOT_SAID = "NULL"
_KNOWN = ("ACTIVE", "INACTIVE", _NOT_SAID)

_UNKNOWN_STATUS = Flaw(code="unknown_status", message="A status that is not known: unclear, which is no lead.")


def dated_statuses(rows: RowStager) -> dict[str, pa.Array]:
    """Return the columns `status`, `status_text`, `dissolved_on` and `merged` (bool).

    An inactive entity is dissolved if it is said to be, or to have gone into another one; an active one is in
    liquidation if such proceedings are going on.
    """
    rows.flag(_UNKNOWN_STATUS, _STATUS, pc.invert(pc.is_in(rows[_STATUS], pa.array(_KNOWN))))
    ended = _events(rows, (*_DISSOLUTIONS, *_MERGERS), "COMPLETED")
    merged = pc.or_(
        _is_in(rows[_REASON], _CORPORATE_ACTION),
        pc.or_(_is_in(rows[REGISTRATION], _MERGED), _is_in(_part(ended, "LegalEntityEventType"), *_MERGERS)),
    )
    said = pc.or_(_is_in(rows[_REASON], _DISSOLVED), pc.or_(merged, pc.is_valid(ended)))
    inactive, active = _is_in(rows[_STATUS], "INACTIVE"), _is_in(rows[_STATUS], "ACTIVE")
    failing = pc.is_valid(_events(rows, _INSOLVENCIES, "IN_PROGRESS"))
    dissolved = pc.and_(inactive, said)
    other = pc.if_else(pc.equal(rows[_STATUS], _NOT_SAID), pa.scalar(None, pa.string()), "unclear")
    status = pc.if_else(dissolved, "dissolved", pc.if_else(inactive, "inactive", pc.if_else(active, "active", other)))
    dated = rows.with_columns({_DAY_OF_EVENT: day_texts(_part(ended, "LegalEntityEventEffectiveDate"))})
    end = pc.coalesce(rows.days(END, DAY), dated.days(_DAY_OF_EVENT, DAY))
    return {
        "status": pc.if_else(pc.and_(active, failing), "in_liquidation", status),
        "status_text": join_present("; ", rows[_STATUS], rows[_REASON], rows[REGISTRATION]),
        "dissolved_on": pc.if_else(dissolved, end, pa.scalar(None, pa.date32())),
        "merged": merged,
    }


def _events(rows: RowStager, kinds: tuple[str, ...], state: str) -> pa.Array:
    """Return the first event of some kinds of each entity, null where there is none."""
    each = pc.list_flatten(rows[_EVENTS])
    of_kind = pc.is_in(pc.struct_field(each, "LegalEntityEventType"), pa.array(kinds))
    return first_of_each(rows[_EVENTS], pc.and_(of_kind, pc.equal(pc.struct_field(each, "event_status"), state)))


def _part(events: pa.Array, name: str) -> pa.Array:
    return pc.struct_field(events, name)


def _is_in(values: pa.Array, *words: str) -> pa.Array:
    return pc.fill_null(pc.is_in(values, pa.array(words)), False)
