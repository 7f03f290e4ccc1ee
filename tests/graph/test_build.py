from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graphleads.errors import BuildRefused, SnapshotDamaged, SnapshotNotFound, StepMissing
from graphleads.graph.build import BuildInput, BuildReport, build_snapshot
from graphleads.graph.config import BuildConfig
from graphleads.graph.describe import STATUSES
from graphleads.graph.snapshot import Snapshot, open_snapshot
from graphleads.graph.snapshot_folder import list_snapshots, use_snapshot, verify_snapshot
from graphleads.identity.link import link
from graphleads.model import DeliveryKind
from graphleads.testing.known_graph import CONFIG, NAMES, WALK, company, known_tables, stage_known_graph
from graphleads.testing.staging import stage_delivery


def build(home: Path, config: BuildConfig = CONFIG) -> BuildReport:
    pairs = link(home / "staged", home / "linked").path
    source = BuildInput(staged=home / "staged", same_as=pairs, snapshots=home / "snapshots")
    return build_snapshot(source, config, walk=WALK)


def test_counts_of_the_known_graph(known_snapshot: Snapshot) -> None:
    assert (known_snapshot.n_companies, known_snapshot.n_persons, known_snapshot.n_contact_points) == (10, 6, 1)
    # 15 roles, 1 interest, 2 contacts, 1 probable identity.
    assert known_snapshot.edges.num_rows == 19
    assert [known_snapshot.companies["id"][row].as_py() for row in range(10)] == [company(name) for name in NAMES]


def test_nodes_are_numbered_by_kind_and_id(known_snapshot: Snapshot) -> None:
    assert known_snapshot.node_of(company("Alder")) == 0
    assert known_snapshot.node_of("X-KNOWN-PERSON:ann") == 10
    assert known_snapshot.node_of("X-PHONE:441130000001") == 16
    assert known_snapshot.node_of("X-KNOWN:99") is None
    assert [known_snapshot.name_of(node) for node in (0, 10, 16)] == ["Alder Ltd", "Ann Archer", "+44 113 000 0001"]


def test_a_hub_is_blocked_and_counted(known_snapshot: Snapshot) -> None:
    nora = known_snapshot.node_of("X-KNOWN-PERSON:nora")
    assert known_snapshot.node_array("n_companies")[nora] == 5
    assert [int(node) for node in known_snapshot.node_array("blocked").nonzero()[0]] == [nora]


def test_a_person_counts_with_all_records_of_that_person(known_snapshot: Snapshot) -> None:
    counts = known_snapshot.node_array("n_companies")
    assert [counts[known_snapshot.node_of(f"X-KNOWN-PERSON:{name}")] for name in ("ben1", "ben2")] == [2, 2]


def test_a_majority_holding_makes_a_family(known_snapshot: Snapshot) -> None:
    family = known_snapshot.node_array("family").tolist()
    assert family[NAMES.index("Alder")] == family[NAMES.index("Cedar")]
    assert len(set(family)) == 9


def test_two_builds_of_the_same_input_are_equal_byte_for_byte(tmp_path: Path) -> None:
    checksums = []
    for name, turned in (("a", False), ("b", True)):
        home = tmp_path / name
        tables = known_tables()
        if turned:
            tables = {table: list(reversed(rows)) for table, rows in reversed(list(tables.items()))}
        stage_delivery(home / "staged", tables, observed_on="2025-06-30", dataset="known")
        report = build(home)
        manifest = json.loads((home / "snapshots" / report.snapshot / "manifest.json").read_bytes())
        checksums.append({file: stated["sha256"] for file, stated in manifest["files"].items()})
    assert checksums[0] == checksums[1]


