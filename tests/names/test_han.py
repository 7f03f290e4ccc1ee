from __future__ import annotations

import pytest

from graphleads.names.fold import CJK, character_kinds
from graphleads.names.han import simplified_han


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("範例貿易", "范例贸易"),
        ("臺灣", "台湾"),
        ("發展", "发展"),
        ("裏裡", "里里"),
        ("衛衞", "卫卫"),
        ("説說", "说说"),
        ("乾坤", "干坤"),
        ("広気", "広気"),
        ("示例", "示例"),
    ],
)
def test_characters_become_simplified(text: str, simplified: str) -> None:
    assert text.translate(simplified_han()) == simplified


def test_the_table_takes_one_step_and_knows_each_character_once() -> None:
    table = simplified_han()
    assert len(table) == 3762
    assert not {ord(simplified) for simplified in table.values()} & table.keys()
    assert all(character_kinds()[code] == CJK for code in table)
