"""Check digits of company identifiers, a column at a time.

Every function takes whole identifiers as ASCII codes, uint8[n, width], and returns bool[n]: whether the check holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Holds = NDArray[np.bool_]
Values = NDArray[np.int64]

_CNPJ_WEIGHTS = np.array([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
_USCI_ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCI_WEIGHTS = 3 ** np.arange(17) % 31
_ACN_WEIGHTS = np.arange(8, 0, -1)
_ABN_WEIGHTS = np.array([10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19])


def cnpj_holds(codes: Codes) -> Holds:
    """Return whether both check digits hold; fourteen zeros are a placeholder and do not.

    Reference:
        Receita Federal, Instrução Normativa RFB 2.229/2024: a character counts as its ASCII code less 48, so the
        letters that new numbers carry are covered too.
    """
    values = _digits(codes)
    first = _cnpj_digit(values[:, :12], _CNPJ_WEIGHTS[1:])
    second = _cnpj_digit(values[:, :13], _CNPJ_WEIGHTS)
    holds: Holds = (first == values[:, 12]) & (second == values[:, 13]) & values.any(axis=1)
    return holds


def lei_holds(codes: Codes) -> Holds:
    """Return whether the twenty characters, letters read as 10 to 35, leave 1 modulo 97 (ISO 17442, ISO 7064)."""
    values = np.where(codes >= ord("A"), codes.astype(np.int64) - ord("A") + 10, _digits(codes))
    remainder = np.zeros(len(codes), np.int64)
    for column in values.T:
        remainder = (remainder * np.where(column >= 10, 100, 10) + column) % 97
    holds: Holds = remainder == 1
    return holds


def usci_holds(codes: Codes) -> Holds:
    """Return whether the last character makes the weighted sum a multiple of 31 (GB 32100-2015)."""
    value_of = np.zeros(256, np.int64)
    value_of[np.frombuffer(_USCI_ALPHABET, np.uint8)] = np.arange(len(_USCI_ALPHABET))
    values = value_of[codes]
    holds: Holds = (values[:, :17] @ _USCI_WEIGHTS + values[:, 17]) % 31 == 0
    return holds


def acn_holds(codes: Codes) -> Holds:
    """Return whether the ninth digit completes the weighted sum to a multiple of ten (ASIC, ACN check digit)."""
    values = _digits(codes)
    holds: Holds = (values[:, :8] @ _ACN_WEIGHTS + values[:, 8]) % 10 == 0
    return holds


def abn_holds(codes: Codes) -> Holds:
    """Return whether the weighted digits, the first less one, sum to a multiple of 89 (ABR)."""
    values = _digits(codes)
    values[:, 0] -= 1
    holds: Holds = values @ _ABN_WEIGHTS % 89 == 0
    return holds


def _digits(codes: Codes) -> Values:
    return codes.astype(np.int64) - ord("0")


def _cnpj_digit(values: Values, weights: Values) -> Values:
    remainder = values @ weights % 11
    return np.where(remainder < 2, 0, 11 - remainder)
