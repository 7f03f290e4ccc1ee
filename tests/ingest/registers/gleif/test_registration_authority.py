"""Numbers in registers: under org-id's scheme where the register has one, under GLEIF's code otherwise."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.ingest.registers.gleif.registration_authority import register_numbers


@pytest.mark.parametrize(
    ("code", "number", "shared", "expected"),
    [
        ("RA000585", "1234567", False, ("GB-COH", "01234567", None)),
        ("RA000587", "sc 654321", False, ("GB-COH", "SC654321", None)),
        ("RA000463", "12345678", False, ("NL-KVK", "12345678", None)),
        ("RA000014", "004 085 616", False, ("AU-ACN", "004085616", True)),
        ("RA000092", "91110000100000000F", False, ("CN-USCI", "91110000100000000F", False)),
        ("RA000585", "see file", False, ("RA000585", "see file", None)),
        ("RA000585", "01234567", True, ("RA000585", "01234567", None)),
        ("RA000242", "HRB 1", False, ("RA000242", "HRB 1", None)),
        ("RA999999", "1", False, (None, None, None)),
        ("Somewhere", "1", False, (None, None, None)),
        ("RA000585", None, False, (None, None, None)),
        (None, "1", False, (None, None, None)),
    ],
)
def test_numbers(code: str | None, number: str | None, shared: bool, expected: tuple[object, ...]) -> None:
    columns = register_numbers(
        pa.array([code], pa.string()), pa.array([number], pa.string()), shared=pa.array([shared])
    )
    assert tuple(columns[name][0].as_py() for name in ("scheme", "value", "valid")) == expected
