from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.crm.mapping import read_customer_mapping
from graphleads.crm.status import STATUS_WORDS
from graphleads.values.customer_header import HEADERS, IDENTIFIER_HEADERS
from graphleads.values.deal_header import DEAL_HEADERS

PAGE = (Path(__file__).parents[2] / "docs" / "customers.md").read_text(encoding="utf-8")


def _row(first: str) -> list[str]:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {first} |")]
    return line.strip("| ").split(" | ")[-1].split(", ")


@pytest.mark.parametrize("field", HEADERS)
def test_every_header_is_documented(field: str) -> None:
    assert _row(f"`{field}`") == list(HEADERS[field])


@pytest.mark.parametrize("field", DEAL_HEADERS)
def test_every_header_of_deals_is_documented(field: str) -> None:
    assert _row(f"`deal {field}`") == list(DEAL_HEADERS[field])


@pytest.mark.parametrize("scheme", IDENTIFIER_HEADERS)
def test_every_identifier_is_documented(scheme: str) -> None:
    assert _row(f"`{scheme}`" if scheme else "told from the value") == list(IDENTIFIER_HEADERS[scheme])


@pytest.mark.parametrize("status", STATUS_WORDS)
def test_every_status_word_is_documented(status: str) -> None:
    assert _row(f"`{status}`") == list(STATUS_WORDS[status])  # type: ignore[index]


def test_the_mapping_on_the_page_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(PAGE.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    mapping = read_customer_mapping(tmp_path / "crm.yaml")
    assert mapping.columns == {"external_id": "Kundennummer", "name": "Firma", "status": "Stand"}
    assert mapping.date_format == "%d.%m.%Y"
