"""Organisations as staged companies with their names, numbers, trades and contact points."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.formats.report import Flaw
from graphleads.ingest.reader import StagedBatch
from graphleads.ingest.registers.ftm.address import ADDRESS_TYPE
from graphleads.ingest.registers.ftm.directory import ADDRESS_KIND, Directory
from graphleads.ingest.registers.ftm.entity_row import published_batch, read_days, stage_names, values_of
from graphleads.ingest.registers.ftm.identifier import ENTITY, entity_ids, stage_numbers, with_places
from graphleads.ingest.registers.ftm.schema import CLASSIFICATIONS, ENTITY_TYPES
from graphleads.ingest.registers.ftm.value import (
    are_no_country,
    first_days,
    firsts,
    greatest,
    last_days,
    least,
    statuses,
)
from graphleads.ingest.row_stager import RowStager
from graphleads.tables.schema import MONEY
from graphleads.values.britain import text_keys
from graphleads.values.email_domain import email_domains, own_domains
from graphleads.values.phone import phone_keys
from graphleads.values.web_site import site_keys

_UNKNOWN_COUNTRY = Flaw(code="unknown_country", message="Names no country that is known: left empty.")
_UNKNOWN_STATUS = Flaw(code="unknown_status", message="A status that is not known: unclear, which is no lead.")
_NO_NAME = Flaw(code="no_name", message="The organisation has no name: kept without one.")
_BAD_NUMBER = Flaw(code="bad_number", message="Is no number of that list: left out.")
_BAD_AMOUNT = Flaw(code="bad_amount", message="Is no amount: left empty.")
_BAD_PHONE = Flaw(
    code="bad_phone",
    message="Is no whole number, or has no country's code and its organisation no country: left out.",
    private=True,
)
_BAD_EMAIL = Flaw(code="bad_email", message="Is no e-mail address: left out.", private=True)
_NO_ADDRESS = Flaw(code="no_address", message="Names an address that is never described: left out.")

_NO_TEXT = pa.scalar(None, pa.string())


def stage_organisations(rows: RowStager, directory: Directory) -> Iterator[StagedBatch]:
    """Yield organisations and all that they say of themselves.

    Args:
        rows: Organisations.
        directory: What is known of all entities.
    """
    rows = with_places(rows).with_columns({"node": entity_ids(rows["id"])})
    addresses = _with_addresses(rows, directory)
    yield _companies(rows, addresses)
    yield from stage_names(rows)
    yield from _identifiers(rows)
    yield from _classifications(rows)
    yield from _contact_points(rows, addresses)


def _companies(rows: RowStager, addresses: RowStager) -> StagedBatch:
    name = pc.coalesce(*(firsts(rows[one]) for one in ("name", "alias", "abbreviation")))
    rows.flag(_NO_NAME, "id", pc.is_null(name))
    place = rows["place"]
    lost = pc.and_(pc.and_(pc.is_valid(rows["stated_place"]), pc.is_null(place)), _are_countries(rows["stated_place"]))
    rows.with_columns({"country": rows["stated_place"]}).flag(_UNKNOWN_COUNTRY, "country", lost)
    dissolved_on = read_days(rows, "dissolutionDate", greatest, last_days)
    status_text = firsts(rows["status"])
    status = pc.coalesce(statuses(status_text), pc.if_else(pc.is_valid(dissolved_on), "dissolved", _NO_TEXT))
    rows.with_columns({"status": status_text}).flag(_UNKNOWN_STATUS, "status", pc.equal(status, "unknown"))
    capital = _amounts(rows, "capital")
    types = pa.array(ENTITY_TYPES.values()).take(pc.index_in(rows["schema"], value_set=pa.array(list(ENTITY_TYPES))))
    first = pc.index_in(rows["id"], value_set=addresses["id"])
    return published_batch(
        rows,
        "companies",
        {
            "id": rows["node"],
            "name": name,
            "entity_type": types,
            "jurisdiction": place,
            "status": status,
            "status_text": status_text,
            "start_on": pc.if_else(pc.equal(status, "dissolved"), dissolved_on, pa.scalar(None, pa.date32())),
            "legal_form": rows["form"],
            "incorporated_on": read_days(rows, "incorporationDate", least, first_days),
            "dissolved_on": dissolved_on,
            "capital": capital,
            "capital_currency": pc.if_else(pc.is_valid(capital), pc.utf8_upper(firsts(rows["currency"])), _NO_TEXT),
            **{
                column: addresses[part].take(first)
                for column, part in (("region", "region"), ("locality", "town"), ("postcode", "postcode"))
            },
        },
    )


def _are_countries(codes: pa.Array) -> pa.Array:
    return pc.invert(are_no_country(codes))


def _amounts(rows: RowStager, column: str) -> pa.Array:
    texts = firsts(rows[column])
    amounts = pa.array([_parse_amount(text) for text in texts.to_pylist()], MONEY)
    rows.with_columns({column: texts}).flag(_BAD_AMOUNT, column, pc.and_(pc.is_valid(texts), pc.is_null(amounts)))
    return amounts


def _parse_amount(text: str | None) -> Decimal | None:
    try:
        amount = round(Decimal((text or "").replace(",", "").replace(" ", "")), 2)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**18 else None


def _identifiers(rows: RowStager) -> Iterator[StagedBatch]:
    """Yield the entity's former ids, so that relations of other deliveries find it, and its numbers."""
    former = values_of(rows, "referents")
    other = pc.not_equal(former["referents"], former["id"])
    yield _identifier_batch(former, pa.scalar(ENTITY), former["referents"], other)
    for each, name, numbers in stage_numbers(rows):
        value, valid = (numbers[column].combine_chunks() for column in ("value", "valid"))
        personal = pc.and_(pc.match_substring_regex(each[name], "^[0-9]{12}$"), name == "innCode")
        if n_personal := pc.sum(personal).as_py():
            # A person's number in the Russian tax register has twelve digits, a company's ten.
            each.context.report.dropped_personal(f"{each['schema'][0].as_py()}.{name}", n_personal)
        each.flag(_BAD_NUMBER, name, pc.and_(pc.is_null(value), pc.invert(personal)))
        yield _identifier_batch(each, numbers["scheme"].combine_chunks(), value, pc.is_valid(value), valid)


