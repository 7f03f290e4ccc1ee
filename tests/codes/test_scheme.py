from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.codes.scheme import (
    are_placeholders,
    check_identifier,
    check_identifiers,
    get_scheme,
    guess_identifiers,
    is_placeholder,
    normalize_identifier,
    normalize_identifiers,
    split_written,
    written_ids,
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
        ("GB-COH", "1234567.0", "01234567"),
        ("GB-COH", "0009900123", "09900123"),
        ("GB-COH", "rs129s", "RS00129S"),
        ("GB-COH", "gb-coh-9900123", "09900123"),
        ("GB-COH", "O9900123", None),
        ("GB-COH", "00000000", None),
        ("GB-COH", "SC000000", None),
        ("BR-CNPJ", "12ABC345", "12ABC345"),
        ("BR-CNPJ", "CNPJ 11.222.333/0001-81", "11222333"),
        ("BR-CNPJ", "11222333000181.0", "11222333"),
        ("BR-CNPJ", "00000000000000", None),
        ("BR-CNPJ", "00.000.000/0001-91", "00000000"),
        ("CN-USCI", "000000000000000000", None),
        ("XI-LEI", "5.299E+22", None),
        ("XI-LEI", "LEI: 549300ZZZZZZZZZZZZ46", "549300ZZZZZZZZZZZZ46"),
        ("NL-KVK", "KvK 1234567", "01234567"),
        ("X-LIST", "5.299E+22", None),
        ("X-LIST", "nan", None),
        ("X-LIST", "N/A", None),
        ("X-LIST", "7.0", "7"),
        ("X-LIST", "E100001.0", "E100001"),
        ("X-LIST", "v1.0", "v1.0"),
        ("X-LIST", "\u200ba7", "a7"),
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
        ("BR-CNPJ", "a long nonsense", False),
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


AS_WRITTEN = (
    st.text("0123456789ABRSCO ./-", max_size=20)
    | st.text("0123456789ABCDEIKLNPXV.:-０é\u200b\u0301 ", max_size=22)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.from_regex(r"[0-9A-Z]{12}[0-9]{2}|[A-Z]{2}[0-9]{5}[A-Z]|[A-Z]{0,3}[0-9]{1,8}\.0", fullmatch=True)
)


@given(st.sampled_from(SCHEMES), AS_WRITTEN)
def test_what_is_normal_stays_as_it_is(scheme: str, value: str) -> None:
    normal = normalize_identifier(scheme, value)
    if normal is not None:
        assert normalize_identifier(scheme, normal) == normal
        assert normalize_identifiers(scheme, pa.array([normal])).to_pylist() == [normal]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("GB-COH:01234567", ("GB-COH", "01234567")),
        ("gb-coh: 1234567", ("GB-COH", "1234567")),
        ("GB_COH:1234567", ("GB-COH", "1234567")),
        ("GB-COH-01234567", ("GB-COH", "01234567")),
        ("xi_lei-549300ZZZZZZZZZZZZ46", ("XI-LEI", "549300ZZZZZZZZZZZZ46")),
        ("GB - COH：1234567", ("GB-COH", "1234567")),
        ("x-list:a:b", ("X-LIST", "a:b")),
        ("cz-ico:123", ("CZ-ICO", "123")),
        ("X-LIST-7", None),
        ("https://alder.example", None),
        ("acme:7", None),
        ("1234567", None),
    ],
)
def test_an_id_as_people_write_it(text: str, parts: tuple[str, str] | None) -> None:
    assert split_written(text) == parts
    assert written_ids(pa.array([text, None])).to_pylist() == [parts and ":".join(parts), None]


@pytest.mark.parametrize("value", ["12345678", "99999999", "87654321", "1111111", "SC999999"])
def test_what_people_type_where_they_know_no_number(value: str) -> None:
    assert is_placeholder(value)
    assert are_placeholders(pa.array([value, "09900123", None])).to_pylist() == [True, False, None]


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
        ("gb_coh-1234", ("GB-COH", "00001234")),
        ("12.ABC.345/01DE-35", ("BR-CNPJ", "12ABC345")),
        ("RS00129S", ("GB-COH", "RS00129S")),
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
