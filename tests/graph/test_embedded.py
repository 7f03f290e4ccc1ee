from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphleads.errors import EntityNotFound
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.store import RelationshipCount
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Period, Source
from graphleads.testing.known_graph import company
from graphleads.testing.staging import stage_delivery

DAY = date(2025, 6, 30)


@pytest.fixture
def store(known_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(known_snapshot)


def test_a_company_has_its_facts_with_source_and_date(store: EmbeddedStore) -> None:
    alder = store.company(company("Alder"))
    assert (alder.name, alder.status, alder.jurisdiction, alder.mentioned) == ("Alder Ltd", "active", "GB", False)
    source = Source(dataset="known", record="Alder", observed_on=DAY)
    assert [(fact.field, fact.value, fact.source) for fact in alder.facts] == [
        ("name", "Alder Ltd", source),
        ("jurisdiction", "GB", source),
        ("locality", "Leeds", source),
        ("status", "active", source),
    ]


def test_relationships_of_a_day_are_counted_before_they_are_read(store: EmbeddedStore) -> None:
    counts = store.relationship_counts(company("Alder"), valid_on=DAY, known_on=DAY)
    assert counts == [
        RelationshipCount(relation="contact", kind="phone", n=1),
        RelationshipCount(relation="interest", kind="shareholding", n=1),
        RelationshipCount(relation="role", kind="auditor", n=1),
        RelationshipCount(relation="role", kind="director", n=3),
    ]
    earlier = store.relationship_counts(company("Alder"), valid_on=date(2020, 1, 1), known_on=DAY)
    assert earlier[-1] == RelationshipCount(relation="role", kind="director", n=4)


def test_a_relationship_says_both_ends_period_and_source(store: EmbeddedStore) -> None:
    ties = store.relationships(company("Birch"), valid_on=DAY, known_on=DAY)
    (ann,) = [tie for tie in ties if tie.kind == "director"]
    assert (ann.source.name, ann.target.name) == ("Ann Archer", "Birch Ltd")
    assert ann.period == Period(start_on=date(2021, 5, 1))
    assert ann.sources == (Source(dataset="known", record="Birch-ann", observed_on=DAY),)
    assert [tie.ignored for tie in ties] == ["auditor", None]


def test_search_finds_by_name_and_by_id(store: EmbeddedStore) -> None:
    assert store.search("alder")[0].node.id == company("Alder")
    assert store.search(company("Birch"))[0].node.name == "Birch Ltd"
    assert store.search("02")[0].node.name == "Birch Ltd"
    assert store.search("nothing like that whatsoever") == []


def test_what_is_not_there_is_said_to_be_not_there(store: EmbeddedStore) -> None:
    with pytest.raises(EntityNotFound, match="graphleads search"):
        store.company("X-KNOWN:99")
    with pytest.raises(EntityNotFound, match="no company"):
        store.company("X-KNOWN-PERSON:ann")
    with pytest.raises(EntityNotFound):
        store.resolve("not an id / at all 🦊")


def test_a_person_has_sources(store: EmbeddedStore) -> None:
    ann = store.person("X-KNOWN-PERSON:ann")
    assert ann.name == "Ann Archer"
    assert [source.record for source in ann.sources] == ["Alder-ann", "Birch-ann", "Dogwood-ann"]


def test_the_neighbourhood_as_a_networkx_graph(store: EmbeddedStore) -> None:
    graph = store.to_networkx(around=company("Elm"), hops=1)
    assert sorted(graph.nodes) == ["X-KNOWN-PERSON:ben2", company("Elm"), "X-PHONE:441130000001"]
    assert graph.number_of_edges() == 2
    # A hub is shown and not walked through: Fir is two steps from Alder, by Nora alone.
    assert company("Fir") not in store.to_networkx(around=company("Alder"), hops=2)


def test_a_company_is_called_and_stands_as_on_the_day(tmp_path: Path) -> None:
    before = {"record": "1", "id": "X-T:1", "name": "Old Ltd", "status": "active", "start_on": "2001-01-01"}
    after = {"record": "1", "id": "X-T:1", "name": "New Ltd", "status": "dissolved", "start_on": "2023-06-01"}
    for day, row in (("2023-01-01", before), ("2024-01-01", after)):
        stage_delivery(tmp_path / "staged", {"companies": [row]}, observed_on=day)
    build_snapshot(
        BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots"), BuildConfig()
    )
    store = EmbeddedStore(open_snapshot(tmp_path / "snapshots"))
    days = (None, date(2023, 5, 31), date(2023, 6, 1))
    found = [store.company("X-T:1", valid_on=day) for day in days]
    assert [(one.name, one.status) for one in found] == [
        ("New Ltd", "dissolved"),
        ("Old Ltd", "active"),
        ("Old Ltd", "dissolved"),
    ]


def test_a_person_known_from_a_tie_alone_is_called_as_the_first_record_says(tmp_path: Path) -> None:
    ann = {"record": "p", "id": "X-P:1", "name": "Ann Archer"}
    rows = {
        "companies": [{"record": "1", "id": "X-T:1", "name": "One Ltd"}],
        "persons": [ann],
        "roles": [{"record": "1", "company": "X-T:1", "holder": "X-P:1", "kind": "director"}],
    }
    rows["roles"][0]["published_on"] = "2021-01-01"
    stage_delivery(tmp_path / "staged", rows, observed_on="2023-01-01", dataset="one")
    stage_delivery(tmp_path / "staged", {"persons": [ann | {"name": "Ann Baker"}]}, observed_on="2024-01-01")
    build_snapshot(
        BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots"), BuildConfig()
    )
    store, day = EmbeddedStore(open_snapshot(tmp_path / "snapshots")), date(2022, 1, 1)
    assert store.entity("X-P:1", valid_on=day, known_on=day).name == "Ann Archer"


def test_of_two_things_that_one_record_says_of_a_person_one_counts_on_every_day(tmp_path: Path) -> None:
    ben = {"record": "p", "id": "X-P:1", "name": "Ben Brook", "end_on": "2025-03-01"}
    rows = {
        "companies": [{"record": "1", "id": "X-T:1", "name": "One Ltd"}],
        "persons": [ben, {"record": "p", "id": "X-P:1", "name": "Ann Archer"}],
    }
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    found = []
    for day, dataset in (("2024-06-01", "one"), ("2025-01-01", "two")):
        stage_delivery(tmp_path / "staged", rows if dataset == "one" else {}, observed_on=day, dataset=dataset)
        build_snapshot(source, BuildConfig())
        store, asked = EmbeddedStore(open_snapshot(tmp_path / "snapshots")), date(2024, 6, 1)
        found.append(store.entity("X-P:1", valid_on=asked, known_on=asked).name)
    assert found == ["Ann Archer", "Ann Archer"]
