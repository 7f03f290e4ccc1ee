"""Countries: ISO 3166-1 by pycountry, names in many languages by babel (CLDR), and what is kept by hand before both.

A spelling that would name two countries is left out; one that is kept by hand names the country that it stands at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import metadata

import pycountry
from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages

from codelists.source import Source
from graphleads.codes.country import spelling_key

Row = dict[str, str]

COLUMNS = ("alpha_2", "alpha_3", "english", "chinese", "portuguese", "others")
_SHOWN = {"english": "en", "chinese": "zh_Hans", "portuguese": "pt"}
_LANGUAGES = (*_SHOWN.values(), "zh_Hant", "pt_PT", "es", "fr", "de", "it", "nl")
"""What registers and CRMs write countries in, beside a country's own languages."""


def source() -> Source:
    """Return what the table is made from."""
    babel, countries = metadata.version("babel"), metadata.version("pycountry")
    return Source(
        "codes/countries.csv",
        "ISO 3166-1 (Debian's iso-codes), names by Unicode CLDR",
        f"pycountry {countries}, babel {babel}",
        "LGPL-2.1-only, BSD-3-Clause",
    )


def countries(kept: Iterable[Row]) -> Iterator[Row]:
    """Yield a row for each country, in the order of their codes.

    Args:
        kept: Rows of `kept/countries.csv`: names that go before CLDR's, and further spellings.
    """
    rows = [_named(alpha_3, kept_row) for alpha_3, kept_row in _with_codes(kept)]
    claimed = {spelling_key(one) for row in rows for one in _spellings(row)}
    further = {row["alpha_2"]: _further(row["alpha_2"]) for row in rows}
    named = Counter(key for spellings in further.values() for key in spellings)
    for row in rows:
        new = [text for key, text in further[row["alpha_2"]].items() if named[key] == 1 and key not in claimed]
        yield row | {"others": "|".join(filter(None, [row["others"], *new]))}


def _with_codes(kept: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    by_code = {row["alpha_2"]: row for row in kept}
    alpha_3 = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    alpha_3 |= {code: row["alpha_3"] for code, row in by_code.items() if row["alpha_3"]}
    for code in sorted(alpha_3):
        yield alpha_3[code], by_code.get(code, {"alpha_2": code, "others": ""})


def _named(alpha_3: str, kept: Row) -> Row:
    code = kept["alpha_2"]
    names = {column: kept.get(column) or _territory(language, code) for column, language in _SHOWN.items()}
    return {"alpha_2": code, "alpha_3": alpha_3, **names, "others": kept["others"]}


def _further(code: str) -> dict[str, str]:
    """Return further spellings of a country by their keys, the first of each key."""
    country = pycountry.countries.get(alpha_2=code)
    texts = [getattr(country, name, "") for name in ("name", "official_name", "common_name")]
    texts += [_territory(language, code) for language in (*_LANGUAGES, *get_official_languages(code))]
    return {spelling_key(text): text for text in reversed(texts) if spelling_key(text) and "|" not in text}


def _territory(language: str, code: str) -> str:
    try:
        name: str = Locale.parse(language).territories.get(code, "")
    except UnknownLocaleError:
        return ""
    return name


def _spellings(row: Row) -> list[str]:
    return [*(row[column] for column in COLUMNS[:-1]), *row["others"].split("|")]
