"""Words that are spelled nearly alike, found by the letter triples that they share."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from graphleads.names.fold import CJK, character_kinds, joining_kind
from graphleads.names.postings import Postings, build_postings
from graphleads.names.text import Bytes, Offsets, text_bytes

_SHORTEST, _LONGEST = 4, 40
_N_COMPARED = 64
_LEAST_SHARED = 0.4
_LEAST_LIKENESS = 0.7


class Triples(NamedTuple):
    """Words by letter triple.

    Attributes:
        codes: int32[n_triples], the triples that occur, ascending.
        words: The words of each, in the order of `codes`.
    """

    codes: NDArray[np.int32]
    words: Postings


def build_triples(vocabulary: pa.Array) -> Triples:
    """Return the words of a vocabulary, string[n_words], by letter triple; words of 4 to 40 bytes outside CJK only."""
    codes, words = _find_triples(*text_bytes(vocabulary), character_kinds())
    distinct, numbers = np.unique(codes, return_inverse=True)
    return Triples(distinct, build_postings(numbers.astype(np.int32), words, len(distinct)))


def find_near_words(word: str, vocabulary: pa.Array, triples: Triples, *, limit: int = 8) -> list[tuple[int, float]]:
    """Return the words of the vocabulary that are spelled most like a word.

    Args:
        word: A folded word.
        vocabulary: string[n_words].
        triples: The vocabulary's triples.
        limit: How many words at most.

    Returns:
        (number in the vocabulary, likeness in [0.7, 1]) pairs, the most alike first.
    """
    codes, _ = _find_triples(*text_bytes(pa.array([word])), character_kinds())
    codes = np.unique(codes)
    places = np.searchsorted(triples.codes, codes)
    known = (
        places[triples.codes[np.minimum(places, len(triples.codes) - 1)] == codes] if len(triples.codes) else places[:0]
    )
    least = max(2, int(np.ceil(_LEAST_SHARED * len(codes))))
    near, shared = _count_shared(triples.words, known, len(vocabulary), least)
    most_shared = near[np.lexsort((near, -shared))[:_N_COMPARED]]
    texts = vocabulary.take(pa.array(most_shared)).to_pylist()
    compared = [
        (int(number), float(OSA.normalized_similarity(word, text)))
        for number, text in zip(most_shared, texts, strict=True)
    ]
    alike = [pair for pair in compared if pair[1] >= _LEAST_LIKENESS]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0]))[:limit]


@numba.njit(cache=True)
def _find_triples(
    data: Bytes, offsets: Offsets, kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the byte triples of words, a zero byte before and behind each word, and the number of the word."""
    codes = np.empty(offsets[-1] - offsets[0], np.int32)
    words = np.empty(offsets[-1] - offsets[0], np.int32)
    n_triples = 0
    for word in range(len(offsets) - 1):
        begin, end = offsets[word], offsets[word + 1]
        if end - begin < _SHORTEST or end - begin > _LONGEST or joining_kind(data, begin, end, kinds) == CJK:
            continue
        for at in range(begin, end):
            before = np.int32(data[at - 1]) if at > begin else np.int32(0)
            behind = np.int32(data[at + 1]) if at + 1 < end else np.int32(0)
            codes[n_triples] = before << 16 | np.int32(data[at]) << 8 | behind
            words[n_triples] = word
            n_triples += 1
    return codes[:n_triples].copy(), words[:n_triples].copy()


@numba.njit(cache=True)
def _count_shared(
    words: Postings, triples: NDArray[np.int64], n_words: int, least: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the words that have at least `least` of the triples, and how many they have."""
    counts = np.zeros(n_words, np.int32)
    near = np.empty(n_words, np.int32)
    n_near = 0
    for triple in triples:
        for at in range(words.starts[triple], words.starts[triple + 1]):
            word = words.rows[at]
            counts[word] += 1
            if counts[word] == least:
                near[n_near] = word
                n_near += 1
    return near[:n_near].copy(), counts[near[:n_near]]
