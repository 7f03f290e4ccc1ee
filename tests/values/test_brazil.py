from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.values.brazil import address_keys, phone_keys, postcodes


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


@pytest.mark.parametrize(
    ("street", "complement", "key"),
    [
        ("Av. Dr. Fulano de Tal, nº 1.089 - 3º andar", "sala 3", "fulano tal 1089"),
        ("AVENIDA DOUTOR FULANO DE TAL", "Nº 1.089, SALA 1.101", "fulano tal 1089"),
        ("Avenida Doutor Fulano de Tal", "1089 - 12º andar", "fulano tal 1089"),
        ("RUA 25 DE MARÇO, 10", "4º andar", "25 marco 10"),
        ("R. 25 de Marco nº 10", None, "25 marco 10"),
        ("RUA 3, 120", None, "3 120"),
        ("RODOVIA BR 999, KM 48 + 12 M", None, "br 999 km 48"),
        ("PRAÇA CENTRAL, S/N", "bloco B", "central bloco b"),
        ("RUA CENTRAL", None, None),
        ("RUA AZUL CLARA CAIXA POSTAL 12", "nº 5", "azul clara caixa postal cp12 5"),
        ("RUA AZUL CLARA 5 - CEP 01310-100", None, "azul clara 5"),
        (None, "10", None),
    ],
)
def test_one_building_has_one_key(street: str | None, complement: str | None, key: str | None) -> None:
    found = address_keys(texts(street), texts(complement), texts("São Paulo"), texts("SP")).to_pylist()
    assert found == [None if key is None else f"{key} sao paulo sp"]


def test_an_address_needs_its_town_but_not_its_state() -> None:
    keys = address_keys(texts("RUA AZUL 5", "RUA AZUL 5"), texts(None, None), texts("Lins", None), texts(None, "SP"))
    assert keys.to_pylist() == ["azul 5 lins", None]


@pytest.mark.parametrize(
    ("area", "number", "key"),
    [
        ("11", "39570001", "551139570001"),
        ("011", "3957-0001", "551139570001"),
        ("0412", "345678", "55412345678"),
        ("51", "999570001", "5551999570001"),
        (None, "39570001", None),
        ("0", "39570001", None),
        ("11", "0", None),
        ("11", "99999999", None),
        ("11", "123", None),
        ("11", "123456789012", None),
    ],
)
def test_phone_numbers(area: str | None, number: str, key: str | None) -> None:
    assert phone_keys(texts(area), texts(number)).to_pylist() == [key]


def test_postcodes_get_their_zeros_back() -> None:
    assert postcodes(texts("4538132", "04538-132", "455204", "123456789", None)).to_pylist() == [
        "04538132", "04538132", None, None, None,
    ]  # fmt: skip


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=20))
def test_no_text_makes_a_key_fall_over(streets: list[str], other: str) -> None:
    column, rest = texts(*streets), texts(*[other] * len(streets))
    assert len(address_keys(column, rest, rest, rest)) == len(streets)
    assert len(phone_keys(column, rest)) == len(streets)
