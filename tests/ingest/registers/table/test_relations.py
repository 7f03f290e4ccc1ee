"""The shipped mapping `relations`: any list of two companies, what the second is to the first, and since when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphleads.ingest.delivery import IngestRequest, IngestResult, ingest
from graphleads.tables.delivery import open_deliveries

A, B = "GB-COH:00000001", "X-LOCAL:Birch Ltd"


def read(tmp_path: Path, text: str, name: str = "list.csv") -> IngestResult:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    request = IngestRequest(dataset="ours", observed_on=date(2026, 1, 1), mapping="relations")
    return ingest("table", [path], staged=tmp_path / "staged", request=request)


def links(tmp_path: Path) -> list[tuple[str, str, str, date | None]]:
    (delivery,) = open_deliveries(tmp_path / "staged")
    rows = delivery.read("links").to_pylist()
    return [(row["source"], row["target"], row["kind"], row["start_on"]) for row in rows]


@pytest.mark.parametrize(
    ("word", "source", "target", "kind"),
    [
        ("partner", A, B, "partner_of"),
        ("Strategic partnership", A, B, "partner_of"),
        ("合作伙伴", A, B, "partner_of"),
        ("supplier", B, A, "supplies"),
        ("Vendors", B, A, "supplies"),
        ("供应商", B, A, "supplies"),
        ("customer", A, B, "supplies"),
        ("supplies", A, B, "supplies"),
        ("客户", A, B, "supplies"),
        ("competitor", A, B, "competes_with"),
        ("竞争对手", A, B, "competes_with"),
        ("investor", B, A, "invested_in"),
        ("invested in", A, B, "invested_in"),
        ("投资方", B, A, "invested_in"),
        ("acquirer", A, B, "acquired_by"),
        ("Acquired by", A, B, "acquired_by"),
        ("acquisition", B, A, "acquired_by"),
        ("branch_of", A, B, "branch_of"),
    ],
)
def test_a_word_says_what_the_second_company_is_to_the_first(
    tmp_path: Path, word: str, source: str, target: str, kind: str
) -> None:
    read(tmp_path, f"company,related,kind,day\ngb-coh:1,Birch Ltd,{word},2020-03-01\n")
    assert links(tmp_path) == [(source, target, kind, date(2020, 3, 1))]


def test_companies_are_mentioned_by_what_the_list_calls_them(tmp_path: Path) -> None:
    result = read(tmp_path, "company;related;kind;related_name\nA1;GB-COH:00000002;partner;Birch\nA1;C3;partner;\n")
    (delivery,) = open_deliveries(tmp_path / "staged")
    named = {(row["id"], row["name"], row["mentioned"]) for row in delivery.read("companies").to_pylist()}
    expected = {("X-LOCAL:A1", "A1", True), ("GB-COH:00000002", "Birch", True), ("X-LOCAL:C3", "C3", True)}
    assert named == expected
    assert result.manifest.issues == {}


def test_a_word_that_is_no_kind_is_reported(tmp_path: Path) -> None:
    result = read(tmp_path, "company,related,kind\nA,B,partner\nA,C,admirer\n")
    assert links(tmp_path) == [("X-LOCAL:A", "X-LOCAL:B", "partner_of", None)]
    assert sum(result.manifest.issues.values()) == 1
