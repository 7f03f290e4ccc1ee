from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from graphleads.errors import Conflict, Neo4jForeign, Neo4jOutOfStep, Neo4jUnavailable, VersionUnsupported
from graphleads.graph.neo4j import steps
from graphleads.graph.neo4j.check import CheckReport, check
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.leads import PushedLead, push_leads, remove_leads
from graphleads.graph.neo4j.load import Written, load
from graphleads.graph.neo4j.marker import Writing, begin
from graphleads.graph.neo4j.status import read_status
from graphleads.graph.neo4j.store import Neo4jStore
from graphleads.graph.neo4j.sync import sync
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Silence
from graphleads.testing.known_graph import company
from tests.backends.registers import LONG_NAME, Shelf, build_shelf

pytestmark = pytest.mark.service

NOW = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return build_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def server(neo4j_server: Neo4jServer) -> Neo4jServer:
    """The server for tests, empty."""
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    return neo4j_server


def _load(server: Neo4jServer, snapshot: Snapshot, *, beside: bool = False) -> Written:
    return load(server, snapshot, beside=beside, progress=Silence(), now=lambda: NOW)


def _sync(server: Neo4jServer, shelf: Shelf, *, compare: bool = False, kept: bool = True) -> Written:
    find = shelf.find if kept else lambda _: None
    return sync(server, shelf.after, find=find, compare_all=compare, progress=Silence(), now=lambda: NOW)


def _check(server: Neo4jServer, snapshot: Snapshot) -> CheckReport:
    return check(server, snapshot, sample=1000, every_row=True, progress=Silence())


def _holds(server: Neo4jServer, snapshot: Snapshot) -> bool:
    report = _check(server, snapshot)
    assert report.n_read == report.n_hashed == snapshot.n_nodes + snapshot.edges.num_rows
    assert report.examples == ()
    assert read_status(server, current=snapshot.id).drift == ()
    return report.is_equal


def _ask(server: Neo4jServer, statement: str) -> list[dict[str, Any]]:
    return server.read(lambda run: run(statement))


def test_a_load_writes_every_row_once(server: Neo4jServer, shelf: Shelf) -> None:
    written = _load(server, shelf.before)
    assert (written.n_nodes, written.n_relationships, written.unchanged) == (17, 19, False)
    assert _holds(server, shelf.before)
    assert _load(server, shelf.before).unchanged
    assert _ask(server, "MATCH (n) RETURN count(n) AS n") == [{"n": 18}]


