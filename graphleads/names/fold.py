"""Characters folded to what matters in a name: case, accents, width, punctuation and spacing are gone.

Compiled code follows a table of the Basic Multilingual Plane that Python's own Unicode data fills: compatibility forms
and accents are taken off (UAX 15), case is folded, and whatever is neither letter nor digit separates words. Chinese,
Japanese and Korean are written without spaces, so brackets and spaces between their characters vanish. Traditional Han
characters become simplified ones, each by itself: no phrase is looked at.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphleads.names.han import simplified_han
from graphleads.names.text import Bytes, Offsets, text_array, text_bytes, text_column, with_nulls_of

SPACE = 32
GAP, LETTER, DIGIT, CJK = 0, 1, 2, 3
_KIND_OF_CATEGORY = {"L": LETTER, "M": LETTER, "N": DIGIT}
_CJK_RANGES = (
    (0x1100, 0x11FF),  # Hangul jamo
    (0x3005, 0x3007),  # iteration mark, zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3041, 0x30FA),  # kana
    (0x30FC, 0x31FF),  # kana, bopomofo
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),  # Han, compatibility
)
_N_TABLED = 0x10000
_SILENT = frozenset("'’‘ʼ′`´™®©℠")
_SPELLED = {"&": " and ", "+": " and ", "㈱": " 株式会社 ", "㈲": " 有限会社 ", "㈜": " 주식회사 "}
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class _Table(NamedTuple):
    """What each code point below 0x10000 becomes.

    Attributes:
        starts: int32[0x10001], code point `c` becomes `codes[starts[c]:starts[c + 1]]`.
        codes: int32, folded code points; a space separates words.
        kinds: uint8[0x10000], the kind of a folded code point.
        growth: How many bytes one byte becomes at most.
    """

    starts: NDArray[np.int32]
    codes: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    growth: int


def fold_characters(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return names as words of folded characters, joined by single spaces.

    `&` and `+` become the word `and`; single letters in a row are one word, so that S.A., S/A, S A and SA agree.

    Args:
        names: string[n].

    Returns:
        string[n], null where the name is null, empty where it has neither letter nor digit.
    """
    names = text_column(names)
    data, offsets = text_bytes(pc.utf8_normalize(names.fill_null(""), "NFC"))
    table = _table()
    spelled = np.empty((int(offsets[-1]) - int(offsets[0])) * table.growth, np.uint8)
    ends = _spell(data, offsets, table, spelled)
    folded = np.empty(ends[-1], np.uint8)
    ends = _join_words(spelled, ends, table.kinds, folded)
    return with_nulls_of(names, text_array(folded[: ends[-1]], ends))


def character_kinds() -> NDArray[np.uint8]:
    """Return uint8[0x10000]: the kind (GAP, LETTER, DIGIT, CJK) of the code points that folded names are made of."""
    return _table().kinds


@cache
def _table() -> _Table:
    kinds = np.array([_KIND_OF_CATEGORY.get(unicodedata.category(chr(code))[0], GAP) for code in range(_N_TABLED)])
    for first, last in _CJK_RANGES:
        kinds[first : last + 1] = CJK
    spellings = [_spelling(chr(code), kind) for code, kind in enumerate(kinds.tolist())]
    codes = np.array([ord(character) for text in spellings for character in text], np.int32)
    starts = np.zeros(_N_TABLED + 1, np.int32)
    np.cumsum([len(text) for text in spellings], out=starts[1:])
    growth = max(_growth(chr(code), text) for code, text in enumerate(spellings) if text)
    return _Table(starts, codes, kinds.astype(np.uint8), growth)


def _spelling(character: str, kind: int) -> str:
    if character in _SILENT or unicodedata.category(character) in ("Cf", "Cs"):
        return ""
    if kind == CJK and unicodedata.is_normalized("NFKD", character):
        return character.translate(simplified_han())
    apart = unicodedata.normalize("NFKD", _SPELLED.get(character, character))
    bare = "".join(one for one in apart if not 0x300 <= ord(one) <= 0x36F)
    folded = unicodedata.normalize("NFKC", bare.casefold()).translate(_PLAIN_LETTERS)
    return "".join(_SPELLED.get(one, one) for one in folded).translate(simplified_han())


