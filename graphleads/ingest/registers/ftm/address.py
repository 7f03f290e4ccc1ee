"""Addresses: entities of their own, or a text of the organisation's."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.ingest.registers.ftm.value import firsts
from graphleads.ingest.row_stager import RowStager
from graphleads.values.britain import Addresses, postcodes, text_keys
from graphleads.values.text_column import join_present

ADDRESS_TYPE = pa.struct([(name, pa.string()) for name in ("key", "display", "town", "region", "postcode")])
"""What contact points and companies take from an address."""

_PARTS = ("postOfficeBox", "street", "street2", "city", "postalCode", "region", "state")


def address_texts(rows: RowStager) -> pa.Array:
    """Return address entities as `ADDRESS_TYPE`[n].

    With a street or a British postcode the key is the one that British registers' addresses have, so that they meet;
    otherwise the whole text.
    """
    box, street, street2, town, code, region, state = (firsts(rows[name]) for name in _PARTS)
    postcode = postcodes(code)
    lines = join_present(", ", street, street2)
    full = pc.coalesce(firsts(rows["full"]), join_present(", ", box, lines, postcode, town))
    place = pc.coalesce(region, state)
    addresses = Addresses(
        po_box=box, lines=lines, town=town, county=place, postcode=postcode, country=pa.nulls(len(full), pa.string())
    )
    key = pc.coalesce(addresses.keys(), text_keys(full))
    return pa.StructArray.from_arrays([key, full, town, place, postcode], fields=list(ADDRESS_TYPE))
