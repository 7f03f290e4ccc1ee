"""Where a Chinese company is: provinces, towns, addresses."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.names.fold import fold_characters

PROVINCES: Mapping[str, tuple[str, str]] = {
    "11": ("BJ", "北京"), "12": ("TJ", "天津"), "13": ("HE", "河北"), "14": ("SX", "山西"), "15": ("NM", "内蒙古"),
    "21": ("LN", "辽宁"), "22": ("JL", "吉林"), "23": ("HL", "黑龙江"), "31": ("SH", "上海"), "32": ("JS", "江苏"),
    "33": ("ZJ", "浙江"), "34": ("AH", "安徽"), "35": ("FJ", "福建"), "36": ("JX", "江西"), "37": ("SD", "山东"),
    "41": ("HA", "河南"), "42": ("HB", "湖北"), "43": ("HN", "湖南"), "44": ("GD", "广东"), "45": ("GX", "广西"),
    "46": ("HI", "海南"), "50": ("CQ", "重庆"), "51": ("SC", "四川"), "52": ("GZ", "贵州"), "53": ("YN", "云南"),
    "54": ("XZ", "西藏"), "61": ("SN", "陕西"), "62": ("GS", "甘肃"), "63": ("QH", "青海"), "64": ("NX", "宁夏"),
    "65": ("XJ", "新疆"),
}  # fmt: skip
"""Provinces by the first two digits of GB/T 2260, which are the third and fourth of a credit code: ISO 3166-2:CN
without `CN-`, and the word that addresses begin with."""

_TOWN = r"^(?:[^省区]{2,8}(?:省|自治区))?(?P<town>[^省区市县]{2,10}?(?:市|自治州|地区|盟))"
_COUNTRY_OR_POSTCODE = r"^(?:中华人民共和国|中国)| ?(?:邮政编码|邮编)? ?\d{6}$"
_NO_TEXT = pa.scalar(None, pa.string())


def regions(codes: pa.Array, addresses: pa.Array) -> pa.Array:
    """Return provinces as ISO 3166-2 (`CN-FJ`): string[n], null where nothing tells.

    Args:
        codes: string[n], credit codes whose check digit holds; they name the province of the registering authority.
        addresses: string[n], looked at where the code is of a national authority or missing.
    """
    digits = pc.index_in(pc.utf8_slice_codeunits(codes, 2, 4), value_set=pa.array(list(PROVINCES)))
    province = pa.array([f"CN-{code}" for code, _ in PROVINCES.values()]).take(digits)
    for code, word in PROVINCES.values():
        begins = pc.and_(pc.is_null(province), pc.fill_null(pc.starts_with(addresses, word), False))
        province = pc.if_else(begins, pa.scalar(f"CN-{code}"), province)
    return province


def towns(addresses: pa.Array) -> pa.Array:
    """Return the city that an address names, string[n]: `福建省厦门市集美区…` is in 厦门市."""
    return pc.struct_field(pc.extract_regex(addresses, _TOWN), "town")


def address_keys(addresses: pa.Array) -> pa.Array:
    """Return a key that two spellings of one address share, string[n].

    Characters are folded, brackets and spaces gone, and so are the country in front and the postcode behind.
    """
    key = pc.replace_substring_regex(fold_characters(addresses), _COUNTRY_OR_POSTCODE, "")
    return pc.if_else(pc.equal(key, ""), _NO_TEXT, key)
