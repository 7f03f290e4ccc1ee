"""Elements of a JSON array of any size, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit
from numpy.typing import NDArray

_QUOTE, _ESCAPE, _COMMA = ord('"'), ord("\\"), ord(",")
_OPENING, _CLOSING = (ord("["), ord("{")), (ord("]"), ord("}"))

_DEPTH, _IN_TEXT, _ESCAPED = range(3)


class ArrayBroken(ValueError):
    """The array does not end, or something follows it."""


def split_array(blocks: Iterator[bytes], *, max_element: int) -> Iterator[bytes | None]:
    """Yield the text of every element, None for one that is too long.

    Args:
        blocks: Blocks of UTF-8 whose first character that is no white space is `[`.
        max_element: Bytes of one element.

    Raises:
        ArrayBroken: If the array is not closed at the end, or closed before it.
    """
    state = np.zeros(3, np.int64)
    held, too_long, begun = b"", False, False
    for block in blocks:
        at = 0
        for cut in _cuts(np.frombuffer(block, np.uint8), state):
            if not begun:
                begun, at = True, int(cut) + 1
                continue
            text = (held + block[at:cut]).strip()
            held, at = b"", int(cut) + 1
            if too_long or len(text) > max_element:
                yield None
            elif text:
                yield text
            too_long = False
        held += block[at:]
        if state[_DEPTH] < 1 and held.strip():
            raise ArrayBroken("something stands around the array")
        if len(held) > max_element:
            held, too_long = b"", True
    if state[_DEPTH] or not begun:
        raise ArrayBroken("the array is not closed")


@njit(cache=True)
def _cuts(data: NDArray[np.uint8], state: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the array is opened, its elements end, and it is closed; the state goes on in the next block."""
    found = np.empty(len(data), np.int64)
    n = 0
    for at in range(len(data)):
        character = data[at]
        if state[_IN_TEXT]:
            if state[_ESCAPED]:
                state[_ESCAPED] = 0
            elif character == _ESCAPE:
                state[_ESCAPED] = 1
            elif character == _QUOTE:
                state[_IN_TEXT] = 0
            continue
        if character == _QUOTE:
            state[_IN_TEXT] = 1
        elif character in _OPENING:
            state[_DEPTH] += 1
        elif character in _CLOSING:
            state[_DEPTH] -= 1
        outer = (character in _OPENING and state[_DEPTH] == 1) or (character in _CLOSING and state[_DEPTH] == 0)
        if outer or (character == _COMMA and state[_DEPTH] == 1):
            found[n] = at
            n += 1
    return found[:n].copy()
