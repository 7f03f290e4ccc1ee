from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.neo4j.difference import compare, nodes_of, relationships_of
from graphleads.graph.neo4j.fingerprint import edge_prints, hash_column, node_prints
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.identity.link import link
from graphleads.model import NodeKind
from graphleads.testing.known_graph import CONFIG, OBSERVED_ON, WALK, company, known_tables
from graphleads.testing.staging import Rows, stage_delivery


def _build(home: Path, tables: Mapping[str, Rows]) -> Snapshot:
    stage_delivery(home / "staged", tables, observed_on=OBSERVED_ON, dataset="known")
    pairs = link(home / "staged", home / "linked").path
    build_snapshot(BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots"), CONFIG, walk=WALK)
    return open_snapshot(home / "snapshots")


def test_a_hash_never_changes() -> None:
    # A database keeps them: other numbers would make the next sync write all of it again.
    assert hash_column(pa.array(["", "Alder Ltd", "Ærø", None])).tolist() == HASHED_TEXTS
    assert hash_column(pa.array([0, -1, None])).tolist() == HASHED_NUMBERS


HASHED_TEXTS = [4311158065235896317, 15669253907690347625, 12385304536659895472, 11562461410679940143]
HASHED_NUMBERS = [4311158065235896317, 12200003396531174949, 11562461410679940143]


def test_equal_values_hash_alike_however_they_are_kept() -> None:
    texts = ["a", None, "b", "a"]
    plain = hash_column(pa.array(texts))
    assert hash_column(pa.array(texts).dictionary_encode()).tolist() == plain.tolist()
    assert hash_column(pa.array(texts, pa.large_string())).tolist() == plain.tolist()
    assert hash_column(pa.chunked_array([texts[:1], texts[1:]])).tolist() == plain.tolist()
    assert hash_column(pa.array(texts)[1:]).tolist() == plain[1:].tolist()


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1.5, 2.5, None]),
        pa.array([True, False, None]),
        pa.array([date(2020, 1, 1), date(2020, 1, 2), None]),
        pa.array([Decimal("1.00"), Decimal("2.00"), None]),
    ],
)
def test_other_values_hash_otherwise(values: pa.Array) -> None:
    assert len(set(hash_column(values).tolist())) == 3


def test_no_two_edges_have_one_key(known_snapshot: Snapshot) -> None:
    keys = edge_prints(known_snapshot).key
    assert len(np.unique(keys)) == known_snapshot.edges.num_rows


def test_what_is_new_moves_nothing_else(known_snapshot: Snapshot, tmp_path: Path) -> None:
    tables = {name: list(rows) for name, rows in known_tables().items()}
    first = dict(tables["companies"][0]) | {"record": "Acorn", "id": "X-KNOWN:00", "name": "Acorn Ltd"}
    tables["companies"].insert(0, first)
    held, wanted = GraphRows(known_snapshot), GraphRows(_build(tmp_path, tables))
    changed = compare(nodes_of(held)[NodeKind.COMPANY], node_prints(wanted.snapshot)[NodeKind.COMPANY])
    assert changed.put.tolist() == [0]
    assert changed.n_new == 1
    assert changed.ended == []
    for relation, one in relationships_of(wanted).items():
        assert compare(relationships_of(held)[relation], one.prints).n == 0


def test_what_changes_is_found_and_nothing_else(known_snapshot: Snapshot, tmp_path: Path) -> None:
    tables = {name: list(rows) for name, rows in known_tables().items()}
    tables["companies"][1] = dict(tables["companies"][1]) | {"name": "Birch Plc"}
    tables["roles"] = [row for row in tables["roles"] if row["record"] != "Iroko-carl"]
    held, wanted = GraphRows(known_snapshot), GraphRows(_build(tmp_path, tables))
    nodes = {kind: compare(one, node_prints(wanted.snapshot)[kind]) for kind, one in nodes_of(held).items()}
    ties = {name: compare(relationships_of(held)[name], one.prints) for name, one in relationships_of(wanted).items()}
    companies = wanted.snapshot.companies["id"].take(pa.array(nodes[NodeKind.COMPANY].put)).to_pylist()
    persons = wanted.snapshot.persons["id"].take(pa.array(nodes[NodeKind.PERSON].put)).to_pylist()
    assert companies == [company("Birch")]
    assert persons == ["X-KNOWN-PERSON:carl"]  # he ties one company less
    assert {name: (len(one.put), len(one.ended)) for name, one in ties.items() if one.n} == {"role": (0, 1)}
