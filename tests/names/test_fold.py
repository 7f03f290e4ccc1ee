from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.names.fold import fold_characters


def fold(text: str) -> str:
    return str(fold_characters(pa.array([text]))[0].as_py())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Norwind Ltd.", "norwind ltd"),
        ("  Norwind\t-  Söhne ", "norwind sohne"),
        ("Straße & Wege", "strasse and wege"),
        ("A+B", "a and b"),
        ("Ærø Łódź", "aero lodz"),
        ("L'Exemple d’Or", "lexemple dor"),
        ("Norwind™ (Nord)", "norwind nord"),
        ("S.A.", "sa"),
        ("S/A", "sa"),
        ("S A", "sa"),
        ("N.O.R. Wind", "nor wind"),
        ("N. O. R. 3 M", "nor 3 m"),
        ("İzmir", "izmir"),
        ("示例（中国）有限公司", "示例中国有限公司"),
        ("示例 科技", "示例科技"),
        ("ＡＢＣ示例", "abc 示例"),
        ("示例ABC集团", "示例 abc 集团"),
        ("㈱サンプル", "株式会社サンプル"),
        ("대한 예시", "대한예시"),
        ("ООО «Пример»", "ооо пример"),
        ("𠀀示", "𠀀示"),
        ("範例貿易（中國）有限公司", "范例贸易中国有限公司"),
        ("臺灣ＡＢＣ", "台湾 abc"),
        ("🙂", ""),
        ("--", ""),
        ("", ""),
    ],
)
def test_fold_characters(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_nulls_stay_null_and_slices_are_read_right() -> None:
    names = pa.chunked_array([["One", None], ["Two"]])
    assert fold_characters(names).to_pylist() == ["one", None, "two"]
    assert fold_characters(pa.array(["Left out", "Kept"]).slice(1)).to_pylist() == ["kept"]
    assert fold_characters(pa.array([], pa.string())).to_pylist() == []


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(any_text)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_composed_or_not_is_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.lists(any_text, max_size=5))
def test_a_column_is_its_names(names: list[str]) -> None:
    assert fold_characters(pa.array(names, pa.string())).to_pylist() == [fold(name) for name in names]


@given(any_text)
def test_words_are_joined_by_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split(" ")).strip()
    assert "  " not in folded
