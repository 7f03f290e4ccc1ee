"""The id that an id has now: the one place in which decisions, claims and runs of yesterday meet the ids of today."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from graphleads.ids import EntityId

if TYPE_CHECKING:
    from graphleads.graph.snapshot import Snapshot


class Resolver(Protocol):
    """Says which id stands for an id now, and which others do."""

    def ids_now(self, ids: Collection[EntityId]) -> Mapping[EntityId, EntityId]:
        """Return the id that each id has now; one that no register has stays as it is."""

    def aliases(self, entity: EntityId) -> frozenset[EntityId]:
        """Return every other id that stands for what an id stands for now."""

    def nodes_of(self, ids: Sequence[EntityId]) -> NDArray[np.int64]:
        """Return int64[n_ids], the node of what each id stands for now; -1 where no register has it."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """The resolver of a home without a snapshot: every id is its own."""

    def ids_now(self, ids: Collection[EntityId]) -> Mapping[EntityId, EntityId]:
        """Return each id as it is."""
        return {one: one for one in ids}

    def aliases(self, entity: EntityId) -> frozenset[EntityId]:  # noqa: ARG002 - a resolver's
        """Return none."""
        return frozenset()

    def nodes_of(self, ids: Sequence[EntityId]) -> NDArray[np.int64]:
        """Return -1 for each."""
        return np.full(len(ids), -1, np.int64)


class SnapshotResolver:
    """Resolves by the merges of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SnapshotResolver) and other._snapshot.id == self._snapshot.id

    def __hash__(self) -> int:
        return hash(self._snapshot.id)

    def ids_now(self, ids: Collection[EntityId]) -> Mapping[EntityId, EntityId]:
        """Return the id that each id has now; one that no register has stays as it is."""
        asked = list(dict.fromkeys(ids))
        return dict(zip(asked, self._snapshot.ids_now(asked), strict=True))

    def aliases(self, entity: EntityId) -> frozenset[EntityId]:
        """Return every other id that stands for what an id stands for now."""
        return frozenset(self._snapshot.aliases(entity)) - {entity}

    def nodes_of(self, ids: Sequence[EntityId]) -> NDArray[np.int64]:
        """Return int64[n_ids], the node of what each id stands for now; -1 where no register has it."""
        return self._snapshot.nodes_of(ids)
