from __future__ import annotations

import csv
from collections import Counter
from importlib import resources

import pyarrow as pa
import pytest

from graphleads.codes.country import country_code
from graphleads.values.nationality import nationality_codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("British", "GB"),
        ("SCOTTISH", "GB"),
        ("Citizen of Seychelles", "SC"),
        ("Citizen of the Dominican Republic", "DO"),
        ("Congolese (DRC)", "CD"),
        ("France", "FR"),
        ("Irish,British", "IE"),
        ("Polish and German", "PL"),
        ("Martian", None),
        (None, None),
    ],
)
def test_nationalities_become_countries(words: str | None, code: str | None) -> None:
    assert nationality_codes(pa.array([words], pa.string())).to_pylist() == [code]


def test_the_table_has_known_countries_and_every_word_once() -> None:
    text = (resources.files("graphleads.values") / "nationalities.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["alpha_2"] for row in rows if country_code(row["alpha_2"]) != row["alpha_2"]] == []
    words = Counter(word.casefold() for row in rows for word in row["words"].split("|"))
    assert [word for word, n in words.items() if n > 1] == []
