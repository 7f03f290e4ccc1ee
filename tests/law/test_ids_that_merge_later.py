"""What the law of days leaves out: which ids are one company is told by what is known today, for every day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import DeliveryKind
from graphleads.testing.staging import stage_delivery
from tests.law.answers import build

DAY = date(2025, 6, 1)
NUMBER, LEI, PARENT = "GB-COH:00000001", "XI-LEI:00000000000000000A98", "XI-LEI:PARENT"


def stage_two_registers(staged: Path) -> None:
    """One company under two ids, each with a tie that the other register does not know."""
    national = {
        "companies": [{"record": "1", "id": NUMBER, "name": "One Ltd", "status": "active"}],
        "persons": [{"record": "ann", "id": "X-P:ann", "name": "Ann Archer"}],
        "roles": [{"record": "1", "company": NUMBER, "holder": "X-P:ann", "kind": "director"}],
    }
    worldwide = {
        "companies": [
            {"record": "L", "id": LEI, "name": "ONE LIMITED", "status": "active"},
            {"record": "P", "id": PARENT, "name": "Parent Inc", "status": "active"},
        ],
        "links": [{"record": "L", "source": LEI, "target": PARENT, "kind": "consolidated_directly_by"}],
    }
    stage_delivery(staged, national, observed_on="2025-05-01", dataset="national")
    stage_delivery(staged, worldwide, observed_on="2025-05-01", dataset="worldwide")


def stage_what_joins_them(staged: Path) -> None:
    """The national register states the other's id a year later, and a new name."""
    said = {
        "companies": [{"record": "1", "id": NUMBER, "name": "One Holdings Ltd", "status": "active"}],
        "roles": [{"record": "1", "company": NUMBER, "holder": "X-P:ann", "kind": "director"}],
        "identifiers": [{"record": "1", "id": NUMBER, "scheme": "XI-LEI", "value": LEI.removeprefix("XI-LEI:")}],
    }
    update = DeliveryKind.UPDATE
    stage_delivery(staged, said, observed_on="2026-05-01", dataset="national", kind=update)


def test_two_ids_are_two_companies_until_something_joins_them(tmp_path: Path) -> None:
    stage_two_registers(tmp_path / "staged")
    store = EmbeddedStore(build(tmp_path))
    assert [store.entity(one, valid_on=DAY, known_on=DAY).name for one in (NUMBER, LEI)] == ["One Ltd", "ONE LIMITED"]
    assert [tie.kind for tie in store.relationships(NUMBER, valid_on=DAY, known_on=DAY)] == ["director"]


def test_two_ids_that_are_one_company_now_are_one_on_every_day(tmp_path: Path) -> None:
    stage_two_registers(tmp_path / "staged")
    stage_what_joins_them(tmp_path / "staged")
    store = EmbeddedStore(build(tmp_path))
    assert [store.entity(one, valid_on=DAY, known_on=DAY).id for one in (NUMBER, LEI)] == [NUMBER, NUMBER]
    assert [tie.kind for tie in store.relationships(LEI, valid_on=DAY, known_on=DAY)] == [
        "director",
        "consolidated_directly_by",
    ]


def test_nothing_else_of_the_day_is_told_with_what_joined_them(tmp_path: Path) -> None:
    stage_two_registers(tmp_path / "staged")
    stage_what_joins_them(tmp_path / "staged")
    store = EmbeddedStore(build(tmp_path))
    company = store.company(LEI, valid_on=DAY, known_on=DAY)
    assert company.name == "One Ltd"
    assert [name.name for name in company.names] == ["ONE LIMITED", "One Ltd"]
    assert company.identifiers == ()
    assert {
        source.observed_on for tie in store.relationships(LEI, valid_on=DAY, known_on=DAY) for source in tie.sources
    } == {date(2025, 5, 1)}
