"""The section on FollowTheMoney names every schema and property that the reader knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphleads.ingest.registers.ftm.schema import (
    ADDRESS,
    CLASSIFICATIONS,
    ENVELOPE,
    ENVELOPE_IGNORED,
    IDENTIFICATION,
    IDENTIFIERS,
    IGNORED_SCHEMATA,
    ORGANISATION,
    PERSON,
    RELATIONS,
    Family,
)

PAGE = Path(__file__).parents[2].joinpath("docs", "registers.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    (whole,) = [part for part in PAGE.split("\n## ") if part.startswith("ftm\n")]
    (found,) = [part for part in whole.split("\n### ") if part.startswith(f"{heading}\n")]
    return found


def named(heading: str) -> set[str]:
    """Return what stands in backticks in the first column of a section's tables, those of its parts not included."""
    cells = re.findall(r"^\| (`[^|]*?) \|", section(heading), flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def properties(*families: Family) -> set[str]:
    return {name for family in families for name in (*family.read, *family.ignored, *family.personal)}


@pytest.mark.parametrize(
    ("heading", "families"),
    [
        ("Organisations", [ORGANISATION]),
        ("People", [PERSON]),
        ("Addresses", [ADDRESS]),
        ("Relations", RELATIONS),
        ("Papers", [IDENTIFICATION]),
    ],
)
def test_every_property_is_on_the_page(heading: str, families: list[Family]) -> None:
    assert named(heading) == properties(*families)


def test_every_schema_and_field_of_an_entity_is_on_the_page() -> None:
    assert named("ftm") == {*ENVELOPE, *ENVELOPE_IGNORED, *IGNORED_SCHEMATA}


def test_every_scheme_is_on_the_page() -> None:
    text = section("Organisations")
    for scheme in (*IDENTIFIERS.values(), *CLASSIFICATIONS.values()):
        assert f"`{scheme}`" in text
