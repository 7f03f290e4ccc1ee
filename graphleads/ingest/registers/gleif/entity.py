"""Level 1: legal entities as companies, with their names, numbers, addresses and successors."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.scheme import check_identifiers
from graphleads.formats.report import Flaw
from graphleads.formats.row_block import RowBlock
from graphleads.ingest.reader import ReadContext, StagedBatch
from graphleads.ingest.registers.gleif.entity_status import END, dated_statuses
from graphleads.ingest.registers.gleif.record import (
    BAD_LEI,
    DAY,
    DUPLICATE,
    LEI,
    REGISTRATION,
    UPDATED,
    day_texts,
    lei_ids,
    translate,
    withdrawn,
)
from graphleads.ingest.registers.gleif.registration_authority import register_numbers
from graphleads.ingest.row_stager import RowStager
from graphleads.values.britain import Addresses, postcodes
from graphleads.values.text_column import join_present

_CATEGORY, _SUBCATEGORY, _JURISDICTION = (
    f"Entity.{name}" for name in ("EntityCategory", "EntitySubCategory", "LegalJurisdiction")
)
_OFFICE, _HEAD_OFFICE, _FORM = "Entity.LegalAddress", "Entity.HeadquartersAddress", "Entity.LegalForm"
_NAMES = (
    "Entity.OtherEntityNames.OtherEntityName",
    "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName",
)
_SUCCESSORS, _CREATED = "Entity.SuccessorEntity", "Entity.EntityCreationDate"
_REGISTERED = ("Entity.RegistrationAuthority.RegistrationAuthority", "ID", "EntityID")
_VALIDATED = "Registration.ValidationAuthority.ValidationAuthority"
_VALIDATED_TOO = "Registration.OtherValidationAuthorities.OtherValidationAuthority"

_SOLE_PROPRIETOR = "SOLE_PROPRIETOR"
_NOT_ALONE = pa.array(["BRANCH", "FUND"])
_TYPES = {
    "GENERAL": "registered_entity",
    "BRANCH": "registered_entity",
    "FUND": "arrangement",
    _SOLE_PROPRIETOR: "registered_entity",
    "RESIDENT_GOVERNMENT_ENTITY": "state_body",
    "INTERNATIONAL_ORGANIZATION": "legal_entity",
}
_CENTRAL_GOVERNMENT = "CENTRAL_GOVERNMENT"
_NAME_KINDS = {
    "PREVIOUS_LEGAL_NAME": "former",
    "TRADING_OR_OPERATING_NAME": "trading",
    "ALTERNATIVE_LANGUAGE_LEGAL_NAME": "alternative",
    "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME": "transliterated",
    "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME": "transliterated",
}
_NO_CODE = pa.array(["8888", "9999"])
_PLACE = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
_CARE_OF = r"(?i)^c\s*[/.]?\s*o\b"
_NO_TEXT = pa.scalar(None, pa.string())

_NO_NAME = Flaw(code="no_name", message="The entity has no legal name: the row is left out.", column="Entity.LegalName")
_UNKNOWN_CATEGORY = Flaw(code="unknown_category", message="A category that is not known: read as unknown.")
_UNKNOWN_NAME_KIND = Flaw(code="unknown_name_kind", message="A kind of name that is not known: read as alternative.")
_BAD_PLACE = Flaw(code="bad_jurisdiction", message="No code of a country or a part of one: left empty.")
_BAD_SUCCESSOR = Flaw(code="bad_successor", message="The successor's LEI is none, or the entity's own: left out.")


def stage_entities(block: RowBlock, context: ReadContext) -> Iterator[StagedBatch]:
    """Yield what LEI records say; a record that was taken back or out is void.

    A duplicate is void too, and its LEI becomes one more identifier of the entity that it duplicates.
    """
    block = block.drop(context.report, BAD_LEI, pc.is_null(lei_ids(block.columns["LEI"])))
    nameless = pc.and_(pc.is_null(block.columns["Entity.LegalName"]), pc.invert(withdrawn(block)))
    block = block.drop(context.report, _NO_NAME, nameless)
    ids = lei_ids(block.columns["LEI"])
    rows = RowStager(block=block, context=context, record=pc.utf8_slice_codeunits(ids, len(LEI) + 1))
    rows = rows.with_columns({"id": ids, "void": withdrawn(block)})
    void = rows.filter(rows["void"])
    yield void.batch("companies", {"id": void["id"], "op": pa.scalar("void")})
    yield _duplicates(void.filter(pc.equal(void[REGISTRATION], DUPLICATE)))
    yield from _stage(rows.filter(pc.invert(rows["void"])))


def _stage(rows: RowStager) -> Iterator[StagedBatch]:
    rows = rows.with_columns({name: day_texts(rows[name]) for name in (UPDATED, _CREATED, END)})
    rows = rows.with_columns({"published_on": rows.days(UPDATED, DAY), **dated_statuses(rows)})
    yield _companies(rows)
    yield from _identifiers(rows)
    for path in _NAMES:
        yield _names(rows.explode(path), path)
    alone = rows.filter(pc.equal(rows[_CATEGORY], _SOLE_PROPRIETOR))
    for path in (_OFFICE, _HEAD_OFFICE):
        alone.drop_personal(path, [f"{path}.FirstAddressLine"])
    firms = rows.filter(pc.invert(_is(rows, _CATEGORY, _SOLE_PROPRIETOR)))
    yield _addresses(firms, _OFFICE, "registered")
    yield _addresses(firms, _HEAD_OFFICE, "head_office")
    yield _successors(rows)


def _companies(rows: RowStager) -> StagedBatch:
    code, other = rows[f"{_FORM}.EntityLegalFormCode"], rows[f"{_FORM}.OtherLegalForm"]
    coded = pc.if_else(pc.fill_null(pc.is_in(code, _NO_CODE), False), _NO_TEXT, code)
    alone = _is(rows, _CATEGORY, _SOLE_PROPRIETOR)
    return rows.batch(
        "companies",
        {
            **_shared(rows),
            "name": rows["Entity.LegalName"],
            "entity_type": _entity_types(rows),
            "jurisdiction": _jurisdictions(rows),
            "status": rows["status"],
            "status_text": rows["status_text"],
            "start_on": rows["dissolved_on"],
            "legal_form": pc.coalesce(coded, other),
            "incorporated_on": rows.days(_CREATED, DAY),
            "dissolved_on": rows["dissolved_on"],
            "region": rows[f"{_OFFICE}.Region"],
            "locality": rows[f"{_OFFICE}.City"],
            "postcode": pc.if_else(alone, _NO_TEXT, postcodes(rows[f"{_OFFICE}.PostalCode"])),
        },
    )


def _shared(rows: RowStager) -> dict[str, pa.Array]:
    return {"id": rows["id"], "published_on": rows["published_on"]}


def _is(rows: RowStager, column: str, word: str) -> pa.Array:
    return pc.fill_null(pc.equal(rows[column], word), False)


def _entity_types(rows: RowStager) -> pa.Array:
    """Return BODS's types of entity; records of before 2022 have a category only if it is not the general one."""
    types = translate(pc.fill_null(rows[_CATEGORY], "GENERAL"), _TYPES, otherwise="unknown")
    rows.flag(_UNKNOWN_CATEGORY, _CATEGORY, pc.equal(types, "unknown"))
    return pc.if_else(_is(rows, _SUBCATEGORY, _CENTRAL_GOVERNMENT), "state", types)


