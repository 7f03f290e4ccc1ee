"""What all of GLEIF's records share: LEIs as ids, days, and whether a record still stands."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import normalize_identifiers
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.registers.gleif.layout import DELETED

LEI = "XI-LEI"
"""The scheme of LEIs."""

DAY = "%Y-%m-%d"
UPDATED = "Registration.LastUpdateDate"
REGISTRATION = "Registration.RegistrationStatus"
DUPLICATE = "DUPLICATE"

WITHDRAWN = ("ANNULLED", "CANCELLED", DUPLICATE)
"""Registration statuses of records that were errors; those that lapsed, retired or moved on were not."""

BAD_LEI = Flaw(
    code="bad_lei", message="An LEI has 18 letters and digits and two check digits: the row is left out.", column="LEI"
)

_LENGTH_OF_DAY = 10


def lei_ids(values: pa.Array) -> pa.Array:
    """Return the ids of LEIs: string[n], null where a value cannot be one."""
    return pc.binary_join_element_wise(LEI, normalize_identifiers(LEI, values), ":")


def day_texts(values: pa.Array) -> pa.Array:
    """Return the days of timestamps, as they are written: string[n]. The time of day and its zone are noise."""
    return pc.utf8_slice_codeunits(values, 0, _LENGTH_OF_DAY)


def withdrawn(block: RowBlock) -> pa.Array:
    """Return which records were taken back, or out of the golden copy: bool[n]."""
    gone = pc.is_valid(block.columns[DELETED])
    status = block.columns.get(REGISTRATION)
    return gone if status is None else pc.or_(gone, pc.is_in(status, pa.array(WITHDRAWN)))


def translate(values: pa.Array, words: Mapping[str, str], *, otherwise: str | None = None) -> pa.Array:
    """Return the words that values stand for: string[n], `otherwise` where a value is null or none of them."""
    found = pa.array(list(words.values())).take(pc.index_in(values, value_set=pa.array(list(words))))
    return found if otherwise is None else pc.fill_null(found, otherwise)
