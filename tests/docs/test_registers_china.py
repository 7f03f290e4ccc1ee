"""The sections on China's and Brazil's registers name every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graphleads.ingest.mapping.mapping import load_mapping
from graphleads.ingest.registers.cn_gongshang.header import HEADERS, IGNORED
from graphleads.ingest.registers.cn_gongshang.shape import QICHACHA_COMPANY, TIANYANCHA_COMPANY, TIANYANCHA_LISTS, Shape

PAGE = Path(__file__).parents[2].joinpath("docs", "registers.md").read_text(encoding="utf-8")


def named(heading: str) -> set[str]:
    """Return what stands in backticks in the first column of a section's tables, those of its parts not included."""
    (section,) = [part for part in re.split(r"\n###? ", PAGE) if part.startswith(f"{heading}\n")]
    cells = re.findall(r"^\| (`[^|]*?) \|", section, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def fields(shape: Shape, above: str = "") -> Iterator[str]:
    for name in (*shape.texts, *shape.ignored, *shape.personal):
        yield f"{above}{name}".rstrip(".")
    for name, inner in shape.inside.items():
        yield from fields(inner, f"{above}{name}.")
    for name, (_, inner) in shape.parts.items():
        yield from fields(inner, f"{above}{name}.")


def test_every_chinese_header_is_on_the_page() -> None:
    assert named("Tables") == {*IGNORED, *(header for headers in HEADERS.values() for header in headers)}


def test_every_field_of_the_services_is_on_the_page() -> None:
    assert named("Answers of Qichacha") == set(fields(QICHACHA_COMPANY))
    lists = {name for key, (_, shape) in TIANYANCHA_LISTS.items() for name in fields(shape, f"{key}.")}
    assert named("Answers of Tianyancha") == lists | set(fields(TIANYANCHA_COMPANY))


def test_every_column_of_the_partners_is_on_the_page() -> None:
    mapping = load_mapping("br_partners")
    columns = {
        column for file in mapping.files for column in (*mapping.source_columns(file), *file.ignore, *file.personal)
    }
    assert named("br_partners") == columns


def test_every_field_of_the_tax_registers_own_files_is_on_the_page() -> None:
    page = PAGE.split("## receita\n", 1)[1]
    for file in load_mapping("receita").files:
        assert file.match.upper() in page.upper()
        assert {f"`{name}`" for name in file.dialect.names} <= set(re.findall("`[a-z_0-9]+`", page))
