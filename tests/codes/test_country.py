from __future__ import annotations

import pyarrow as pa
import pytest

from graphleads.codes.country import country_code, country_codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Brazil", "BR"),
        ("BRASIL", "BR"),
        ("br", "BR"),
        ("BRA", "BR"),
        ("巴西", "BR"),
        (" The Netherlands ", "NL"),
        ("U.S.A.", "US"),
        ("Côte d’Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("Korea, Republic of", "KR"),
        ("Korea, South", "KR"),
        ("Rep. of Korea", "KR"),
        ("Czech Rep.", "CZ"),
        ("St. Lucia", "LC"),
        ("Ireland, Northern", "GB"),
        ("Bosnia & Herzegovina", "BA"),
        ("Alemanha", "DE"),
        ("中华人民共和国", "CN"),
        ("GB-ENG", "GB"),
        ("England", "GB"),
        ("Россия", "RU"),
        ("Atlantis", None),
        ("Taiwan, China", "TW"),
        ("Macau, China", "MO"),
        ("Hong Kong Sar, China", "HK"),
        ("China, Hong Kong", "HK"),
        ("Taiwan (Province of China)", "TW"),
        ("China Macau", "MO"),
        ("Jersey, United Kingdom", "JE"),
        ("Puerto Rico, USA", "PR"),
        ("Georgia, USA", "US"),
        ("Minnesota, United States", "US"),
        ("Portland, ME", None),
        ("England/Wales", "GB"),
        ("England And Wales (Cardiff)", "GB"),
        ("United Kingdom (England And Wales)", "GB"),
        ("England & Wales, United Kingdom", "GB"),
        ("Uk - England & Wales", "GB"),
        ("England Uk", "GB"),
        ("England And Wales Uk", "GB"),
        ("Germany France", None),
        ("Engalnd", "GB"),
        ("United Kindom", "GB"),
        ("Untied Kingdom", "GB"),
        ("Bambia", None),
        ("Irak", "IQ"),
        ("826", "GB"),
        ("B", None),
        ("", None),
        (None, None),
    ],
)
def test_country_code(text: str | None, code: str | None) -> None:
    assert country_code(text) == code


def test_a_column_keeps_its_order_and_nulls() -> None:
    texts = pa.chunked_array([["Brazil", None], ["Atlantis", "巴西"]])
    assert country_codes(texts).to_pylist() == ["BR", None, None, "BR"]
    assert country_codes(pa.array(["UK", "UK"]).dictionary_encode()).to_pylist() == ["GB", "GB"]


def test_no_spelling_means_two_countries() -> None:
    from graphleads.codes import country

    for code, row in country._countries().items():
        for spelling in country._spellings(row):
            assert country_code(spelling) == code, spelling
