"""Registers as GLEIF numbers them, and the identifier schemes of those that have one.

The table is `registration_authorities.csv`: codes of GLEIF's list of registration authorities with org-id's scheme for
the same numbers. A register that is not in it is its own scheme, under GLEIF's code.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

NO_AUTHORITY = "RA999999"
"""The code that says that no register has the entity."""


@cache
def authority_schemes() -> dict[str, str]:
    """Return org-id's scheme of each registration authority that has one, by GLEIF's code, `RA` and six digits."""
    text = resources.files("graphleads.codes").joinpath("registration_authorities.csv").read_text(encoding="utf-8")
    return {row["code"]: row["scheme"] for row in csv.DictReader(text.splitlines())}
