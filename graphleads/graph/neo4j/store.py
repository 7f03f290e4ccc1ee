"""The graph as entities over Neo4j, loaded from a snapshot: the second store.

Every answer is read in one transaction, which first looks whether the database holds the snapshot of the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.describe import STATUSES
from graphleads.graph.neo4j import query
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.model import FORMAT, READY, TYPES
from graphleads.graph.neo4j.store_answer import (
    KINDS,
    Statements,
    parse_company,
    parse_person,
    parse_ref,
    parse_relationship,
    parse_source,
    status_of_day,
)
from graphleads.graph.neo4j.store_search import key_query, name_query, rank_names
from graphleads.graph.paths import find_paths, paths_among, refuse_one_end
from graphleads.graph.store import Path, PathQuery, RelationshipCount, SearchHit
from graphleads.graph.stores.statement import (
    called_on,
    identifier_ids,
    not_found,
    parse_facts,
    parse_identifiers,
    parse_names,
    source_order,
)
from graphleads.ids import EntityId
from graphleads.model import Company, NodeKind, NodeRef, PathStep, Person, Relationship

_RELATION_OF = {kind: relation for relation, kind in TYPES.items()}

Answer = TypeVar("Answer")


class _Node(NamedTuple):
    """A node as paths sort it, and the element that it is in this transaction."""

    rank: int
    id: EntityId
    element: str


class Neo4jStore:
    """A `GraphStore` over a Neo4j database.

    Every method raises Neo4jOutOfStep where the database does not hold the snapshot, and what `Neo4jServer.read` does.
    """

    def __init__(self, server: Neo4jServer, *, snapshot_id: str, observed_on: date) -> None:
        self._server = server
        self._snapshot_id = snapshot_id
        self._observed_on = observed_on

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now."""
        return self.entity(entity_id).id

    def entity(self, entity_id: EntityId) -> NodeRef:
        """Return what an id stands for now: its kind, and what it is called."""
        return self._read(lambda run: parse_ref(_find(run, entity_id), "node"))

    def company(self, entity_id: EntityId, *, valid_on: date | None = None) -> Company:
        """Return a company with its names, identifiers and facts, each with source and date.

        Its name and status are those of the day; None takes the day of the snapshot.
        """
        said = self._read(lambda run: _properties(run, _find(run, entity_id, NodeKind.COMPANY)))
        statements = Statements(said.get("statements"))
        company = replace(
            parse_company(said),
            names=parse_names(statements.rows("names")),
            identifiers=parse_identifiers(statements.rows("identifiers")),
            facts=tuple(parse_facts(statements.rows)),
        )
        if valid_on is None:
            return company
        status = status_of_day(statements.rows("statuses"), valid_on=valid_on, known_on=self._observed_on)
        return called_on(company, STATUSES[status], valid_on)

    def person(self, entity_id: EntityId) -> Person:
        """Return a person with the sources of the ties it has."""

        def read(run: Run) -> tuple[dict[str, Any], list[dict[str, Any]]]:
            found = _find(run, entity_id, NodeKind.PERSON)
            return _properties(run, found), run(query.SOURCES, element=found["element"], most=query.MOST_ROWS)

        said, rows = self._read(read)
        sources = sorted((parse_source(row["source"]) for row in rows), key=source_order)
        return parse_person(said, tuple(sources))

    def search(self, text: str, *, limit: int = 20) -> Sequence[SearchHit]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""
        named = name_query(text)

        def read(run: Run) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
            snapshot = self._check(run)
            known = _find_ids(run, [text.strip()]) or _identified(run, identifier_ids(text, snapshot["schemes"] or []))
            most = min(50 + 10 * limit, query.MOST_ROWS)
            return known, run(query.FIND_NAMES, query=named, most=most) if named else []

        known, rows = self._server.read(read)
        hits = [SearchHit(node=parse_ref(row, "node"), matched_name=text, score=1.0) for row in known]
        found = {hit.node.id for hit in hits}
        hits += [hit for hit in rank_names(text, rows) if hit.node.id not in found]
        return hits[:limit]

    def find_identifier(self, scheme: str, value: str) -> list[EntityId]:
        """Return the companies that bear an identifier, sorted."""
        ids = identifier_ids(value, [scheme])
        found = self._read(lambda run: _identified(run, ids))
        return sorted(row["node_id"] for row in found if KINDS[row["node_rank"]] is NodeKind.COMPANY)

    def relationship_counts(self, entity_id: EntityId, *, valid_on: date, known_on: date) -> list[RelationshipCount]:
        """Return how many relationships of each kind were in force on a day."""
        rows = self._about(entity_id, query.COUNTS, valid_on=valid_on, known_on=known_on, most=query.MOST_ROWS)
        counts = sorted((_RELATION_OF[row["type"]], row["kind"], row["n"]) for row in rows)
        return [RelationshipCount(relation=relation, kind=kind, n=n) for relation, kind, n in counts]

    def relationships(
        self, entity_id: EntityId, *, valid_on: date, known_on: date, kinds: Collection[str] = (), limit: int = 100
    ) -> list[Relationship]:
        """Return the relationships in force on a day, by relation, kind and both ends; `kinds` chooses some."""
        bound = {"kinds": sorted(kinds), "limit": max(0, min(limit, query.MOST_ROWS))}
        rows = self._about(entity_id, query.RELATIONSHIPS, valid_on=valid_on, known_on=known_on, **bound)
        return [parse_relationship(row) for row in rows]

    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> list[Path]:
        """Return simple paths between two entities, the shortest first, ties by kind and id."""
        return self._read(lambda run: _paths(run, start, end, query))

    def paths_among(self, entities: Sequence[EntityId], query: PathQuery) -> list[Path]:
        """Return paths between each two of some entities, the shortest first, then in the order of the pairs."""
        return paths_among(self, entities, query)

    def _about(self, entity_id: EntityId, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._read(lambda run: run(statement, element=_find(run, entity_id)["element"], **parameters))

    def _read(self, work: Callable[[Run], Answer]) -> Answer:
        def checked(run: Run) -> Answer:
            self._check(run)
            return work(run)

        return self._server.read(checked)

    def _check(self, run: Run) -> dict[str, Any]:
        """Return the (:Snapshot) of the database.

        Raises:
            Neo4jOutOfStep: If there is none, it is another, or it is not whole.
        """
        held = run(query.SNAPSHOTS)
        place = self._server.place
        if not held:
            raise Neo4jOutOfStep(f"{place} holds no snapshot: run `graphleads neo4j load`.")
        snapshot = held[0]
        if snapshot["format"] != FORMAT:
            raise Neo4jOutOfStep(f"{place} was loaded by another version: run `graphleads neo4j load`.")
        if snapshot["state"] != READY:
            raise Neo4jOutOfStep(
                f"{place} is {snapshot['state']}: wait until that is done, or take it up with `graphleads neo4j sync`."
            )
        if snapshot["id"] != self._snapshot_id:
            raise Neo4jOutOfStep(
                f"{place} holds snapshot {snapshot['id']}, and the ranking uses {self._snapshot_id}: "
                "run `graphleads neo4j sync`."
            )
        return snapshot


def _find(run: Run, entity_id: EntityId, kind: NodeKind | None = None) -> dict[str, Any]:
    """Return the row of the entity that an id stands for now.

    Raises:
        EntityNotFound: If there is none, or none of that kind.
    """
    found = _find_ids(run, [entity_id]) or _with_keys(run, [entity_id], "former_ids")
    if not found or (kind is not None and KINDS[found[0]["node_rank"]] is not kind):
        raise not_found(entity_id, kind)
    return found[0]


def _find_ids(run: Run, ids: Sequence[EntityId]) -> list[dict[str, Any]]:
    return run(query.FIND, ids=ids, most=query.MOST_ROWS)


def _identified(run: Run, ids: Sequence[EntityId]) -> list[dict[str, Any]]:
    """Return the entities that have one of some ids, had it, or bear it as an identifier, in the order of the ids."""
    found: dict[str, dict[str, Any]] = {}
    borne = [*_with_keys(run, ids, "former_ids"), *_with_keys(run, ids, "identifiers")]
    named = [{**row, "key": row["node_id"]} for row in _find_ids(run, ids)]
    for row in sorted([*named, *borne], key=lambda row: (ids.index(row["key"]), row["node_rank"], row["node_id"])):
        found.setdefault(row["element"], row)
    return list(found.values())


def _with_keys(run: Run, keys: Sequence[str], name: str) -> list[dict[str, Any]]:
    keyed = key_query(keys)
    if not keyed:
        return []
    return run(query.FIND_KEYS, query=keyed, keys=keys, property=name, most=query.MOST_ROWS)


def _properties(run: Run, found: dict[str, Any]) -> dict[str, Any]:
    (row,) = run(query.PROPERTIES, element=found["element"])
    said: dict[str, Any] = row["said"]
    return said


def _paths(run: Run, start: EntityId, end: EntityId, limits: PathQuery) -> list[Path]:
    found = [_find(run, start), _find(run, end)]
    first, last = (_Node(row["node_rank"], row["node_id"], row["element"]) for row in found)
    refuse_one_end(start, end, is_one=first == last)
    days = {"valid_on": limits.valid_on, "known_on": limits.known_on, "ends": [first.element, last.element]}

    def read_ties(nodes: Sequence[_Node]) -> dict[_Node, dict[_Node, str]]:
        ties: dict[_Node, dict[_Node, str]] = {}
        for row in run(query.TIES, elements=[node.element for node in nodes], most=query.MOST_ROWS, **days):
            near, far = (_Node(row[f"{end}_rank"], row[f"{end}_id"], row[f"{end}_element"]) for end in ("from", "to"))
            ties.setdefault(near, {})[far] = row["tie"]
        return ties

    paths = find_paths((first, last), read_ties, limits)
    wanted = sorted({edge for path in paths for *_, edge in path})
    rows = run(query.TOLD, elements=wanted, most=query.MOST_ROWS)
    told = {row["element"]: parse_relationship(row) for row in rows}
    return [tuple(_step(before.id, told[edge]) for before, _, edge in path) for path in paths]


def _step(start: EntityId, told: Relationship) -> PathStep:
    ends = (told.source, told.target) if told.source.id == start else (told.target, told.source)
    return PathStep(start=ends[0], end=ends[1], relationship=told)
