from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.values import brazil
from graphleads.values.phone import phone_keys


@pytest.mark.parametrize(
    ("country", "written", "key"),
    [
        ("GB", ["+44 20 7946 0958", "020 7946 0958", "(020) 7946-0958 ext 12", "0044 20 79460958",
                "+44 (0)20 7946 0958", "+4402079460958", "44 20 7946 0958", "2079460958", "tel: 020 7946 0958",
                "+442079460958", "０２０ ７９４６ ０９５８"], "442079460958"),
        ("US", ["(212) 555-0100", "+1 212 555 0100", "1-212-555-0100", "212.555.0100 x9"], "12125550100"),
        ("US-DE", ["212 555 0100"], "12125550100"),
        ("CN", ["0592-1234567", "+86-592-1234567", "(0592)1234567", "86-592-1234567",
                "0086 592 1234567"], "865921234567"),
        ("CN", ["13800000000", "+86 138 0000 0000"], "8613800000000"),
        ("BR", ["(11) 3222-1234", "+55 11 3222-1234", "55 11 3222-1234", "011 3222-1234"], "551132221234"),
        ("IT", ["06 1234567", "+39 06 1234567"], "39061234567"),
        ("DE", ["0351/1234", "+49 351 1234"], "493511234"),
        (None, ["+44 20 7946 0958", "0044 (0)20 7946 0958"], "442079460958"),
        (None, ["020 7946 0958", "7946 0958"], None),
        ("GB", ["7946 0958", "-", "0", "N/A", "000 0000 0000", "+44 1111 111111", "01234567890", "999", "see web site",
                "020 7946 0958 020 7946 0958 020 7946 0958 020"], None),
        ("CN", ["62345678", "95588"], None),
        ("BR", ["3222-1234"], None),
        ("XX", ["020 7946 0958"], None),
    ],
)  # fmt: skip
def test_all_ways_to_write_a_number_have_one_key(country: str | None, written: list[str], key: str | None) -> None:
    numbers = pa.array([*written, None], pa.string())
    countries = pa.array([country] * len(numbers), pa.string())
    assert phone_keys(numbers, countries).to_pylist() == [key] * len(written) + [None]


def test_each_number_is_read_with_its_own_country() -> None:
    numbers = pa.array(["020 7946 0958", "0351 1234", "020 7946 0958"])
    assert phone_keys(numbers, pa.array(["GB", "DE", None])).to_pylist() == ["442079460958", "493511234", None]
    assert phone_keys(numbers).to_pylist() == [None, None, None]


@given(
    st.sampled_from(["GB", "US", "CN", "BR", "IT", "DE", "RU", "HU", "MX", "AR"]),
    st.text("0123456789 ()+-", max_size=18),
)
def test_a_key_has_itself_as_key(country: str, number: str) -> None:
    keys = phone_keys(pa.array([number]), pa.array([country]))
    again = phone_keys(pa.array([None if keys[0].as_py() is None else f"+{keys[0]}"], pa.string()))
    assert again.to_pylist() == keys.to_pylist()


def test_chinese_numbers_have_the_countrys_code_and_no_extension() -> None:
    known = {
        "0592-1234567": "865921234567",
        "(010)12345678转12": "861012345678",
        "+86 10-12345678": "861012345678",
        "021 12345678-801": "862112345678",
        "13800000000": "8613800000000",
        "400-123-4567": "864001234567",
        "60606666-1000": None,
        "1234567": None,
        "none": None,
        None: None,
    }
    assert dict(zip(known, phone_keys(pa.array(list(known)), "CN").to_pylist(), strict=True)) == known


@pytest.mark.parametrize(("country", "numbers"), [
    ("CN", ["0592-1234567", "13800000000", "400-123-4567", "+86-010-12340000", "8610 62345678", "(010)62345678转8"]),
    ("GB", ["020 7946 0958", "(01632) 960123", "07700 900123", "01632960123", "0800 1111"]),
    ("BR", ["(11) 3222-1234", "11 3222 1234", "021 91234-5678", "55 3222 1234", "01132221234"]),
])  # fmt: skip
def test_numbers_written_as_most_are_have_the_keys_that_the_library_gives(country: str, numbers: list[str]) -> None:
    # A letter that says nothing keeps them from being read as most are.
    longhand = [f"t {number}" for number in numbers]
    keys = phone_keys(pa.array(numbers), country).to_pylist()
    assert keys == phone_keys(pa.array(longhand), country).to_pylist()
    assert None not in keys


def test_area_code_and_number_apart_give_the_same_key() -> None:
    area, number = ["11", "011", "21", "85"], ["3222-1234", "32221234", "912345678", "3222 1234"]
    keys = brazil.phone_keys(pa.array(area), pa.array(number))
    assert (
        keys.to_pylist()
        == phone_keys(pa.array([f"({a}) {n}" for a, n in zip(area, number, strict=True)]), "BR").to_pylist()
    )


@given(st.sampled_from(["44", "1", "86", "55", "7", "52", "54", "39", "36", "375"]), st.integers(10**6, 10**11 - 1))
def test_international_numbers_have_the_keys_that_the_library_gives(code: str, number: int) -> None:
    # A letter that says nothing keeps the second from being read as most are.
    assert phone_keys(pa.array([f"+{code} {number}"])) == phone_keys(pa.array([f"t +{code} {number}"]))
