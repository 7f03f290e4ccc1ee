from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from graphleads.cli.app import graphleads
from graphleads.errors import FormatChanged, FormatMismatch, MappingInvalid, ValueInvalid
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.neo4j.connection import Neo4jConfig, Neo4jServer, Run
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.identity.link import link
from graphleads.ingest.delivery import IngestRequest, IngestResult, ingest
from graphleads.tables.delivery import open_deliveries
from graphleads.testing.known_graph import CONFIG, WALK
from graphleads.testing.store_contract import LEI, build_contract_snapshot
from tests.backends.loading import load
from tests.backends.queries import PAGE
from tests.docs.test_examples import read_fences

pytestmark = pytest.mark.service

DAY = date(2025, 6, 30)
FIRMS = """
CREATE (a:Firm {no: '1', name: 'Alder Ltd', vat: 12345678, active: true, founded: date('1999-02-01'), color: 'red'})
CREATE (b:Firm {no: '2', name: 'Birch Ltd', vat: 987654321, active: false, tags: ['timber', 'paper']})
CREATE (c:Firm {no: '10', name: 'Cedar Ltd', founded: datetime('2001-03-04T05:06:07Z')})
CREATE (h:Human {code: 'h1', name: 'Hana Hill', passport: 'X1'})
CREATE (h)-[:DIRECTS {since: '2020-01-01'}]->(a) CREATE (h)-[:DIRECTS]->(b)
CREATE (a)-[:OWNS {pct: 25.5}]->(b) CREATE (b)-[:OWNS {pct: 100}]->(c)
"""


@pytest.fixture
def firms(neo4j_server: Neo4jServer, tmp_path: Path) -> Iterator[Path]:
    """The mapping of the page, over a graph that it fits."""
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    neo4j_server.write(lambda run: run(FIRMS))
    mapping = tmp_path / "firms.yaml"
    shown = (fence.text for fence in read_fences(PAGE) if fence.language == "yaml" and "files:" in fence.text)
    mapping.write_text(next(shown), encoding="utf-8")
    yield mapping
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))


def read(server: Neo4jServer, file: Path, staged: Path, **request: Any) -> IngestResult:
    asked = IngestRequest(**{"observed_on": DAY, **request}, open_server=lambda: server)
    return ingest("neo4j", [file], staged=staged, request=asked)


def rows(staged: Path, table: str, *columns: str) -> list[tuple[Any, ...]]:
    (delivery,) = open_deliveries(staged)
    return [tuple(row.values()) for row in delivery.read(table, list(columns)).to_pylist()]


