"""Countries: whatever a register or CRM writes, as ISO 3166-1 alpha-2.

The table is `countries.csv`: ISO 3166-1 with English, Chinese and Portuguese names and further spellings, and `XK`,
the user-assigned code under which registers file Kosovo.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

import pyarrow as pa

_SUBDIVISION = re.compile(r"([A-Za-z]{2})-[A-Za-z0-9]{1,3}")
_MARKS = re.compile("[\u0300-\u036f.'’]")
_CODE_LENGTH = 3
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
    return _codes_by_key().get(spelling_key(subdivision[1] if subdivision else text))


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
