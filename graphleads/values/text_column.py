"""Text columns cleaned, joined, cut and hashed."""

from __future__ import annotations

import hashlib

import numba
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.text import Bytes, Offsets, copy_slices, text_array, text_bytes, with_nulls_of
from graphleads.text import INVISIBLE, NOTHING, clean_text

_SPACE = 32
_OTHERS = "\u0080-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200c\u200d"
_UNCLEAN = rf"^$|^ | $|  |[\x01-\x1f\x7f{_OTHERS}{INVISIBLE}]|&#?[A-Za-z0-9]+;|^(?i:{NOTHING})$"
"""What a text may have that `clean_text` would change, but another normal form."""


def clean_texts(values: pa.Array) -> pa.Array:
    """Return texts as `clean_text` does: string[n], null where nothing is left."""
    normal = pc.utf8_normalize(values, "NFC")
    unclean = pc.or_(pc.not_equal(normal, values), pc.match_substring_regex(values, _UNCLEAN))
    if not pc.any(unclean).as_py():
        return values
    encoded = values.filter(unclean).dictionary_encode()
    cleaned = pa.array([clean_text(text) or None for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(values, pc.fill_null(unclean, False), cleaned.take(encoded.indices))


def join_present(separator: str, *columns: pa.Array) -> pa.Array:
    """Return what is there of each row, joined: string[n], null where nothing is.

    Args:
        separator: What stands between two texts.
        columns: string[n] each.
    """
    empty = pc.is_null(pc.coalesce(*columns))
    # Arrow leaves rows in which nothing is there out of its result altogether (seen in pyarrow 26).
    first = pc.if_else(empty, "", columns[0])
    joined = pc.binary_join_element_wise(first, *columns[1:], separator, null_handling="skip")
    return pc.if_else(empty, pa.scalar(None, pa.string()), joined)


def without_ending(texts: pa.Array, endings: pa.Array) -> pa.Array:
    """Return texts without the words that they end with, where those are the ending: string[n].

    Args:
        texts: string[n], words with one space between them; one that is the ending and nothing else stays.
        endings: string[n], words like these; null and empty take nothing.
    """
    data, offsets = text_bytes(texts.fill_null(""))
    ends = _ends_without(data, offsets, *text_bytes(endings.fill_null("")))
    return with_nulls_of(texts, text_array(*copy_slices(data, offsets[:-1], ends)))


@numba.njit(cache=True)
def _ends_without(data: Bytes, offsets: Offsets, ending: Bytes, ending_offsets: Offsets) -> Offsets:
    ends = offsets[1:].copy()
    for text in range(len(ends)):
        size = ending_offsets[text + 1] - ending_offsets[text]
        cut = ends[text] - size - 1
        if size == 0 or cut <= offsets[text] or data[cut] != _SPACE:
            continue
        same = True
        for place in range(size):
            same = same and data[cut + 1 + place] == ending[ending_offsets[text] + place]
        if same:
            ends[text] = cut
    return ends


def hash_texts(values: pa.Array, n_digits: int) -> pa.Array:
    """Return the first hexadecimal digits of each text's SHA-256: string[n], null where the text is.

    Args:
        values: string[n]; each distinct text is hashed once.
        n_digits: 1 to 64.
    """
    encoded = values.dictionary_encode()
    digests = [hashlib.sha256(text.encode()).hexdigest()[:n_digits] for text in encoded.dictionary.to_pylist()]
    return pa.array(digests, pa.string()).take(encoded.indices)