def test_the_same_input_is_not_built_twice(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    first, second = build(tmp_path), build(tmp_path)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert first.snapshot == second.snapshot


def test_verify_finds_nothing_in_a_whole_snapshot(known_snapshots: Path) -> None:
    assert verify_snapshot(known_snapshots) == []


def test_verify_finds_a_flipped_byte_in_any_file(tmp_path: Path, known_snapshots: Path) -> None:
    shutil.copytree(known_snapshots, tmp_path / "snapshots")
    folder = tmp_path / "snapshots" / (tmp_path / "snapshots" / "CURRENT").read_text().strip()
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    assert len(files) > 20
    for path in files:
        whole = path.read_bytes()
        at = len(whole) // 2
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verify_snapshot(tmp_path / "snapshots"), path.name
        path.write_bytes(whole)
    assert verify_snapshot(tmp_path / "snapshots") == []


def test_a_snapshot_with_a_file_cut_short_is_not_opened(tmp_path: Path, known_snapshots: Path) -> None:
    shutil.copytree(known_snapshots, tmp_path / "snapshots")
    current = (tmp_path / "snapshots" / "CURRENT").read_text().strip()
    path = tmp_path / "snapshots" / current / "edges.arrow"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(SnapshotDamaged, match=r"damaged and not served: edges\.arrow has [\d,]+ bytes instead of"):
        open_snapshot(tmp_path / "snapshots")


def test_a_build_that_loses_too_much_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    before = build(tmp_path)
    shutil.rmtree(tmp_path / "staged")
    few = {"companies": known_tables()["companies"][:3]}
    stage_delivery(tmp_path / "staged", few, observed_on="2026-06-30", dataset="known")
    with pytest.raises(BuildRefused, match="3 companies are in force, in the current one 10: a drop of more than 20%"):
        build(tmp_path)
    assert open_snapshot(tmp_path / "snapshots").id == before.snapshot
    accepted = build(tmp_path, CONFIG.model_copy(update={"max_drop": 1.0}))
    assert open_snapshot(tmp_path / "snapshots").id == accepted.snapshot


def test_use_switches_back(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    first = build(tmp_path).snapshot
    stage_delivery(
        tmp_path / "staged",
        {"companies": [{"record": "New", "id": "X-KNOWN:11", "name": "Kapok Ltd"}]},
        observed_on="2025-07-31",
        dataset="known",
        kind=DeliveryKind.UPDATE,
    )
    second = build(tmp_path).snapshot
    assert [one.current for one in list_snapshots(tmp_path / "snapshots")] == [True, False]
    use_snapshot(tmp_path / "snapshots", first)
    assert open_snapshot(tmp_path / "snapshots").id == first
    assert open_snapshot(tmp_path / "snapshots", second).n_companies == 11


def test_what_a_killed_build_left_is_removed_and_never_served(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    left = tmp_path / "snapshots" / ".building-999999999"
    left.mkdir(parents=True)
    (left / "edges.arrow").write_bytes(b"half")
    build(tmp_path)
    assert not left.exists()


def test_a_holder_that_no_row_describes_is_a_mentioned_company(tmp_path: Path) -> None:
    rows = {
        "companies": [{"record": "1", "id": "X-T:1", "name": "One Ltd"}],
        "interests": [{"record": "1", "subject": "X-T:1", "holder": "X-T:2", "kind": "shareholding"}],
    }
    stage_delivery(tmp_path / "staged", rows, observed_on="2024-01-01")
    report = build(tmp_path)
    companies = open_snapshot(tmp_path / "snapshots").companies.to_pylist()
    assert [(row["id"], row["name"], row["mentioned"]) for row in companies] == [
        ("X-T:1", "One Ltd", False),
        ("X-T:2", "X-T:2", True),
    ]
    assert report.warnings == ("1 companies are known only from a relationship; they are never leads.",)


def test_the_national_register_s_number_names_a_merged_company(tmp_path: Path) -> None:
    lei = {"scheme": "XI-LEI", "value": "00000000000000000A98"}
    stage_delivery(
        tmp_path / "staged",
        {
            "companies": [{"record": "1", "id": "GB-COH:00000001", "name": "One Ltd", "status": "active"}],
            "identifiers": [{"record": "1", "id": "GB-COH:00000001", **lei}],
        },
        observed_on="2024-01-01",
        dataset="national",
    )
    stage_delivery(
        tmp_path / "staged",
        {"companies": [{"record": "L", "id": f"XI-LEI:{lei['value']}", "name": "ONE LIMITED", "legal_form": "Ltd"}]},
        observed_on="2024-02-01",
        dataset="lei",
    )
    build(tmp_path)
    snapshot = open_snapshot(tmp_path / "snapshots")
    row = snapshot.companies.to_pylist()[0]
    assert (row["id"], row["name"], row["legal_form"]) == ("GB-COH:00000001", "One Ltd", "Ltd")
    assert snapshot.node_of("XI-LEI:00000000000000000A98") == snapshot.node_of("GB-COH:00000001") == 0


def test_a_number_that_records_state_names_them_and_what_they_say_is_a_mention(tmp_path: Path) -> None:
    ids = ("X-BODS:p/1", "X-BODS:p/2", "X-BODS:p/3")
    names = ("One Ltd", "ONE LIMITED", "Stranger Plc")
    number = {"scheme": "GB-COH", "value": "09900123"}
    rows: dict[str, list[dict[str, object]]] = {
        "companies": [
            {"record": one, "id": one, "name": name, "mentioned": True} for one, name in zip(ids, names, strict=True)
        ],
        "identifiers": [{"record": one, "id": one, **number} for one in ids],
    }
    stage_delivery(tmp_path / "staged", rows, observed_on="2024-01-01", dataset="stated")
    build(tmp_path)
    alone = open_snapshot(tmp_path / "snapshots")
    assert alone.companies["id"].to_pylist() == ["GB-COH:09900123", "X-BODS:p/3"]
    assert [alone.node_of(one) for one in ids] == [0, 0, 1]

    described = {"companies": [{"record": "1", "id": "GB-COH:09900123", "name": "One Holdings Ltd"}]}
    stage_delivery(tmp_path / "staged", described, observed_on="2024-02-01", dataset="register")
    build(tmp_path)
    both = open_snapshot(tmp_path / "snapshots")
    assert both.companies["name"].to_pylist() == ["One Holdings Ltd", "Stranger Plc"]
    assert [(row["node"], row["name"], row["kind"]) for row in both.names.to_pylist()] == [
        (0, "One Holdings Ltd", "legal"),
        (0, "ONE LIMITED", "mentioned"),
        (0, "One Ltd", "mentioned"),
        (1, "Stranger Plc", "mentioned"),
    ]


def test_a_company_that_left_its_register_is_inactive(tmp_path: Path) -> None:
    tables = known_tables()
    stage_delivery(tmp_path / "staged", tables, observed_on="2024-01-01")
    fewer = tables | {"companies": tables["companies"][:-1]}
    stage_delivery(tmp_path / "staged", fewer, observed_on="2025-01-01")
    build(tmp_path)
    status = open_snapshot(tmp_path / "snapshots").node_array("status").tolist()
    assert status == [0, 0, 0, 1, 0, 0, 0, 0, 0, 2]


def test_a_status_in_words_that_nobody_knows_is_no_lead_and_one_that_nobody_stated_is(tmp_path: Path) -> None:
    said = {"Mothballed": ("unknown", "Mothballed"), "Open": ("active", "mothballed"), "Silent": ("unknown", None)}
    rows = [
        {"record": name, "id": f"X-U:{name}", "name": name, "status": status, "status_text": text}
        for name, (status, text) in said.items()
    ]
    stage_delivery(tmp_path / "staged", {"companies": rows}, observed_on="2026-01-01", dataset="u")
    build(tmp_path)
    snapshot = open_snapshot(tmp_path / "snapshots")
    assert [STATUSES[code] for code in snapshot.node_array("status")] == ["unclear", "active", "unknown"]
    assert snapshot.node_array("thrives").tolist() == [False, True, True]


def test_nothing_to_build_names_the_step_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StepMissing, match="graphleads ingest"):
        build_snapshot(BuildInput(staged=tmp_path, same_as=None, snapshots=tmp_path), CONFIG)
    with pytest.raises(SnapshotNotFound, match="graphleads build"):
        open_snapshot(tmp_path)


def test_a_damaged_snapshot_is_built_again(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    first = build(tmp_path)
    (tmp_path / "snapshots" / first.snapshot / "names.arrow").unlink()
    again = build(tmp_path)
    assert (again.snapshot, again.unchanged) == (first.snapshot, False)
    assert verify_snapshot(tmp_path / "snapshots") == []
    assert list((tmp_path / "snapshots").glob(".building-*")) == []


def test_a_damaged_manifest_is_not_listed_and_not_opened(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    built = build(tmp_path).snapshot
    (tmp_path / "snapshots" / built / "manifest.json").write_bytes(b'{"id": ')
    assert list_snapshots(tmp_path / "snapshots") == []
    with pytest.raises(SnapshotDamaged, match="is damaged"):
        open_snapshot(tmp_path / "snapshots")
    assert build(tmp_path).snapshot == built
    assert verify_snapshot(tmp_path / "snapshots") == []


def test_a_register_of_one_company_and_no_tie_is_built(tmp_path: Path) -> None:
    stage_delivery(
        tmp_path / "staged", {"companies": [{"record": "1", "id": "X-T:1", "name": "One"}]}, observed_on="2024-01-01"
    )
    assert build(tmp_path).counts["edges"] == 0
    assert open_snapshot(tmp_path / "snapshots").adjacency.indptr.tolist() == [0, 0]


def test_half_a_delivery_is_refused_and_the_whole_one_after_it_is_not(tmp_path: Path) -> None:
    stage_known_graph(tmp_path / "staged")
    before = build(tmp_path).snapshot
    tables = known_tables()
    half = stage_delivery(
        tmp_path / "staged", {"companies": tables["companies"]}, observed_on="2025-07-31", dataset="known"
    )
    with pytest.raises(BuildRefused, match="0 contact points of companies are in force, in the current one 2"):
        build(tmp_path)
    assert open_snapshot(tmp_path / "snapshots").id == before
    accepted = build(tmp_path, CONFIG.model_copy(update={"max_drop": 1.0}))
    shutil.rmtree(half)
    stage_delivery(tmp_path / "staged", tables, observed_on="2025-07-31", dataset="known")
    assert build(tmp_path).snapshot != accepted.snapshot
