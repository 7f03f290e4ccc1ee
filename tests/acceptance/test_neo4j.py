"""The queries of the page on Neo4j, on real registers: what the embedded store can answer, Neo4j answers the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import graphleads as gl
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.edges import RELATIONS
from graphleads.graph.neo4j.connection import Neo4jServer
from graphleads.graph.neo4j.load import load
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, ingest
from graphleads.model import Silence
from tests.backends.conftest import neo4j_config, neo4j_password, neo4j_server  # noqa: F401 - fixtures
from tests.backends.embedded_answers import Answers, in_order
from tests.backends.queries import Ask, asker

if TYPE_CHECKING:
    from tests.acceptance.conftest import Cvm

pytestmark = [pytest.mark.acceptance, pytest.mark.service]

N_PAIRS = 30
N_COMPANIES = 12
"""Those with the most ties and as many from the middle: no test names a real company."""


@pytest.fixture(scope="module", params=["br_cvm", "cn_executives"])
def snapshot(
    request: pytest.FixtureRequest,
    test_data: Path,
    cvm: Cvm,
    tmp_path_factory: pytest.TempPathFactory,
    neo4j_server: Neo4jServer,  # noqa: F811 - a fixture
) -> Iterator[Snapshot]:
    home = tmp_path_factory.mktemp("home")
    with gl.open_workspace(home) as ws:
        if request.param == "br_cvm":
            for day in ("2023-05-09", "2023-09-12"):
                ws.ingest("cvm", cvm.files[day], observed_on=day)
        else:
            files = sorted((test_data / "data" / "cn_executives").glob("*.csv"))
            ws.ingest("table", files, mapping="cn_executives", observed_on="2018-01-01")
        ws.run()
    found = open_snapshot(home / "snapshots")
    empty(neo4j_server)
    load(neo4j_server, found, beside=False, progress=Silence(), now=lambda: datetime(2025, 1, 1, tzinfo=UTC))
    yield found
    empty(neo4j_server)


def empty(server: Neo4jServer) -> None:
    while server.write(lambda run: run("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(n) AS n"))[0]["n"]:
        pass


@pytest.fixture
def ask(neo4j_server: Neo4jServer) -> Ask:  # noqa: F811 - a fixture
    return asker(neo4j_server)


@pytest.fixture
def answers(snapshot: Snapshot) -> Answers:
    return Answers(snapshot)


@pytest.fixture
def chosen(snapshot: Snapshot) -> list[str]:
    degree = np.diff(snapshot.adjacency.indptr)[: snapshot.n_companies]
    order = np.argsort(-degree, kind="stable")
    tied = order[degree[order] > 0]
    half = N_COMPANIES // 2
    return [snapshot.id_of(int(node)) for node in (*tied[:half], *tied[len(tied) // 2 :][:half])]


def pairs(snapshot: Snapshot, chosen: list[str]) -> list[tuple[str, str]]:
    """Companies, the chosen ones first, each with the nearest one that a walk comes to."""
    walk, found = snapshot.walk, []
    tied = np.flatnonzero(walk.degree[: snapshot.n_companies] > 0)
    first = [node for one in chosen if (node := snapshot.node_of(one)) is not None]
    for node in [*first, *map(int, tied[:: max(1, len(tied) // 200)])]:
        seen, ring = {node}, [node]
        for _ in range(4):
            ring = [int(end) for at in ring for end in walk.neighbor[walk.indptr[at] : walk.indptr[at + 1]]]
            ring = [end for end in dict.fromkeys(ring) if end not in seen][:200]
            seen.update(ring)
            if others := [end for end in ring if end < snapshot.n_companies]:
                found.append((snapshot.id_of(node), snapshot.id_of(others[0])))
                break
    return found[:N_PAIRS]


def has_contacts(answers: Answers) -> bool:
    """One register ties companies by addresses and the other by people."""
    return answers.snapshot.n_contact_points > 0


def test_what_two_companies_share(ask: Ask, answers: Answers, chosen: list[str]) -> None:
    day = answers.snapshot.observed_on
    n_shared = 0
    for a, b in pairs(answers.snapshot, chosen):
        directors = [row["id"] for row in ask("Shared directors of two companies", a=a, b=b, day=day)]
        assert directors == answers.shared_directors(a, b, day)
        points = [row["id"] for row in ask("Contact points that two companies share", a=a, b=b, day=day)]
        assert points == answers.shared_points(a, b, day)
        n_shared += len(directors) + len(points)
    assert n_shared > 0 or not has_contacts(answers)


def test_ways_through_people(ask: Ask, answers: Answers, chosen: list[str]) -> None:
    day = answers.snapshot.observed_on
    told = [(a, b, ways) for a, b in pairs(answers.snapshot, chosen) if 0 < len(ways := answers.ways(a, b, day)) <= 20]
    for a, b, ways in told:
        assert [row["ids"] for row in ask("The way to a prospect through people", a=a, b=b, day=day)] == ways
    assert told or has_contacts(answers)


@pytest.mark.parametrize("valid_on", [None, date(2015, 6, 30)])
def test_neighbours_and_counts(ask: Ask, answers: Answers, chosen: list[str], valid_on: date | None) -> None:
    known_on = answers.snapshot.observed_on
    day = valid_on or known_on
    for one in chosen:
        wanted = in_order(answers.as_of(one, day, known_on))
        if len(wanted) <= 200:
            rows = ask("As of a day", a=one, valid_on=day, known_on=known_on)
            assert in_order(row.values() for row in rows) == wanted
        counted = ask("Counts by kind, before expanding", a=one, day=known_on)
        assert {(row["type"], row["kind"]): row["n"] for row in counted} == answers.counts(one, known_on)


def test_hubs_and_names(ask: Ask, answers: Answers) -> None:
    hubs = ask("Hubs")
    assert [(row["id"], row["n_companies"]) for row in hubs] == answers.hubs()[:20]
    for row in ask("Names that changed"):
        assert {row["name"], *row["others"]} == answers.names(row["id"])


def test_people_who_are_probably_one(ask: Ask, answers: Answers) -> None:
    for row in ask("People who are probably one")[:10]:
        day = answers.snapshot.observed_on
        ties = answers.store.relationships(row["id"], valid_on=day, known_on=day, kinds=["same_person"], limit=1000)
        confidences = [tie.confidence for tie in ties if tie.target.id == row["other"]]
        assert any(one == pytest.approx(row["confidence"]) for one in confidences)


TABLES = (
    "companies", "persons", "contact_points", "names", "identifiers", "records", "statuses", "classifications",
    "declarations",
)  # fmt: skip


def test_the_register_comes_back(snapshot: Snapshot, neo4j_server: Neo4jServer, tmp_path: Path) -> None:  # noqa: F811
    for source in snapshot.manifest["sources"]:
        request = IngestRequest(
            dataset=source["dataset"],
            observed_on=date.fromisoformat(source["observed_on"]),
            open_server=lambda: neo4j_server,
        )
        manifest = ingest("neo4j", [Path("graphleads")], staged=tmp_path / "staged", request=request).manifest
        assert manifest.issues == {}
    pairs = link(tmp_path / "staged", tmp_path / "linked").path
    source = BuildInput(staged=tmp_path / "staged", same_as=pairs, snapshots=tmp_path / "snapshots")
    build_snapshot(source, BuildConfig())
    again = open_snapshot(tmp_path / "snapshots")
    different = [name for name in TABLES if not said(again, name).equals(said(snapshot, name))]
    assert different == []
    inferred = of_one_day(snapshot)
    assert {key: tie for key, tie in ties(again).items() if key[:2] not in inferred} == {
        key: tie for key, tie in ties(snapshot).items() if key[:2] not in inferred
    }
    assert people(again) == people(snapshot)


def said(snapshot: Snapshot, name: str) -> pa.Table:
    """What a table says, without how many records say so: what comes back is the first of them."""
    table = snapshot.table(name)
    return table.drop_columns(["n_sources"]) if "n_sources" in table.column_names else table


def ties(snapshot: Snapshot) -> dict[tuple[Any, ...], tuple[set[tuple[date, date]], set[tuple[str, str]]]]:
    """What each tie says, when it was known, and where it stands.

    A source may say the same anew in other words that no edge has, the spelling of an address: that is one tie here.
    """
    known: dict[tuple[Any, ...], list[tuple[date, date, int]]] = defaultdict(list)
    for at, row in enumerate(snapshot.edges.to_pylist()):
        if row["relation"] == SAME_PERSON:
            continue
        key = tuple(value for name, value in row.items() if name not in APART)
        known[key].append((row["known_from"], row["known_until"], at))
    stands = defaultdict(set)
    for row in snapshot.table("statements").to_pylist():
        stands[row["edge"]].add((row["dataset"], row["record"]))
    return {key: (joined(periods), set().union(*(stands[at] for *_, at in periods))) for key, periods in known.items()}


def of_one_day(snapshot: Snapshot) -> set[tuple[int, int]]:
    """The ends of ties that are sure of their last day alone: that nobody said when they began does not come back."""
    rows = snapshot.edges.to_pylist()
    return {(row["source"], row["target"]) for row in rows if row["valid_to"] - row["valid_from"] == timedelta(days=1)}


def people(snapshot: Snapshot) -> set[frozenset[int]]:
    """Who is probably one person, of those who are still in the register: what does not come back is since when."""
    there = {row["node"] for row in snapshot.table("names").to_pylist() if row["valid_to"] == date.max}
    same = [row for row in snapshot.edges.to_pylist() if row["relation"] == SAME_PERSON]
    same = [row for row in same if {row["source"], row["target"]} <= there]
    group = {node: frozenset({node}) for row in same for node in (row["source"], row["target"])}
    for row in same:
        whole = group[row["source"]] | group[row["target"]]
        group.update(dict.fromkeys(whole, whole))
    return set(group.values())


def joined(periods: list[tuple[date, date, int]]) -> set[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end, _ in sorted(periods):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return set(found)


APART = ("known_from", "known_until", "last_seen_on", "n_statements", "fact")
SAME_PERSON = RELATIONS.index("same_person")
