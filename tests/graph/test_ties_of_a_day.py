from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig, WalkConfig
from graphleads.graph.history import make_group
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.view import TieView
from graphleads.identity.link import link
from graphleads.model import DeliveryKind, View
from graphleads.recommend.ties import edges_of, make_slots, open_ties, read_row
from graphleads.testing.known_graph import company, known_tables
from graphleads.testing.staging import Rows, stage_delivery
from graphleads.testing.synthetic.register import generate
from graphleads.workspace.workspace import open_workspace

TIGHT = WalkConfig(
    person_cap=3, holder_cap=2, address_cap=2, contact_cap=3, free_degree=1, hub_exponent=0.7, family_share=0.7,
    role=WalkConfig().role | {"director": 0.3, "auditor": 0.1}, same_person=0.5, share_floor=0.1,
)  # fmt: skip
"""Caps that a register of eight companies meets, and weights of its own."""
COMPANIES = st.sampled_from([f"X-TEST:{number}" for number in range(8)])
PERSONS = st.sampled_from([f"X-TEST-PERSON:{number}" for number in range(6)])
DAYS = st.none() | st.dates(date(2023, 1, 1), date(2026, 12, 31)).map(str)
DATES = {"start_on": DAYS, "end_on": DAYS}


def rows_of(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Rows]:
    return st.lists(st.fixed_dictionaries(columns), max_size=14).map(
        lambda rows: [{"record": str(at), **row} for at, row in enumerate(rows)]
    )


TABLES = st.fixed_dictionaries(
    {
        "companies": st.just([{"record": str(at), "id": f"X-TEST:{at}", "name": f"Company {at}"} for at in range(8)]),
        "persons": st.lists(st.sampled_from("abc"), min_size=6, max_size=6).map(
            lambda keys: [
                {
                    "record": str(at), "id": f"X-TEST-PERSON:{at}", "name": "Ann", "key": key, "key_confidence": 0.9,
                }
                for at, key in enumerate(keys)
            ]
        ),
        "roles": rows_of(company=COMPANIES, holder=PERSONS, kind=st.sampled_from(["director", "auditor"]), **DATES),
        "interests": rows_of(
            subject=COMPANIES, holder=COMPANIES | PERSONS, kind=st.just("shareholding"),
            share_min=st.sampled_from([0.1, 0.6, 0.8]), held_as=st.sampled_from(["own", "nominee"]), **DATES,
        ),
        "links": rows_of(source=COMPANIES, target=COMPANIES, kind=st.just("branch_of"), **DATES),
        "contact_points": rows_of(
            id=COMPANIES, kind=st.sampled_from(["address", "phone"]), key=st.sampled_from("xy"),
            display=st.just("Leeds"), **DATES,
        ),
    }
)  # fmt: skip


def build(home: Path, walk: WalkConfig) -> Snapshot:
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig(), walk=walk)
    return open_snapshot(home / "snapshots")


def view_of(snapshot: Snapshot, *, is_baked: bool, **days: str) -> TieView:
    """The ties of a day, the snapshot's own unless another is given; computed whether it is baked in or not."""
    own = snapshot.observed_on
    dates = {name: date.fromisoformat(day) for name, day in days.items()}
    view = TieView(snapshot, replace(View(valid_on=own, known_on=own), **dates))
    view.is_baked = is_baked
    return view


def expect_computed_is_baked(snapshot: Snapshot) -> None:
    """What is baked in of every node is what its view gives."""
    expect_same(*(view_of(snapshot, is_baked=is_baked) for is_baked in (True, False)))


def expect_same(baked: TieView, computed: TieView) -> None:
    snapshot = baked.snapshot
    assert (baked.is_baked, computed.is_baked) == (True, False)
    nodes = np.arange(snapshot.n_nodes, dtype=np.int32)
    companies = nodes[: snapshot.n_companies]
    blocked = baked.blocked(nodes)
    assert computed.blocked(nodes).tolist() == blocked.tolist()
    assert computed.through(nodes[~blocked]).tolist() == baked.through(nodes[~blocked]).tolist()
    assert computed.n_companies(nodes).tolist() == baked.n_companies(nodes).tolist()
    assert partition(computed.family(companies)) == partition(baked.family(companies))
    assert rows(computed) == rows(baked)


def rows(view: TieView) -> list[list[tuple[int, int, float]]]:
    """Of each node the neighbours that a walk goes on to, with the edges and their weights."""
    ties, history = open_ties(view)
    slots, group = make_slots(len(history.neighbor)), make_group(len(history.neighbor) + 1)
    found = []
    for node in range(view.snapshot.n_nodes):
        n = read_row(node, ties, history, slots, 0, group)
        edges = edges_of(slots.origin[:n], ties, history)
        found.append(list(zip(slots.end[:n].tolist(), edges.tolist(), slots.weight[:n].tolist(), strict=True)))
    return found


def partition(family: np.ndarray) -> list[int]:
    """Of each company the first one of its family, whatever number the family has."""
    first = {number: at for at, number in reversed(list(enumerate(family.tolist())))}
    return [first[number] for number in family.tolist()]


