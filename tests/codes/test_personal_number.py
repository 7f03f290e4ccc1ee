from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.codes.personal_number import are_citizens, are_taxpayers, hide_personal, without_personal
from graphleads.codes.scheme import check_identifier, normalize_identifier

MADE_UP = "11010119000101001X"
PASSES_FOR_A_COMPANYS = "110101190001010858"


@pytest.mark.parametrize(
    ("number", "personal"),
    [
        (MADE_UP, True),
        (MADE_UP.lower(), True),
        ("110101 19000101 001X", True),
        ("110101190001010019", True),
        ("1101011900010100123", True),
        ("110101********001X", True),
        (PASSES_FOR_A_COMPANYS, True),
        ("91110000MA0000000H", False),
        ("91350200MA9900001U", False),
        ("350200100000001", False),
        ("913502001234567", False),
        ("", False),
        (None, False),
    ],
)
def test_identity_numbers_of_china(number: str | None, personal: bool) -> None:
    assert are_citizens(pa.array([number], pa.string())).to_pylist() == [personal]


@pytest.mark.parametrize(
    ("number", "personal"),
    [
        ("12345678909", True),
        ("123.456.789-09", True),
        ("12345678908", False),
        ("00.012.345/6789-09", True),
        ("00.012.345/6789-08", False),
        ("00000000000191", False),
        ("90.000.001/0001-29", False),
        (None, False),
    ],
)
def test_taxpayers_numbers_of_brazil(number: str | None, personal: bool) -> None:
    assert are_taxpayers(pa.array([number], pa.string())).to_pylist() == [personal]


def test_a_persons_number_is_none_of_a_company() -> None:
    assert check_identifier("CN-USCI", "91110000MA0000000H") is True
    for number in (MADE_UP, PASSES_FOR_A_COMPANYS):
        assert normalize_identifier("CN-USCI", number) is None
        assert check_identifier("CN-USCI", number) is False
    assert normalize_identifier("BR-CNPJ", "00012345678909") is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Beto Ficticio 12345678909", "Beto Ficticio"),
        ("Beto Ficticio - CPF: 123.456.789-09", "Beto Ficticio"),
        ("Beto Ficticio (12345678909)", "Beto Ficticio"),
        ("12345678909 Beto Ficticio", "Beto Ficticio"),
        (f"样本小吃店{MADE_UP}", "样本小吃店"),
        (f"样本小吃店（{MADE_UP}）", "样本小吃店"),
        ("90.000.001 Beto Ficticio", "90.000.001 Beto Ficticio"),
        ("Kauri 2000 Ltda", "Kauri 2000 Ltda"),
        ("12345678909", None),
        (None, None),
    ],
)
def test_a_name_loses_the_number_of_a_person(name: str | None, kept: str | None) -> None:
    assert without_personal(pa.array([name], pa.string())).to_pylist() == [kept]


def test_a_sample_shows_no_number_of_a_person() -> None:
    hidden = "(a person's number)"
    assert hide_personal(f"a {MADE_UP}, b 12345678909, c 13800138000") == f"a {hidden}, b {hidden}, c {hidden}"
    assert (
        hide_personal("11222333000181 51824753556 91110000MA0000000H")
        == "11222333000181 51824753556 91110000MA0000000H"
    )


@given(st.text("0123456789Xx.*-年 ", max_size=25))
def test_whatever_comes_is_told(text: str) -> None:
    column = pa.array([text])
    assert len(are_citizens(column)) == len(are_taxpayers(column)) == len(without_personal(column)) == 1
