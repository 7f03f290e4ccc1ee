"""What several records say alike is one fact, with how many say so; what each saw on days of its own stays apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Company, DeliveryKind
from graphleads.testing.staging import stage_delivery
from graphleads.view.fact import fact_rows, sources_cell

FUND, FIRM = "X-R:fund", "X-R:firm"


def said(record: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Return what a record says of the fund, which holds a firm."""
    return {
        "companies": [{"record": record, "id": FUND, "name": "Fund", "status": "active", "region": "Kent"} | more],
        "identifiers": [{"record": record, "id": FUND, "scheme": "X-TAX", "value": "77"}],
        "classifications": [{"record": record, "id": FUND, "scheme": "X-S", "code": "6430"}],
        "interests": [{"record": record, "subject": FIRM, "holder": FUND, "kind": "shareholding", "share_min": 0.5}],
    }


def deliver(home: Path, day: str, *records: dict[str, list[dict[str, Any]]], **delivery: Any) -> Snapshot:
    tables = {name: [row for record in records for row in record.get(name, ())] for name in said("")}
    tables["companies"] = [*tables["companies"], {"record": "firm", "id": FIRM, "name": "Firm"}]
    stage_delivery(home / "staged", tables, observed_on=day, **delivery)
    source = BuildInput(staged=home / "staged", same_as=None, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig(max_drop=1))
    return open_snapshot(home / "snapshots")


def facts(company: Company) -> dict[str, tuple[str, int]]:
    return {fact.field: (fact.source.record, fact.n_sources) for fact in company.facts}


@pytest.fixture
def hub(tmp_path: Path) -> Snapshot:
    """A snapshot in which a hundred records, one of them twice, say the same of the fund, and one more."""
    records = [said(f"{number:03}") for number in range(100)]
    other = said("900", region="Essex")
    return deliver(tmp_path, "2026-01-01", *records, records[7], other)


def test_each_fact_is_told_once_with_how_many_say_so(hub: Snapshot) -> None:
    company = EmbeddedStore(hub).company(FUND)
    assert [(one.name, one.n_sources) for one in company.names] == [("Fund", 101)]
    assert [(one.value, one.source.record, one.n_sources) for one in company.identifiers] == [("77", "000", 101)]
    told = [(fact.field, fact.value, fact.source.record, fact.n_sources) for fact in company.facts]
    assert told == [
        ("name", "Fund", "000", 101),
        ("region", "Kent", "000", 100),
        ("region", "Essex", "900", 1),
        ("status", "active", "000", 101),
        ("classification", "X-S: 6430", "000", 101),
    ]
    rows = list(fact_rows(company))
    assert len(rows) == 7
    assert rows[1] == ("X-TAX", "77", "", "test 000, 2026-01-01; 101 sources")


def test_the_snapshot_has_a_row_for_each_fact_and_the_count(hub: Snapshot) -> None:
    for table in ("identifiers", "classifications"):
        assert hub.table(table).select(["record", "n_sources"]).to_pylist() == [{"record": "000", "n_sources": 101}]
    assert hub.edges["n_statements"].to_pylist() == [102]


def test_a_tie_is_told_once_with_how_many_say_so(hub: Snapshot) -> None:
    (tie,) = EmbeddedStore(hub).relationships(FUND, valid_on=date(2026, 1, 1), known_on=date(2026, 1, 1))
    assert len(tie.sources) == 101
    assert sources_cell(tie.sources) == "test 000, 2026-01-01; 101 sources"
    assert sources_cell(tie.sources[:1]) == "test 000, 2026-01-01"


def test_registers_that_agree_are_sources_of_one_fact(tmp_path: Path) -> None:
    deliver(tmp_path, "2026-01-01", said("a"), dataset="first")
    company = EmbeddedStore(deliver(tmp_path, "2026-03-01", said("b"), dataset="second")).company(FUND)
    assert set(facts(company).values()) == {("b", 2)}


def test_records_of_which_updates_speak_were_each_seen_on_days_of_their_own(tmp_path: Path) -> None:
    deliver(tmp_path, "2026-01-01", said("a"), said("b"))
    deliver(tmp_path, "2026-02-01", said("a"), kind=DeliveryKind.UPDATE)
    snapshot = deliver(tmp_path, "2026-03-01", said("b"), said("a"), kind=DeliveryKind.UPDATE)
    assert snapshot.table("identifiers")["record"].to_pylist() == ["a", "b"]
    february = date(2026, 2, 1)
    company = EmbeddedStore(snapshot).company(FUND, valid_on=february, known_on=february)
    (identifier,) = company.identifiers
    assert (identifier.source.record, identifier.source.observed_on, identifier.n_sources) == ("a", february, 2)
    assert set(facts(company).values()) == {("a", 2)}
