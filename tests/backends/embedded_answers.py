"""What the embedded store answers to the queries of the page on Neo4j."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from graphleads.graph.neo4j.model import TYPES
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import PathQuery
from graphleads.graph.stores.embedded import EmbeddedStore
from graphleads.model import Relationship

MOST = 100_000


class Answers:
    """The answers of one snapshot, in the form that the queries give them in."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.store = EmbeddedStore(snapshot)

    def shared_directors(self, a: str, b: str, day: date) -> list[str]:
        ties = [self._ties(one, day) for one in (a, b)]
        return sorted(
            set.intersection(
                *(
                    {tie.source.id for tie in of_one if tie.kind == "director" and tie.target.id == one}
                    for one, of_one in zip((a, b), ties, strict=True)
                )
            )
        )

    def shared_points(self, a: str, b: str, day: date) -> list[str]:
        both = [{tie.target.id for tie in self._ties(one, day) if tie.relation == "contact"} for one in (a, b)]
        return sorted(both[0] & both[1])

    def ways(self, a: str, b: str, day: date) -> list[list[str]]:
        """The shortest ways without a contact point; nothing where the store cuts them off."""
        query = PathQuery(valid_on=day, known_on=day, max_hops=6, limit=100)
        paths = [
            [path[0].start.id, *(step.end.id for step in path)]
            for path in self.store.paths(a, b, query)
            if all(step.relationship.relation != "contact" for step in path)
        ]
        return sorted(path for path in paths if len(path) == min(map(len, paths)))

    def as_of(self, one: str, valid_on: date, known_on: date) -> list[list[Any]]:
        ties = self.store.relationships(one, valid_on=valid_on, known_on=known_on, limit=MOST)
        return [
            [
                TYPES[tie.relation], tie.kind, tie.source.id, tie.target.id, tie.share_min, tie.share_max,
                tie.period.start_on, tie.period.end_on,
            ]
            for tie in ties
        ]  # fmt: skip

    def counts(self, one: str, day: date) -> dict[tuple[str, str], int]:
        counts = self.store.relationship_counts(one, valid_on=day, known_on=day)
        return {(TYPES[count.relation], count.kind): count.n for count in counts}

    def names(self, one: str) -> set[str]:
        return {name.name for name in self.store.company(one).names}

    def hubs(self) -> list[tuple[str, int]]:
        n_companies = self.snapshot.node_array("n_companies")
        hubs = [(self.snapshot.id_of(int(node)), int(n_companies[node])) for node in self._blocked()]
        return sorted(hubs, key=lambda hub: (-hub[1], hub[0]))

    def _blocked(self) -> Any:
        return np.flatnonzero(self.snapshot.node_array("blocked"))

    def _ties(self, one: str, day: date) -> list[Relationship]:
        return self.store.relationships(one, valid_on=day, known_on=day, limit=MOST)


def in_order(rows: Any) -> list[str]:
    return sorted(str(list(row)) for row in rows)
