"""The page of leads: the nearest, but one corporate family does not fill it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FamilyOf = Callable[[NDArray[np.int32]], NDArray[np.int32]]
"""Returns for int32[n] company nodes int32[n] numbers, equal where two of these companies are of one family."""

_LOOKED_AT = 2
"""How many times as many as are wanted are put in order first; more only where few families hold most of these."""


def choose_page(
    scores: NDArray[np.float64], companies: NDArray[np.int32], family: FamilyOf, *, k: int, most: int
) -> NDArray[np.int64]:
    """Return the places of up to `k` companies in order: not more of a family than allowed, while others are left.

    Args:
        scores: float64[n]; of equal ones the first is nearer.
        companies: int32[n], their nodes.
        family: Says of companies which are of one family.
        k: How many are wanted.
        most: How many of a family are allowed.
    """
    ranked = _nearest(scores, _LOOKED_AT * k)
    allowed = _nth_of_family(family(companies[ranked])) < most
    if allowed.sum() < k and len(ranked) < len(scores):
        ranked = _nearest(scores, len(scores))
        allowed = _nth_of_family(family(companies[ranked])) < most
    return np.concatenate([ranked[allowed], ranked[~allowed]])[:k]


def _nearest(scores: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Return the places of the `n` highest scores, and of those that equal the last of them, in order."""
    places = np.arange(len(scores))
    if n < len(scores):
        places = np.flatnonzero(scores >= np.partition(scores, -n)[-n])
    return places[np.argsort(-scores[places], kind="stable")]


def _nth_of_family(family: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return int64[n], how many of the same family stand before each."""
    order = np.argsort(family, kind="stable")
    new = np.diff(family[order], prepend=-1) != 0
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0)) if len(order) else order
    nth = np.empty(len(order), np.int64)
    nth[order] = np.arange(len(order)) - first
    return nth
