"""What analysts ask of the graph: relationships, paths between entities, exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from graphleads.errors import ValueInvalid
from graphleads.graph.export import MAX_NODES, nodes_around, write_graph
from graphleads.graph.store import GraphStore, PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
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
    """Answers for analysts over one store, as known on a day."""

    def __init__(self, store: GraphStore, *, known_on: date) -> None:
        self._store = store
        self._known_on = known_on

    def relationships(
        self, entity: EntityId, *, valid_on: date, kinds: Sequence[str], limit: int
    ) -> RelationshipsAnswer:
        """Return the relationships of an entity on a day, counted by kind before they are read."""
        unknown = sorted(set(kinds) - KINDS)
        if unknown:
            raise ValueInvalid(f"{unknown[0]!r} is no kind of relationship: use one of {', '.join(sorted(KINDS))}.")
        days = {"valid_on": valid_on, "known_on": self._known_on}
        node = self._store.entity(entity, **days)
        return RelationshipsAnswer(
            node=node,
            as_of=valid_on,
            counts=tuple(self._store.relationship_counts(node.id, **days)),
            relationships=tuple(self._store.relationships(node.id, **days, kinds=kinds, limit=limit)),
        )

    def paths(self, entities: Sequence[EntityId], *, valid_on: date, max_hops: int, limit: int) -> PathsAnswer:
        """Return the paths between each two of some entities, the shortest first."""
        if not 2 <= len(entities) <= MAX_ENDS:
            raise ValueInvalid(f"Paths between {len(entities)} entities: give 2 to {MAX_ENDS} of them.")
        query = PathQuery(valid_on=valid_on, known_on=self._known_on, max_hops=max_hops, limit=limit)
        ends = tuple(self._store.entity(one, valid_on=valid_on, known_on=self._known_on) for one in entities)
        found = tuple(self._store.paths_among([one.id for one in ends], query))
        return PathsAnswer(ends=ends, as_of=valid_on, paths=found)


def export_graph(store: EmbeddedStore, target: Path, *, form: str, around: EntityId | None, hops: int) -> list[Path]:
    """Write the graph, or what is around an entity, into files, and return them."""
    nodes = None if around is None else nodes_around(store, around=around, hops=hops, max_nodes=MAX_NODES)
    return write_graph(store, target, form=form, nodes=nodes)
