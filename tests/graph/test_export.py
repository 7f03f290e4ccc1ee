from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import networkx as nx
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from graphleads.errors import EntityNotFound, FileUnreadable, ValueInvalid
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.export import Extent, guard_formulas, read_extent, to_networkx, write_graph
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.identity.link import link
from graphleads.model import View
from graphleads.testing.known_graph import CONFIG, company
from graphleads.testing.staging import stage_delivery
from graphleads.view.text import cell_for_spreadsheets

TODAY = date(2025, 6, 30)


@pytest.fixture
def store(known_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(known_snapshot)


def test_the_whole_graph_as_parquet(store: EmbeddedStore, tmp_path: Path) -> None:
    nodes, edges = (pq.read_table(path) for path in write_graph(store, tmp_path, form="parquet", extent=Extent()))
    assert nodes.num_rows == 17
    assert edges.num_rows == 19
    assert nodes.to_pylist()[3] == {
        "id": company("Dogwood"),
        "kind": "company",
        "name": "Dogwood Ltd",
        "jurisdiction": "GB",
        "locality": "Leeds",
        "status": "in_liquidation",
    }
    by_kind = [nodes["kind"].to_pylist().count(kind) for kind in ("company", "person", "contact_point")]
    assert (by_kind, nodes["status"].null_count) == ([10, 6, 1], 7)
    (holding,) = [row for row in edges.to_pylist() if row["kind"] == "shareholding"]
    assert holding["sources"] == "known cedar-1"
    assert (holding["source"], holding["target"]) == (company("Alder"), company("Cedar"))
    assert (holding["share_min"], holding["share_max"], holding["start_on"]) == (0.6, 0.75, None)


def test_a_neighbourhood_as_csv(store: EmbeddedStore, tmp_path: Path) -> None:
    written = write_graph(store, tmp_path / "out", form="csv", extent=Extent(around=company("Elm"), hops=1))
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbf")
    table = pyarrow.csv.read_csv(written[0])
    assert table["id"].to_pylist() == [company("Elm"), "X-KNOWN-PERSON:ben2", "X-PHONE:441130000001"]
    assert table["kind"].to_pylist() == ["company", "person", "contact_point"]
    assert table["name"].to_pylist()[-1] == "'+44 113 000 0001"
    (nodes, _) = write_graph(store, tmp_path / "out", form="csv", extent=Extent(around=company("Elm")), bom=False)
    assert nodes.read_bytes().startswith(b'"id"')


def test_a_neighbourhood_as_graphml(store: EmbeddedStore, tmp_path: Path) -> None:
    extent = Extent(around=company("Elm"), hops=2)
    (path,) = write_graph(store, tmp_path / "elm.graphml", form="graphml", extent=extent)
    graph = nx.read_graphml(path)
    assert graph.nodes[company("Alder")]["name"] == graph.nodes[company("Alder")]["label"] == "Alder Ltd"
    nodes, edges = read_extent(store, extent)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(nodes), len(edges))


def test_every_edge_of_graphml_has_an_id_of_its_own_and_says_what_it_is(store: EmbeddedStore, tmp_path: Path) -> None:
    (path,) = write_graph(store, tmp_path / "a.graphml", form="graphml", extent=Extent(around=company("Alder"), hops=3))
    ids = re.findall(r'<edge [^>]*id="([^"]+)"', path.read_text(encoding="utf-8"))
    assert len(set(ids)) == len(ids) == 16
    said = [data for *_, data in nx.read_graphml(path).edges(data=True)]
    assert {(one["label"], one["sources"]) for one in said if one["kind"] == "shareholding"} == {
        ("shareholding", "known cedar-1")
    }


def test_a_name_in_graphml_loses_only_what_xml_forbids(tmp_path: Path) -> None:
    name = "A\u3000B\u200cC\u00adD\x01\ufffeE\U0001f600"
    companies = [{"record": "1", "id": "X-T:1", "name": name}]
    stage_delivery(tmp_path / "staged", {"companies": companies}, observed_on="2025-06-30", dataset="t")
    pairs = link(tmp_path / "staged", tmp_path / "linked").path
    build_snapshot(BuildInput(staged=tmp_path / "staged", same_as=pairs, snapshots=tmp_path / "snapshots"), CONFIG)
    store = EmbeddedStore(open_snapshot(tmp_path / "snapshots"))
    (path,) = write_graph(store, tmp_path / "one.graphml", form="graphml", extent=Extent(around="X-T:1"))
    assert nx.read_graphml(path).nodes["X-T:1"]["name"] == "A\u3000B\u200cC\u00adDE\U0001f600"


def test_an_export_of_a_day_has_the_ties_of_that_day_and_of_some_kinds(store: EmbeddedStore) -> None:
    then = View(valid_on=date(2020, 1, 1), known_on=date(2025, 6, 30))
    graph = to_networkx(store, Extent(around=company("Alder"), hops=2, view=then, kinds=frozenset({"director"})))
    assert company("Iroko") in graph
    assert {kind for *_, kind in graph.edges(data="kind")} == {"director"}
    assert all(end is None or end > "2020-01-01" for *_, end in graph.edges(data="end_on"))
    now = to_networkx(store, Extent(around=company("Alder"), hops=2, view=View(valid_on=TODAY, known_on=TODAY)))
    assert company("Iroko") not in now


def test_a_spreadsheet_runs_no_name_of_an_export() -> None:
    texts = ["=1+1", "+44 113", "@sum", "-0.5", "-1e5", "+.5", "-x", "Alder\n=2", "", None, "Alder Ltd"]
    guarded = guard_formulas(pa.chunked_array([texts], pa.string())).to_pylist()
    assert guarded == [None if text is None else cell_for_spreadsheets(text) for text in texts]


def test_a_neighbourhood_is_bounded(store: EmbeddedStore) -> None:
    assert len(read_extent(store, Extent(around=company("Alder"), hops=5, max_nodes=4))[0]) == 4
    assert read_extent(store, Extent(around=company("Alder"), hops=0, max_nodes=4))[0].tolist() == [0]


def test_what_cannot_be_exported_is_said(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(ValueInvalid, match="--around"):
        write_graph(store, tmp_path / "all.graphml", form="graphml", extent=Extent())
    with pytest.raises(ValueInvalid, match="no export format 'dot'"):
        write_graph(store, tmp_path, form="dot", extent=Extent())
    with pytest.raises(EntityNotFound):
        read_extent(store, Extent(around="X-KNOWN:99", hops=1, max_nodes=9))
    with pytest.raises(ValueInvalid, match="0 or more"):
        Extent(around=company("Alder"), hops=-1)
    (tmp_path / "file").touch()
    with pytest.raises(FileUnreadable, match="cannot be written"):
        write_graph(store, tmp_path / "file", form="csv", extent=Extent())
