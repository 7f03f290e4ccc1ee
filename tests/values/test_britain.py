from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.values.britain import (
    Addresses,
    address_keys,
    company_ids,
    jurisdictions,
    postcodes,
    regions,
    stated_company_ids,
)


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def test_the_registers_own_numbers_are_eight_characters() -> None:
    numbers = texts("99000001", "990002", "so990001", "RS00784W", "ABC", "990000011", "990002.0", "O9900123", None)
    assert company_ids(numbers).to_pylist() == [
        "GB-COH:99000001", "GB-COH:00990002", "GB-COH:SO990001", "GB-COH:RS00784W", None, None, "GB-COH:00990002", None,
        None,
    ]  # fmt: skip


def test_numbers_that_somebody_typed_must_be_whole() -> None:
    numbers = texts("00990002 ", "990002", "Sc 990001", "1234", "41-0406690", "N/A", None)
    assert stated_company_ids(numbers).to_pylist() == [
        "GB-COH:00990002", "GB-COH:00990002", "GB-COH:SC990001", None, None, None, None,
    ]  # fmt: skip


def test_jurisdictions_are_in_the_prefix() -> None:
    ids = texts("GB-COH:SC990001", "GB-COH:SO990001", "GB-COH:NI990001", "GB-COH:R0000001", "GB-COH:99000001", None)
    assert jurisdictions(ids).to_pylist() == ["GB-SCT", "GB-SCT", "GB-NIR", "GB-NIR", "GB", None]


def test_regions_are_the_four_parts_of_the_kingdom() -> None:
    assert regions(texts("ENGLAND", "Northern Ireland", "UNITED KINGDOM", None)).to_pylist() == [
        "GB-ENG", "GB-NIR", None, None,
    ]  # fmt: skip


def test_postcodes() -> None:
    assert postcodes(texts("xa261ab", "XA26 1AB", "83-300", None)).to_pylist() == [
        "XA26 1AB", "XA26 1AB", "83-300", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        "17 King Street",
        "17-19 KING STREET",
        "2nd Floor, 17 King Street",
        "SUITE 4 FIRST FLOOR, KING HOUSE, 17 KING STREET",
        "Flat 12, King House 17 King St.",
    ],
)
def test_spellings_of_one_building_share_a_key(lines: str) -> None:
    key = address_keys(texts(lines), texts("Inventon"), texts("XA26 1AB"))
    assert key.to_pylist() == ["17 xa26 1ab"]


@pytest.mark.parametrize(
    ("lines", "town", "postcode", "key"),
    [
        ("Unit 3, Loch Estate", "Glennowhere", "XH1 2CD", "unit 3 xh1 2cd"),
        ("The Old Mill", "Ballynone", "XT9 9ZZ", "the old mill xt9 9zz"),
        ("1 Main Street", "Springfall", None, "1 main street springfall"),
        ("3 Waldweg", "Nirgendwo", "118 00", "3 waldweg 118 00"),
        ("The Old Mill", None, None, None),
        ("Flat 2", "Inventon", "XA1 1AA", None),
        (None, "Inventon", "XA1 1AA", None),
    ],
)
def test_addresses_without_number_or_postcode(
    lines: str | None, town: str | None, postcode: str | None, key: str | None
) -> None:
    assert address_keys(texts(lines), texts(town), texts(postcode)).to_pylist() == [key]


def test_a_box_is_the_door_only_where_there_is_no_other() -> None:
    addresses = Addresses(
        po_box=texts("PO BOX 12", "PO BOX 12"),
        lines=texts("17 King Street", None),
        town=texts("Inventon", "Inventon"),
        county=texts("Hampshire", None),
        postcode=texts("XA26 1AB", "XA26 1AB"),
        country=texts("England", None),
    )
    columns = addresses.columns("registered")
    assert columns["key"].to_pylist() == ["17 xa26 1ab", "12 xa26 1ab"]
    assert columns["display"].to_pylist() == [
        "PO BOX 12, 17 King Street, Inventon, Hampshire, XA26 1AB, England",
        "PO BOX 12, Inventon, XA26 1AB",
    ]
    assert columns["purpose"].as_py() == "registered"
