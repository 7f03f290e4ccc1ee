"""The section on GLEIF's files names every field, every word that decides something, and every register."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from graphleads.ingest.registers.gleif.layout import ENTITIES, EXCEPTIONS, RELATIONSHIPS, Layout
from graphleads.ingest.registers.gleif.relationship import KINDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "registers.md").read_text(encoding="utf-8")
REGISTERS = ROOT / "graphleads" / "codes" / "registration_authorities.csv"


def section(heading: str) -> str:
    (found,) = [part for part in re.split(r"\n###? ", PAGE) if part.startswith(f"{heading}\n")]
    return found


def named(heading: str) -> set[str]:
    """Return what stands in backticks in the first column of a section's tables."""
    cells = re.findall(r"^\| (`[^|]*?) \|", section(heading), flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def fields(kind: pa.DataType, path: str = "") -> Iterator[str]:
    """Yield the paths of what is read; an element's own text is the element."""
    if pa.types.is_list(kind):
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        yield path
        return
    for part in kind:
        yield from fields(part.type, path if part.name == "text" else f"{path}.{part.name}".lstrip("."))


@pytest.mark.parametrize(
    ("heading", "layout"),
    [("LEI records", ENTITIES), ("Relationship records", RELATIONSHIPS), ("Reporting exceptions", EXCEPTIONS)],
)
def test_every_field_is_on_the_page(heading: str, layout: Layout) -> None:
    assert named(heading) == {*fields(layout.record), *layout.ignored}


def test_every_type_of_relationship_is_on_the_page() -> None:
    for word, kind in KINDS.items():
        assert f"`{word}` {kind}" in section("Relationship records")


def test_every_register_with_a_scheme_is_on_the_page() -> None:
    with REGISTERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert f"`{row['code']}` {row['scheme']}" in section("LEI records")
