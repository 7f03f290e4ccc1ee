from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.values.britain import (
    Addresses,
    address_keys,
    are_british_registers,
    company_ids,
    jurisdictions,
    postcodes,
    regions,
    text_keys,
)


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def test_the_registers_own_numbers_are_eight_characters() -> None:
    numbers = texts("99000001", "990002", "so990001", "RS00784W", "ABC", "990000011", "990002.0", "O9900123", None)
    assert company_ids(numbers).to_pylist() == [
        "GB-COH:99000001", "GB-COH:00990002", "GB-COH:SO990001", "GB-COH:RS00784W", None, None, "GB-COH:00990002", None,
        None,
    ]  # fmt: skip


def test_registers_of_companies_are_british_unless_they_name_another_country() -> None:
    british = texts(
        "Companies House", "Companies Hosue", "Companieshouse", "Companies-House, Cardiff", "Uk Companies House",
        "Register Of Companies In England And Wales", "Registrar of Companies", "Companies Registry", "London",
    )  # fmt: skip
    others = texts("Companies Registry, Hong Kong", "Delaware", "Jersey Register of Companies", "Paris", "-", None)
    assert are_british_registers(british).to_pylist() == [True] * len(british)
    assert are_british_registers(others).to_pylist() == [False] * len(others)


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
    ("written", "postcode"),
    [
        ("XA26\u00a01AB", "XA26 1AB"),
        (" xa26  1ab. ", "XA26 1AB"),
        ("XA26-1AB", "XA26 1AB"),
        ("XA2O 1AB", "XA20 1AB"),
        ("X1O OAB", "X10 0AB"),
        ("XA1 IAB", "XA1 1AB"),
        ("X014 3AB", "XO14 3AB"),
        ("OX1 1AB", "OX1 1AB"),
        ("0X1 1AB", "OX1 1AB"),
        ("118\u00a000", "118 00"),
        ("LOOM", "LOOM"),
    ],
)
def test_postcodes_that_were_mistyped(written: str, postcode: str) -> None:
    assert postcodes(texts(written)).to_pylist() == [postcode]


@pytest.mark.parametrize(
    ("lines", "town", "postcode", "county"),
    [
        ("17\u00a0 King  Street.", "Inventon", "XA26 1AB", None),
        ("17 King Street, Inventon, XA26 1AB", None, None, None),
        ("17 King Street, Inventon, XA26\u00a01AB, United Kingdom", None, "XA26 1AB", None),
        ("17 King Street, Inventon, XA26 1AB, U.K.", "United Kingdom", None, None),
        ("17 King Street, Inventon XA26 1AB, England", None, None, None),
        ("17 King Street", "XA26 1AB", "Inventon", None),
        ("17 King Street", "Inventon XA26 1AB", None, None),
        ("17 King Street", "Inventon", None, "xa261ab"),
        ("17 King Street", "Inventon", "-", "Hampshire XA26 1AB"),
        ("P.O. Box 12, 17 King Street", "Inventon", "XA26 1AB", None),
        ("I7 King Street, 17 King Street", "Inventon", "XA26 1AB", None),
    ],
)
def test_one_address_has_one_key_wherever_its_parts_stand(
    lines: str, town: str | None, postcode: str | None, county: str | None
) -> None:
    key = address_keys(texts(lines), texts(town), postcodes(texts(postcode)), further=(texts(county),))
    assert key.to_pylist() == ["17 xa26 1ab"]


def test_the_letter_o_is_a_nought_at_the_end_of_a_text_too() -> None:
    assert text_keys(texts("17 King Street, Inventon, XA26 OAB, England")).to_pylist() == ["17 xa26 0ab"]


def test_the_letter_o_in_a_house_number_is_a_nought() -> None:
    keys = address_keys(texts("1O King Street", "2O5 King Street", "10"), *[texts(*["XA26 1AB"] * 3)] * 2)
    assert keys.to_pylist() == ["10 xa26 1ab", "205 xa26 1ab", "10 xa26 1ab"]


@pytest.mark.parametrize(
    "lines", ["PO Box 17", "P.O. BOX 17", "Post Office Box No. 17", "GPO Box 17, King House", "POBox 17"]
)
def test_a_box_is_no_house_number(lines: str) -> None:
    assert address_keys(texts(lines), texts("Inventon"), texts("XA26 1AB")).to_pylist() == ["po box 17 xa26 1ab"]


@pytest.mark.parametrize(
    ("lines", "postcode"),
    [
        ("3 Waldweg", "118 00"),
        ("3 Waldweg, Nirgendwo", "118 00"),
        ("3 Waldweg, 118 00 Nirgendwo", "118 00"),
        ("3 Waldweg, 118 00 Nirgendwo, Deutschland", "118 00"),
        ("3 Waldweg, Nirgendwo, 118\u00a000", "118 00"),
    ],
)
def test_what_stands_twice_abroad_counts_once(lines: str, postcode: str) -> None:
    assert address_keys(texts(lines), texts("Nirgendwo"), texts(postcode)).to_pylist() == ["3 waldweg 118 00"]


def test_a_floor_is_no_postcode() -> None:
    keys = address_keys(texts("Unit B1 2nd Floor, Mill Lane", "Block B1 2nd"), texts("X", "Y"), texts(None, None))
    assert keys.to_pylist() == ["unit b1 mill lane x", "block b1 2nd y"]


def test_addresses_that_are_one_text_meet_those_in_columns() -> None:
    keys = text_keys(texts("17 King Street, Inventon, XA26 1AB", "3 Waldweg, Nirgendwo, Germany", "-", None))
    assert keys.to_pylist() == ["17 xa26 1ab", "3 waldweg nirgendwo", None, None]


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
    assert columns["key"].to_pylist() == ["17 xa26 1ab", "po box 12 xa26 1ab"]
    assert columns["display"].to_pylist() == [
        "PO BOX 12, 17 King Street, Inventon, Hampshire, XA26 1AB, England",
        "PO BOX 12, Inventon, XA26 1AB",
    ]
    assert columns["purpose"].as_py() == "registered"
