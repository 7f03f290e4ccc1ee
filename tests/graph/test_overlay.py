from __future__ import annotations

from collections.abc import Sequence
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
from graphleads.graph.overlay import NOTHING, AddedTie, Overlay, StruckTie
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.graph.view import TieView
from graphleads.identity.link import link
from graphleads.model import LeadQuery, Period, Source, View
from graphleads.recommend.config import ProximityConfig, RecommendConfig
from graphleads.recommend.explain import Explainer
from graphleads.recommend.pipeline import Pipeline
from graphleads.recommend.ties import make_slots, open_ties, read_row
from graphleads.testing.known_graph import WALK, company
from graphleads.testing.staging import Rows, stage_delivery

DAY = date(2025, 6, 30)
DAYS = View(valid_on=DAY, known_on=DAY)
PERSON = "X-KNOWN-PERSON:"
SAID = Source(dataset="judgements", record="7", observed_on=DAY)
QUERY = LeadQuery(seeds=(company("Alder"),), valid_on=DAY, known_on=DAY, k=10)


def added(source: str, target: str, relation: str, kind: str, confidence: float = 1.0) -> AddedTie:
    return AddedTie(
        source=source, target=target, relation=relation, kind=kind, confidence=confidence, said_by=SAID
    )  # fmt: skip


def explainer(snapshot: Snapshot, overlay: Overlay) -> Explainer:
    config = RecommendConfig(proximity=ProximityConfig(walk=WALK))
    return Explainer(Pipeline(snapshot, config, overlay=overlay))


def leads(snapshot: Snapshot, overlay: Overlay) -> list[str]:
    return [item.company.name.removesuffix(" Ltd") for item in explainer(snapshot, overlay).recommend(QUERY).items]


def n_companies(snapshot: Snapshot, overlay: Overlay, *persons: str) -> list[int]:
    nodes = snapshot.nodes_of([PERSON + one for one in persons]).astype(np.int32)
    counts: list[int] = TieView(snapshot, DAYS, WALK, overlay).n_companies(nodes).tolist()
    return counts


ANN_AT_ALDER = StruckTie(source=company("Alder"), target=PERSON + "ann", relation="role")


def test_an_overlay_of_nothing_costs_nothing(known_snapshot: Snapshot) -> None:
    assert TieView(known_snapshot, DAYS, WALK, NOTHING).is_baked
    assert not TieView(known_snapshot, DAYS, WALK, Overlay(struck=frozenset({ANN_AT_ALDER}))).is_baked


def test_a_struck_tie_is_read_nowhere(known_snapshot: Snapshot) -> None:
    struck = Overlay(struck=frozenset({ANN_AT_ALDER}))
    store = EmbeddedStore(known_snapshot, WALK, struck)
    query = PathQuery(valid_on=DAY, known_on=DAY)

    assert leads(known_snapshot, NOTHING) == ["Cedar", "Elm", "Birch"]
    assert leads(known_snapshot, struck) == ["Cedar", "Elm"]
    assert explainer(known_snapshot, struck).explain(company("Birch"), QUERY).rank is None
    assert n_companies(known_snapshot, NOTHING, "ann") == [3]
    assert n_companies(known_snapshot, struck, "ann") == [2]
    assert store.paths(company("Alder"), company("Birch"), query) == []
    assert len(store.paths(company("Birch"), company("Dogwood"), query)) == 1
    directors = store.relationships(company("Alder"), valid_on=DAY, known_on=DAY, kinds=["director"])
    counts = store.relationship_counts(company("Alder"), valid_on=DAY, known_on=DAY)
    assert {tie.source.name for tie in directors} == {"Ben Brook", "Nora Nominee"}
    assert {count.kind: count.n for count in counts}["director"] == 2


def test_a_struck_same_as_of_two_persons_parts_them(known_snapshot: Snapshot) -> None:
    apart = Overlay(different=frozenset({(PERSON + "ben2", PERSON + "ben1")}))
    told = explainer(known_snapshot, apart).explain(company("Elm"), QUERY)

    assert n_companies(known_snapshot, NOTHING, "ben1", "ben2") == [2, 2]
    assert n_companies(known_snapshot, apart, "ben1", "ben2") == [1, 1]
    assert [reason.confidence for reason in told.reasons] == [1.0]
    assert any(one.reason.startswith("Ben Brook is also the name of somebody at Alder") for one in told.ignored)
    store = EmbeddedStore(known_snapshot, WALK, apart)
    assert store.relationships(PERSON + "ben1", valid_on=DAY, known_on=DAY, kinds=["same_person"]) == []


