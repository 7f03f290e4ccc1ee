"""Nationalities in English words: those that are kept by hand, and what countryinfo adds.

Neither ISO 3166 nor CLDR has them. A word of two countries (*Congolese*) is left out, and so is one that is kept for
another country (*French* of Réunion).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import metadata, resources

import pycountry

from codelists.source import Source

Row = dict[str, str]

COLUMNS = ("alpha_2", "words")


def source() -> Source:
    """Return what the table is made from."""
    version = metadata.version("countryinfo")
    return Source(
        "values/nationalities.csv", "words kept by hand, demonyms by countryinfo", f"countryinfo {version}", "MIT"
    )


def nationalities(kept: Iterable[Row]) -> Iterator[Row]:
    """Yield the words for each country's people, in the order of the countries' codes.

    Args:
        kept: Rows of `kept/nationalities.csv`.
    """
    words: dict[str, list[str]] = defaultdict(list)
    for row in kept:
        words[row["alpha_2"]] += row["words"].split("|")
    claimed = {word.casefold() for of_country in words.values() for word in of_country}
    found = list(_demonyms())
    named = Counter(word.casefold() for _, word in found)
    for code, word in found:
        if named[word.casefold()] == 1 and word.casefold() not in claimed:
            words[code].append(word)
    for code in sorted(words):
        yield {"alpha_2": code, "words": "|".join(words[code])}


def _demonyms() -> Iterator[tuple[str, str]]:
    folder = resources.files("countryinfo") / "data"
    files = [file for file in folder.iterdir() if file.name.endswith(".json")]
    for file in sorted(files, key=lambda one: one.name):
        country = json.loads(file.read_text(encoding="utf-8"))
        code = country.get("ISO", {}).get("alpha2", "").upper()
        if pycountry.countries.get(alpha_2=code):
            yield from ((code, word.strip()) for word in (country.get("demonym") or "").split(",") if word.strip())