def _growth(character: str, spelling: str) -> int:
    """Return how often the bytes of a character go into its spelling, with a space before each character."""
    return -(-(len(spelling.encode()) + len(spelling)) // len(character.encode()))


@numba.njit(cache=True)
def _spell(data: Bytes, offsets: Offsets, table: _Table, spelled: Bytes) -> Offsets:
    """Write every character as the table spells it, with spaces where the script changes; return the ends."""
    ends = np.zeros(len(offsets), np.int32)
    position = 0
    for name in range(len(offsets) - 1):
        at = offsets[name]
        last = GAP
        while at < offsets[name + 1]:
            code, at = decode(data, at)
            if code >= _N_TABLED:
                position, last = _write(spelled, position, code, _kind(code, table.kinds), last)
                continue
            for index in range(table.starts[code], table.starts[code + 1]):
                folded = table.codes[index]
                position, last = _write(spelled, position, folded, _kind(folded, table.kinds), last)
        ends[name + 1] = position
    return ends


@numba.njit(cache=True)
def _write(spelled: Bytes, position: int, code: int, kind: int, last: int) -> tuple[int, int]:
    """Write one character of a kind behind one of the kind `last`; return the new position and the kind."""
    if kind == GAP or (kind == CJK) != (last == CJK):
        spelled[position] = SPACE
        position += 1
    if kind != GAP:
        position = _encode(code, spelled, position)
    return position, kind


@numba.njit(cache=True)
def _join_words(spelled: Bytes, ends: Offsets, kinds: NDArray[np.uint8], folded: Bytes) -> Offsets:
    """Write the words with one space between them, none between CJK words or single letters; return the ends."""
    joined = np.zeros(len(ends), np.int32)
    position = 0
    for name in range(len(ends) - 1):
        at = ends[name]
        begin = position
        last = GAP
        while at < ends[name + 1]:
            behind = word_end(spelled, at, ends[name + 1])
            if behind > at:
                kind = joining_kind(spelled, at, behind, kinds)
                if position > begin and (kind == GAP or kind != last):
                    folded[position] = SPACE
                    position += 1
                for index in range(at, behind):
                    folded[position] = spelled[index]
                    position += 1
                last = kind
            at = behind + 1
        joined[name + 1] = position
    return joined


@numba.njit(cache=True)
def word_end(data: Bytes, at: int, end: int) -> int:
    """Return the position of the first space from `at` on, `end` if there is none."""
    while at < end and data[at] != SPACE:
        at += 1
    return at


@numba.njit(cache=True)
def joining_kind(data: Bytes, begin: int, end: int, kinds: NDArray[np.uint8]) -> int:
    """Return CJK for a word of those scripts, LETTER for a single letter, GAP for a word that joins no other."""
    code, behind = decode(data, begin)
    kind = _kind(code, kinds)
    if kind == CJK:
        return CJK
    return LETTER if kind == LETTER and behind == end else GAP


@numba.njit(cache=True)
def _kind(code: int, kinds: NDArray[np.uint8]) -> int:
    """Return the kind of a code point; beyond the table the planes 2 and 3 are Han, the rest is no part of a name."""
    if code < _N_TABLED:
        return int(kinds[code])
    return CJK if 0x20000 <= code < 0x40000 else GAP


@numba.njit(cache=True)
def decode(data: Bytes, at: int) -> tuple[int, int]:
    """Return the code point whose UTF-8 begins at a position, and where the next one begins."""
    lead = int(data[at])
    if lead < 0x80:
        return lead, at + 1
    n_more = 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3
    code = lead & (0x3F >> n_more)
    for index in range(at + 1, at + 1 + n_more):
        code = code << 6 | int(data[index] & 0x3F)
    return code, at + 1 + n_more


@numba.njit(cache=True)
def _encode(code: int, data: Bytes, at: int) -> int:
    """Write a code point as UTF-8 and return the position behind it."""
    if code < 0x80:
        data[at] = code
        return at + 1
    n_more = 1 if code < 0x800 else 2 if code < 0x10000 else 3
    data[at] = (0xFF00 >> (n_more + 1)) & 0xFF | code >> 6 * n_more
    for index in range(1, n_more + 1):
        data[at + index] = 0x80 | (code >> 6 * (n_more - index)) & 0x3F
    return at + 1 + n_more
