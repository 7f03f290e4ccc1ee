"""Who controls companies: people and organisations of the snapshot of persons with significant control."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.companies_house.control_record import ADDRESS, PEOPLE
from graphleads.ingest.row_stager import RowStager, read_countries
from graphleads.values.britain import COMPANY, Addresses, are_british_registers, jurisdictions, postcodes
from graphleads.values.british_number import stated_numbers
from graphleads.values.person_key import person_keys
from graphleads.values.text_column import join_present

PERSON = "X-GB-COH-PSC"
ORGANISATION = "X-GB-COH-PSC-ENTITY"
FOREIGN_NUMBER = "X-REG"
"""Scheme of a number in some register of a country, which follows: `X-REG-DE`."""

CHARITY = "GB-CHC"
_CHARITY_REGISTER = r"(?i)\bcharit"
_OTHER_REGISTER = r"(?i)\bcharit|\bmutuals?\b|financial conduct|\bfca\b"
"""Registers of Britain whose numbers look like Companies House's and are others."""

_NAME, _SURNAME = "data.name", "data.name_elements.surname"
_GIVEN_NAMES = tuple(f"data.name_elements.{part}" for part in ("forename", "other_forenames", "middle_name"))
_YEAR, _MONTH, _DAY = (f"data.date_of_birth.{part}" for part in ("year", "month", "day"))
_NUMBER, _COUNTRY, _PLACE = (
    f"data.identification.{part}" for part in ("registration_number", "country_registered", "place_registered")
)
_LEGAL_FORM = "data.identification.legal_form"
_ADDRESS, _OFFICE = "data.address", "data.principal_office_address"

_YEARS = (1850, 2100)
_BAD_BIRTH = Flaw(code="bad_birth", message="Can be no month of birth: left empty.", private=True)
_BAD_NUMBER = Flaw(
    code="bad_holder_number", message="No British company number, or a placeholder: the holder stays without one."
)
_OWN_NUMBER = Flaw(
    code="own_number", message="The holder is said to have the company's own number: it stays without one."
)
_NO_TEXT = pa.scalar(None, pa.string())
_NO_NUMBER = pa.scalar(None, pa.int64())


def person_ids(rows: RowStager) -> pa.Array:
    """Return ids of people, one a record: the register gives them no number of their own."""
    return pc.binary_join_element_wise(PERSON, rows["link"], ":")


def stage_people(rows: RowStager) -> StagedBatch:
    """Return people without their addresses and the day of their birth; who is kept secret is anonymous.

    Args:
        rows: Records of people, with their ids in the column `holder`.
    """
    known = pc.is_in(rows["data.kind"], pa.array(PEOPLE))
    rows.drop_personal(_ADDRESS, [f"{_ADDRESS}.{part.name}" for part in ADDRESS])
    rows.drop_personal(_DAY, [_DAY])
    given, family = join_present(" ", *(rows[part] for part in _GIVEN_NAMES)), rows[_SURNAME]
    year, month = _within(rows[_YEAR], *_YEARS), _within(rows[_MONTH], 1, 12)
    for column, values in ((_YEAR, year), (_MONTH, month)):
        rows.flag(_BAD_BIRTH, column, pc.and_(pc.is_valid(rows[column]), pc.is_null(values)))
    return rows.batch(
        "persons",
        {
            "id": rows["holder"],
            "name": pc.coalesce(join_present(" ", given, family), rows[_NAME]),
            "given_name": given,
            "family_name": family,
            "birth_year": year,
            "birth_month": month,
            "nationality": rows.nationalities("data.nationality"),
            "residence": rows.countries("data.country_of_residence"),
            "kind": pc.if_else(known, "known", "anonymous"),
            **person_keys(given, family, year, month),
        },
    )


def organisation_ids(rows: RowStager) -> pa.Array:
    """Return ids of organisations, one a record: their number is what the company that they control says of them."""
    return pc.binary_join_element_wise(ORGANISATION, rows["link"], ":")


