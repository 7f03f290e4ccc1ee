"""Words of a sorted vocabulary by how they begin."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.names.words import is_unspaced

_LAST_CHARACTER = "\U0010ffff"
_SHORTEST = 2


def find_place(word: str, vocabulary: pa.Array) -> int:
    """Return where a word stands, or would stand, in a vocabulary, string[n_words], sorted by its bytes."""
    return bisect_left(range(len(vocabulary)), word, key=lambda number: vocabulary[number].as_py())


def is_beginning(word: str) -> bool:
    """Return whether a word is enough to be completed: two letters, or one character of a script without spaces."""
    return len(word) >= _SHORTEST or (word != "" and is_unspaced(word))


def find_completions(
    beginning: str, vocabulary: pa.Array, starts: NDArray[np.int64], *, limit: int = 64
) -> list[tuple[int, float]]:
    """Return the words that go on from a beginning, the shortest first, of those as short the rarest.

    Args:
        beginning: A folded word; one that is no `is_beginning` has no completions.
        vocabulary: string[n_words], sorted by its bytes.
        starts: int64[n_words + 1], word `w` is in `starts[w + 1] - starts[w]` names.
        limit: How many words at most.

    Returns:
        (number in the vocabulary, share of the word that the beginning is, in (0, 1)) pairs.
    """
    if not is_beginning(beginning):
        return []
    first, behind = find_place(beginning, vocabulary), find_place(beginning + _LAST_CHARACTER, vocabulary)
    lengths = pc.utf8_length(vocabulary.slice(first, behind - first)).to_numpy()
    n_names = np.diff(starts[first : behind + 1])
    longer = np.flatnonzero(lengths > len(beginning))
    chosen = longer[np.lexsort((longer, n_names[longer], lengths[longer]))[:limit]]
    return [(first + int(place), len(beginning) / int(lengths[place])) for place in chosen]
