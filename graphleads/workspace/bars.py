"""Whom a team bars from its leads, looked up in the register when somebody asks: lists of customers need none of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graphleads.identity.resolve import Resolver
from graphleads.ids import EntityId
from graphleads.recommend.barred import Barred, bar

_MOST_PENDING = 8
"""Changes that wait to be looked up: above it each would cost what all of them did."""


class Bars:
    """The companies that are never leads. Nobody changes them: a change gives others. Safe to share between threads.

    Args:
        resolver: Says which node a company is.
        barred: Those that were looked up.
        pending: Changes to these since, as `changed` takes them, the first one first.
    """

    __slots__ = ("_barred", "_pending", "_resolver")

    def __init__(
        self, resolver: Resolver, barred: Barred | None = None, pending: tuple[Mapping[EntityId, int], ...] = ()
    ) -> None:
        self._resolver = resolver
        self._barred = bar() if barred is None else barred
        self._pending = pending

    def changed(self, why: Mapping[EntityId, int]) -> Bars:
        """Return these with some companies barred for other reasons: positions in `BARRED_AS`, -1 for no longer."""
        if len(self._pending) >= _MOST_PENDING:
            self.look_up()
        # What waits is read first: whoever looks it up meanwhile has it looked up twice, and not forgotten.
        pending = self._pending
        return Bars(self._resolver, self._barred, (*pending, why))

    def look_up(self) -> Barred:
        """Return them by the nodes of the register."""
        pending = self._pending
        if pending:
            why = {company: at for change in pending for company, at in change.items()}
            nodes = self._resolver.nodes_of(list(why))
            here = nodes >= 0
            reasons = np.array(list(why.values()), np.int8)
            self._barred = self._barred.changed(nodes[here].astype(np.int32), reasons[here])
            self._pending = ()
        return self._barred
