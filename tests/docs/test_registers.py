"""The page that says where every field goes names every field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from graphleads.cli.app import graphleads
from graphleads.ingest.mapping.mapping import shipped_mappings
from graphleads.ingest.registers.companies_house import control_event, control_record, officer_record
from graphleads.ingest.registers.companies_house.control_nature import parse_nature

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "registers.md").read_text(encoding="utf-8")
GOLDEN = ROOT / "tests" / "golden"


def section(reader: str) -> str:
    (found,) = [part for part in PAGE.split("\n## ") if part.startswith(f"{reader}\n")]
    return found


def named(reader: str) -> set[str]:
    """Return what stands in backticks in the first column of the reader's tables."""
    cells = re.findall(r"^\| (`[^|]*?) \|", section(reader), flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def paths(kind: pa.StructType, above: str = "") -> Iterable[str]:
    for field in kind:
        inside = pa.types.is_struct(field.type) and field.name not in control_record.EXEMPTIONS
        yield from paths(field.type, f"{above}{field.name}.") if inside else [above + field.name]


@pytest.mark.parametrize(
    ("reader", "file", "delimiter"),
    [
        ("cvm", "cvm/cad_cia_aberta_2021-06-30.csv", ";"),
        ("companies-house", "companies_house/BasicCompanyDataAsOneFile-2024-12-01.csv", ","),
    ],
)
def test_every_column_is_on_the_page(reader: str, file: str, delimiter: str) -> None:
    header = (GOLDEN / file).read_text(encoding="utf-8").splitlines()[0]
    columns = {re.sub(r"_\d+\b", "_N", column.strip()) for column in header.split(delimiter)}
    assert named(reader) == columns


def test_every_field_of_the_register_of_control_is_on_the_page() -> None:
    event = pa.struct(list(control_event.EVENT_FIELDS))
    fields = {*paths(control_record.RECORD), *control_record.IGNORED, *paths(event), *control_event.EVENT_IGNORED}
    beginnings = ("data.", "company", "Content", "resource_", "event.")
    assert {name for name in named("companies-house-psc") if name.startswith(beginnings)} == fields


def test_the_natures_on_the_page_are_those_that_are_read() -> None:
    words = named("companies-house-psc")
    rights = {name for name in words if name.startswith(("ownership", "voting", "right-", "part-", "significant"))}
    bands = {name for name in words if name.endswith("-percent")}
    assert len(rights) == 6
    assert len(bands) == 4
    assert all(any(parse_nature(f"{right}{band}") for band in ("", *(f"-{one}" for one in bands))) for right in rights)


def test_every_field_of_officers_is_on_the_page() -> None:
    fields = {
        *officer_record.COMPANY_FIELDS,
        *officer_record.SNAPSHOT.fields,
        *officer_record.UPDATE.fields,
        *officer_record.VARIABLE_FIELDS,
        *officer_record.IGNORED,
    }
    assert named("companies-house-officers") == fields


def test_every_appointment_type_is_on_the_page() -> None:
    text = section("companies-house-officers")
    for office in officer_record.OFFICES:
        assert f"{office.current}, {office.resigned}" in text


def test_the_readme_and_the_help_name_every_reader() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = CliRunner().invoke(graphleads, ["ingest", "--help"]).output
    names = [point.name for point in entry_points(group="graphleads.readers")]
    assert [name for name in names if f"`{name}`" not in readme] == []
    assert [name for name in (*names, *shipped_mappings()) if name not in told] == []