def test_a_foreign_graph_is_a_source_like_any_other(firms: Path, neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    manifest = read(neo4j_server, firms, staged).manifest
    assert (manifest.dataset, manifest.mapping, manifest.n_rows_read) == ("firms", "firms", 8)
    assert rows(staged, "companies", "id", "name", "status", "incorporated_on") == [
        ("X-FIRM:1", "Alder Ltd", "active", date(1999, 2, 1)),
        ("X-FIRM:10", "Cedar Ltd", None, date(2001, 3, 4)),
        ("X-FIRM:2", "Birch Ltd", "inactive", None),
    ]
    assert rows(staged, "identifiers", "id", "value") == [("X-FIRM:1", "012345678"), ("X-FIRM:2", "987654321")]
    assert rows(staged, "classifications", "id", "code") == [("X-FIRM:2", "timber"), ("X-FIRM:2", "paper")]
    assert rows(staged, "persons", "id", "name") == [("X-HUMAN:h1", "Hana Hill")]
    assert rows(staged, "roles", "holder", "company", "start_on") == [
        ("X-HUMAN:h1", "X-FIRM:1", date(2020, 1, 1)), ("X-HUMAN:h1", "X-FIRM:2", None),
    ]  # fmt: skip
    assert rows(staged, "interests", "holder", "subject", "share_min") == [
        ("X-FIRM:1", "X-FIRM:2", 0.255), ("X-FIRM:2", "X-FIRM:10", 1.0),
    ]  # fmt: skip
    assert manifest.issues == {}
    assert manifest.unknown_fields == ()
    assert manifest.ignored_fields == {"(:Firm).color": "how the old explorer drew it"}
    assert manifest.dropped_personal_fields == {"(:Human).passport": 1}


def test_the_same_graph_is_the_same_delivery(firms: Path, neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    first = read(neo4j_server, firms, tmp_path / "staged")
    # The nodes get other ids of the server's.
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    neo4j_server.write(lambda run: run("UNWIND range(1, 5) AS n CREATE (:Nothing)"))
    neo4j_server.write(lambda run: run(FIRMS))
    neo4j_server.write(lambda run: run("MATCH (n:Nothing) DELETE n"))
    again = read(neo4j_server, firms, tmp_path / "other")
    assert again.manifest.id == first.manifest.id
    assert read(neo4j_server, firms, tmp_path / "other").already_there
    neo4j_server.write(lambda run: run("MATCH (n:Firm {no: '1'}) SET n.name = 'Alder AG'"))
    assert not read(neo4j_server, firms, tmp_path / "other", observed_on=date(2025, 7, 1)).already_there


@pytest.mark.parametrize(
    ("value", "kind"),
    [("['a', 'b']", "list"), ("point({x: 1, y: 2})", "point"), ("42", "number"), ("true", "truth value"),
     ("duration('P1D')", "duration"), ("date('2020-01-01')", "date")],
)  # fmt: skip
def test_a_property_of_another_type_costs_itself_only(
    firms: Path, neo4j_server: Neo4jServer, tmp_path: Path, value: str, kind: str
) -> None:
    neo4j_server.write(lambda run: run(f"MATCH (n:Firm {{no: '2'}}) SET n.name = {value}"))
    result = read(neo4j_server, firms, tmp_path / "staged")
    assert result.manifest.issues == {"property_type": 1}
    (issue,) = pq.read_table(result.issues_path).to_pylist()
    assert (issue["file"], issue["row"], issue["column"]) == ("(:Firm)", 3, "name")
    assert issue["message"] == f"The property is a {kind}, and a text is read here: it is left out."
    assert issue["sample"].startswith("2: ")
    assert rows(tmp_path / "staged", "companies", "id", "name")[2] == ("X-FIRM:2", None)
    assert result.manifest.n_rows_staged["companies"] == 3


def test_what_the_mapping_does_not_name_is_listed(firms: Path, neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    more = "MATCH (a:Firm {no: '1'}) SET a.rating = 3 CREATE (a)-[:LIKES]->(:Cat {name: 'Tom'})"
    neo4j_server.write(lambda run: run(more))
    manifest = read(neo4j_server, firms, tmp_path / "staged").manifest
    assert {"(:Firm).rating", "(:Cat)", "()-[:LIKES]->()"} <= set(manifest.unknown_fields)


def test_what_is_not_there_is_said(firms: Path, neo4j_server: Neo4jServer, tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    with pytest.raises(ValueInvalid, match="--observed-on"):
        read(neo4j_server, firms, staged, observed_on=None)
    with pytest.raises(ValueInvalid, match="leave --mapping out"):
        read(neo4j_server, firms, staged, mapping="plain")
    with pytest.raises(MappingInvalid, match="no pattern of a graph"):
        read(neo4j_server, Path("plain"), staged)
    neo4j_server.write(lambda run: run("MATCH ()-[r:OWNS]->() REMOVE r.pct"))
    with pytest.raises(FormatChanged, match=r"No \(:Firm\)-\[:OWNS\]->\(:Firm\) has the property 'pct'"):
        read(neo4j_server, firms, staged)
    neo4j_server.write(lambda run: run("MATCH (n:Human) DETACH DELETE n"))
    with pytest.raises(FormatMismatch, match=r"needs \(:Human\), and the database has none"):
        read(neo4j_server, firms, staged)
    neo4j_server.write(lambda run: run("MATCH (n) DETACH DELETE n"))
    with pytest.raises(FormatMismatch, match="has nothing of"):
        read(neo4j_server, firms, staged)
    assert open_deliveries(staged) == []


def test_it_is_one_command(
    firms: Path, neo4j_config: Neo4jConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHLEADS_NEO4J__URI", neo4j_config.uri)
    monkeypatch.setenv("GRAPHLEADS_NEO4J__PASSWORD_FILE", str(neo4j_config.password_file))
    words = ["--home", str(tmp_path / "home"), "ingest", "neo4j", str(firms), "--observed-on", "2025-06-30"]
    told = CliRunner().invoke(graphleads, words)
    assert told.exit_code == 0, told.output
    assert "firms, full of 2025-06-30: 8 records read." in told.stdout
    again = CliRunner().invoke(graphleads, words)
    assert "Nothing changed" in again.stdout
    monkeypatch.setenv("GRAPHLEADS_NEO4J__PASSWORD", "wrong")
    refused = CliRunner().invoke(graphleads, words)
    assert refused.exit_code != 0
    assert "does not let the user neo4j in" in refused.output
    assert "wrong" not in refused.output


TABLES = (
    "companies", "persons", "contact_points", "names", "identifiers", "records", "statuses", "classifications",
    "declarations", "edges", "statements",
)  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4jServer) -> Snapshot:
    snapshot = build_contract_snapshot(Path(tmp_path_factory.mktemp("original")))
    load(neo4j_server, snapshot)
    return snapshot


def rebuild(home: Path) -> Snapshot:
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG, walk=WALK)
    return open_snapshot(home / "snapshots")


def table(snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (snapshot.edges if name == "edges" else snapshot.table(name)).to_pylist()
    if name == "records":
        # A database has a company's id, not that of each record: what comes back ranks as the company's register does.
        for row in rows:
            del row["rank"]
    return rows


def test_every_fact_and_when_it_was_known_comes_back(
    original: Snapshot, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    for dataset, day in (("kauri", "2023-01-01"), ("kauri", "2024-01-01"), ("known", "2025-06-30")):
        request = {"dataset": dataset, "observed_on": date.fromisoformat(day)}
        manifest = read(neo4j_server, Path("graphleads"), tmp_path / "staged", **request).manifest
        assert (manifest.issues, manifest.unknown_fields) == ({}, ())
    again = rebuild(tmp_path)
    for name in TABLES:
        assert table(again, name) == table(original, name), name
    for name in ("blocked", "n_companies", "family", "edge_weight", "status"):
        assert again.node_array(name).tolist() == original.node_array(name).tolist()


def test_read_once_the_graph_is_what_is_known_now(
    original: Snapshot, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    read(neo4j_server, Path("graphleads"), tmp_path / "staged")
    again = rebuild(tmp_path)
    # These have nothing of a dataset with two deliveries.
    for name in ("persons", "contact_points", "identifiers", "classifications", "declarations", "edges", "statements"):
        assert table(again, name) == table(original, name), name
    kauri = f"XI-LEI:{LEI}"
    for name, columns in (
        ("names", ("name", "kind", "language", "dataset", "record", "valid_to")),
        ("statuses", ("dataset", "record", "status", "valid_from", "valid_to", "known_from", "known_until")),
    ):
        told, before = ({tuple(row[one] for one in columns) for row in _now(s, name)} for s in (again, original))
        assert told == before, name
    assert again.node_of(kauri) is not None


def _now(snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    return [row for row in table(snapshot, name) if row.get("known_until", date.max).year == 9999]


def test_what_ended_or_was_changed_by_hand_is_left_out(
    original: Snapshot, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    load(neo4j_server, original)
    for change in (
        "MATCH ()-[r:REACHED_AT]->() SET r.ended_in = 'later'",
        "MATCH (n:Person {id: 'X-KNOWN-PERSON:carl'}) SET n.birth_year = 'long ago'",
        "MATCH (n:Company {id: 'X-KNOWN:05'}) SET n.statements = 'no JSON'",
    ):
        neo4j_server.write(partial(_run, change))
    result = read(neo4j_server, Path("graphleads"), tmp_path / "staged")
    load(neo4j_server, original)
    assert result.manifest.issues == {"property_type": 1, "not_own_model": 1}
    samples = {issue["sample"] for issue in pq.read_table(result.issues_path).to_pylist()}
    assert samples == {"X-KNOWN-PERSON:carl: long ago", "X-KNOWN:05: its statements are no JSON"}
    assert "contact_points" not in result.manifest.n_rows_staged
    assert result.manifest.n_rows_staged["persons"] == 6
    shutil.rmtree(tmp_path / "staged")


def _run(statement: str, run: Run) -> list[dict[str, Any]]:
    return run(statement)
