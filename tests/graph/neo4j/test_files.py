from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from graphleads.errors import FileUnreadable, ValueInvalid
from graphleads.graph.build import BuildInput, build_snapshot
from graphleads.graph.neo4j.files import ImportFiles, write_import_files
from graphleads.graph.neo4j.rows import GraphRows
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.model import NodeKind, Silence
from graphleads.testing.known_graph import CONFIG, WALK
from graphleads.testing.staging import stage_delivery


def _write(snapshot: Snapshot, folder: Path) -> ImportFiles:
    return write_import_files(snapshot, folder, database="neo4j", progress=Silence())


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    header = (folder / f"{name}-header.csv").read_text(encoding="utf-8").strip().split(",")
    with (folder / f"{name}-000.csv").open(encoding="utf-8", newline="") as file:
        return [dict(zip(header, row, strict=True)) for row in csv.reader(file)]


def test_the_files_hold_every_node_and_relationship(known_snapshot: Snapshot, tmp_path: Path) -> None:
    written = _write(known_snapshot, tmp_path / "files")
    assert (written.n_nodes, written.n_relationships) == (17, known_snapshot.edges.num_rows)
    nodes = [row for name in ("companies", "persons", "contact_points") for row in _read(written.folder, name)]
    assert [int(row[":ID"]) for row in nodes] == list(range(17))
    assert [row["id"] for row in nodes] == [known_snapshot.id_of(node) for node in range(17)]
    ties = {name: _read(written.folder, name) for name in ("interest", "role", "link", "contact", "same_person")}
    assert {name: len(rows) for name, rows in ties.items()} == {
        "interest": 1, "role": 15, "link": 0, "contact": 2, "same_person": 1,
    }  # fmt: skip


def test_a_row_of_a_file_is_the_row_that_a_load_writes(known_snapshot: Snapshot, tmp_path: Path) -> None:
    _write(known_snapshot, tmp_path)
    elm = _read(tmp_path, "companies")[4]
    loaded = GraphRows(known_snapshot).nodes(NodeKind.COMPANY, np.array([4])).to_pylist()[0]
    assert elm["statements"] == loaded["statements"]
    assert elm["row:long"] == str(loaded["row"])
    assert elm["incorporated_on:date"] == "2020-02-02"
    assert elm["mentioned:boolean"] == "false"
    assert elm["names:string[]"] == "Elm Ltd"
    holding = _read(tmp_path, "interest")[0]
    assert (holding[":START_ID"], holding[":END_ID"]) == ("0", "2")
    assert (holding["share_min:double"], holding["confidence:double"]) == ("0.6", "1")


def test_the_snapshot_says_that_indexes_are_to_be_made(known_snapshot: Snapshot, tmp_path: Path) -> None:
    _write(known_snapshot, tmp_path)
    (said,) = _read(tmp_path, "snapshot")
    assert said["target"] == said["id"] == known_snapshot.id
    assert (said["state"], said["step"], said["n_nodes:long"]) == ("loading", "indexes", "17")


def test_the_command_is_what_the_importer_wants(known_snapshot: Snapshot, tmp_path: Path) -> None:
    command = _write(known_snapshot, tmp_path).command
    assert command.startswith(
        "neo4j-admin database import full neo4j --id-type=integer --array-delimiter=U+001F "
        f"'--nodes=Entity:Company={tmp_path}/companies-header.csv,{tmp_path}/companies-[0-9]+.csv'"
    )
    assert f"'--relationships=HAS_ROLE={tmp_path}/role-header.csv,{tmp_path}/role-[0-9]+.csv'" in command
    assert "multiline" not in command


def test_texts_that_break_lines_quotes_and_lists_are_kept(tmp_path: Path) -> None:
    awkward = 'He said "no", then\nleft; \x1f\\ and so on'
    tables = {
        "companies": [{"record": "1", "id": "X-T:1", "name": awkward, "business_scope": awkward}],
        "names": [{"record": "1", "id": "X-T:1", "name": awkward, "kind": "trading"}],
    }
    stage_delivery(tmp_path / "staged", tables, observed_on="2025-06-30")
    source = BuildInput(staged=tmp_path / "staged", same_as=None, snapshots=tmp_path / "snapshots")
    build_snapshot(source, CONFIG, walk=WALK)
    written = _write(open_snapshot(tmp_path / "snapshots"), tmp_path / "files")
    (row,) = _read(written.folder, "companies")
    held = row["business_scope"]
    assert row["names:string[]"] == held
    assert "\n" in held
    assert "--array-delimiter=U+001E" in written.command
    assert written.command.endswith("--multiline-fields=true")


def test_what_is_in_the_folder_is_not_touched(known_snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ValueInvalid, match="is not empty: name an empty folder"):
        _write(known_snapshot, tmp_path)
    with pytest.raises(FileUnreadable, match="is a file: name a folder"):
        _write(known_snapshot, tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