@settings(max_examples=40)
@given(before=TABLES, after=TABLES, kind=st.sampled_from(DeliveryKind))
def test_what_is_baked_in_is_the_view_of_the_snapshot_s_own_day_whatever_weighs_what(
    before: dict[str, Rows], after: dict[str, Rows], kind: DeliveryKind
) -> None:
    with TemporaryDirectory() as folder:
        stage_delivery(Path(folder) / "staged", before, observed_on="2024-06-30", dataset="test")
        stage_delivery(Path(folder) / "staged", after, observed_on="2025-06-30", dataset="test", kind=kind)
        usual, tight = (build(Path(folder), walk) for walk in (WalkConfig(), TIGHT))
        expect_computed_is_baked(tight)
        own = usual.observed_on
        expect_same(view_of(tight, is_baked=True), TieView(usual, View(valid_on=own, known_on=own), TIGHT))


def test_what_is_baked_in_of_a_synthetic_register_is_the_view_of_its_own_day(tmp_path: Path) -> None:
    made = generate(tmp_path / "register", companies=1_000)
    with open_workspace(tmp_path / "home") as workspace:
        workspace.ingest("table", made.files, mapping="plain", dataset="made", observed_on=made.observed_on)
        workspace.run()
        snapshot = workspace.graph().snapshot
        assert snapshot.node_array("blocked").any()
        expect_computed_is_baked(snapshot)


def director(person: str, name: str, **dates: str) -> dict[str, Any]:
    holder = f"X-KNOWN-PERSON:{person}"
    return {"record": f"{person}-{name}", "company": company(name), "holder": holder, "kind": "director", **dates}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The known graph, in which Ann came to sit on five boards later, and Cedar came to hold Birch."""
    home = tmp_path_factory.mktemp("grown")
    stage_delivery(home / "staged", known_tables(), observed_on="2025-06-30", dataset="known")
    later = {
        "roles": [director("ann", name, start_on="2026-01-01") for name in ("Cedar", "Fir", "Gum")],
        "interests": [
            {"record": "c", "subject": company("Birch"), "holder": company("Cedar"), "kind": "shareholding",
             "share_min": 0.75, "share_max": 1.0, "start_on": "2026-01-01"},
        ],
    }  # fmt: skip
    stage_delivery(home / "staged", later, observed_on="2026-06-30", dataset="known", kind=DeliveryKind.UPDATE)
    return build(home, WalkConfig(person_cap=4, free_degree=1, hub_exponent=1))


@pytest.mark.parametrize(
    ("valid_on", "known_on", "n", "blocked", "through"),
    [
        ("2026-06-30", "2026-06-30", 6, True, None),
        ("2025-06-30", "2026-06-30", 3, False, 1 / 3),
        ("2026-06-30", "2025-12-31", 3, False, 1 / 3),
        ("2020-01-01", "2026-06-30", 2, False, 1 / 2),
        ("2026-06-30", "2025-06-29", 0, False, 1.0),
    ],
)
def test_a_hub_is_one_on_its_days(
    grown: Snapshot, valid_on: str, known_on: str, n: int, *, blocked: bool, through: float | None
) -> None:
    view = view_of(grown, is_baked=False, valid_on=valid_on, known_on=known_on)
    ann = np.array([grown.node_of("X-KNOWN-PERSON:ann")], np.int32)
    assert view.n_companies(ann).tolist() == [n]
    assert view.blocked(ann).tolist() == [blocked]
    if through is not None:
        assert view.through(ann).tolist() == [pytest.approx(through)]


@pytest.mark.parametrize(
    ("valid_on", "known_on", "family"),
    [
        ("2026-06-30", "2026-06-30", {"Alder", "Birch", "Cedar"}),
        ("2025-06-30", "2026-06-30", {"Alder", "Cedar"}),
        ("2026-06-30", "2025-12-31", {"Alder", "Cedar"}),
        ("2026-06-30", "2025-01-01", {"Alder"}),
    ],
)
def test_a_family_is_of_its_day(grown: Snapshot, valid_on: str, known_on: str, family: set[str]) -> None:
    view = view_of(grown, is_baked=False, valid_on=valid_on, known_on=known_on)
    companies, alder = np.arange(10, dtype=np.int32), np.array([0], np.int32)
    kin = view.in_families_of(companies, alder)
    numbers = view.family(companies)
    expected = [grown.name_of(node).removesuffix(" Ltd") in family for node in range(10)]
    assert kin.tolist() == expected
    assert (numbers == numbers[0]).tolist() == expected


@pytest.mark.parametrize("turned", [False, True])
def test_who_is_linked_with_too_many_is_a_hub_like_who_holds_them(tmp_path: Path, *, turned: bool) -> None:
    companies = [{"record": str(at), "id": f"X-TEST:{at}", "name": f"Company {at}"} for at in range(5)]
    ends = ("target", "source") if turned else ("source", "target")
    links = [
        {"record": f"l{at}", ends[0]: "X-TEST:0", ends[1]: f"X-TEST:{at}", "kind": "supplies"} for at in range(1, 5)
    ]
    links.append({"record": "l5", "source": "X-TEST:1", "target": "X-TEST:2", "kind": "competes_with"})
    stage_delivery(tmp_path / "staged", {"companies": companies, "links": links}, observed_on="2026-06-30")
    snapshot = build(tmp_path, WalkConfig(holder_cap=3, free_degree=1, hub_exponent=1))
    assert snapshot.node_array("n_companies").tolist() == [4, 2, 2, 1, 1]
    assert snapshot.node_array("blocked").tolist() == [True, False, False, False, False]
    expect_computed_is_baked(snapshot)
