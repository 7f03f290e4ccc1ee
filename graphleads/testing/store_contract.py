"""What every store of the graph must keep, as tests that a stranger's store can run.

::

    from graphleads.testing.store_contract import StoreContract, build_contract_snapshot

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self, contract_snapshot):     # a snapshot that build_contract_snapshot made
            return MyStore(loaded_from=contract_snapshot)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from graphleads.errors import EntityNotFound, ValueInvalid
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.store import Direction, GraphStore, PathQuery, RelationshipCount
from graphleads.identity.link import link
from graphleads.ids import EntityId
from graphleads.model import Identifier, NodeKind, NodeRef, PathStep, Period, Relationship, Source
from graphleads.testing.known_graph import CONFIG, OBSERVED_ON, WALK, company, known_tables
from graphleads.testing.staging import Rows, stage_delivery

DAY = date.fromisoformat(OBSERVED_ON)
LEI = "9845001234567890AB14"
KAURI, LARCH, MAPLE = "X-KNOWN:11", "X-KNOWN:12", "X-KNOWN:13"
PERSON = "X-KNOWN-PERSON:"


def build_contract_snapshot(home: Path) -> Snapshot:
    """Return a snapshot of the known graph of ten companies and of three more, which have what the ten lack.

    Kauri is in two registers, changed its name and came into liquidation; it holds shares of Larch as a nominee, and
    Larch holds shares of it. Maple's name is not Latin; a branch of it is Larch.
    """
    tables = known_tables()
    for name, rows in _further_tables().items():
        tables[name] = [*tables.get(name, ()), *rows]
    stage_delivery(home / "staged", tables, observed_on=OBSERVED_ON, dataset="known")
    kauri = {"record": "k1", "id": KAURI, "jurisdiction": "NZ", "capital": Decimal("1000.50")}
    before = {**kauri, "name": "Kauri Ltd", "status": "active", "start_on": "2001-01-01"}
    after = {**kauri, "name": "Kauri Timber Ltd", "status": "in_liquidation", "start_on": "2023-06-01"}
    for day, row in (("2023-01-01", before), ("2024-01-01", after)):
        stage_delivery(home / "staged", {"companies": [row]}, observed_on=day, dataset="kauri")
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG, walk=WALK)
    return open_snapshot(home / "snapshots")


def _further_tables() -> dict[str, Rows]:
    return {
        "companies": [
            {"record": "k2", "id": f"XI-LEI:{LEI}", "status": "unknown"},
            {"record": "l", "id": LARCH, "name": "Larch \"Söhne\" \\ 'Co' GmbH", "status": "unknown"},
            {"record": "m", "id": MAPLE, "name": "枫树科技有限公司"},
        ],
        "names": [
            {"record": "k2", "id": f"XI-LEI:{LEI}", "name": "KAURI LTD", "kind": "alternative"},
            {"record": "l", "id": LARCH, "name": "Lärchenholz AG", "kind": "former", "language": "de"},
        ],
        "identifiers": [
            {"record": "k2", "id": KAURI, "scheme": "XI-LEI", "value": LEI, "valid": True},
            {"record": "l", "id": LARCH, "scheme": "X-TAX", "value": "77"},
            {"record": "m", "id": MAPLE, "scheme": "X-TAX", "value": "77"},
        ],
        "classifications": [{"record": "l", "id": LARCH, "scheme": "NACE-2", "code": "16.10", "primary": True}],
        "declarations": [{"record": "m", "id": MAPLE, "about": "owner", "reason": "no_beneficial_owners"}],
        "interests": [
            {"record": "i1", "subject": LARCH, "holder": KAURI, "kind": "shareholding", "held_as": "nominee"},
            {"record": "i\t2", "subject": LARCH, "holder": KAURI, "kind": "shareholding", "share_min": 0.25,
             "share_max": 0.5, "min_exclusive": True, "start_on": "2024-01-01"},
            {"record": "i3", "subject": KAURI, "holder": LARCH, "kind": "shareholding", "share_min": 0.3,
             "share_max": 0.3, "start_on": "2020-01-01", "end_on": "2024-01-01"},
        ],
        "links": [{"record": "b", "source": LARCH, "target": MAPLE, "kind": "branch_of"}],
    }  # fmt: skip


def _names(paths: Iterable[tuple[PathStep, ...]]) -> list[list[str]]:
    return [[path[0].start.name, *(step.end.name for step in path)] for path in paths]


class StoreContract:
    """Subclass it as `Test…` and give it a fixture `store` over the snapshot of `build_contract_snapshot`."""

    def test_an_id_is_what_it_stands_for_now(self, store: GraphStore) -> None:
        """An id that was merged into another is the other one; each kind of entity has a name."""
        assert store.resolve(KAURI) == store.resolve(f"XI-LEI:{LEI}")
        assert store.entity(PERSON + "ann") == NodeRef(id=PERSON + "ann", kind=NodeKind.PERSON, name="Ann Archer")
        phone = store.entity("X-PHONE:441130000001")
        assert (phone.kind, phone.name) == (NodeKind.CONTACT_POINT, "+44 113 000 0001")

    @pytest.mark.parametrize("unknown", ["X-KNOWN:99", "not an id / at all 🦊", "", '") OR id:*', "x" * 5000])
    def test_what_is_not_there_is_said_to_be_not_there(self, store: GraphStore, unknown: str) -> None:
        """Nothing that is asked for is read as a question of another kind."""
        with pytest.raises(EntityNotFound, match="graphleads search"):
            store.resolve(unknown)
        with pytest.raises(EntityNotFound, match="no company"):
            store.company(unknown)

    def test_a_kind_is_not_another(self, store: GraphStore) -> None:
        """A person is no company, and a company no person."""
        with pytest.raises(EntityNotFound, match="no company"):
            store.company(PERSON + "ann")
        with pytest.raises(EntityNotFound, match="no person"):
            store.person(company("Alder"))

    def test_a_company_has_its_facts_with_source_and_date(self, store: GraphStore) -> None:
        """Each fact says where it stands and from when to when it was so."""
        larch = store.company(LARCH)
        source = Source(dataset="known", record="l", observed_on=DAY)
        assert (larch.name, larch.status, larch.mentioned) == ("Larch \"Söhne\" \\ 'Co' GmbH", "unknown", False)
        assert [(name.name, name.kind, name.language) for name in larch.names] == [
            ("Larch \"Söhne\" \\ 'Co' GmbH", "legal", None),
            ("Lärchenholz AG", "former", "de"),
        ]
        assert larch.identifiers == (Identifier(scheme="X-TAX", value="77", valid=None, source=source),)
        assert [(fact.field, fact.value) for fact in larch.facts][-1] == ("classification", "NACE-2: 16.10")
        facts = store.company(MAPLE).facts
        assert ("no owner named", "no_beneficial_owners") in [(fact.field, fact.value) for fact in facts]

    def test_a_company_is_called_and_stands_as_on_the_day(self, store: GraphStore) -> None:
        """Names and statuses have their days."""
        days = (date(2023, 5, 31), date(2023, 6, 1), date(2024, 1, 1))
        found = [store.company(KAURI, valid_on=day) for day in days]
        assert [(one.name, one.status) for one in found] == [
            ("Kauri Ltd", "active"),
            ("Kauri Ltd", "in_liquidation"),
            ("Kauri Timber Ltd", "in_liquidation"),
        ]
        facts = [(fact.field, fact.value, fact.period) for fact in found[0].facts]
        assert ("capital", "1000.50", Period()) in facts
        assert ("status", "in_liquidation", Period(start_on=date(2023, 6, 1))) in facts

    def test_what_was_not_known_yet_is_not_told(self, store: GraphStore) -> None:
        """A day has a company's name and place as known then; before anything was known there is no company."""
        days = [{"valid_on": day, "known_on": day} for day in (date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1))]
        found = [store.company(KAURI, **on) for on in days]
        assert [(one.name, one.status) for one in found] == [
            ("Kauri Ltd", "active"),
            ("Kauri Ltd", "active"),
            ("Kauri Timber Ltd", "in_liquidation"),
        ]
        assert [store.entity(KAURI, **on).name for on in days] == [one.name for one in found]
        assert [name.name for name in found[0].names] == ["Kauri Ltd"]
        assert {fact.source.observed_on for fact in found[1].facts} == {date(2023, 1, 1)}
        with pytest.raises(EntityNotFound, match=r"as known on 2022-12-31: .* ask for a later day"):
            store.company(KAURI, known_on=date(2022, 12, 31))
        with pytest.raises(EntityNotFound, match="as known on 2025-06-29"):
            store.person(PERSON + "ann", known_on=date(2025, 6, 29))

    def test_a_tie_of_a_day_names_its_ends_as_on_the_day(self, store: GraphStore) -> None:
        """And its sources say when they were seen by then."""
        then, larch = date(2023, 6, 1), "Larch \"Söhne\" \\ 'Co' GmbH"
        ties = store.relationships(LARCH, valid_on=then, known_on=DAY, kinds=["shareholding"])
        (tie,) = [tie for tie in ties if tie.share_min]
        assert (tie.target.name, tie.source.name) == ("Kauri Ltd", larch)
        assert tie.sources == (Source(dataset="known", record="i3", observed_on=DAY),)
        ((step,),) = store.paths(LARCH, KAURI, PathQuery(valid_on=then, known_on=DAY, max_hops=1))
        assert (step.start.name, step.end.name) == (larch, "Kauri Ltd")

    def test_a_person_has_sources(self, store: GraphStore) -> None:
        """A person is known from its ties."""
        ann = store.person(PERSON + "ann")
        assert (ann.name, ann.kind) == ("Ann Archer", "known")
        assert [source.record for source in ann.sources] == ["Alder-ann", "Birch-ann", "Dogwood-ann"]

    def test_search_finds_by_name_and_by_identifier(self, store: GraphStore) -> None:
        """The best hit comes first; what several bear finds them all."""
        best = {text: store.search(text)[0].node.id for text in ("alder", "Birhc ltd", "枫树", company("Birch"), "02")}
        assert best == {
            "alder": company("Alder"), "Birhc ltd": company("Birch"), "枫树": MAPLE,
            company("Birch"): company("Birch"), "02": company("Birch"),
        }  # fmt: skip
        assert {hit.node.id for hit in store.search("77")[:2]} == {LARCH, MAPLE}
        assert store.search("lärchenholz")[0].matched_name == "Lärchenholz AG"
        assert len(store.search("ltd", limit=3)) <= 3

    @pytest.mark.parametrize("text", ["", "  ", "nothing like that whatsoever", '"*~^) OR (', "\\", "x" * 5000, "\0"])
    def test_a_search_for_nothing_finds_nothing(self, store: GraphStore, text: str) -> None:
        """No text is too strange to be looked for."""
        assert list(store.search(text)) == []

    def test_an_identifier_finds_the_companies_that_bear_it(self, store: GraphStore) -> None:
        """An id is one of them."""
        assert store.find_identifier("X-TAX", "77") == [LARCH, MAPLE]
        assert store.find_identifier("XI-LEI", LEI.lower()) == [store.resolve(KAURI)]
        assert store.find_identifier("X-KNOWN", "02") == [company("Birch")]
        assert store.find_identifier("X-TAX", "78") == []

    def test_relationships_of_a_day_are_counted_before_they_are_read(self, store: GraphStore) -> None:
        """Counts are by relation and kind."""
        counts = store.relationship_counts(company("Alder"), valid_on=DAY, known_on=DAY)
        assert counts == [
            RelationshipCount(relation="contact", kind="phone", n=1),
            RelationshipCount(relation="interest", kind="shareholding", n=1),
            RelationshipCount(relation="role", kind="auditor", n=1),
            RelationshipCount(relation="role", kind="director", n=3),
        ]
        earlier = store.relationship_counts(company("Alder"), valid_on=date(2020, 1, 1), known_on=DAY)
        assert earlier[-1] == RelationshipCount(relation="role", kind="director", n=4)
        assert store.relationship_counts(company("Alder"), valid_on=DAY, known_on=date(2025, 6, 29)) == []

    def test_relationships_are_in_order_and_bounded(self, store: GraphStore) -> None:
        """By relation, kind and both ends; a limit takes the first, kinds choose."""

        def told(**more: object) -> list[str]:
            ties: Iterable[Relationship] = store.relationships(
                company("Alder"), valid_on=DAY, known_on=DAY, **more  # type: ignore[arg-type]
            )  # fmt: skip
            return [f"{tie.source.name} {tie.kind} {tie.target.name}" for tie in ties]

        every = [
            "Alder Ltd shareholding Cedar Ltd", "Hazel Ltd auditor Alder Ltd", "Ann Archer director Alder Ltd",
            "Ben Brook director Alder Ltd", "Nora Nominee director Alder Ltd", "Alder Ltd phone +44 113 000 0001",
        ]  # fmt: skip
        assert told() == every
        assert told(limit=2) == every[:2]
        assert told(kinds=["director"], limit=2) == every[2:4]
        assert told(kinds=["director' OR 1=1"]) == []

    def test_a_relationship_says_both_ends_period_and_source(self, store: GraphStore) -> None:
        """Shares, periods, sources, and why the ranking does not follow it."""
        ties = store.relationships(LARCH, valid_on=DAY, known_on=DAY)
        told = [(tie.relation, tie.kind, tie.share_min, tie.share_max, tie.period.start_on) for tie in ties]
        assert told == [
            ("interest", "shareholding", None, None, None),
            ("interest", "shareholding", 0.25, 0.5, date(2024, 1, 1)),
            ("link", "branch_of", None, None, None),
        ]
        assert [tie.ignored for tie in ties] == ["nominee", None, None]
        assert [tie.source.id for tie in ties] == [store.resolve(KAURI), store.resolve(KAURI), LARCH]
        assert ties[1].sources == (Source(dataset="known", record="i\t2", observed_on=DAY),)
        (nora,) = store.relationships(company("Fir"), valid_on=DAY, known_on=DAY)
        assert (nora.ignored, nora.confidence, nora.title) == ("hub", 1.0, None)

    def test_paths_are_simple_and_the_shortest_comes_first(self, store: GraphStore) -> None:
        """A path leads through people and contact points, never through a hub or an auditor."""
        query = PathQuery(valid_on=DAY, known_on=DAY)
        short, long = (
            ["Alder Ltd", "+44 113 000 0001", "Elm Ltd"],
            ["Alder Ltd", "Ben Brook", "Ben Brook", "Elm Ltd"],
        )
        assert _names(store.paths(company("Alder"), company("Elm"), query)) == [short, long]
        assert _names(store.paths(company("Elm"), company("Alder"), query)) == [short[::-1], long[::-1]]
        assert _names(store.paths(company("Cedar"), company("Birch"), query)) == [
            ["Cedar Ltd", "Alder Ltd", "Ann Archer", "Birch Ltd"]
        ]
        far = PathQuery(valid_on=DAY, known_on=DAY, max_hops=8)
        assert store.paths(company("Alder"), company("Fir"), far) == []
        assert store.paths(company("Alder"), company("Hazel"), far) == []
        (nora,) = store.paths(company("Fir"), PERSON + "nora", query)
        assert nora[0].relationship.kind == "director"

    @pytest.mark.parametrize(
        ("kinds", "direction", "start", "end", "n"),
        [
            ({"phone"}, "any", company("Alder"), company("Elm"), 1),
            ({"director"}, "any", company("Alder"), company("Elm"), 1),
            ({"phone", "director"}, "any", company("Alder"), company("Elm"), 2),
            ({"voting_rights"}, "any", company("Alder"), company("Elm"), 0),
            (set(), "forward", company("Alder"), company("Cedar"), 1),
            (set(), "backward", company("Alder"), company("Cedar"), 0),
            (set(), "backward", company("Cedar"), company("Alder"), 1),
            (set(), "forward", company("Alder"), company("Elm"), 0),
            (set(), "forward", PERSON + "ben1", company("Elm"), 1),
            (set(), "forward", PERSON + "ben2", company("Alder"), 1),
            ({"director"}, "backward", company("Birch"), PERSON + "ann", 1),
            ({"director"}, "forward", company("Birch"), PERSON + "ann", 0),
        ],
    )
    def test_paths_are_of_some_kinds_and_one_direction(
        self, store: GraphStore, *, kinds: set[str], direction: str, start: EntityId, end: EntityId, n: int
    ) -> None:
        """Two records of one person are joined whatever is asked for, and both ways."""
        query = PathQuery(valid_on=DAY, known_on=DAY, kinds=frozenset(kinds), direction=Direction(direction))
        assert len(store.paths(start, end, query)) == n

    @pytest.mark.parametrize(("hops", "limit", "n"), [(1, 10, 0), (2, 10, 1), (3, 1, 1), (3, 10, 2), (8, 100, 2)])
    def test_paths_are_bounded(self, store: GraphStore, hops: int, limit: int, n: int) -> None:
        """In steps and in number."""
        query = PathQuery(valid_on=DAY, known_on=DAY, max_hops=hops, limit=limit)
        assert len(store.paths(company("Alder"), company("Elm"), query)) == n

    def test_a_path_shows_the_strongest_tie_of_its_day(self, store: GraphStore) -> None:
        """Of several ties between two entities one that the ranking follows is shown."""
        for day, share in ((DAY, 0.25), (date(2023, 1, 1), 0.3)):
            query = PathQuery(valid_on=day, known_on=DAY, max_hops=1)
            ((step,),) = store.paths(LARCH, KAURI, query)
            assert (step.relationship.share_min, step.start.id) == (share, LARCH)
        then = PathQuery(valid_on=date(2020, 1, 1), known_on=DAY)
        assert _names(store.paths(company("Alder"), company("Iroko"), then)) == [
            ["Alder Ltd", "Carl Crane", "Iroko Ltd"]
        ]

    def test_paths_among_several(self, store: GraphStore) -> None:
        """Between each two, the shortest first, at most as many as asked for."""
        ends = [company(name) for name in ("Cedar", "Birch", "Elm")]
        found = store.paths_among(ends, PathQuery(valid_on=DAY, known_on=DAY))
        assert [(path[0].start.name, path[-1].end.name, len(path)) for path in found] == [
            ("Cedar Ltd", "Birch Ltd", 3), ("Cedar Ltd", "Elm Ltd", 3), ("Cedar Ltd", "Elm Ltd", 4),
            ("Birch Ltd", "Elm Ltd", 4),
        ]  # fmt: skip
        first = PathQuery(valid_on=DAY, known_on=DAY, limit=1)
        assert store.paths_among(ends, first) == found[:1]

    def test_a_path_has_two_ends_that_are_there(self, store: GraphStore) -> None:
        """One entity has no path to itself, nor to nobody."""
        query = PathQuery(valid_on=DAY, known_on=DAY)
        with pytest.raises(ValueInvalid, match="two ends"):
            store.paths(KAURI, f"XI-LEI:{LEI}", query)
        with pytest.raises(EntityNotFound):
            store.paths(company("Alder"), "X-KNOWN:99", query)
