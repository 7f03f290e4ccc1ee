from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.values.british_number import stated_numbers


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


@pytest.mark.parametrize(
    ("typed", "place", "form", "number"),
    [
        ("00990002 ", "England", None, "00990002"),
        ("990002", None, None, "00990002"),
        ("Sc 990001", "Edinburgh", None, "SC990001"),
        ("990001", "Companies House, Scotland", "Private Limited Company", "SC990001"),
        ("990001", "GB-SCT", "LLP", "SO990001"),
        ("990001", "Northern Ireland", None, "NI990001"),
        ("990001", "England And Wales", "Limited Liability Partnership", "OC990001"),
        ("09900123", "Scotland", None, "09900123"),
        ("Company No: 09900123", "England", None, "09900123"),
        ("09900123 (England And Wales)", "England", None, "09900123"),
        ("Crn 9900123", "England", None, "09900123"),
        ("O9900123", "England", None, "09900123"),
        ("0C301234", "England", "LLP", "OC301234"),
        ("RS00129S", "England", None, "RS00129S"),
        ("０９９００１２３", "England", None, "09900123"),
        ("1234", "England", None, None),
        ("12345678", "England", None, None),
        ("99999999", "England", None, None),
        ("00000000", "England", None, None),
        ("41-0406690", "England", None, None),
        ("N/A", "England", None, None),
        (None, "England", None, None),
    ],
)
def test_numbers_that_somebody_typed(
    typed: str | None, place: str | None, form: str | None, number: str | None
) -> None:
    assert stated_numbers(texts(typed), texts(place), texts(form)).to_pylist() == [number]
