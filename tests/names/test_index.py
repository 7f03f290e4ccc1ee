from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from graphleads.names import storage
from graphleads.names.index import NameIndex, open_name_index, write_name_index

NAMES = [
    "Norwind Marine Limited",
    "Norwind Marine plc",
    "Kestrel Marine Services Ltd",
    "Kestrel Holdings",
    "KESTREL HOLDINGS LTD",
    "Exemplo Comércio e Indústria S.A.",
    "示例科技股份有限公司",
    "北京示例贸易有限公司",
    "TheKestrelHoldings",
    "---",
]
NODES = np.array([0, 1, 2, 3, 3, 4, 5, 6, 7, 8], np.int32)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    folder = tmp_path_factory.mktemp("names")
    names = pa.chunked_array([NAMES[:4], NAMES[4:]])
    write_name_index(folder, names, NODES)
    return open_name_index(folder, names, NODES)


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("norwind marine ltd", [0, 1, 2]),
        ("NORWIND", [0, 1]),
        ("norwnid marine", [0, 1, 2]),
        ("exemplo", [4]),
        ("示例", [5, 6]),
        ("示例贸易", [6, 5]),
        ("易", [6]),
        ("贸", [6]),
        ("thekestrelholdings", [7]),
        ("the kestrel holdings", [3, 2]),
        ("zzzz", []),
        ("?", []),
        ("", []),
    ],
)
def test_search_finds_nodes_best_first(index: NameIndex, text: str, nodes: list[int]) -> None:
    assert [hit.node for hit in index.search(text)] == nodes


def test_a_hit_tells_the_row_and_the_name(index: NameIndex) -> None:
    (hit,) = index.search("Kestrel Holdings Limited", limit=1)
    assert (hit.row, hit.node, hit.name, hit.score) == (4, 3, "KESTREL HOLDINGS LTD", 1.0)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    names = pa.array(
        [
            "Dovetail Interiors",
            "Dove",
            "Old Harbour Dove Street Provision Merchants of the North",
            "Dovery",
            "Marine Norwind Ltd",
            "Norwind Finance Ltd",
            "Norwind Marine Ltd",
            "範例貿易有限公司",
            "Ltda Brands",
            "Limitedness",
        ]
    )
    nodes: NDArray[np.int32] = np.arange(len(names), dtype=np.int32)
    folder = tmp_path_factory.mktemp("typed")
    write_name_index(folder, names, nodes)
    return open_name_index(folder, names, nodes)


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("dovet", [0, 1, 2]),
        ("dove", [1, 2, 3, 0]),
        ("do", [1, 3, 0, 2]),
        ("dove inte", [1, 0, 2]),
        ("norwind mar", [4, 6, 5]),
        ("norwind marine ltd", [6, 4, 5]),
        ("marine norwind ltd", [4, 6, 5]),
        ("d", []),
        ("范例", [7]),
        ("範", [7]),
        ("ltd", []),
        ("limited", []),
        ("有限公司", []),
    ],
)
def test_the_last_word_is_completed(typed: NameIndex, text: str, nodes: list[int]) -> None:
    assert [hit.node for hit in typed.search(text)] == nodes


def test_what_is_completed_scores_below_whole_words(typed: NameIndex) -> None:
    exact, whole, *completed = [hit.score for hit in typed.search("dove")]
    assert exact == 1.0 > whole > max(completed) > 0


def test_candidates_are_not_completed(typed: NameIndex) -> None:
    assert typed.candidates("inter") == []
    assert [candidate.node for candidate in typed.candidates("dove")] == [1, 2]


def test_traditional_and_simplified_names_are_one(typed: NameIndex) -> None:
    assert typed.exact("范例贸易有限公司").tolist() == [7]


def test_only_nodes_below_a_number_are_found(index: NameIndex) -> None:
    assert [hit.node for hit in index.search("marine", n_nodes=2)] == [0, 1]


def test_exact_rows(index: NameIndex) -> None:
    assert index.exact("norwind marine LTD.").tolist() == [0]
    assert index.exact("norwind marine").tolist() == []


def test_names_equal_but_for_spaces_are_candidates(index: NameIndex) -> None:
    candidates = index.candidates("Nor Wind Marine plc")
    assert [candidate.node for candidate in candidates][:2] == [1, 0]
    assert candidates[0].comparison.similarity == 1.0


def test_rare_words_are_more_specific(index: NameIndex) -> None:
    assert index.specificity("norwind marine") > index.specificity("marine")
    assert index.specificity("unheard") > index.specificity("kestrel")


def test_the_same_names_give_the_same_bytes(tmp_path: Path) -> None:
    def checksums(folder: Path) -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    write_name_index(tmp_path / "one", pa.array(NAMES), NODES)
    write_name_index(tmp_path / "two", pa.chunked_array([NAMES[:1], NAMES[1:]]), NODES)
    assert checksums(tmp_path / "one") == checksums(tmp_path / "two")
    assert len(checksums(tmp_path / "one")) == 12


def test_how_many_names_are_read_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = storage.build_index_arrays(pa.array(NAMES), NODES)
    monkeypatch.setattr(storage, "_N_AT_ONCE", 3)
    pieces = storage.build_index_arrays(pa.array(NAMES), NODES)
    assert pieces.vocabulary.equals(whole.vocabulary)
    for left, right in zip(storage._numeric(pieces).values(), storage._numeric(whole).values(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_words_count_by_companies_not_by_names() -> None:
    arrays = storage.build_index_arrays(pa.array(["kestrel a", "kestrel b", "kite"]), np.array([0, 0, 1], np.int32))
    rarity = dict(zip(arrays.vocabulary.to_pylist(), arrays.rarity.tolist(), strict=True))
    assert rarity["kestrel"] == rarity["kite"] == round(64 * np.log2(3))


@pytest.mark.parametrize("names", [[], [None, "?"]])
def test_an_index_of_nothing_finds_nothing(tmp_path: Path, names: list[str | None]) -> None:
    column = pa.array(names, pa.string())
    nodes: NDArray[np.int32] = np.arange(len(names), dtype=np.int32)
    write_name_index(tmp_path, column, nodes)
    index = open_name_index(tmp_path, column, nodes)
    assert index.search("kestrel") == []
    assert index.exact("kestrel").tolist() == []


def test_common_words_are_left_out_once_rare_ones_found_enough(tmp_path: Path) -> None:
    names = pa.array([f"common {number}" for number in range(250_000)])
    nodes: NDArray[np.int32] = np.arange(len(names), dtype=np.int32)
    write_name_index(tmp_path, names, nodes)
    index = open_name_index(tmp_path, names, nodes)
    (hit, *_) = index.search("common 249999")
    assert (hit.node, hit.score) == (249_999, 1.0)
    assert len(index.search("common", limit=5)) == 5


def test_an_equal_name_comes_first_however_many_are_alike(tmp_path: Path) -> None:
    names = pa.array([*["Norwind plc"] * 300, "Norwind Ltd"])
    nodes: NDArray[np.int32] = np.arange(len(names), dtype=np.int32)
    write_name_index(tmp_path, names, nodes)
    first, second, *_ = open_name_index(tmp_path, names, nodes).search("norwind limited")
    assert (first.node, first.score) == (300, 1.0)
    assert (second.node, second.score < 1.0) == (0, True)
