"""Values as Chinese registers and company-data services write them: shares, days, statuses, titles, staff.

Every function takes a column of texts, string[n], and returns a column of n, null where a text is missing or cannot be
read. Texts repeat, so each distinct one is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from graphleads.values.placeholder_day import without_placeholders

_Value = TypeVar("_Value")

STATUSES = (
    (r"吊销.*未注销", "inactive"),
    (r"注销|撤销|解散|告散", "dissolved"),
    (r"清算", "in_liquidation"),
    (r"吊销|停业|歇业|迁出|责令关闭|除名|非正常", "inactive"),
    (r"存续|在业|在营|开业|营业|正常|在册|迁入|仍注册", "active"),
)
"""Patterns of status words; the first that is found counts."""

ROLE_KINDS = (
    (r"名誉|荣誉|候补", "other"),
    (r"监事", "supervisor"),
    (r"董事会秘书|董秘", "secretary"),
    (r"副.*(董事长|主席|理事长)", "director"),
    (r"董事长|主席|理事长", "chair"),
    (r"董事|理事", "director"),
    (r"副|总监|财务|部长|负责人", "manager"),
    (r"总经理|总裁|首席执行官|执行总监|厂长|院长|校长|行长|(?i:\bCEO\b)", "chief_executive"),
    (r"经理|(?i:\bC[FOT]O\b)", "manager"),
    (r"合伙人", "partner"),
    (r"代表", "representative"),
)
"""Patterns of posts; the first that is found counts. What registers call a manager (经理) runs the company, but so may
others of the title, so only the unmistakable titles are chief executives."""

_SHARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?)\s*[%％]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?|(\d{4})(\d{2})(\d{2})")
_MILLISECONDS = re.compile(r"-?\d{9,14}")
_CHINA = timedelta(hours=8)
_STAFF = re.compile(
    r"(?:(?P<least>\d+)\s*[-~至]\s*(?P<most>\d+)|(?P<below>小于|少于|不足)?\s*(?P<bound>\d+))\s*人?\s*(?P<above>以上)?(?:以下)?"
)
_TITLE_SEPARATOR = r"[,，、;；/兼及]|\s+"


def shares(values: pa.Array) -> pa.Array:
    """Return percentages as fractions, float64 in [0, 1]; `45.10%` is 0.451, and without the sign it is null."""
    return _each(values, _parse_share, pa.float64())


def days(values: pa.Array) -> pa.Array:
    """Return days as date32: `2016-03-01`, `2016年3月1日`, `20160301`, or milliseconds since 1970 in Chinese time."""
    return without_placeholders(_each(values, _parse_day, pa.date32()))


def statuses(values: pa.Array) -> pa.Array:
    """Return register statuses as those of the staged tables, `unknown` for words that are not known."""
    return _first_found(values, STATUSES, "unknown")


def role_kinds(titles: pa.Array) -> pa.Array:
    """Return posts as kinds of roles, `other` for those that are not known."""
    return _first_found(titles, ROLE_KINDS, "other")


def split_titles(values: pa.Array) -> pa.Array:
    """Return the posts in each text, list<string>[n]: `执行董事兼总经理` is two."""
    return pc.split_pattern_regex(values, _TITLE_SEPARATOR)


def staff_bounds(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the least and most employees of a range, int32: `50-99人`, `小于50人`, `10000人以上`."""
    bounds = _each(values, _parse_staff, pa.struct([("least", pa.int32()), ("most", pa.int32())]))
    return pc.struct_field(bounds, "least"), pc.struct_field(bounds, "most")


def _each(values: pa.Array, parse: Callable[[str], _Value | None], type_: pa.DataType) -> pa.Array:
    encoded = values.dictionary_encode()
    return pa.array([parse(text) for text in encoded.dictionary.to_pylist()], type_).take(encoded.indices)


def _first_found(values: pa.Array, patterns: tuple[tuple[str, str], ...], otherwise: str) -> pa.Array:
    found = [(re.compile(pattern), word) for pattern, word in patterns]
    return _each(values, lambda text: next((word for one, word in found if one.search(text)), otherwise), pa.string())


def _parse_share(text: str) -> float | None:
    found = _SHARE.fullmatch(text)
    # 45.10 / 100 is not the number nearest to 0.451.
    share = float(f"{found['number']}e-2") if found else None
    return share if share is not None and share <= 1 else None


def _parse_day(text: str) -> date | None:
    try:
        if _MILLISECONDS.fullmatch(text) and not _DAY.fullmatch(text):
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text)) + _CHINA).date()
        found = _DAY.fullmatch(text)
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except (ValueError, OverflowError):
        return None


def _parse_staff(text: str) -> dict[str, int | None] | None:
    found = _STAFF.fullmatch(text)
    if found is None:
        return None
    if found["least"]:
        return {"least": int(found["least"]), "most": int(found["most"])}
    bound = int(found["bound"])
    if found["above"]:
        return {"least": bound, "most": None}
    return {"least": None, "most": bound - 1} if found["below"] else {"least": bound, "most": bound}
