"""Countries: whatever a register or CRM writes, as ISO 3166-1 alpha-2.

A text that is no spelling of a country is taken apart (`England & Wales (UK)`, `Taiwan, China`), and a name with one
slip of the hand is that name if no other is as near. The table is `countries.csv`: ISO 3166-1 with English, Chinese and
Portuguese names and further spellings, and `XK`, the user-assigned code under which registers file Kosovo.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import pyarrow as pa

_PARTS = {
    "AU": "CC CX HM NF",
    "CN": "HK MO TW",
    "DK": "FO GL",
    "FI": "AX",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}
"""Places with a code of their own that are written before or behind the country which they are said to be of."""

_BETWEEN = re.compile(r"\s*[,;/()\[\]|\u3001\uff08\uff09]\s*|\s+[-\u2013]\s+")
_LEAST_MISTYPED = 6
"""Letters of the shortest name that may have a slip: shorter ones are near to too many words."""

_MAX_WORDS = 12
_SUBDIVISION = re.compile(r"([A-Za-z]{2})-[A-Za-z0-9]{1,3}")
_MARKS = re.compile("[\u0300-\u036f.'’]")
_CODE_LENGTH = 3
_SHORT_NAMES = frozenset({"uk", "gb", "us", "usa", "uae", "prc"})
_NO_LETTERS = re.compile(r"[\W_]+")


def country_code(text: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country, None if the text names none.

    Args:
        text: A name in English, Portuguese, Chinese or the country's own language, an alpha-2 or alpha-3 code, or an
            ISO 3166-2 code of a place in it (`GB-ENG`), in any case, with or without accents.
    """
    if text is None:
        return None
    subdivision = _SUBDIVISION.fullmatch(text.strip())
    if subdivision:
        return _codes_by_key().get(spelling_key(subdivision[1]))
    key = spelling_key(text)
    return _codes_by_key().get(key) or _together(text) or _mistyped(key)


_ABBREVIATED = {
    "rep": "republic", "dem": "democratic", "fed": "federated", "st": "saint", "is": "islands", "isl": "islands",
    "n": "north", "s": "south", "utd": "united",
}  # fmt: skip


def _together(text: str) -> str | None:
    """Return the country that the parts of a text name: the last one, or what is said to be a part of it."""
    pieces = [piece for piece in _BETWEEN.split(text) if piece]
    codes = [None if _is_of_a_state(piece) else _spelled(piece) for piece in pieces]
    if len(pieces) > 1 and (codes[-1] or (codes[0] and text.rstrip().endswith(")"))):
        return _narrowest([code for code in codes if code])
    if len(pieces) == 2:
        return _spelled(f"{pieces[1]} {pieces[0]}")
    return _spelled(text) if len(pieces) == 1 else None


def _is_of_a_state(piece: str) -> bool:
    """Return whether a part of a text may be a state's code, as in `Portland, ME`."""
    key = spelling_key(piece).replace(" ", "")
    return len(key) <= _CODE_LENGTH and key not in _SHORT_NAMES


def _spelled(text: str) -> str | None:
    """Return the country of a spelling, or of two that name one: `England UK`."""
    key = spelling_key(text)
    known, words = _codes_by_key(), key.split()
    whole = " ".join(_ABBREVIATED.get(word, word) for word in words)
    if code := known.get(key) or known.get(whole) or _mistyped(key):
        return code
    for cut in range(1, len(words) if len(words) <= _MAX_WORDS else 0):
        first, last = known.get(" ".join(words[:cut])), known.get(" ".join(words[cut:]))
        if first and last and (first == last or first in _parts(last) or last in _parts(first)):
            return _narrowest((first, last))
    return None


def _narrowest(codes: Sequence[str]) -> str:
    """Return the last of some countries, or the one among them that is a part of it."""
    return next((code for code in codes if code in _parts(codes[-1])), codes[-1])


def _parts(code: str) -> list[str]:
    return _PARTS.get(code, "").split()


def _mistyped(key: str) -> str | None:
    """Return the only country whose name is one letter, or two that changed places, from a key."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if len(key) < _LEAST_MISTYPED:
        return None
    names = [name for name in _codes_by_key() if len(name) >= _LEAST_MISTYPED]
    near = {
        _codes_by_key()[name] for name, _, _ in extract(key, names, scorer=OSA.distance, score_cutoff=1, limit=None)
    }
    return near.pop() if len(near) == 1 else None


def country_codes(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the country codes of a column.

    Args:
        texts: string[n], as `country_code` takes them.

    Returns:
        string[n], null where the text is null or names no country.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    codes = pa.array([country_code(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return codes.take(encoded.indices)


@cache
def country_names() -> frozenset[str]:
    """Return the names of all countries as `spelling_key` has them, without codes of two and three letters."""
    return frozenset(key for key in _codes_by_key() if len(key) > _CODE_LENGTH)


@cache
def _countries() -> dict[str, dict[str, str]]:
    text = resources.files("graphleads.codes").joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["alpha_2"]: row for row in csv.DictReader(text.splitlines())}


@cache
def _codes_by_key() -> dict[str, str]:
    return {spelling_key(spelling): code for code, row in _countries().items() for spelling in _spellings(row)}


def _spellings(row: dict[str, str]) -> list[str]:
    names = [row[column] for column in ("alpha_2", "alpha_3", "english", "chinese", "portuguese")]
    return names + [other for other in row["others"].split("|") if other]


def spelling_key(text: str) -> str:
    """Return what the spellings of one name have in common: no case, accents or punctuation, no *the* in front."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return _NO_LETTERS.sub(" ", folded.replace("&", " and ")).strip().removeprefix("the ")
