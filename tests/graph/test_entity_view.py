"""A register over four deliveries, and what was said of its entities on the days between."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphleads.errors import EntityNotFound
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.describe import COMPANY, STATUSES
from graphleads.graph.entity_view import EntityView
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.ids import EntityId
from graphleads.model import DeliveryKind, Name, Period, Source, View
from graphleads.testing.staging import stage_delivery

ALDER, BIRCH, ANN = "X-T:1", "X-T:2", "X-P:1"
D1, D2, D3 = date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)


def tables(name: str = "Alder Ltd", person: str = "Ann Archer", **more: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "companies": [
            {"record": "1", "id": ALDER, "name": name, "status": "active", "locality": "Leeds", **more},
            {"record": "2", "id": BIRCH, "name": "Birch Ltd", "status": "active"},
        ],
        "persons": [{"record": "1", "id": ANN, "name": person}],
        "roles": [{"record": "1", "company": ALDER, "holder": ANN, "kind": "director"}],
        "contact_points": [
            {"record": "1", "id": ALDER, "kind": "address", "key": "a", "display": f"1 High St, {name}"}
        ],
    }


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Alder moves and is renamed in 2024, is gone in 2025; an update of March 2023 restates it."""
    home = tmp_path_factory.mktemp("days")
    moved = tables("Alder Holdings Ltd", "Ann Baker", locality="Hull", jurisdiction="GB")
    gone = {"companies": moved["companies"][1:]}
    stage_delivery(home / "staged", tables(), observed_on=str(D1))
    again = {"companies": tables()["companies"][:1]}
    stage_delivery(home / "staged", again, observed_on="2023-03-01", kind=DeliveryKind.UPDATE)
    stage_delivery(home / "staged", moved, observed_on=str(D2))
    stage_delivery(home / "staged", gone, observed_on=str(D3))
    return build(home)


def build(home: Path) -> Snapshot:
    source = BuildInput(staged=home / "staged", same_as=None, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig(max_drop=1))
    return open_snapshot(home / "snapshots")


def test_a_record_that_says_two_names_gives_its_company_one(tmp_path: Path) -> None:
    said, other = tables("Alder Ltd"), tables("Oak Ltd")
    both = {"companies": [*other["companies"], *said["companies"]], "names": [
        {"record": "1", "id": ALDER, "name": "Alder House", "kind": "trading"},
    ]}  # fmt: skip
    stage_delivery(tmp_path / "staged", both, observed_on=str(D1))
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    report = build_snapshot(source, BuildConfig())
    store = EmbeddedStore(open_snapshot(tmp_path / "snapshots"))
    assert report.warnings == (
        "1 records give one company several names at once: it is called by the first, the others are listed with it. "
        "Is the delivery whole, and each file in it once?",
    )
    for day in (D1, D3):
        company = store.company(EntityId(ALDER), valid_on=day)
        assert company.name == "Alder Ltd"
        assert [one.name for one in company.names] == ["Alder House", "Alder Ltd", "Oak Ltd"]
    assert {hit.node.name for hit in store.search("Oak", limit=3)} == {"Alder Ltd"}


