from __future__ import annotations

import pyarrow as pa

from graphleads.values.china_place import PROVINCES, address_keys, regions, towns


def test_provinces_are_told_from_the_code_and_otherwise_from_the_address() -> None:
    codes = pa.array(["91350200MA9900001U", None, "91100000100000000X", None, None])
    addresses = pa.array(["上海市示范路1号", "北京市海淀区", "内蒙古自治区呼和浩特市", "示范路1号", None])
    assert regions(codes, addresses).to_pylist() == ["CN-FJ", "CN-BJ", "CN-NM", None, None]
    assert len({iso for iso, _ in PROVINCES.values()}) == len(PROVINCES) == 31


def test_towns_are_the_city_of_an_address() -> None:
    known = {
        "福建省厦门市集美区样本大道1号": "厦门市",
        "厦门市集美区": "厦门市",
        "北京市海淀区示例路2号": "北京市",
        "内蒙古自治区呼和浩特市新城区": "呼和浩特市",
        "示例路2号": None,
        None: None,
    }
    assert dict(zip(known, towns(pa.array(list(known))).to_pylist(), strict=True)) == known


def test_two_spellings_of_an_address_share_a_key() -> None:
    spellings = [
        "厦门市样本大道１号（705单元）",
        "厦门市样本大道1号705单元",
        "中国\u00a0厦门市样本大道1号 705单元",
        "中华人民共和国厦门市样本大道1号705单元，邮编：361000",
        "厦门市样本大道1号705单元 361000",
    ]
    *keys, nothing = address_keys(pa.array([*spellings, "——"])).to_pylist()
    assert set(keys) == {"厦门市样本大道 1 号 705 单元"}
    assert nothing is None
