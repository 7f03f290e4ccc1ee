"""How far a long step is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where a long step says how far it is."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step of `total` units, None if nobody knows how many."""

    def advance(self, n: int = 1) -> None:
        """Say that `n` more units of the current step are done."""


class Silence:
    """The progress that nobody watches."""

    def step(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, n: int = 1) -> None:
        """Say nothing."""