@pytest.fixture
def store(snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(snapshot)


@pytest.mark.parametrize(
    ("valid_on", "known_on", "said"),
    [
        (D1, D1, ("Alder Ltd", "Leeds", None, "active")),
        (D3, D1, ("Alder Ltd", "Leeds", None, "active")),
        (D2, D2, ("Alder Holdings Ltd", "Hull", "GB", "active")),
        (D1, D2, ("Alder Ltd", "Hull", "GB", "active")),
        (D3, D3, ("Alder Holdings Ltd", "Hull", "GB", "inactive")),
        (D2, D3, ("Alder Holdings Ltd", "Hull", "GB", "active")),
        (D1, D3, ("Alder Ltd", "Hull", "GB", "active")),
    ],
)
def test_a_company_is_what_it_was_on_the_one_day_as_known_on_the_other(
    store: EmbeddedStore, valid_on: date, known_on: date, said: tuple[str | None, ...]
) -> None:
    found = store.company(ALDER, valid_on=valid_on, known_on=known_on)
    assert (found.name, found.locality, found.jurisdiction, found.status) == said
    assert store.summary(0, View(valid_on=valid_on, known_on=known_on)).name == said[0]
    assert store.entity(ALDER, valid_on=valid_on, known_on=known_on).name == said[0]


def test_names_have_the_sources_and_periods_that_were_known(store: EmbeddedStore) -> None:
    def names(known_on: date) -> list[tuple[str, Period, date | None]]:
        found = store.company(ALDER, valid_on=known_on, known_on=known_on).names
        return [(one.name, one.period, one.source.observed_on) for one in found]

    assert names(D1) == [("Alder Ltd", Period(), D1)]
    assert names(D2) == [
        ("Alder Holdings Ltd", Period(start_on=D2), D2),
        ("Alder Ltd", Period(end_on=D2), date(2023, 3, 1)),
    ]
    assert names(D3) == [
        ("Alder Holdings Ltd", Period(start_on=D2, end_on=D3), D2),
        ("Alder Ltd", Period(end_on=D2), date(2023, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("known_on", "seen_on"),
    [
        (date(2023, 2, 28), D1), (date(2023, 3, 1), date(2023, 3, 1)), (date(2023, 12, 31), date(2023, 3, 1)),
        (D2, D2), (date(2024, 12, 31), D2), (D3, D3),
    ],
)  # fmt: skip
def test_a_source_was_seen_last_when_it_was_by_then(store: EmbeddedStore, known_on: date, seen_on: date) -> None:
    birch = store.company(BIRCH, valid_on=known_on, known_on=known_on)
    (of_name,) = birch.names
    # The update does not speak of Birch.
    assert of_name == Name(
        name="Birch Ltd", kind="legal", period=Period(), language=None,
        source=Source(dataset="test", record="2", observed_on=D1 if known_on < D2 else seen_on),
    )  # fmt: skip
    if known_on < D2:
        assert store.company(ALDER, valid_on=known_on, known_on=known_on).names[0].source.observed_on == seen_on


def test_paths_and_persons_have_the_names_of_the_day(store: EmbeddedStore) -> None:
    (tie,) = store.relationships(ANN, valid_on=D1, known_on=D1)
    assert (tie.source.name, tie.target.name) == ("Ann Archer", "Alder Ltd")
    (tie,) = store.relationships(ANN, valid_on=D2, known_on=D2)
    assert (tie.source.name, tie.target.name) == ("Ann Baker", "Alder Holdings Ltd")
    assert store.person(ANN, known_on=D1).name == "Ann Archer"
    assert store.person(ANN).name == "Ann Baker"
    # An address is written as it was first.
    assert store.snapshot.contact_points["display"].to_pylist() == ["1 High St, Alder Ltd"]


def test_what_was_not_known_yet_is_not_there(store: EmbeddedStore) -> None:
    before = date(2022, 12, 31)
    for ask, entity in ((store.company, ALDER), (store.person, ANN), (store.entity, BIRCH)):
        with pytest.raises(EntityNotFound, match=r"as known on 2022-12-31: .* or ask for a later day"):
            ask(entity, valid_on=D3, known_on=before)
    assert store.relationships(ALDER, valid_on=D1, known_on=before) == []


def test_who_is_known_from_a_tie_to_nobody_else_stays_known_when_a_real_one_comes(tmp_path: Path) -> None:
    own = {"record": "1", "company": BIRCH, "holder": BIRCH, "kind": "secretary"}
    first = {"companies": tables()["companies"][:1], "roles": [own]}
    stage_delivery(tmp_path / "staged", first, observed_on=str(D1))
    assert EmbeddedStore(build(tmp_path)).entity(BIRCH, known_on=D1).id == BIRCH
    real = {"roles": [own, {"record": "2", "company": BIRCH, "holder": ALDER, "kind": "director"}]}
    stage_delivery(tmp_path / "staged", first | real, observed_on=str(D2))
    assert EmbeddedStore(build(tmp_path)).entity(BIRCH, known_on=D1).id == BIRCH


def test_what_the_registers_say_of_a_company_that_left_them(store: EmbeddedStore) -> None:
    facts = {fact.value: fact.period for fact in store.company(ALDER).facts if fact.field == "status"}
    assert facts["inactive (no longer in the register)"] == Period(start_on=D3)
    facts = {fact.value: fact.period for fact in store.company(ALDER, known_on=D2).facts if fact.field == "status"}
    assert facts == {"active": Period()}


def test_two_registers_that_say_the_same_are_one_relationship_whenever_each_was_read(tmp_path: Path) -> None:
    role = {"record": "1", "company": ALDER, "holder": ANN, "kind": "director", "start_on": "2020-01-01"}
    both = {"persons": [{"record": "1", "id": ANN, "name": "Ann"}], "roles": [role]}
    for dataset, day in (("a", D1), ("b", D2)):
        stage_delivery(tmp_path / "staged", both, observed_on=str(day), dataset=dataset)
    left = {"persons": both["persons"], "roles": [role | {"end_on": "2024-06-01"}]}
    stage_delivery(tmp_path / "staged", left, observed_on=str(D3), dataset="a")
    store = EmbeddedStore(build(tmp_path))

    def told(known_on: date) -> list[tuple[date | None, list[tuple[str, date | None]]]]:
        ties = store.relationships(ALDER, valid_on=date(2023, 1, 1), known_on=known_on)
        counts = store.relationship_counts(ALDER, valid_on=date(2023, 1, 1), known_on=known_on)
        assert sum(one.n for one in counts) == len(ties)
        return [(tie.period.end_on, [(one.dataset, one.observed_on) for one in tie.sources]) for tie in ties]

    assert told(D1) == [(None, [("a", D1)])]
    assert told(D2) == [(None, [("a", D1), ("b", D2)])]
    assert told(D3) == [(date(2024, 6, 1), [("a", D3)]), (None, [("b", D2)])]


def test_what_is_baked_is_the_view_of_the_own_day(snapshot: Snapshot) -> None:
    _compare(snapshot)


def test_what_is_baked_of_the_known_graph_is_the_view_of_its_day(known_snapshot: Snapshot) -> None:
    _compare(known_snapshot)


class Computed(EntityView):
    """A view that takes nothing from what is baked."""

    def __init__(self, snapshot: Snapshot, view: View | None = None) -> None:
        super().__init__(snapshot, view)
        self.is_own = False

    def are_settled(self, companies: Any) -> Any:
        return np.zeros(len(companies), bool)


def _compare(snapshot: Snapshot) -> None:
    """Compare what is computed of every node for a day with what is baked of it."""
    companies, columns = np.arange(snapshot.n_companies), ["id", "mentioned", *COMPANY]
    persons = np.arange(snapshot.n_persons) + snapshot.n_companies
    days = [D1, D2, D3, date(2022, 12, 31), snapshot.observed_on]
    for view in (None, *(View(valid_on=valid_on, known_on=known_on) for valid_on in days for known_on in days)):
        computed, baked = Computed(snapshot, view), EntityView(snapshot, view)
        assert computed.companies(companies, columns).to_pylist() == baked.companies(companies, columns).to_pylist()
        assert computed.statuses(companies).tolist() == baked.statuses(companies).tolist()
        if baked.is_known(persons).all():
            assert computed.persons(persons).to_pylist() == baked.persons(persons).to_pylist()
    assert baked.companies(companies, columns).to_pylist() == snapshot.companies.select(columns).to_pylist()
    assert baked.statuses(companies).tolist() == snapshot.node_array("status").tolist()
    assert set(snapshot.node_array("status").tolist()) <= set(range(len(STATUSES)))
