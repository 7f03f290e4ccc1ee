"""Numbers of people, which are never stored: China's identity number and Brazil's CPF, told from numbers of companies.

Sole traders are registered with their owner's number where a company has its own, or have it in their name.

Reference:
    GB 11643-1999, the citizen's number, with the check character of ISO 7064 MOD 11-2, and its 15 digits of before
    1999; GS 15-2006, the check digit of register numbers, which have 15 digits, too, by ISO 7064 MOD 11,10; Receita
    Federal, the CPF's two check digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphleads.codes.check_digit import Codes, Holds, cnpj_holds, usci_holds

_BORN = r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CITIZEN = rf"[1-9][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9Xx]"
_NEARLY_CITIZEN = rf"[1-9][0-9]{{5}}{_BORN}[0-9]{{2,5}}[Xx]?"
_MASKED = r"[1-9][0-9]{5}[0-9]{0,8}[*＊]{4,}[0-9*＊]{0,6}[0-9Xx]?"
_OLD_CITIZEN = r"[1-9][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
_CPF = r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}[-/][0-9]{2}"
_APART = r"[\s·.()（）/-]"
_LABEL = r"(?:(?i:cpf|身份证号?码?)\s*[:：]?\s*)?"
_IN_TEXT = (
    rf"[-–,;(（]?\s*{_LABEL}(?:{_CITIZEN}|{_MASKED}|{_CPF})[)）]?"
    rf"|(?:^|[-–,;(（\s])\s*{_LABEL}\b[0-9]{{11}}[)）]?\s*$|^\s*[0-9]{{11}}\s+"
)
_ANY_NUMBER = rf"{_CITIZEN}|{_NEARLY_CITIZEN}|{_MASKED}|{_CPF}|\b[0-9]{{11}}\b"
_HIDDEN = "(a person's number)"
_SHORTEST = 10
"""Characters of the shortest of them, which is masked: six digits of a place and four stars."""

_CITIZEN_WEIGHTS = 2 ** np.arange(17, -1, -1) % 11
_CPF_WEIGHTS = np.arange(11, 1, -1)


def are_citizens(values: pa.Array) -> pa.Array:
    """Return which numbers are identity numbers of China, whole, mistyped or masked: bool[n], null is false.

    Args:
        values: string[n], as a register or a person writes them.
    """
    texts = _compact(values)
    nearly = pc.match_substring_regex(texts, f"^(?:{_NEARLY_CITIZEN}|{_MASKED})$")
    whole = pc.match_substring_regex(texts, f"^{_CITIZEN}$")
    # One in 31 citizens' numbers passes for a company's, and one in eleven companies' for a citizen's.
    company = pc.and_not(_hold(texts, whole, 18, usci_holds), _hold(texts, whole, 18, _citizen_holds))
    old = pc.match_substring_regex(texts, f"^{_OLD_CITIZEN}$")
    return pc.or_(
        pc.and_not(pc.or_(nearly, whole), company), pc.and_not(old, _hold(texts, old, 15, _register_number_holds))
    )


def are_taxpayers(values: pa.Array) -> pa.Array:
    """Return which numbers are CPFs, bare or filled up with zeros to a company's: bool[n], null is false.

    Args:
        values: string[n], as a register or a person writes them.
    """
    texts = _compact(values)
    bare = pc.match_substring_regex(texts, "^[0-9]{11}$")
    filled = pc.match_substring_regex(texts, "^000[0-9]{11}$")
    person = pc.and_not(_hold(texts, filled, 14, _filled_cpf_holds), _hold(texts, filled, 14, cnpj_holds))
    return pc.or_(_hold(texts, bare, 11, cpf_holds), person)


def are_personal(values: pa.Array) -> pa.Array:
    """Return which numbers are people's, of either country: bool[n], null is false."""
    if (pc.max(pc.utf8_length(values)).as_py() or 0) < _SHORTEST:
        return pa.array(np.zeros(len(values), bool))
    return pc.or_(are_citizens(values), are_taxpayers(values))


def without_personal(texts: pa.Array) -> pa.Array:
    """Return names without the numbers of people in them: string[n], null where nothing else is left."""
    if not pc.any(pc.match_substring_regex(texts, r"[0-9.*＊-]{11}")).as_py():
        return texts
    rest = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _IN_TEXT, ""))
    return pc.if_else(pc.equal(rest, ""), pa.scalar(None, texts.type), rest)


def hide_personal(text: str) -> str:
    """Return a text with words in place of the numbers of people in it, whoever else's they may be as well."""
    return re.sub(_ANY_NUMBER, lambda found: found[0] if _is_of_nobody(found[0]) else _HIDDEN, text, flags=re.ASCII)


def cpf_holds(codes: Codes) -> Holds:
    """Return whether the two check digits of CPFs hold: bool[n].

    Args:
        codes: uint8[n, 11], ASCII digits.
    """
    digits = codes.astype(np.int64) - ord("0")
    first = digits[:, :9] @ _CPF_WEIGHTS[1:] * 10 % 11 % 10
    second = digits[:, :10] @ _CPF_WEIGHTS * 10 % 11 % 10
    holds: Holds = (first == digits[:, 9]) & (second == digits[:, 10])
    return holds


def _compact(values: pa.Array) -> pa.Array:
    return pc.utf8_upper(pc.replace_substring_regex(pc.fill_null(values, ""), _APART, ""))


def _filled_cpf_holds(codes: Codes) -> Holds:
    return cpf_holds(codes[:, 3:])


def _citizen_holds(codes: Codes) -> Holds:
    values = np.where(codes == ord("X"), 10, codes.astype(np.int64) - ord("0"))
    holds: Holds = values @ _CITIZEN_WEIGHTS % 11 == 1
    return holds


def _register_number_holds(codes: Codes) -> Holds:
    rest = np.full(len(codes), 10, np.int64)
    for digits in (codes.astype(np.int64) - ord("0")).T[:14]:
        rest = (rest + digits) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    holds: Holds = (rest + codes[:, 14] - ord("0")) % 10 == 1
    return holds


def _hold(texts: pa.Array, mask: pa.Array, width: int, holds: Callable[[Codes], Holds]) -> pa.Array:
    """Return where texts of a width pass a check: bool[n], false outside the mask."""
    found = np.zeros(len(texts), np.bool_)
    chosen = texts.filter(mask)
    if len(chosen):
        codes = np.frombuffer("".join(chosen.to_pylist()).encode(), np.uint8).reshape(-1, width)
        found[mask.to_numpy(zero_copy_only=False)] = holds(codes)
    return pa.array(found)


def _is_of_nobody(number: str) -> bool:
    """Return whether eleven digits in a row are neither a CPF nor a Chinese mobile phone."""
    if not re.fullmatch("[0-9]{11}", number):
        return False
    return not re.fullmatch("1[3-9][0-9]{9}", number) and not are_taxpayers(pa.array([number]))[0].as_py()
