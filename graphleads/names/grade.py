"""How far names have what somebody typed: all of it, all its words, the last one begun, or something like it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.names.completion import is_beginning
from graphleads.names.normalize import name_keys_of, split_names
from graphleads.names.words import is_unspaced, split_words

_BELOW = 0.99


class Grade(IntEnum):
    """How far a name has what was typed; the lower is the better.

    Attributes:
        EXACT: It has the text's name key.
        WHOLE: It has all words of the text's core key, or the same letters with other spaces.
        BEGUN: It has all of them but the last, and one that the last begins.
        PART: It has some, or some spelled nearly so.
    """

    EXACT = 0
    WHOLE = 1
    BEGUN = 2
    PART = 3


def grade_names(text: str, names: Sequence[str]) -> list[Grade]:
    """Return the grade of each name, given what was typed: a text with a letter or digit."""
    parts = split_names(pa.array([text, *names], pa.string()))
    key, *keys = name_keys_of(parts).to_pylist()
    core, *cores = parts.body.to_pylist()
    last = last_word(core)
    others = [word for word in distinct_words(core) if word != last]
    words = _words_by_row(parts.body)[1:]
    letters = core.replace(" ", "")
    grades = []
    for one_key, one_core, one_words in zip(keys, cores, words, strict=True):
        has_others = all(_has_word(word, one_words) for word in others)
        if one_key == key:
            grades.append(Grade.EXACT)
        elif (has_others and _has_word(last, one_words)) or one_core.replace(" ", "") == letters:
            grades.append(Grade.WHOLE)
        elif has_others and is_beginning(last) and any(word.startswith(last) for word in one_words):
            grades.append(Grade.BEGUN)
        else:
            grades.append(Grade.PART)
    return grades


def grade_scores(grades: Sequence[Grade], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores, float64[n] in [0, 1], in accord with grades: exact is 1, a worse grade stays below every better.

    The scores of one grade keep their proportions.
    """
    graded = np.where(np.equal(grades, Grade.EXACT), 1.0, scores)
    ceiling = 1.0
    for grade in sorted(set(grades)):
        of_grade = np.equal(grades, grade)
        highest = graded[of_grade].max()
        if highest > ceiling:
            graded[of_grade] *= ceiling / highest
        ceiling = _BELOW * graded[of_grade].min()
    return graded


def distinct_words(core: str) -> list[str]:
    """Return the words of a core key, sorted; a character without its pair only where there is nothing else."""
    words = sorted(set(split_words(pa.array([core]))[0].to_pylist()))
    return [word for word in words if len(word) > 1 or not is_unspaced(word)] or words


def last_word(core: str) -> str:
    """Return the last word of a core key, a pair of characters in a script without spaces, or one that stands alone."""
    last = core.rpartition(" ")[2]
    return last[-2:] if last and is_unspaced(last) else last


def _words_by_row(cores: pa.Array) -> list[set[str]]:
    words, rows = split_words(cores)
    by_row: list[set[str]] = [set() for _ in range(len(cores))]
    for word, row in zip(words.to_pylist(), rows.tolist(), strict=True):
        by_row[row].add(word)
    return by_row


def _has_word(word: str, words: set[str]) -> bool:
    """Return whether a word is among others; a character alone also where it begins a pair."""
    return word in words or (len(word) == 1 and is_unspaced(word) and any(one[0] == word for one in words))
