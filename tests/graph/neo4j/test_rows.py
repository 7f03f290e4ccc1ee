from __future__ import annotations

import json
from datetime import date

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphleads.graph.neo4j.json_text import json_members, json_objects, list_of
from graphleads.graph.neo4j.model import STATEMENTS
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.snapshot import Snapshot
from graphleads.model import NodeKind
from graphleads.testing.known_graph import company


def _said(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None and name not in {"row", "statements"}}


def test_a_company_becomes_what_the_registers_say_of_it(known_snapshot: Snapshot) -> None:
    (elm,) = GraphRows(known_snapshot).nodes(NodeKind.COMPANY, np.array([4])).to_pylist()
    assert _said(elm) == {
        "id": "X-KNOWN:05", "name": "Elm Ltd", "mentioned": False, "jurisdiction": "GB", "locality": "Leeds",
        "incorporated_on": date(2020, 2, 2), "status": "active", "names": ["Elm Ltd"], "n_companies": 0, "hub": False,
        "known_from": date(2025, 6, 30),
    }  # fmt: skip
    assert json.loads(str(elm["statements"]))["statuses"] == [
        {"dataset": "known", "record": "Elm", "last_seen_on": "2025-06-30", "status": "active",
         "known_from": "2025-06-30"}
    ]  # fmt: skip


def test_a_corporate_group_is_named_by_its_first_company(known_snapshot: Snapshot) -> None:
    rows = GraphRows(known_snapshot).nodes(NodeKind.COMPANY, np.arange(10)).to_pylist()
    assert {row["id"]: row["family"] for row in rows if row["family"]} == {
        company("Alder"): company("Alder"), company("Cedar"): company("Alder"),
    }  # fmt: skip


def test_a_person_and_a_contact_point_become_nodes(known_snapshot: Snapshot) -> None:
    rows = GraphRows(known_snapshot)
    (nora,) = rows.nodes(NodeKind.PERSON, np.array([5])).to_pylist()
    (phone,) = rows.nodes(NodeKind.CONTACT_POINT, np.array([0])).to_pylist()
    assert _said(nora) == {
        "id": "X-KNOWN-PERSON:nora", "name": "Nora Nominee", "names": ["Nora Nominee"], "n_companies": 5, "hub": True,
        "known_from": date(2025, 6, 30),
    }  # fmt: skip
    assert _said(phone) == {
        "id": "X-PHONE:441130000001", "kind": "phone", "display": "+44 113 000 0001", "n_companies": 2, "hub": False,
        "known_from": date(2025, 6, 30),
    }  # fmt: skip


def test_a_holding_becomes_a_relationship(known_snapshot: Snapshot) -> None:
    rows = GraphRows(known_snapshot)
    found = rows.relationships(rows.edges_of["interest"])
    (said,) = found.table.to_pylist()
    key, fact = said.pop("key"), said.pop("fact")
    assert len(key) == len(fact) == 16
    assert int(key, 16) == int(rows.edges_printed.key[rows.edges_of["interest"]][0])
    assert rows.ids(np.concatenate([found.source, found.target])).to_pylist() == [company("Alder"), company("Cedar")]
    assert _said(said) == {
        "kind": "shareholding", "share_min": 0.6, "share_max": 0.75, "known_from": date(2025, 6, 30),
        "last_seen_on": date(2025, 6, 30), "confidence": 1.0, "n_statements": 1, "weight": said["weight"],
        "sources": ["known\tcedar-1\t2025-06-30"],
    }  # fmt: skip


def test_a_probable_identity_keeps_its_probability_as_it_is_written(known_snapshot: Snapshot) -> None:
    rows = GraphRows(known_snapshot)
    (said,) = rows.relationships(rows.edges_of["same_person"]).table.to_pylist()
    assert said["confidence"] == 0.9
    assert said["last_seen_on"] is None


def test_statements_are_all_that_the_tables_say(known_snapshot: Snapshot) -> None:
    rows = GraphRows(known_snapshot)
    unbounded = (date(1, 1, 1), date(9999, 12, 31))
    wanted: dict[int, dict[str, list[dict[str, object]]]] = {}
    for name, columns in STATEMENTS.items():
        for row in known_snapshot.table(name).to_pylist():
            said = {column: row[column] for column in columns}
            kept = {key: value for key, value in said.items() if value is not None and value not in unbounded}
            told = json.loads(json.dumps(kept, default=str))
            wanted.setdefault(row["node"], {}).setdefault(name, []).append(told)
    for kind, first in ((NodeKind.COMPANY, 0), (NodeKind.PERSON, rows.n_nodes[NodeKind.COMPANY])):
        table = rows.nodes(kind, np.arange(rows.n_nodes[kind]))
        for at, text in enumerate(table["statements"].to_pylist()):
            assert json.loads(text) == wanted[first + at]


@given(st.lists(st.tuples(st.text(), st.none() | st.text(), st.none() | st.booleans()), max_size=6))
def test_json_objects_read_back_as_what_was_written(rows: list[tuple[str, str | None, bool | None]]) -> None:
    columns = [
        pa.array([row[at] for row in rows], kind) for at, kind in enumerate((pa.string(), pa.string(), pa.bool_()))
    ]
    table = pa.table([columns[0].dictionary_encode(), columns[1], columns[2]], names=["a", "b", "c"])
    wanted = [{name: value for name, value in zip("abc", row, strict=True) if value is not None} for row in rows]
    assert [json.loads(text) for text in json_objects(table, ("a", "b", "c")).to_pylist()] == wanted


def test_lists_without_values_are_left_out() -> None:
    values = list_of(pa.array(['"x"', '"y"']), np.array([0, 0]), 2)
    nothing = list_of(pa.array([], pa.string()), np.array([], np.int64), 2)
    assert json_members({"some": values, "none": nothing}).to_pylist() == ['{"some":["x","y"]}', None]
