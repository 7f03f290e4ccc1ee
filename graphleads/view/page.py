"""One page of a list, and after what to ask for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")
_Key = TypeVar("_Key", bound=str | int)


def page_behind(
    items: Sequence[_Item], key: Callable[[_Item], _Key], *, after: _Key | None, limit: int | None
) -> tuple[list[_Item], _Key | None]:
    """Return as many items as are asked for behind a key, and the key to ask for more with, None at the end.

    Args:
        items: All of them, in the order of their keys.
        key: Returns the key of one.
        after: The key that they come after; None for the first page.
        limit: At most so many; None for all.
    """
    behind = items if after is None else [one for one in items if key(one) > after]  # type: ignore[operator]
    return first_page(behind, key, limit=limit)


def first_page(
    items: Sequence[_Item], key: Callable[[_Item], _Key], *, limit: int | None
) -> tuple[list[_Item], _Key | None]:
    """Return the first of some items, and the key to ask for more with: None where there are no more than those."""
    shown = list(items[:limit])
    return shown, key(shown[-1]) if shown and len(items) > len(shown) else None
