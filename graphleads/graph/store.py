"""The graph as entities: what every store of it answers, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from graphleads.errors import ValueInvalid
from graphleads.ids import EntityId
from graphleads.model import Company, NodeRef, PathStep, Person, Relationship

MAX_HOPS = 8
MAX_PATHS = 100


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


class Direction(StrEnum):
    """Which way a path may go: forward is from whoever holds, directs or has something to what that is."""

    ANY = "any"
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathQuery:
    """How far a search for paths goes, and along which ties.

    Attributes:
        valid_on: The day whose ties count.
        known_on: The day up to which ties were known.
        max_hops: The most steps of a path, 1 to `MAX_HOPS`.
        limit: The most paths, 1 to `MAX_PATHS`.
        kinds: The kinds of tie that a path is made of; empty takes all. Two records of one person are joined always.
        direction: Which way each tie is followed, from the first end to the last; two records of one person, both.
    """

    valid_on: date
    known_on: date
    max_hops: int = 4
    limit: int = 10
    kinds: frozenset[str] = frozenset()
    direction: Direction = Direction.ANY

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if not 1 <= self.max_hops <= MAX_HOPS:
            raise ValueInvalid(f"A path of {self.max_hops:,} steps: ask for 1 to {MAX_HOPS}.")
        if not 1 <= self.limit <= MAX_PATHS:
            raise ValueInvalid(f"{self.limit:,} paths: ask for 1 to {MAX_PATHS}.")


EntityPath = tuple[PathStep, ...]
"""A way from one entity to another, tie by tie."""


class GraphStore(Protocol):
    """The graph as entities. Every answer is the same whichever engine gives it, but for the order of a search."""

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now.

        Raises:
            EntityNotFound: If there is none.
        """

    def entity(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> NodeRef:
        """Return what an id stands for now: its kind, and what it was called on a day; see `company`.

        Raises:
            EntityNotFound: If there is none, or the registers said nothing of it yet.
        """

    def company(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Company:
        """Return a company with its names, identifiers and facts.

        Args:
            entity_id: Its id, or one that it had.
            valid_on: The day whose name, description and status it is told with; None is the snapshot's own.
            known_on: The day up to which anything was known; None is the snapshot's own.

        Raises:
            EntityNotFound: If there is no company with that id, or the registers said nothing of it yet.
        """

    def person(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Person:
        """Return a person; see `company`.

        Raises:
            EntityNotFound: If there is no person with that id, or the registers said nothing of it yet.
        """

    def search(self, text: str, *, limit: int = 20) -> Sequence[SearchHit]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""

    def find_identifier(self, scheme: str, value: str) -> Sequence[EntityId]:
        """Return the companies that bear an identifier, sorted."""

    def relationship_counts(
        self, entity_id: EntityId, *, valid_on: date, known_on: date
    ) -> Sequence[RelationshipCount]:
        """Return how many relationships of each kind were in force on a day."""

    def relationships(
        self, entity_id: EntityId, *, valid_on: date, known_on: date, kinds: Collection[str] = (), limit: int = 100
    ) -> Sequence[Relationship]:
        """Return the relationships in force on a day, by relation, kind and both ends; `kinds` chooses some."""

    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> Sequence[EntityPath]:
        """Return simple paths between two entities, the shortest first, ties by the entities on the way.

        Only ties that the ranking follows count, and nothing leads through a hub: a nominee or an agent's address would
        connect everything to everything. Between two entities the strongest tie is shown.

        Raises:
            EntityNotFound: If one of them is not there.
            ValueInvalid: If both are the same.
        """

    def paths_among(self, entities: Sequence[EntityId], query: PathQuery) -> Sequence[EntityPath]:
        """Return paths between each two of some entities, the shortest first, then in the order of the pairs.

        Raises:
            EntityNotFound: If one of them is not there.
            ValueInvalid: If two are the same.
        """
