from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphleads.names.completion import find_completions, find_place

WORDS = ["dove", "doves", "dovetail", "dovey", "norwind", "示", "示例"]
VOCABULARY = pa.array(WORDS)
STARTS = np.cumsum([0, 5, 3, 1, 2, 9, 1, 1])


@pytest.mark.parametrize(("word", "place"), [("dove", 0), ("dover", 1), ("a", 0), ("示", 5), ("示例", 6), ("龙", 7)])
def test_the_place_of_a_word(word: str, place: int) -> None:
    assert find_place(word, VOCABULARY) == place


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        ("dove", ["dovey", "doves", "dovetail"]),
        ("do", ["dove", "dovey", "doves", "dovetail"]),
        ("dovetail", []),
        ("d", []),
        ("zz", []),
        ("示", ["示例"]),
        ("", []),
    ],
)
def test_the_shortest_come_first_then_the_rarest(beginning: str, words: list[str]) -> None:
    found = find_completions(beginning, VOCABULARY, STARTS)
    assert [WORDS[number] for number, _ in found] == words


def test_the_share_is_told_and_the_limit_kept() -> None:
    ((place, share),) = find_completions("dove", VOCABULARY, STARTS, limit=1)
    assert place == 3
    assert share == pytest.approx(0.8)


def test_no_vocabulary_completes_nothing() -> None:
    assert find_completions("dove", pa.array([], pa.string()), np.zeros(1, np.int64)) == []
