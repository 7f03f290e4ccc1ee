from __future__ import annotations

from pathlib import Path

import pytest

from codelists.__main__ import page, tables
from codelists.country import countries
from codelists.legal_form import legal_forms
from codelists.nationality import nationalities

ROOT = Path(__file__).parents[2]
MADE = list(tables())


@pytest.mark.parametrize(("file", "text"), [(source.file, text) for source, text in MADE], ids=lambda one: one[:30])
def test_a_table_is_what_its_sources_say(file: str, text: str) -> None:
    assert (ROOT / "graphleads" / file).read_text(encoding="utf-8") == text, "run `make codelists`"


def test_the_page_says_what_the_tables_are_made_from() -> None:
    assert (ROOT / "codelists" / "README.md").read_text(encoding="utf-8") == page(source for source, _ in MADE)


def test_a_form_brings_its_other_spellings_and_none_of_another_form() -> None:
    kept = [
        {"form": "gmbh", "canonical": "gmbh", "group": "gmbh", "place": "end"},
        {"form": "bank", "canonical": "bank", "group": "bank", "place": "end"},
        {"form": "ag", "canonical": "ag", "group": "ag", "place": "end"},
    ]
    forms = {row["form"]: row["canonical"] for row in legal_forms(kept)}

    assert list(forms)[:3] == ["gmbh", "bank", "ag"]
    assert forms["gesellschaft mit beschrankter haftung"] == "gmbh"
    assert forms["aktiengesellschaft"] == "ag"
    assert "asociacion gremial" not in forms
    assert "savings bank" not in forms


def test_a_kept_name_goes_before_and_a_spelling_of_two_countries_is_left_out() -> None:
    blank = {"alpha_3": "", "english": "", "chinese": "", "portuguese": "", "others": ""}
    kept = [
        {**blank, "alpha_2": "CI", "english": "Ivory Coast", "others": "Côte d'Ivoire"},
        {**blank, "alpha_2": "XK", "alpha_3": "XKX"},
    ]
    by_code = {row["alpha_2"]: row for row in countries(kept)}

    assert by_code["CI"]["english"] == "Ivory Coast"
    assert by_code["CI"]["others"].startswith("Côte d'Ivoire|")
    assert by_code["DE"]["portuguese"] == "Alemanha"
    assert "Deutschland" in by_code["DE"]["others"].split("|")
    assert (by_code["XK"]["alpha_3"], by_code["XK"]["chinese"]) == ("XKX", "科索沃")


def test_a_nationality_of_two_countries_is_left_out() -> None:
    words = {row["alpha_2"]: row["words"].split("|") for row in nationalities([{"alpha_2": "FR", "words": "French"}])}

    assert words["NC"] == ["New Caledonian"]
    assert words["FR"] == ["French"]
    assert "RE" not in words
    assert not any("Congolese" in one for one in words.values())
