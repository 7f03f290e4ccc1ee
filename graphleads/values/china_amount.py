"""Amounts of money as Chinese registers write them: `500万元`, `500(万元人民币)`, `USD 1,000,000`, `伍佰万元整`.

An amount is read whole or not at all: of one whose unit is not understood nothing is kept, never a smaller number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

import pyarrow as pa

from graphleads.tables.schema import MONEY

_Value = TypeVar("_Value")

CURRENCIES: Mapping[str, str] = {
    "人民币元": "CNY", "元人民币": "CNY", "人民币": "CNY", "美元": "USD", "美金": "USD", "美圆": "USD", "港元": "HKD",
    "港币": "HKD", "港圆": "HKD", "港纸": "HKD", "欧元": "EUR", "日元": "JPY", "日圆": "JPY", "日币": "JPY",
    "円": "JPY", "英镑": "GBP", "新台币": "TWD", "台币": "TWD", "台湾元": "TWD", "澳门元": "MOP", "澳门币": "MOP",
    "澳大利亚元": "AUD", "澳元": "AUD", "澳币": "AUD", "加拿大元": "CAD", "加元": "CAD", "加币": "CAD",
    "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "新元": "SGD", "新西兰元": "NZD", "瑞士法郎": "CHF",
    "瑞郎": "CHF", "韩国元": "KRW", "韩元": "KRW", "韩圆": "KRW", "韩币": "KRW", "俄罗斯卢布": "RUB", "卢布": "RUB",
    "瑞典克朗": "SEK", "丹麦克朗": "DKK", "挪威克朗": "NOK", "泰铢": "THB", "泰国铢": "THB", "马来西亚林吉特": "MYR",
    "林吉特": "MYR", "令吉": "MYR", "马币": "MYR", "印度卢比": "INR", "印尼盾": "IDR", "印尼卢比": "IDR",
    "越南盾": "VND", "菲律宾比索": "PHP", "南非兰特": "ZAR", "迪拉姆": "AED", "德国马克": "DEM", "法国法郎": "FRF",
    "意大利里拉": "ITL", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "¥": "CNY",
    "€": "EUR", "£": "GBP", "RMB": "CNY", "CNH": "CNY",
    **{
        code: code
        for code in (
            "CNY", "USD", "HKD", "EUR", "JPY", "GBP", "TWD", "MOP", "AUD", "CAD", "SGD", "NZD", "CHF", "KRW", "RUB",
            "SEK", "DKK", "NOK", "THB", "MYR", "INR", "IDR", "VND", "PHP", "ZAR", "AED",
        )
    },
}  # fmt: skip
"""Currency words and signs by ISO 4217; an amount without one is in renminbi."""

_UNITS = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "十亿": 9,
    "百亿": 10, "千亿": 11, "万亿": 12,
    "THOUSAND": 3, "K": 3, "MILLION": 6, "MIO": 6, "MN": 6, "M": 6, "BILLION": 9, "BN": 9,
}  # fmt: skip
"""Powers of ten."""

_NUMERALS = ("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {numeral: value for value, numerals in enumerate(_NUMERALS) for numeral in numerals}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_CURRENCY = "|".join(re.escape(word) for word in sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted(filter(None, _UNITS), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_IN_WORDS = (
    f"[{''.join(_DIGITS)}][{''.join((*_DIGITS, *_PLACES, *_MYRIADS))}]*|[十拾][{''.join((*_DIGITS, *_MYRIADS))}]*"
)
_AMOUNT = re.compile(
    rf"(?P<before>{_CURRENCY})?(?:(?P<number>{_NUMBER})(?P<unit>{_UNIT})?|(?P<words>{_IN_WORDS}))"
    rf"(?P<after>{_CURRENCY})?(?P<yuan>[元圆块])?(?P<behind>{_CURRENCY})?整?"
)
_NO_PART = re.compile(r"[\s()\[\]【】。:;]|注册资[本金]|认缴|实缴|出资额?|金额|单位|折合|大写|约|共计")


def amounts(values: pa.Array) -> pa.Array:
    """Return amounts of money as decimal128(20, 2).

    `6,765.00万元` is 67,650,000; an amount with neither 万, 亿, 元 nor a currency is null, because services leave out
    the unit where it goes without saying, and not always the same one. So is one with anything that is not understood.
    """
    return _each(values, _parse_amount, MONEY)


def currencies(values: pa.Array) -> pa.Array:
    """Return the currencies of amounts or currency words, ISO 4217; CNY where none is named."""
    return _each(values, _parse_currency, pa.string())


def _each(values: pa.Array, parse: Callable[[str], _Value | None], type_: pa.DataType) -> pa.Array:
    encoded = values.dictionary_encode()
    return pa.array([parse(text) for text in encoded.dictionary.to_pylist()], type_).take(encoded.indices)


def _plain(text: str) -> str:
    return _NO_PART.sub("", unicodedata.normalize("NFKC", text).upper())


def _parse_amount(text: str) -> Decimal | None:
    found = _AMOUNT.fullmatch(_plain(text))
    if found is None or len({CURRENCIES[word] for word in found.group("before", "after", "behind") if word}) > 1:
        return None
    if not any(found.group("before", "unit", "words", "after", "yuan", "behind")):
        return None
    amount = _count(found["words"]) if found["words"] else _scaled(found["number"], found["unit"] or "")
    return round(amount, 2) if amount < 10**18 else None


def _scaled(number: str, unit: str) -> Decimal:
    return Decimal(number.replace(",", "")).scaleb(_UNITS[unit])


def _count(words: str) -> Decimal:
    """Return the number that Chinese numerals say: `伍佰万` is 5,000,000."""
    total = part = digit = 0
    for word in words:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word in _PLACES:
            # 十万 is one ten of them.
            part, digit = part + (digit or 1) * _PLACES[word], 0
        elif _MYRIADS[word] > _MYRIADS["万"]:
            total, part, digit = (total + part + digit) * _MYRIADS[word], 0, 0
        else:
            total, part, digit = total + (part + digit) * _MYRIADS[word], 0, 0
    return Decimal(total + part + digit)


def _parse_currency(text: str) -> str:
    found = re.search(_CURRENCY, _plain(text))
    return CURRENCIES[found[0]] if found else "CNY"