def stage_organisations(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield organisations as mentioned companies, the numbers that are stated of them, and their addresses.

    Args:
        rows: Records of organisations, with their ids in the column `holder`.
    """
    number = _british_numbers(rows)
    numbered = pc.is_valid(number)
    country = rows.countries(_COUNTRY)
    british = pc.binary_join_element_wise(COMPANY, number, ":")
    yield rows.batch(
        "companies",
        {
            "id": rows["holder"],
            "name": rows[_NAME],
            "entity_type": pc.if_else(numbered, "registered_entity", "legal_entity"),
            "mentioned": pa.scalar(True),
            "jurisdiction": pc.if_else(numbered, jurisdictions(british), country),
            "legal_form": rows[_LEGAL_FORM],
            "locality": pc.coalesce(rows[f"{_OFFICE}.locality"], rows[f"{_ADDRESS}.locality"]),
            "postcode": postcodes(pc.coalesce(rows[f"{_OFFICE}.postal_code"], rows[f"{_ADDRESS}.postal_code"])),
        },
    )
    yield rows.batch("identifiers", {"id": rows["holder"], "scheme": pa.scalar(COMPANY), "value": number}, numbered)
    charity = _of_charities(rows)
    abroad = pc.fill_null(pc.not_equal(country, "GB"), False)
    scheme = pc.if_else(charity, CHARITY, pc.binary_join_element_wise(FOREIGN_NUMBER, country, "-"))
    others = pc.and_(pc.or_(abroad, charity), pc.is_valid(rows[_NUMBER]))
    yield rows.batch("identifiers", {"id": rows["holder"], "scheme": scheme, "value": rows[_NUMBER]}, others)
    yield _addresses(rows, _ADDRESS, "correspondence")
    yield _addresses(rows, _OFFICE, "head_office")


def _british_numbers(rows: RowStager) -> pa.Array:
    """Return the numbers in Companies House's register that are stated of organisations: string[n]."""
    stated = pc.if_else(_are_british(rows), rows[_NUMBER], _NO_TEXT)
    place = join_present(" ", rows[_PLACE], rows[_COUNTRY])
    number = stated_numbers(stated, place, rows[_LEGAL_FORM])
    rows.flag(_BAD_NUMBER, _NUMBER, pc.and_(pc.is_valid(stated), pc.is_null(number)))
    own = pc.equal(pc.binary_join_element_wise(COMPANY, number, ":"), rows["subject"])
    rows.flag(_OWN_NUMBER, _NUMBER, own)
    return pc.if_else(pc.fill_null(own, False), _NO_TEXT, number)


def _are_british(rows: RowStager) -> pa.Array:
    """Return which organisations say that they stand in Companies House's register: bool[n]."""
    place = pc.if_else(are_british_registers(rows[_PLACE]), "GB", read_countries(rows[_PLACE]))
    country = pc.if_else(pc.is_null(rows[_COUNTRY]), place, read_countries(rows[_COUNTRY]))
    elsewhere = pc.fill_null(pc.match_substring_regex(rows[_PLACE], _OTHER_REGISTER), False)
    return pc.and_not(pc.fill_null(pc.equal(country, "GB"), False), elsewhere)


def _of_charities(rows: RowStager) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(rows[_PLACE], _CHARITY_REGISTER), False)


def _addresses(rows: RowStager, address: str, purpose: str) -> StagedBatch:
    part = {field.name: rows[f"{address}.{field.name}"] for field in ADDRESS}
    street = join_present(" ", part["premises"], part["address_line_1"])
    addresses = Addresses(
        po_box=part["po_box"],
        lines=join_present(", ", street, part["address_line_2"]),
        town=part["locality"],
        county=part["region"],
        postcode=postcodes(part["postal_code"]),
        country=part["country"],
    )
    return rows.addresses({"id": rows["holder"], **addresses.columns(purpose)}, address)


def _within(numbers: pa.Array, low: int, high: int) -> pa.Array:
    return pc.if_else(pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high)), numbers, _NO_NUMBER)
