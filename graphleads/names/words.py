"""The words that names are found by: words as they stand, pairs of characters where no spaces are written.

A run of Chinese, Japanese or Korean characters gives every pair of neighbours and its last character alone, so that
every character begins a word, and a query of one character is a range of the sorted vocabulary.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.names.fold import CJK, character_kinds, decode, joining_kind, word_end
from graphleads.names.text import Bytes, Offsets, copy_slices, text_array, text_bytes


def split_words(keys: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """Return the words of name keys.

    Args:
        keys: string[n] without nulls, as `core_names` returns it.

    Returns:
        string[m], the words in order, and int32[m], the key that each comes from.
    """
    data, offsets = text_bytes(keys)
    begins, ends, rows = _find_words(data, offsets, character_kinds())
    return text_array(*copy_slices(data, begins, ends)), rows


def is_unspaced(word: str) -> bool:
    """Return whether a folded word, not empty, is of a script without spaces."""
    kinds = character_kinds()
    return ord(word[0]) >= len(kinds) or bool(kinds[ord(word[0])] == CJK)


@numba.njit(cache=True)
def _find_words(data: Bytes, offsets: Offsets, kinds: NDArray[np.uint8]) -> tuple[Offsets, Offsets, NDArray[np.int32]]:
    """Return where each word begins and ends, and the number of its key."""
    n_most = (offsets[-1] - offsets[0]) // 2 + len(offsets)
    begins = np.empty(n_most, np.int32)
    ends = np.empty(n_most, np.int32)
    rows = np.empty(n_most, np.int32)
    n_words = 0
    for row in range(len(offsets) - 1):
        at = offsets[row]
        while at < offsets[row + 1]:
            end = word_end(data, at, offsets[row + 1])
            unspaced = joining_kind(data, at, end, kinds) == CJK
            while at < end:
                _, behind = decode(data, at)
                pair = decode(data, behind)[1] if behind < end else end
                begins[n_words], ends[n_words], rows[n_words] = at, pair if unspaced else end, row
                n_words += 1
                at = behind if unspaced else end
            at = end + 1
    return begins[:n_words].copy(), ends[:n_words].copy(), rows[:n_words].copy()
