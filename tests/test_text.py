from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphleads.text import clean_text, says_nothing


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Jose\u0301 Nu\u0301n\u0303ez", "José Núñez"),
        ("Alder\u00a0 &amp;\u3000Sons \t Ltd\r\n", "Alder & Sons Ltd"),
        ("Al\u200bder\ufeff \u202eLtd\u00ad", "Alder Ltd"),
        ("Birch &amp;amp; Co &#8211; &#x4e2d;", "Birch & Co – 中"),
        ("Smith&paragon; R&D; &nosuch; AT&T", "Smith&paragon; R&D; &nosuch; AT&T"),
        ("\x1b[31mCedar", "[31mCedar"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Da\u200cm\u200dson", "Damson"),
        *((nothing, "") for nothing in ("NULL", "nan", "None", "\\N", "<NA>", "NaT", "#N/A", " ", "\u200b", "&nbsp;")),
        ("Nullam", "Nullam"),
    ],
)
def test_a_text_is_one_however_it_was_written(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
@example("&am\u200bp;amp;")
@example("N\u200bULL")
@example("&#78;ULL")
def test_a_clean_text_stays(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "--", "N/A", "n.a.", "na", "#N/A", "NULL", "None", "nan", "unknown", "Not available", "TBC", "t.b.d.",
     "s/d", "k.A.", "暂无", "无", "不详", "não informado", "sem informação", "néant", "nil", ". . ."],
)  # fmt: skip
def test_words_for_nothing_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["ND", "Nanna", "0", "Nil Desperandum Ltd", "Unknown Pleasures", "空港", "N", "tb"])
def test_words_that_say_something(text: str) -> None:
    assert not says_nothing(text)
