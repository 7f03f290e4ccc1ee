from __future__ import annotations

from pathlib import Path

import networkx as nx
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from graphleads.errors import EntityNotFound, FileUnreadable, ValueInvalid
from graphleads.graph.export import nodes_around, write_graph
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.testing.known_graph import company


@pytest.fixture
def store(known_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(known_snapshot)


def test_the_whole_graph_as_parquet(store: EmbeddedStore, tmp_path: Path) -> None:
    nodes, edges = (pq.read_table(path) for path in write_graph(store, tmp_path, form="parquet"))
    assert nodes.num_rows == 17
    assert edges.num_rows == 19
    assert nodes.to_pylist()[3] == {
        "id": company("Dogwood"),
        "kind": "company",
        "name": "Dogwood Ltd",
        "jurisdiction": "GB",
        "locality": "Leeds",
        "status": "dissolved",
    }
    (holding,) = [row for row in edges.to_pylist() if row["kind"] == "shareholding"]
    assert (holding["source"], holding["target"]) == (company("Alder"), company("Cedar"))
    assert (holding["share_min"], holding["share_max"], holding["start_on"]) == (0.6, 0.75, None)


def test_a_neighbourhood_as_csv(store: EmbeddedStore, tmp_path: Path) -> None:
    nodes = nodes_around(store, around=company("Elm"), hops=1, max_nodes=100)
    written = write_graph(store, tmp_path / "out", form="csv", nodes=nodes)
    table = pyarrow.csv.read_csv(written[0])
    assert table["id"].to_pylist() == [company("Elm"), "X-KNOWN-PERSON:ben2", "X-PHONE:441130000001"]
    assert table["kind"].to_pylist() == ["company", "person", "contact_point"]


def test_a_neighbourhood_as_graphml(store: EmbeddedStore, tmp_path: Path) -> None:
    nodes = nodes_around(store, around=company("Elm"), hops=2, max_nodes=100)
    (path,) = write_graph(store, tmp_path / "elm.graphml", form="graphml", nodes=nodes)
    graph = nx.read_graphml(path)
    assert graph.nodes[company("Alder")]["name"] == "Alder Ltd"
    assert graph.number_of_nodes() == len(nodes)


def test_a_neighbourhood_is_bounded(store: EmbeddedStore) -> None:
    assert len(nodes_around(store, around=company("Alder"), hops=5, max_nodes=4)) == 4
    assert nodes_around(store, around=company("Alder"), hops=0, max_nodes=4).tolist() == [0]


def test_what_cannot_be_exported_is_said(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(ValueInvalid, match="--around"):
        write_graph(store, tmp_path / "all.graphml", form="graphml")
    with pytest.raises(ValueInvalid, match="no export format 'dot'"):
        write_graph(store, tmp_path, form="dot")
    with pytest.raises(EntityNotFound):
        nodes_around(store, around="X-KNOWN:99", hops=1, max_nodes=9)
    with pytest.raises(ValueInvalid, match="0 or more"):
        nodes_around(store, around=company("Alder"), hops=-1, max_nodes=9)
    (tmp_path / "file").touch()
    with pytest.raises(FileUnreadable, match="cannot be written"):
        write_graph(store, tmp_path / "file", form="csv")
