from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.names.spelling import build_triples, find_near_words

VOCABULARY = pa.array(sorted(["kestrel", "kestrels", "marine", "maritime", "norwind", "nor", "示例", "petrol"]))
TRIPLES = build_triples(VOCABULARY)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("kestral", ["kestrel", "kestrels"]),
        ("norwnid", ["norwind"]),
        ("norwind", ["norwind"]),
        ("nor", []),
        ("示例", []),
        ("zzzzzz", []),
    ],
)
def test_near_words(word: str, near: list[str]) -> None:
    assert [VOCABULARY[number].as_py() for number, _ in find_near_words(word, VOCABULARY, TRIPLES)] == near


def test_the_likeness_is_told_and_the_limit_kept() -> None:
    found = find_near_words("kestral", VOCABULARY, TRIPLES, limit=1)
    ((place, likeness),) = found
    assert place == VOCABULARY.to_pylist().index("kestrel")
    assert likeness == pytest.approx(6 / 7)


def test_no_vocabulary_has_no_near_words() -> None:
    empty = pa.array([], pa.string())
    assert find_near_words("kestrel", empty, build_triples(empty)) == []
