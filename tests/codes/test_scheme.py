from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.codes.scheme import (
    check_identifier,
    check_identifiers,
    get_scheme,
    guess_identifiers,
    normalize_identifier,
    normalize_identifiers,
)

SCHEMES = ("BR-CNPJ", "XI-LEI", "CN-USCI", "GB-COH", "AU-ACN", "AU-ABN", "NL-KVK", "DE-CR", "X-LIST")


@pytest.mark.parametrize(
    ("scheme", "value", "normal"),
    [
        ("BR-CNPJ", "11.222.333/0001-81", "11222333"),
        ("BR-CNPJ", "11222333000181", "11222333"),
        ("BR-CNPJ", "11222333", "11222333"),
        ("BR-CNPJ", "222333000181", "00222333"),
        ("BR-CNPJ", "12.ABC.345/01DE-35", "12ABC345"),
        ("BR-CNPJ", "123.456.789-09", None),
        ("BR-CNPJ", "", None),
        ("XI-LEI", " 5493 00zzzzzzzzzzzz 46", "549300ZZZZZZZZZZZZ46"),
        ("XI-LEI", "549300", None),
        ("CN-USCI", "91110000ＭＡ00000001", "91110000MA00000001"),
        ("CN-USCI", "91110000MA0000000I", None),
        ("GB-COH", "1234", "00001234"),
        ("GB-COH", "sc1234", "SC001234"),
        ("GB-COH", "OC 300001", "OC300001"),
        ("GB-COH", "R1234", "R0001234"),
        ("GB-COH", "IP123R", "IP00123R"),
        ("GB-COH", "123456789", None),
        ("GB-COH", "ABCD", None),
        ("AU-ACN", "004 000 001", "004000001"),
        ("AU-ACN", "4000001", "004000001"),
        ("AU-ABN", "51 824 753 556", "51824753556"),
        ("NL-KVK", "1234567", "01234567"),
        ("DE-CR", " HRB  12345\u3000Köln", "HRB 12345 Köln"),
        ("X-LIST", " a/B 7 ", "a/B 7"),
        ("X-LIST", "  ", None),
    ],
)
def test_normalize_identifier(scheme: str, value: str, normal: str | None) -> None:
    assert normalize_identifier(scheme, value) == normal


@pytest.mark.parametrize(
    ("scheme", "value", "holds"),
    [
        ("BR-CNPJ", "11.222.333/0001-81", True),
        ("BR-CNPJ", "11.222.333/0001-82", False),
        ("BR-CNPJ", "12.ABC.345/01DE-35", True),
        ("BR-CNPJ", "11222333", None),
        ("BR-CNPJ", "00000000000000", False),
        ("BR-CNPJ", "nonsense", False),
        ("XI-LEI", "549300ZZZZZZZZZZZZ46", True),
        ("XI-LEI", "549300ZZZZZZZZZZZZ47", False),
        ("XI-LEI", "549300", False),
        ("CN-USCI", "91110000MA00000009", False),
        ("CN-USCI", "91110000MA0000000H", True),
        ("AU-ACN", "004 085 616", True),
        ("AU-ACN", "004 085 617", False),
        ("AU-ABN", "51 824 753 556", True),
        ("AU-ABN", "51 824 753 557", False),
        ("GB-COH", "01234567", None),
        ("X-LIST", "7", None),
    ],
)
def test_check_identifier(scheme: str, value: str, holds: bool | None) -> None:
    assert check_identifier(scheme, value) is holds


def test_a_column_keeps_its_order_and_nulls() -> None:
    values = pa.chunked_array([["11.222.333/0001-81", None], ["?", "11222333"]])
    assert normalize_identifiers("BR-CNPJ", values).to_pylist() == ["11222333", None, None, "11222333"]
    assert check_identifiers("BR-CNPJ", values).to_pylist() == [True, None, False, None]


@given(
    st.sampled_from(SCHEMES),
    st.lists(
        st.none()
        | st.text("0123456789ABRSCO ./-é０", max_size=20)
        | st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=5)
    ),
)
def test_column_and_scalar_agree(scheme: str, values: list[str | None]) -> None:
    column = pa.array(values, pa.string())
    assert normalize_identifiers(scheme, column).to_pylist() == [
        None if value is None else normalize_identifier(scheme, value) for value in values
    ]
    assert check_identifiers(scheme, column).to_pylist() == [
        None if value is None else check_identifier(scheme, value) for value in values
    ]


@given(st.sampled_from(SCHEMES), st.text("0123456789ABRSCO ./-", max_size=20))
def test_what_is_normal_stays_as_it_is(scheme: str, value: str) -> None:
    normal = normalize_identifier(scheme, value)
    if normal is not None:
        assert normalize_identifier(scheme, normal) == normal


@pytest.mark.parametrize("position", range(18))
def test_a_changed_digit_fails_the_lei(position: int) -> None:
    value = list("549300ZZZZZZZZZZZZ46")
    value[position] = "7"
    assert check_identifier("XI-LEI", "".join(value)) is False


def test_the_national_register_names_the_company() -> None:
    assert get_scheme("GB-COH").rank < get_scheme("XI-LEI").rank < get_scheme("AU-ABN").rank < get_scheme("X-A").rank
    assert get_scheme("BR-CNPJ").country == "BR"
    assert get_scheme("XI-LEI").one_to_one
    assert not get_scheme("X-A").one_to_one


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("11.222.333/0001-81", ("BR-CNPJ", "11222333")),
        ("549300ZZZZZZZZZZZZ46", ("XI-LEI", "549300ZZZZZZZZZZZZ46")),
        ("91110000MA0000000H", ("CN-USCI", "91110000MA0000000H")),
        ("SC001234", ("GB-COH", "SC001234")),
        ("51824753556", ("AU-ABN", "51824753556")),
        ("GB-COH:1234", ("GB-COH", "00001234")),
        ("X-LIST:a1", ("X-LIST", "a1")),
    ],
)
def test_guess_the_most_telling_scheme_first(text: str, first: tuple[str, str]) -> None:
    assert guess_identifiers(text)[0] == first


def test_a_number_of_many_registers_is_of_all_of_them() -> None:
    schemes = [scheme for scheme, _ in guess_identifiers("12345678")]
    assert schemes == ["BR-CNPJ", "GB-COH", "NL-KVK", "AU-ACN"]


def test_nothing_is_guessed_from_words() -> None:
    assert guess_identifiers("to be found") == []
    assert guess_identifiers("") == []
