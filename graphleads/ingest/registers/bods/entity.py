"""Entities as companies, with their names, identifiers and addresses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.country import country_codes
from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.bods.identifier import identifier_columns
from graphleads.ingest.registers.bods.interest import snake_case
from graphleads.ingest.registers.bods.statement import DAY, explode, first_places
from graphleads.ingest.row_stager import RowStager
from graphleads.tables.schema import VALUES
from graphleads.values.britain import address_keys, postcodes
from graphleads.values.text_column import join_present

_KEPT = ("id", "published")
_PLACE = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
_PURPOSES = {"registered": "registered", "business": "head_office"}
_NO_TEXT = pa.scalar(None, pa.string())

_BAD_TYPE = Flaw(code="unknown_entity_type", message="A type of entity that is not known: kept as unknown.")
_BAD_IDENTIFIER = Flaw(
    code="bad_identifier", message="This is no identifier of its scheme, or a placeholder: left out."
)
_UNKNOWN_PLACE = Flaw(code="unknown_country", message="Names no country that is known: left empty.")


def stage_entities(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield companies, names, identifiers and contact points.

    Args:
        rows: Statements of entities, with `id`, `root` (the record) and `published` (date32) added.
    """
    rows = rows.with_columns({"place": _jurisdictions(rows), "form": _forms(rows)})
    yield _companies(rows)
    names = explode(rows, "alternateNames", beside=_KEPT)
    columns = {"id": names["id"], "name": names["alternateNames"], "kind": pa.scalar("alternative")}
    yield names.batch("names", _published(names, columns), pc.is_valid(names["alternateNames"]))
    yield from _identifiers(rows)
    yield _addresses(rows)


def _published(rows: RowStager, columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    return {**columns, "published_on": rows["published"]}


def _companies(rows: RowStager) -> StagedBatch:
    words = snake_case(rows["entityType.type"])
    kind = pc.replace_substring_regex(words, "^(anonymous|unknown)_entity$", r"\1")
    known = pc.is_in(kind, value_set=pa.array(VALUES["companies.entity_type"]))
    rows.flag(_BAD_TYPE, "entityType.type", pc.invert(known))
    kind = pc.if_else(known, kind, "unknown")
    dissolved_on = rows.days("dissolutionDate", DAY)
    columns = {
        "id": rows["id"],
        "name": rows["name"],
        "entity_type": kind,
        "mentioned": pc.is_in(kind, value_set=pa.array(["anonymous", "unknown"])),
        "jurisdiction": rows["place"],
        "status": pc.if_else(pc.is_valid(dissolved_on), "dissolved", _NO_TEXT),
        "legal_form": rows["form"],
        "incorporated_on": rows.days("foundingDate", DAY),
        "dissolved_on": dissolved_on,
        "start_on": dissolved_on,
        "postcode": _registered_postcodes(rows),
    }
    return rows.batch("companies", _published(rows, columns))


def _forms(rows: RowStager) -> pa.Array:
    return pc.coalesce(rows["entityType.details"], rows["entitySubtype.localTerm"])


def _jurisdictions(rows: RowStager) -> pa.Array:
    """Return ISO 3166-1 alpha-2 or 3166-2 codes, by code or name: string[n]."""
    given = pc.utf8_upper(pc.coalesce(rows["jurisdiction.code"], rows["incorporatedInJurisdiction.code"]))
    code = pc.if_else(pc.fill_null(pc.match_substring_regex(given, _PLACE), False), given, _NO_TEXT)
    named = pc.coalesce(rows["jurisdiction.name"], rows["incorporatedInJurisdiction.name"])
    found = pc.coalesce(code, country_codes(given), country_codes(named))
    said = pc.is_valid(pc.coalesce(given, named))
    rows.flag(_UNKNOWN_PLACE, "jurisdiction.name", pc.and_(said, pc.is_null(found)))
    return found


def _registered_postcodes(rows: RowStager) -> pa.Array:
    """Return the postcode of the registered address, of the first one where none is: string[n]."""
    each = explode(rows, "addresses", beside=())
    rank = np.where(pc.fill_null(pc.equal(each["addresses.type"], "registered"), False), 0, 1)
    place = first_places(pc.list_parent_indices(rows["addresses"]), rank, rows.block.n_rows)
    return postcodes(each["addresses.postCode"]).take(place)


def _identifiers(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield the identifiers that the publisher states."""
    each = explode(rows, "identifiers", beside=(*_KEPT, "place", "form"))
    value = each["identifiers.id"]
    found = identifier_columns(
        each["identifiers.scheme"], each["identifiers.schemeName"], value, each["place"], each["form"]
    )
    there = pc.is_valid(pc.binary_join_element_wise(found["scheme"], found["value"], ""))
    each.flag(_BAD_IDENTIFIER, "identifiers.id", pc.and_(pc.is_valid(value), pc.invert(there)))
    yield each.batch("identifiers", _published(each, {"id": each["id"], **found}), there)


def _addresses(rows: RowStager) -> StagedBatch:
    each = explode(rows, "addresses", beside=_KEPT)
    code, name = each["addresses.country.code"], each["addresses.country.name"]
    lines, postcode = each["addresses.address"], postcodes(each["addresses.postCode"])
    key = address_keys(lines, pc.coalesce(code, name), postcode, further=(name,))
    place = pc.index_in(each["addresses.type"], value_set=pa.array(list(_PURPOSES)))
    columns = {
        "id": each["id"],
        "kind": pa.scalar("address"),
        "purpose": pc.coalesce(pa.array(list(_PURPOSES.values())).take(place), "correspondence"),
        "key": key,
        "display": join_present(", ", lines, postcode, pc.coalesce(name, code)),
    }
    return each.addresses(_published(each, columns), "addresses.address")
