"""Nationalities in words, as registers ask for them, and the countries that they are of.

The table is `nationalities.csv`: the words that British registers print, by ISO 3166-1 alpha-2.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

import pyarrow as pa

from graphleads.codes.country import country_code

_CITIZEN = re.compile(r"citizen of (the )?", re.IGNORECASE)
_FURTHER = re.compile(r"\s*[,/;&+]\s*|\s+and\s+")


def nationality_codes(texts: pa.Array) -> pa.Array:
    """Return the countries that nationalities are of.

    Args:
        texts: string[n], `British`, `Citizen of Seychelles` or a country; of several the first counts.

    Returns:
        string[n], ISO 3166-1 alpha-2, null where the text is null or names none.
    """
    encoded = texts.dictionary_encode()
    codes = pa.array([_code(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return codes.take(encoded.indices)


def _code(text: str) -> str | None:
    words = _CITIZEN.sub("", text.strip())
    return _country(words) or _country(_FURTHER.split(words)[0])


def _country(words: str) -> str | None:
    return _countries().get(words.casefold()) or country_code(words)


@cache
def _countries() -> dict[str, str]:
    text = (resources.files("graphleads.values") / "nationalities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {word.casefold(): row["alpha_2"] for row in rows for word in row["words"].split("|")}