def test_an_added_tie_is_read_everywhere_with_its_confidence(known_snapshot: Snapshot) -> None:
    found = Overlay(added=(added(PERSON + "ann", PERSON + "ann2", "same_person", "same_person", 0.8),))
    told = explainer(known_snapshot, found).explain(company("Juniper"), QUERY)
    store = EmbeddedStore(known_snapshot, WALK, found)
    (tie,) = store.relationships(PERSON + "ann2", valid_on=DAY, known_on=DAY, kinds=["same_person"])

    assert "Juniper" in leads(known_snapshot, found)
    assert "Juniper" not in leads(known_snapshot, NOTHING)
    assert n_companies(known_snapshot, found, "ann", "ann2") == [4, 4]
    assert [reason.confidence for reason in told.reasons] == [0.8]
    assert told.reasons[0].sentence.startswith("Ann Archer, director of your customer") is False
    assert "probably (80%)" in told.reasons[0].sentence
    assert (tie.confidence, tie.sources, tie.period, tie.ignored) == (0.8, (SAID,), Period(), None)
    (path,) = store.paths(company("Alder"), company("Juniper"), PathQuery(valid_on=DAY, known_on=DAY))
    assert [step.relationship.relation for step in path] == ["role", "same_person", "role"]
    counts = store.relationship_counts(PERSON + "ann2", valid_on=DAY, known_on=DAY)
    assert {count.relation: count.n for count in counts} == {"role": 1, "same_person": 1}


def test_added_ties_make_a_hub(known_snapshot: Snapshot) -> None:
    ties = tuple(added(PERSON + "ann", company(name), "role", "director") for name in ("Gum", "Fir"))
    one, two = Overlay(added=ties[:1]), Overlay(added=ties)
    assert n_companies(known_snapshot, two, "ann") == [5]
    assert "Gum" in leads(known_snapshot, one)
    assert leads(known_snapshot, two) == ["Cedar", "Elm"]
    ignored = [said.reason for said in explainer(known_snapshot, two).recommend(QUERY).ignored]
    assert "Ann Archer ties 5 companies together, more than mean anything: nothing is followed through it." in ignored


