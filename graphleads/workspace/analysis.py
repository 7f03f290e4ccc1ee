"""What analysts ask of the graph: relationships, paths between entities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from graphleads.errors import ValueInvalid
from graphleads.graph.store import GraphStore, PathQuery
from graphleads.ids import EntityId
from graphleads.tables.schema import VALUES
from graphleads.workspace.answer import PathsAnswer, RelationshipsAnswer

MAX_ENDS = 10
KINDS = frozenset(
    kind
    for column in ("interests.kind", "roles.kind", "links.kind", "contact_points.kind")
    for kind in (*VALUES[column], "same_person")
)
"""What a relationship can be."""


class Analysis:
    """Answers for analysts over one store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def relationships(
        self, entity: EntityId, *, valid_on: date, known_on: date, kinds: Sequence[str], limit: int
    ) -> RelationshipsAnswer:
        """Return the relationships of an entity on a day, counted by kind before they are read."""
        refuse_unknown_kinds(kinds)
        days = {"valid_on": valid_on, "known_on": known_on}
        node = self._store.entity(entity, **days)
        return RelationshipsAnswer(
            node=node,
            as_of=valid_on,
            counts=tuple(self._store.relationship_counts(node.id, **days)),
            relationships=tuple(self._store.relationships(node.id, **days, kinds=kinds, limit=limit)),
        )

    def paths(self, entities: Sequence[EntityId], query: PathQuery) -> PathsAnswer:
        """Return the paths between each two of some entities, the shortest first, those by addresses last."""
        refuse_unknown_kinds(query.kinds)
        if not 2 <= len(entities) <= MAX_ENDS:
            raise ValueInvalid(f"Paths between {len(entities)} entities: give 2 to {MAX_ENDS} of them.")
        days = {"valid_on": query.valid_on, "known_on": query.known_on}
        ends = tuple(self._store.entity(one, **days) for one in entities)
        found = tuple(self._store.paths_among([one.id for one in ends], query))
        return PathsAnswer(ends=ends, as_of=query.valid_on, paths=found)


def refuse_unknown_kinds(kinds: Collection[str]) -> None:
    """Refuse a kind that no relationship is of.

    Raises:
        ValueInvalid: If one is; names all kinds.
    """
    unknown = sorted(set(kinds) - KINDS)
    if unknown:
        raise ValueInvalid(f"{unknown[0]!r} is no kind of relationship: use one of {', '.join(sorted(KINDS))}.")
