"""Amounts of money as people write them in a CRM: a cell is understood as a whole, or not at all."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

_CURRENCIES = (
    *("AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD"),
    *("HUF", "IDR", "ILS", "INR", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN"),
    *("RMB", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "UYU", "VND", "ZAR"),
)

_COMMA_CURRENCIES = ("€", "eur", "r$", "brl")

_COMMA_COUNTRIES = (
    "AL AM AO AR AT AZ BA BE BG BO BR BY CL CO CR CY CZ DE DK DZ EC EE ES FI FR GE GR HR HU ID IS IT KZ LT LU LV "
    "MA MD ME MK MZ NL NO PL PT PY RO RS RU SE SI SK TN TR UA UY VE VN"
)
"""Where decimals stand behind a comma. Source: Unicode CLDR 44, the decimal symbol of each country's first locale."""

_UNITS = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}

_CURRENCY = rf"(?:[a-z]{{0,3}}\$|[€£¥₹₽₩₺₴₫฿₪₱₦]|元|人民币|美元|欧元|zł|kč|kr\.?|{'|'.join(_CURRENCIES)})"
_AMOUNT = re.compile(
    rf"(?P<before>[+-])? ?(?P<first>{_CURRENCY})? ?(?P<open>\()? ?(?P<after>[+-])? ?(?P<second>{_CURRENCY})? ?"
    rf"(?P<number>\d+(?:\.\d+)?e[+-]?\d{{1,3}}|\d(?:[\d.,' ]*\d)?) ?(?P<unit>{'|'.join(_UNITS)})? ?"
    rf"(?P<third>{_CURRENCY})? ?(?P<close>\))? ?(?P<fourth>{_CURRENCY})?",
    re.IGNORECASE,
)

_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_GROUPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))(?P<point>[.,])(?P<part>\d+))?"
)
_PLAIN = re.compile(r"\d+(?:(?P<point>[.,])\d+)?")
_POWER = re.compile(r"\d+(?:\.\d+)?e[+-]?\d+", re.IGNORECASE)

_SAME = str.maketrans({"’": "'", "−": "-"})

_LONGEST = 64
"""Characters of the longest cell that can be an amount."""


def parse_amount(text: str, *, decimal: str | None = None, country: str | None = None) -> float | None:
    """Return an amount of money in its own currency, None if the text is not one as a whole, or can be two.

    Signs, parentheses for negatives, currencies on either side, thousands in groups of three, and k, M, bn, 万
    and 亿 are understood. `5.000` is as the column's other amounts have it. Without those it is five thousand where
    the point is not the decimal mark of the country, or of the currency if there is no country, and otherwise none.

    Args:
        text: The cell.
        decimal: The decimal mark of the column's other amounts, as `tell_decimal` tells it.
        country: ISO 3166-1 alpha-2 of the customer's country.
    """
    found = _split(text)
    if found is None:
        return None
    digits = _point_decimal(found["number"], decimal, _usual_decimal(found, country))
    if digits is None:
        return None
    amount = float(digits) * _UNITS.get((found["unit"] or "").casefold(), 1.0)
    if not math.isfinite(amount):
        return None
    return -amount if found["open"] or "-" in (found["before"], found["after"]) else amount


def tell_decimal(texts: Iterable[str | None]) -> str | None:
    """Return the decimal mark, `.` or `,`, of the amounts of a column that read one way only; None if they differ."""
    splits = (_split(text) for text in texts if text)
    marks = {mark for found in splits if found is not None and (mark := _decimal_of(found["number"]))}
    return marks.pop() if len(marks) == 1 else None


def _split(text: str) -> re.Match[str] | None:
    # Superscripts and circled digits would become plain digits: 5² is not 52.
    if len(text) > _LONGEST or any(one.isdigit() and not one.isdecimal() for one in text):
        return None
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    found = _AMOUNT.fullmatch(" ".join(folded.split()))
    if found is None:
        return None
    n_currencies = sum(found[name] is not None for name in ("first", "second", "third", "fourth"))
    n_signs = sum(found[name] is not None for name in ("before", "after", "open"))
    balanced = bool(found["open"]) == bool(found["close"])
    return found if n_currencies <= 1 and n_signs <= 1 and balanced else None


def _usual_decimal(found: re.Match[str], country: str | None) -> str:
    if country is not None:
        return "," if country in _COMMA_COUNTRIES else "."
    currencies = (found[name] or "" for name in ("first", "second", "third", "fourth"))
    return "," if any(one.casefold() in _COMMA_CURRENCIES for one in currencies) else "."


def _point_decimal(number: str, decimal: str | None, usual: str) -> str | None:
    """Return a number as Python writes it, None if it is none, or can be two."""
    if ambiguous := _AMBIGUOUS.fullmatch(number):
        mark = ambiguous[1]
        if decimal is None and mark == usual:
            return None
        return number.replace(mark, "." if mark == decimal else "")
    if grouped := _GROUPED.fullmatch(number):
        return f"{grouped['whole'].replace(grouped['mark'], '')}.{grouped['part'] or 0}"
    if _POWER.fullmatch(number):
        return number
    return number.replace(",", ".") if _PLAIN.fullmatch(number) else None


def _decimal_of(number: str) -> str | None:
    if _AMBIGUOUS.fullmatch(number):
        return None
    if grouped := _GROUPED.fullmatch(number):
        other = {".": ",", ",": "."}.get(grouped["mark"])
        return grouped["point"] or other
    plain = _PLAIN.fullmatch(number)
    return plain["point"] if plain else None
