from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphleads.names.normalize import core_key, core_names, fold_names, name_key


@pytest.mark.parametrize(
    ("name", "key", "core"),
    [
        ("Norwind Limited", "norwind ltd", "norwind"),
        ("NORWIND, LTD.", "norwind ltd", "norwind"),
        ("The Norwind Company, Inc.", "norwind inc", "norwind"),
        ("Limited Limited", "limited ltd", "limited"),
        ("Ltd", "ltd", "ltd"),
        ("Exemplo Comércio S/A", "exemplo comercio sa", "exemplo comercio"),
        ("Exemplo S.A. - Em Recuperação Judicial", "exemplo sa", "exemplo"),
        ("示例（中国）有限责任公司", "示例中国 有限公司", "示例中国"),
        ("示例股份有限公司", "示例 股份有限公司", "示例"),
        ("範例控股有限公司", "范例控股 有限公司", "范例控股"),
        ("范例控股有限公司", "范例控股 有限公司", "范例控股"),
        ("範例貿易（集團）有限責任公司", "范例贸易集团 有限公司", "范例贸易集团"),
        ("!", "", ""),
    ],
)
def test_keys(name: str, key: str, core: str) -> None:
    assert name_key(name) == key
    assert core_key(name) == core


def test_a_column_keeps_its_order_and_nulls() -> None:
    names = pa.chunked_array([["Norwind Ltd", None], ["Kestrel plc"]])
    assert fold_names(names).to_pylist() == ["norwind ltd", None, "kestrel plc"]
    assert core_names(names).to_pylist() == ["norwind", None, "kestrel"]


@given(st.text(max_size=30))
def test_keys_are_empty_together(name: str) -> None:
    assert bool(name_key(name)) == bool(core_key(name))


@given(st.text("abé sa.ltdco有限责任責公司株式会社 &", max_size=20))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert core_key(name_key(name)) == core_key(name)