def _identifier_batch(
    rows: RowStager, scheme: pa.Array | pa.Scalar, value: pa.Array, keep: pa.Array, valid: pa.Array | None = None
) -> StagedBatch:
    columns = {"id": rows["node"], "scheme": scheme, "value": value}
    return published_batch(rows, "identifiers", columns if valid is None else {**columns, "valid": valid}, keep)


def _classifications(rows: RowStager) -> Iterator[StagedBatch]:
    for name, scheme in CLASSIFICATIONS.items():
        each = values_of(rows, name)
        yield published_batch(
            each, "classifications", {"id": each["node"], "scheme": pa.scalar(scheme), "code": each[name]}
        )


def _with_addresses(rows: RowStager, directory: Directory) -> RowStager:
    """Return one row for each address entity of the organisations, with the fields of `ADDRESS_TYPE`."""
    each = values_of(rows, "addressEntity")
    known = pa.array(directory.kinds_of(each["addressEntity"]) == ADDRESS_KIND)
    each.flag(_NO_ADDRESS, "addressEntity", pc.invert(known))
    addresses = directory.addresses_of(each["addressEntity"])
    return each.with_columns(
        dict(zip((field.name for field in ADDRESS_TYPE), addresses.flatten(), strict=True))
    ).filter(known)


def _contact_points(rows: RowStager, addresses: RowStager) -> Iterator[StagedBatch]:
    yield _address_batch(addresses, addresses["key"], addresses["display"])
    texts = values_of(rows, "address")
    yield _address_batch(texts, text_keys(texts["address"]), texts["address"])
    phones = values_of(rows, "phone")
    numbers = phone_keys(phones["phone"], phones["place"])
    phones.flag(_BAD_PHONE, "phone", pc.is_null(numbers))
    yield _contact_batch(phones, "phone", numbers, phones["phone"])
    emails = values_of(rows, "email")
    domains = email_domains(emails["email"])
    emails.flag(_BAD_EMAIL, "email", pc.is_null(domains))
    yield _contact_batch(emails, "email_domain", own_domains(domains), domains)
    sites = values_of(rows, "website")
    yield _contact_batch(sites, "website", site_keys(sites["website"]), sites["website"])


def _address_batch(rows: RowStager, key: pa.Array, display: pa.Array) -> StagedBatch:
    columns = {"id": rows["node"], "published_on": rows["published_on"], "kind": pa.scalar("address")}
    return rows.addresses({**columns, "key": key, "display": display}, "address")


def _contact_batch(rows: RowStager, kind: str, key: pa.Array, display: pa.Array) -> StagedBatch:
    columns = {"id": rows["node"], "kind": pa.scalar(kind), "key": key, "display": display}
    return published_batch(rows, "contact_points", columns, pc.and_(pc.is_valid(key), pc.not_equal(key, "")))