def test_what_the_snapshot_does_not_have_is_laid_on_nothing(known_snapshot: Snapshot) -> None:
    nobody = PERSON + "nobody"
    overlay = Overlay(
        struck=frozenset({StruckTie(source=nobody, target=company("Alder"), relation="role")}),
        different=frozenset({(nobody, PERSON + "ann"), (company("Alder"), "X-KNOWN:99")}),
        added=(added(nobody, company("Fir"), "role", "director"),),
    )
    assert leads(known_snapshot, overlay) == ["Cedar", "Elm", "Birch"]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Seed and Maple share Ann, Maple and Larch share Ben; Maple was made of X-A:2 and X-B:2 by a shared LEI."""
    home = tmp_path_factory.mktemp("merged")
    lei = "9845001234567890AB14"
    rows: dict[str, Rows] = {
        "companies": [
            {"record": one, "id": one, "name": name, "status": "active"}
            for one, name in (("X-A:1", "Seed"), ("X-A:2", "Maple"), ("X-B:2", "Maple"), ("X-A:3", "Larch"))
        ],
        "identifiers": [
            {"record": one, "id": one, "scheme": "XI-LEI", "value": lei, "valid": True} for one in ("X-A:2", "X-B:2")
        ],
        "persons": [{"record": one, "id": f"X-P:{one}", "name": one} for one in ("ann", "ben")],
        "roles": [
            {"record": f"{one}{at}", "company": one, "holder": f"X-P:{person}", "kind": "director"}
            for at, (one, person) in enumerate((("X-A:1", "ann"), ("X-A:2", "ann"), ("X-B:2", "ben"), ("X-A:3", "ben")))
        ],
    }
    stage_delivery(home / "staged", rows, observed_on="2025-06-30")
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    build_snapshot(source, BuildConfig())
    return open_snapshot(home / "snapshots")


def test_a_struck_same_as_of_two_companies_withholds_the_merged_one_until_the_next_build(merged: Snapshot) -> None:
    query = LeadQuery(seeds=("X-A:1",), valid_on=DAY, known_on=DAY)
    whole, apart = (
        Explainer(Pipeline(merged, overlay=Overlay(different=different)))
        for different in (frozenset[tuple[str, str]](), frozenset({("X-B:2", "X-A:2")}))
    )
    assert merged.n_companies == 3
    assert [item.company.name for item in whole.recommend(query).items] == ["Maple", "Larch"]
    assert apart.recommend(query).items == ()
    told = apart.explain("X-B:2", query)
    assert (told.rank, told.reasons) == (None, ())
    assert told.ineligible == ("it was made of two companies that are different: the next build parts them")
    assert apart.explain("X-A:3", query).ineligible == "no tie that is followed leads to it from the customers"
    ignored = apart.explain("X-A:3", query).ignored
    assert [one.node.name for one in ignored] == []


TIGHT = WalkConfig(person_cap=2, holder_cap=1, address_cap=1, contact_cap=1, free_degree=1)
ROLES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12, unique=True)
CONTACTS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("xy")), max_size=6, unique=True)
HELD = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6, unique=True).map(
    lambda pairs: [pair for pair in pairs if pair[0] != pair[1]]
)


def build(home: Path, tied: Sequence[list[Any]], keys: str) -> Snapshot:
    roles, contacts, held = tied
    rows: dict[str, Rows] = {
        "companies": [{"record": str(at), "id": f"X-C:{at}", "name": f"Company {at}"} for at in range(6)],
        "persons": [
            {"record": str(at), "id": f"X-P:{at}", "name": "Ann", "key": key, "key_confidence": 0.5}
            for at, key in enumerate(keys)
        ],
        "roles": [
            {"record": f"r{one}{other}", "company": f"X-C:{one}", "holder": f"X-P:{other}", "kind": "director"}
            for one, other in roles
        ],
        # A contact point is there as long as somebody has it.
        "contact_points": [
            {"record": f"c{one}{key}", "id": f"X-C:{one}", "kind": "phone", "key": key, "display": key}
            for one, key in [*contacts, (0, "x"), (0, "y")]
        ],
        "interests": [
            {"record": f"i{one}{other}", "subject": f"X-C:{one}", "holder": f"X-C:{other}", "kind": "voting_rights"}
            for one, other in held
        ],
    }
    stage_delivery(home / "staged", rows, observed_on="2025-06-30")
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), BuildConfig())
    return open_snapshot(home / "snapshots")


def content(snapshot: Snapshot, overlay: Overlay) -> list[Any]:
    """All that a walk and a list read of every node."""
    view = TieView(snapshot, DAYS, TIGHT, overlay)
    nodes = np.arange(snapshot.n_nodes, dtype=np.int32)
    ties, history = open_ties(view)
    slots, group = make_slots(200), make_group(200)
    rows = []
    for node in nodes.tolist():
        n = read_row(node, ties, history, slots, 0, group)
        rows.append(list(zip(slots.end[:n].tolist(), slots.weight[:n].tolist(), strict=True)))
    blocked = view.blocked(nodes)
    return [blocked.tolist(), view.n_companies(nodes).tolist(), view.through(nodes[~blocked]).tolist(), rows]


@settings(max_examples=25)
@given(roles=ROLES, contacts=CONTACTS, held=HELD, keys=st.text("abc", min_size=6, max_size=6), data=st.data())
def test_what_is_laid_over_a_snapshot_is_what_a_build_with_it_gives(
    roles: list[Any], contacts: list[Any], held: list[Any], keys: str, data: st.DataObject
) -> None:
    contacts = [pair for pair in contacts if pair not in [(0, "x"), (0, "y")]]
    gone = [data.draw(st.sets(st.sampled_from(rows)) if rows else st.just(set())) for rows in (roles, contacts, held)]
    left = [[pair for pair in rows if pair not in out] for rows, out in zip((roles, contacts, held), gone, strict=True)]
    ties = [
        *((f"X-P:{other}", f"X-C:{one}", "role", "director") for one, other in sorted(gone[0])),
        *((f"X-C:{one}", f"X-PHONE:{key}", "contact", "phone") for one, key in sorted(gone[1])),
        *((f"X-C:{other}", f"X-C:{one}", "interest", "voting_rights") for one, other in sorted(gone[2])),
    ]
    struck = frozenset(StruckTie(source=target, target=source, relation=what) for source, target, what, _ in ties)
    with TemporaryDirectory() as folder:
        whole = build(Path(folder) / "whole", (roles, contacts, held), keys)
        less = build(Path(folder) / "less", left, keys)
        both_ways = {(one, other) for one, other in gone[2]} & {(other, one) for one, other in left[2]}
        if not both_ways:
            assert content(whole, Overlay(struck=struck)) == content(less, NOTHING)
        assert content(less, Overlay(added=tuple(added(*tie) for tie in ties))) == content(whole, NOTHING)
