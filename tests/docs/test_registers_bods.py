"""The page that says where every field of a statement goes names every field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from graphleads.ingest.registers.bods import statement
from graphleads.ingest.registers.bods.interest import ROLES

PAGE = (Path(__file__).parents[2] / "docs" / "registers.md").read_text(encoding="utf-8")
(SECTION,) = [part for part in PAGE.split("\n## ") if part.startswith("bods\n")]

# What a text in the place of an object becomes, and what a yes or no in the place of a number does.
MADE = {
    "subject.recordId": "subject",
    "interestedParty.recordId": "interestedParty",
    "interests.share.withoutMinimum": "interests.share.exclusiveMinimum",
    "interests.share.withoutMaximum": "interests.share.exclusiveMaximum",
}


def paths(kind: pa.StructType, above: str = "") -> Iterable[str]:
    for field in kind:
        inner = field.type.value_type if pa.types.is_list(field.type) else field.type
        path = f"{above}{field.name}"
        yield from paths(inner, f"{path}.") if pa.types.is_struct(inner) else [MADE.get(path, path)]


def test_every_field_is_on_the_page() -> None:
    cells = re.findall(r"^\| (`[^|]*?) \|", SECTION, flags=re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert named == {*paths(statement.RECORD), *statement.IGNORED}


def test_what_is_left_out_has_the_reason_of_the_code() -> None:
    for reason in set(statement.IGNORED.values()):
        assert reason in SECTION


def test_every_office_is_on_the_page() -> None:
    for interest, role in ROLES.items():
        words = re.sub(r"_([a-z])", lambda found: found[1].upper(), interest)
        assert f"`{words}` is a {role}" in SECTION
