from __future__ import annotations

from pathlib import Path

from graphleads.tables.schema import STAGED
from graphleads.view.schema import tables_markdown

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_on_the_tables_is_what_the_schemas_say() -> None:
    said = PAGE.read_text(encoding="utf-8")

    assert said == tables_markdown(), "run `python -m graphleads.view.schema > docs/tables.md`"


def test_every_column_of_every_table_is_on_the_page() -> None:
    sections = tables_markdown().split("\n## ")
    by_title = {section.partition("\n")[0]: section for section in sections}

    for name, table in STAGED.items():
        assert all(f"| `{column.name}` |" in by_title[name] for column in table.own)