def _jurisdictions(rows: RowStager) -> pa.Array:
    places = pc.utf8_upper(rows[_JURISDICTION])
    fits = pc.match_substring_regex(places, _PLACE)
    rows.flag(_BAD_PLACE, _JURISDICTION, pc.invert(fits))
    return pc.if_else(pc.fill_null(fits, False), places, _NO_TEXT)


def _identifiers(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield the LEI, and the numbers in registers that registered the entity or confirmed that they have it."""
    own = {"scheme": pa.scalar(LEI), "value": rows.record, "valid": check_identifiers(LEI, rows.record)}
    yield rows.batch("identifiers", {**_shared(rows), **own})
    code, number = (rows[f"{_REGISTERED[0]}{end}"] for end in _REGISTERED[1:])
    rows = rows.with_columns({"registered": pc.binary_join_element_wise(code, number, " ")})
    yield _numbers(rows, code, number)
    code, number = (rows[f"{_VALIDATED}{end}"] for end in _REGISTERED[1:])
    rows = rows.with_columns({"validated": pc.binary_join_element_wise(code, number, " ")})
    yield _numbers(rows, code, number, but=("registered",))
    each = rows.explode(_VALIDATED_TOO)
    code, number = (each[f"{_VALIDATED_TOO}.ValidationAuthority{end}"] for end in _REGISTERED[1:])
    yield _numbers(each, code, number, but=("registered", "validated"))


def _numbers(rows: RowStager, code: pa.Array, number: pa.Array, *, but: tuple[str, ...] = ()) -> StagedBatch:
    """Return numbers in registers, but those that another column has already."""
    columns = register_numbers(code, number, shared=pc.is_in(rows[_CATEGORY], _NOT_ALONE))
    wanted = pc.is_valid(columns["value"])
    whole = pc.binary_join_element_wise(code, number, " ")
    for column in but:
        wanted = pc.and_(wanted, pc.invert(pc.fill_null(pc.equal(whole, rows[column]), False)))
    return rows.batch("identifiers", {**_shared(rows), **columns}, wanted)


def _names(rows: RowStager, path: str) -> StagedBatch:
    kind = translate(rows[f"{path}.type"], _NAME_KINDS)
    rows.flag(_UNKNOWN_NAME_KIND, f"{path}.type", pc.is_null(kind))
    name = rows[f"{path}.text"]
    columns = {"name": name, "kind": pc.fill_null(kind, "alternative"), "language": rows[f"{path}.xmllang"]}
    return rows.batch("names", {**_shared(rows), **columns}, pc.is_valid(name))


def _addresses(rows: RowStager, path: str, purpose: str) -> StagedBatch:
    part = {name: rows[f"{path}.{name}"] for name in ("City", "Region", "PostalCode", "Country")}
    addresses = Addresses(
        po_box=pa.nulls(rows.block.n_rows, pa.string()),
        lines=_lines(rows, path),
        town=part["City"],
        county=part["Region"],
        postcode=postcodes(part["PostalCode"]),
        country=part["Country"],
    )
    return rows.addresses({**_shared(rows), **addresses.columns(purpose)}, path)


def _lines(rows: RowStager, path: str) -> pa.Array:
    """Return what stands above the town, without who takes the post in where a line of the house follows."""
    first, more = rows[f"{path}.FirstAddressLine"], pc.binary_join(rows[f"{path}.AdditionalAddressLine"], ", ")
    more = pc.if_else(pc.equal(more, ""), _NO_TEXT, more)
    in_care = pc.or_kleene(pc.match_substring_regex(first, _CARE_OF), pc.equal(first, rows[f"{path}.MailRouting"]))
    left_out = pc.and_(pc.fill_null(in_care, False), pc.is_valid(more))
    return join_present(", ", pc.if_else(left_out, _NO_TEXT, first), more)


def _successors(rows: RowStager) -> StagedBatch:
    each, successor = _each_successor(rows)
    kind = pc.if_else(each["merged"], "merged_into", "succeeded_by")
    columns = {
        "source": each["id"],
        "target": successor,
        "kind": kind,
        "start_on": each["dissolved_on"],
        "published_on": each["published_on"],
    }
    return each.batch("links", columns, pc.is_valid(successor))


def _duplicates(rows: RowStager) -> StagedBatch:
    each, successor = _each_successor(rows)
    columns = {
        "id": successor,
        "scheme": pa.scalar(LEI),
        "value": each.record,
        "valid": check_identifiers(LEI, each.record),
    }
    return each.batch("identifiers", columns, pc.is_valid(successor))


def _each_successor(rows: RowStager) -> tuple[RowStager, pa.Array]:
    """Return a row for each successor, and their ids, null where there is none that can be used."""
    each = rows.explode(_SUCCESSORS)
    stated = each[f"{_SUCCESSORS}.SuccessorLEI"]
    ids = lei_ids(stated)
    ids = pc.if_else(pc.equal(ids, each["id"]), _NO_TEXT, ids)
    each.flag(_BAD_SUCCESSOR, f"{_SUCCESSORS}.SuccessorLEI", pc.and_(pc.is_valid(stated), pc.is_null(ids)))
    return each, ids
