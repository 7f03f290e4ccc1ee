"""A large dict and what was changed of it since, so that changing a little of it costs little.

Whoever holds one keeps it as it was: a change gives another, which shares what did not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, overload

_K = TypeVar("_K")
_V = TypeVar("_V")
_T = TypeVar("_T")

_MOST_CHANGES = 1000
"""Changes that are kept apart: each change copies those before it, and now and then one copies all."""


class Patched(Mapping[_K, _V]):
    """Values by key, none of them None. Nobody changes one, nor the dict that it is made of."""

    __slots__ = ("_base", "_changes", "_n")

    def __init__(self, base: dict[_K, _V] | None = None) -> None:
        self._base: dict[_K, _V] = {} if base is None else base
        self._changes: dict[_K, _V | None] = {}
        self._n = len(self._base)

    def patched(self, changes: Mapping[_K, _V | None]) -> Patched[_K, _V]:
        """Return these values with other ones for some keys; None takes a key out."""
        if not changes:
            return self
        found: Patched[_K, _V] = Patched(self._base)
        found._changes = {**self._changes, **changes}
        found._n = self._n + sum((value is not None) - (key in self) for key, value in changes.items())
        return Patched(found.whole()) if len(found._changes) > _MOST_CHANGES else found

    def whole(self) -> dict[_K, _V]:
        """Return all of them as a dict of the caller's own, in no particular order."""
        merged = {**self._base, **self._changes}
        return {key: value for key, value in merged.items() if value is not None}

    def __getitem__(self, key: _K) -> _V:
        value = self._changes[key] if key in self._changes else self._base[key]
        if value is None:
            raise KeyError(key)
        return value

    @overload
    def get(self, key: _K, default: None = None, /) -> _V | None: ...
    @overload
    def get(self, key: _K, default: _V | _T, /) -> _V | _T: ...
    def get(self, key: _K, default: _V | _T | None = None, /) -> _V | _T | None:
        """Return the value of a key, and another where there is none."""
        # Faster than the mapping's own, which raises and catches an error.
        value = self._changes[key] if key in self._changes else self._base.get(key)
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return self._changes[key] is not None if key in self._changes else key in self._base

    def __iter__(self) -> Iterator[_K]:
        return iter(self.whole())

    def __len__(self) -> int:
        return self._n
