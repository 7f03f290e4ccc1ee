"""The graph as entities: what every store of it answers, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from graphleads.ids import EntityId
from graphleads.model import Company, NodeRef, Person, Relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A company or person that a search found: the name that matched, and how well, in [0, 1]."""

    node: NodeRef
    matched_name: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipCount:
    """How many relationships of one kind an entity has."""

    relation: str
    kind: str
    n: int


class GraphStore(Protocol):
    """The graph as entities."""

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now.

        Raises:
            EntityNotFound: If there is none.
        """

    def company(self, entity_id: EntityId) -> Company:
        """Return a company with its names, identifiers and facts.

        Raises:
            EntityNotFound: If there is no company with that id.
        """

    def person(self, entity_id: EntityId) -> Person:
        """Return a person.

        Raises:
            EntityNotFound: If there is no person with that id.
        """

    def search(self, text: str, *, limit: int = 20) -> Sequence[SearchHit]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""

    def relationship_counts(
        self, entity_id: EntityId, *, valid_on: date, known_on: date
    ) -> Sequence[RelationshipCount]:
        """Return how many relationships of each kind were in force on a day."""

    def relationships(
        self, entity_id: EntityId, *, valid_on: date, known_on: date, kinds: Collection[str] = (), limit: int = 100
    ) -> Sequence[Relationship]:
        """Return the relationships in force on a day, by relation, kind and other end; `kinds` chooses some."""
