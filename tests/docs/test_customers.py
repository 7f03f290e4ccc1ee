from __future__ import annotations

from pathlib import Path

import pytest

from docs.customer_words import PAGE as WORDS
from docs.customer_words import customer_words
from graphleads.crm.mapping import FIELDS, read_customer_mapping
from graphleads.values.deal_header import DEAL_HEADERS

PAGE = (Path(__file__).parents[2] / "docs" / "customers.md").read_text(encoding="utf-8")


def test_the_words_on_the_page_are_those_that_are_known() -> None:
    assert WORDS.read_text(encoding="utf-8") == customer_words(), "run `make docs`"


def test_every_field_is_named() -> None:
    assert [field for field in FIELDS if f"`{field}`" not in PAGE] == []


@pytest.mark.parametrize("field", DEAL_HEADERS)
def test_every_header_of_deals_is_documented(field: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `deal {field}` |")]
    assert line.strip("| ").split(" | ")[-1].split(", ") == list(DEAL_HEADERS[field])


def test_the_mapping_on_the_page_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(PAGE.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    mapping = read_customer_mapping(tmp_path / "crm.yaml")
    assert mapping.columns == {"external_id": "Kundennummer", "name": "Firma", "status": "Stand"}
    assert mapping.date_format == "%d.%m.%Y"