def test_a_load_says_what_is_loaded(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    found = read_status(server, current=shelf.after.id)
    assert (found.snapshot, found.state, found.loaded_at) == (shelf.before.id, "ready", NOW)
    assert dict(found.nodes) == {"Company": 10, "Person": 6, "ContactPoint": 1}
    assert dict(found.relationships) == {
        "HOLDS": 1, "HAS_ROLE": 15, "LINKED_TO": 0, "REACHED_AT": 2, "SAME_PERSON": 1,
    }  # fmt: skip
    (sentence,) = found.drift
    assert sentence == (
        f"It holds {shelf.before.id} and the ranking uses {shelf.after.id}: run `graphleads neo4j sync`."
    )


def test_a_sync_writes_what_changed_and_ends_what_vanished(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    written = _sync(server, shelf)
    # Birch and Kapok; Ann's role in Kapok, and that in Birch, which ended, as what was known until then.
    assert (written.n_nodes, written.n_relationships, written.n_ended) == (2, 2, 1)
    assert _holds(server, shelf.after)
    assert _ask(
        server, "MATCH (a)-[r]->(b) WHERE r.ended_in IS NOT NULL RETURN a.id AS a, b.id AS b, r.ended_in AS ended"
    ) == [{"a": "X-KNOWN-PERSON:ann", "b": company("Birch"), "ended": shelf.after.id}]
    assert _sync(server, shelf).unchanged


@pytest.mark.parametrize("kept", [True, False])
def test_a_sync_there_and_back_makes_live_again_what_had_ended(server: Neo4jServer, shelf: Shelf, kept: bool) -> None:
    _load(server, shelf.before)
    _sync(server, shelf, kept=kept)
    back = Shelf(shelf.snapshots, shelf.after, shelf.before)
    written = _sync(server, back, kept=kept)
    assert (written.n_nodes, written.n_relationships, written.n_ended) == (1, 1, 3)
    assert _holds(server, shelf.before)
    _sync(server, shelf, kept=kept)
    assert _holds(server, shelf.after)


def test_the_store_answers_from_what_was_synced(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    _sync(server, shelf)
    store = Neo4jStore(server, shelf.after)
    embedded = EmbeddedStore(shelf.after)
    days: dict[str, Any] = {"valid_on": date(2025, 8, 1), "known_on": date(2025, 8, 1)}
    for one in ("Alder", "Birch", "Cedar"):
        assert store.company(company(one)) == embedded.company(company(one))
        assert store.relationships(company(one), **days) == embedded.relationships(company(one), **days)
    assert store.company("X-KNOWN:11").name == LONG_NAME


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, bool], None]:
    """Lets a load or sync lose the server at a batch, before that is written or when it just was."""
    monkeypatch.setattr(steps, "BATCH", 4)
    monkeypatch.setattr(steps, "LANES", 1)
    whole = Writing.batch

    def at(number: int, written: bool) -> None:
        calls = iter(range(1000))

        def batch(self: Writing, *words: Any, **options: Any) -> Any:
            breaks = next(calls) == number
            if not breaks or written:
                whole(self, *words, **options)
            if breaks:
                raise Neo4jUnavailable("gone")

        monkeypatch.setattr(Writing, "batch", batch)

    return at


def _retry(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    with pytest.raises(Neo4jUnavailable):
        work()
    monkeypatch.undo()
    monkeypatch.setattr(steps, "BATCH", 4)
    work()


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("number", [0, 2, 5, 6, 9])
def test_a_load_goes_on_where_it_was_broken_off(
    server: Neo4jServer,
    shelf: Shelf,
    breaking: Callable[[int, bool], None],
    monkeypatch: pytest.MonkeyPatch,
    *,
    number: int,
    written: bool,
) -> None:
    breaking(number, written)
    _retry(monkeypatch, lambda: _load(server, shelf.before))
    assert _holds(server, shelf.before)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_sync_goes_on_where_it_was_broken_off(
    server: Neo4jServer,
    shelf: Shelf,
    breaking: Callable[[int, bool], None],
    monkeypatch: pytest.MonkeyPatch,
    *,
    number: int,
    written: bool,
) -> None:
    _load(server, shelf.before)
    breaking(number, written)
    with pytest.raises(Neo4jUnavailable):
        _sync(server, shelf)
    store = Neo4jStore(server, shelf.after)
    with pytest.raises(Neo4jOutOfStep, match="is syncing"):
        store.company(company("Alder"))
    monkeypatch.undo()
    _sync(server, shelf)
    assert _holds(server, shelf.after)


def test_a_load_of_another_snapshot_that_was_broken_off_is_mended_by_a_sync(
    server: Neo4jServer, shelf: Shelf, breaking: Callable[[int, bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(6, True)
    with pytest.raises(Neo4jUnavailable):
        _load(server, shelf.before)
    monkeypatch.undo()
    with pytest.raises(Conflict, match="graphleads neo4j sync"):
        _load(server, shelf.after)
    _sync(server, shelf)
    assert _holds(server, shelf.after)


def test_who_began_later_takes_the_place(server: Neo4jServer, shelf: Shelf) -> None:
    earlier = begin(server, {"state": "loading", "target": shelf.before.id})
    begin(server, {"state": "loading", "target": shelf.before.id})
    with pytest.raises(Conflict, match=r"Another load or sync .* has begun since"):
        earlier.batch(0, lambda run: run("CREATE (:Entity:Company {id: 'X-T:1'})"), timeout=30)
    assert _ask(server, "MATCH (n:Company) RETURN n") == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("MATCH (n:Company {id: 'X-KNOWN:02'}) SET n.name = 'Beech'", "X-KNOWN:02 has another name"),
        ("MATCH (n:Company {id: 'X-KNOWN:02'}) DETACH DELETE n", "company X-KNOWN:02 is missing"),
        ("MATCH (:Person)-[r:HAS_ROLE]->(:Company {id: 'X-KNOWN:10'}) DELETE r", "role .* is missing"),
        ("CREATE (:Entity:Company {id: 'X-KNOWN:99', row: 1})", "company X-KNOWN:99 is live"),
    ],
)
def test_a_check_finds_what_was_altered(server: Neo4jServer, shelf: Shelf, damage: str, sentence: str) -> None:
    _load(server, shelf.after)
    server.write(lambda run: run(damage))
    report = _check(server, shelf.after)
    assert not report.is_equal
    assert any(re.search(sentence, one) for one in report.examples)


def test_a_sync_that_compares_all_mends_what_is_missing(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.after)
    server.write(lambda run: run("MATCH (n:Company {id: 'X-KNOWN:02'}) DETACH DELETE n"))
    server.write(lambda run: run("CREATE (:Entity:Company {id: 'X-KNOWN:99', row: 1})"))
    assert read_status(server, current=shelf.after.id).drift != ()
    assert not _sync(server, shelf, compare=True).unchanged
    assert _holds(server, shelf.after)


def test_somebody_elses_data_is_refused_unless_named(server: Neo4jServer, shelf: Shelf) -> None:
    server.write(lambda run: run("CREATE (:Recipe {id: 'soup'})-[:NEEDS]->(:Thing {id: 'pot'})"))
    with pytest.raises(Neo4jForeign, match="holds somebody else's data and nothing was changed"):
        _load(server, shelf.before)
    assert _ask(server, "MATCH (n) RETURN count(n) AS n") == [{"n": 2}]
    assert _load(server, shelf.before, beside=True).n_nodes == 17
    _sync(server, shelf)
    assert _holds(server, shelf.after)
    assert _ask(server, "MATCH (r:Recipe)-[:NEEDS]->(t) RETURN properties(r) AS r, properties(t) AS t") == [
        {"r": {"id": "soup"}, "t": {"id": "pot"}}
    ]


def test_somebody_elses_companies_are_refused_in_any_case(server: Neo4jServer, shelf: Shelf) -> None:
    server.write(lambda run: run("CREATE (:Company {id: 'theirs'})"))
    with pytest.raises(Neo4jForeign, match=r"\(:Company\) nodes that are not graphleads'"):
        _load(server, shelf.before, beside=True)
    assert _ask(server, "MATCH (n) RETURN properties(n) AS n") == [{"n": {"id": "theirs"}}]


def test_another_model_is_refused(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    server.write(lambda run: run("MATCH (s:Snapshot) SET s.format = 99"))
    with pytest.raises(VersionUnsupported, match="was loaded with model 99, this is 3: load into an empty database"):
        _sync(server, shelf)


def test_what_holds_nothing_says_so(server: Neo4jServer, shelf: Shelf) -> None:
    assert read_status(server, current=shelf.after.id).drift == ("It holds no snapshot: run `graphleads neo4j load`.",)
    with pytest.raises(Neo4jOutOfStep, match="holds no snapshot: run `graphleads neo4j load`"):
        _sync(server, shelf)
    with pytest.raises(Neo4jOutOfStep, match="holds nothing, not"):
        _check(server, shelf.after)


def _lead(name: str, rank: int) -> PushedLead:
    return PushedLead(company=company(name), rank=rank, score=1 / rank, reasons=(f"Ann knows {name}.",))


def test_leads_take_the_place_of_those_of_the_team(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    server.write(lambda run: run("CREATE (:Lead {id: 'theirs'})"))
    said: dict[str, Any] = {"snapshot_id": shelf.before.id, "pushed_at": NOW}
    assert push_leads(server, [_lead("Iroko", 1)], team="south", run_id="R-0", **said) == 1
    first = [_lead("Birch", 1), _lead("Elm", 2)]
    assert push_leads(server, first, team="main", run_id="R-1", **said) == 2
    assert push_leads(server, first[1:], team="main", run_id="R-2", **said) == 1
    (lead,) = _ask(
        server, "MATCH (l:Lead {team: 'main'})-[:ABOUT]->(c:Company) RETURN c.name AS name, properties(l) AS says"
    )
    says = lead["says"]
    assert (lead["name"], says["rank"], says["score"], says["run"]) == ("Elm Ltd", 2, 0.5, "R-2")
    assert says["reasons"] == ["Ann knows Elm."]
    assert remove_leads(server, team="main") == 1
    assert [row["id"] for row in _ask(server, "MATCH (l:Lead) RETURN coalesce(l.id, l.run) AS id ORDER BY id")] == [
        "R-0", "theirs",
    ]  # fmt: skip


def test_leads_that_rest_on_another_snapshot_are_refused(server: Neo4jServer, shelf: Shelf) -> None:
    _load(server, shelf.before)
    with pytest.raises(Neo4jOutOfStep, match=f"does not hold snapshot {shelf.after.id}, which the leads rest on"):
        push_leads(server, [], team="main", run_id="R-1", snapshot_id=shelf.after.id, pushed_at=NOW)
