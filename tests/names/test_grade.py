from __future__ import annotations

import numpy as np
import pytest

from graphleads.names.grade import Grade, distinct_words, grade_names, grade_scores, last_word

EXACT, WHOLE, BEGUN, PART = Grade


def test_grades_of_names() -> None:
    names = ["NORWIND LIMITED", "Norwind plc", "Norwind Marine Ltd", "Nor Wind Ltd", "Norwinda Ltd", "Marine Ltd"]
    assert grade_names("Norwind Ltd", names) == [EXACT, WHOLE, WHOLE, WHOLE, BEGUN, PART]
    assert grade_names("示例有限公司", ["示例有限公司", "新示例科技有限公司", "示新例"]) == [EXACT, WHOLE, PART]
    assert grade_names("示", ["示例", "例示", "例"]) == [WHOLE, WHOLE, PART]
    assert grade_names("abc 示", ["ABC示例", "ABC"]) == [WHOLE, PART]
    assert grade_names("Norwind m", ["Norwind Marine", "Norwind M"]) == [PART, EXACT]
    assert grade_names("Norwind ma", ["Marine Norwind", "Marine"]) == [BEGUN, PART]
    assert grade_names("Norwind", []) == []


def test_worse_grades_stay_below_and_keep_their_proportions() -> None:
    scores = grade_scores([EXACT, WHOLE, BEGUN, BEGUN, PART], np.array([0.7, 0.4, 0.8, 0.2, 0.01]))
    assert scores.tolist() == pytest.approx([1.0, 0.4, 0.396, 0.099, 0.01])


@pytest.mark.parametrize("grades", [[PART, PART], [WHOLE, WHOLE], [BEGUN, PART]])
def test_scores_in_accord_are_left_as_they_are(grades: list[Grade]) -> None:
    assert grade_scores(grades, np.array([0.6, 0.0])).tolist() == [0.6, 0.0]


def test_single_characters_are_words_only_where_alone() -> None:
    assert distinct_words("nor wind nor") == ["nor", "wind"]
    assert distinct_words("示例") == ["示例"]
    assert distinct_words("示") == ["示"]


@pytest.mark.parametrize(
    ("core", "last"), [("nor wind", "wind"), ("nor", "nor"), ("nor 新示例", "示例"), ("nor 示", "示")]
)
def test_the_last_word(core: str, last: str) -> None:
    assert last_word(core) == last
