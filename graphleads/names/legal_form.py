"""Legal forms in folded names: found at their beginning and end, written one way, and taken off.

The forms are `legal_forms.csv`: each as it reads when folded, its canonical form (empty for words that are no part of
the name, such as *in liquidation*), the group of forms that people take for one another, and the place where it
stands in a name.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.names.fold import SPACE
from graphleads.names.text import Bytes, Offsets, copy_slices, text_array, text_bytes

_NONE = -1
_ROOT = 0
_FIRST_UNSPACED = "\u1100"


class SplitNames(NamedTuple):
    """Folded names taken apart.

    Attributes:
        body: string[n], what is left without legal forms; never empty where the name is not.
        head: string[n], the canonical form that stood in front, null if none did.
        tail: string[n], the canonical form that stood behind, null if none did.
    """

    body: pa.Array
    head: pa.Array
    tail: pa.Array


class _Trie(NamedTuple):
    """Forms by their bytes, read in one direction.

    Attributes:
        step: int16[n_states, 256], the state after a byte, -1 if no form goes on like that.
        form: int16[n_states], the form that is complete in a state, -1 if none is.
    """

    step: NDArray[np.int16]
    form: NDArray[np.int16]


class _Forms(NamedTuple):
    """The table of forms, by form number.

    Attributes:
        canonical: string[n_forms].
        dropped: bool[n_forms], whether the form is no part of the name.
        unspaced: bool[n_forms], whether it is written in a script without spaces.
        tails: Forms that stand behind, read backwards.
        heads: Forms that stand in front.
    """

    canonical: pa.Array
    dropped: NDArray[np.bool_]
    unspaced: NDArray[np.bool_]
    tails: _Trie
    heads: _Trie


def split_legal_forms(folded: pa.Array) -> SplitNames:
    """Return folded names taken apart.

    Args:
        folded: string[n] without nulls, as `fold_characters` returns it.
    """
    data, offsets = text_bytes(folded)
    forms = _forms()
    begins, ends, heads, tails = _split(data, offsets, forms.heads, forms.tails, forms.dropped, forms.unspaced)
    return SplitNames(
        body=text_array(*copy_slices(data, begins, ends)),
        head=forms.canonical.take(pa.array(heads, mask=heads == _NONE)),
        tail=forms.canonical.take(pa.array(tails, mask=tails == _NONE)),
    )


def is_legal_form(folded: str) -> bool:
    """Return whether a folded text is a legal form and nothing else."""
    return folded in _spellings()


class FormAgreement(StrEnum):
    """How the legal forms of two names stand to one another."""

    SAME = "same"
    MISSING = "missing"
    SIMILAR = "similar"
    CONFLICT = "conflict"


def compare_legal_forms(left: str | None, right: str | None) -> FormAgreement:
    """Return how two canonical forms agree: similar are those that people take for one another, as co ltd for ltd.

    Args:
        left: A canonical form, None for a name without one.
        right: Another.
    """
    if left == right:
        return FormAgreement.SAME
    if left is None or right is None:
        return FormAgreement.MISSING
    groups = _groups()
    return FormAgreement.SIMILAR if groups[left] == groups[right] else FormAgreement.CONFLICT


@cache
def _rows() -> list[dict[str, str]]:
    text = resources.files("graphleads.names").joinpath("legal_forms.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _spellings() -> frozenset[str]:
    return frozenset(row["form"] for row in _rows())


@cache
def _groups() -> dict[str, str]:
    return {row["canonical"]: row["group"] for row in _rows()}


@cache
def _forms() -> _Forms:
    rows = _rows()
    return _Forms(
        canonical=pa.array([row["canonical"] for row in rows]),
        dropped=np.array([not row["canonical"] for row in rows]),
        unspaced=np.array([row["form"] >= _FIRST_UNSPACED for row in rows]),
        tails=_build_trie({i: row["form"].encode()[::-1] for i, row in enumerate(rows) if row["place"] != "start"}),
        heads=_build_trie({i: row["form"].encode() for i, row in enumerate(rows) if row["place"] != "end"}),
    )


def _build_trie(spellings: dict[int, bytes]) -> _Trie:
    """Return the trie of spellings, which are given by the number of their form."""
    n_states = 1 + sum(map(len, spellings.values()))
    step = np.full((n_states, 256), _NONE, np.int16)
    form = np.full(n_states, _NONE, np.int16)
    used = 1
    for number, spelling in spellings.items():
        state = _ROOT
        for byte in spelling:
            if step[state, byte] == _NONE:
                step[state, byte] = used
                used += 1
            state = int(step[state, byte])
        form[state] = number
    return _Trie(step[:used].copy(), form[:used].copy())


@numba.njit(cache=True)
def _split(
    data: Bytes, offsets: Offsets, heads: _Trie, tails: _Trie, dropped: NDArray[np.bool_], unspaced: NDArray[np.bool_]
) -> tuple[Offsets, Offsets, NDArray[np.int16], NDArray[np.int16]]:
    """Return where each body begins and ends, and the numbers of the forms in front and behind."""
    n_names = len(offsets) - 1
    begins = offsets[:-1].copy()
    ends = offsets[1:].copy()
    head = np.full(n_names, _NONE, np.int16)
    tail = np.full(n_names, _NONE, np.int16)
    for name in range(n_names):
        while tail[name] == _NONE:
            form, end = _longest_tail(data, begins[name], ends[name], tails, unspaced)
            if form == _NONE:
                break
            ends[name] = end
            if not dropped[form]:
                tail[name] = form
        while head[name] == _NONE:
            form, begin = _longest_head(data, begins[name], ends[name], heads, unspaced)
            if form == _NONE:
                break
            begins[name] = begin
            if not dropped[form]:
                head[name] = form
    return begins, ends, head, tail


@numba.njit(cache=True)
def _longest_tail(data: Bytes, begin: int, end: int, trie: _Trie, unspaced: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the longest form at the end that leaves a body, and where that body ends."""
    best, body_end = _NONE, end
    state = _ROOT
    at = end
    while at > begin + 1:
        at -= 1
        state = int(trie.step[state, data[at]])
        if state == _NONE:
            break
        form = int(trie.form[state])
        if form == _NONE:
            continue
        if data[at - 1] == SPACE and at - 1 > begin:
            best, body_end = form, at - 1
        elif unspaced[form]:
            best, body_end = form, at
    return best, body_end


@numba.njit(cache=True)
def _longest_head(data: Bytes, begin: int, end: int, trie: _Trie, unspaced: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the longest form in front that leaves a body, and where that body begins."""
    best, body_begin = _NONE, begin
    state = _ROOT
    for at in range(begin, end - 1):
        state = int(trie.step[state, data[at]])
        if state == _NONE:
            break
        form = int(trie.form[state])
        if form == _NONE:
            continue
        if data[at + 1] == SPACE:
            best, body_begin = form, at + 2
        elif unspaced[form]:
            best, body_begin = form, at + 1
    return best, body_begin
