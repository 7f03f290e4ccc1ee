"""Addresses: entities of their own, or a text of the organisation's."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.ingest.registers.ftm.value import firsts
from graphleads.ingest.row_stager import RowStager
from graphleads.names.fold import fold_characters
from graphleads.values.britain import address_keys, postcodes
from graphleads.values.text_column import join_present

ADDRESS_TYPE = pa.struct([(name, pa.string()) for name in ("key", "display", "town", "region", "postcode")])
"""What contact points and companies take from an address."""

_PARTS = ("postOfficeBox", "street", "street2", "city", "postalCode", "region", "state")
_NO_TEXT = pa.scalar(None, pa.string())


def address_texts(rows: RowStager) -> pa.Array:
    """Return address entities as `ADDRESS_TYPE`[n].

    With a street the key is the one that British registers' addresses have, so that they meet; otherwise the whole
    text.
    """
    box, street, street2, town, code, region, state = (firsts(rows[name]) for name in _PARTS)
    postcode = postcodes(code)
    lines = join_present(", ", street, street2)
    full = pc.coalesce(firsts(rows["full"]), join_present(", ", box, lines, postcode, town))
    key = pc.coalesce(address_keys(pc.coalesce(lines, box), town, postcode), text_keys(full))
    return pa.StructArray.from_arrays(
        [key, full, town, pc.coalesce(region, state), postcode], fields=list(ADDRESS_TYPE)
    )


def text_keys(texts: pa.Array) -> pa.Array:
    """Return keys of addresses that are one text: string[n], null where there is neither letter nor digit."""
    folded = fold_characters(texts)
    return pc.if_else(pc.equal(folded, ""), _NO_TEXT, folded)
