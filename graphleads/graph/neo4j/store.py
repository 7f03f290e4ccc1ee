"""The graph as entities over Neo4j, loaded from a snapshot: the second store.

Every answer is read in one transaction, which first looks whether the database holds the snapshot of the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from graphleads.errors import Neo4jOutOfStep
from graphleads.graph.config import WalkConfig
from graphleads.graph.entity_view import EntityView
from graphleads.graph.neo4j import query
from graphleads.graph.neo4j.connection import Neo4jServer, Run
from graphleads.graph.neo4j.followed import are_hubs, tie_weights
from graphleads.graph.neo4j.model import FORMAT, READY, TYPES
from graphleads.graph.neo4j.store_answer import (
    KINDS,
    Asked,
    Statements,
    parse_company,
    parse_person,
    parse_ref,
    parse_relationships,
)
from graphleads.graph.neo4j.store_search import key_query, name_query, rank_names
from graphleads.graph.paths import find_paths, paths_among, refuse_one_end
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import EntityPath, PathQuery, RelationshipCount, SearchHit
from graphleads.graph.stores.statement import (
    identifier_ids,
    not_found,
    parse_facts,
    parse_identifiers,
    parse_names,
)
from graphleads.graph.view import TieView
from graphleads.ids import EntityId
from graphleads.model import Company, NodeKind, NodeRef, PathStep, Person, Relationship, View
from graphleads.remedy import Remedy

_RELATION_OF = {kind: relation for relation, kind in TYPES.items()}
_KEPT_DAYS = 4
"""Pairs of days of which the hubs that were counted are kept."""

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

    def __init__(self, server: Neo4jServer, snapshot: Snapshot, walk: WalkConfig | None = None) -> None:
        """Take a server, the snapshot that it should hold, and what ties weigh and who is a hub, as every store does.

        Of the snapshot its id, its days, its deliveries and the ranking's view of its ties are read.
        """
        self._server = server
        self._snapshot = snapshot
        self._ties_on = lru_cache(maxsize=_KEPT_DAYS)(partial(TieView, snapshot, walk=walk))

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now."""
        return self.entity(entity_id).id

    def entity(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> NodeRef:
        """Return what an id stands for now: its kind, and what it was called on a day."""
        asked = self._asked(valid_on, known_on)

        def read(run: Run) -> dict[str, Any]:
            found = _find(run, entity_id, known_on=known_on)
            return found | {"node_statements": _properties(run, found).get("statements")}

        ((ref,),) = asked.refs([self._read(read)], ["node"])
        return ref

    def company(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Company:
        """Return a company with its names, identifiers and facts, each with source and date.

        It is as it was on the one day, and as known on the other; days that are not named are the snapshot's own.
        """
        asked = self._asked(valid_on, known_on)
        said = self._read(lambda run: _properties(run, _find(run, entity_id, NodeKind.COMPANY, known_on=known_on)))
        statements = Statements([said.get("statements")])
        dated = said if asked.is_own else asked.companies([said["id"]], statements)[0]
        return replace(
            parse_company(dated),
            names=parse_names(asked.known(statements.names())),
            identifiers=parse_identifiers(asked.known(statements.rows("identifiers"))),
            facts=tuple(parse_facts(lambda table: asked.known(statements.rows(table)))),
        )

    def person(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Person:
        """Return a person with the sources of the ties it had, as known on a day."""
        asked = self._asked(valid_on, known_on)

        def read(run: Run) -> tuple[dict[str, Any], list[dict[str, Any]]]:
            found = _find(run, entity_id, NodeKind.PERSON, known_on=known_on)
            bound = {"element": found["element"], "known_on": _known_on(asked), "most": query.MOST_ROWS}
            return _properties(run, found), run(query.SOURCES, **bound)

        said, rows = self._read(read)
        described = None if asked.is_own else asked.persons([said["id"]], Statements([said.get("statements")]))[0]
        same = [{"known_from": row["known_from"], "sources": [row["source"]]} for row in rows]
        return parse_person(described or said, asked.sources(same))

    def _asked(self, valid_on: date | None, known_on: date | None) -> Asked:
        own = self._snapshot.observed_on
        days = View(valid_on=valid_on or own, known_on=known_on or own)
        return Asked(self._ties_on(days), is_own=EntityView(self._snapshot, days).is_own)

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
        bound: dict[str, Any] = {"kinds": sorted(kinds), "limit": max(0, min(limit, query.MOST_ROWS))}
        asked = self._asked(valid_on, known_on)
        bound["dated"] = not asked.is_own
        rows = self._about(entity_id, query.RELATIONSHIPS, valid_on=valid_on, known_on=known_on, **bound)
        return parse_relationships(rows, asked)

    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> list[EntityPath]:
        """Return simple paths between two entities, the shortest first, ties by kind and id."""
        asked = self._asked(query.valid_on, query.known_on)
        return self._read(lambda run: _paths(run, (start, end), query, asked))

    def paths_among(self, entities: Sequence[EntityId], query: PathQuery) -> list[EntityPath]:
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
            raise Neo4jOutOfStep(f"{place} holds no snapshot.", Remedy.LOAD)
        snapshot = held[0]
        if snapshot["format"] != FORMAT:
            raise Neo4jOutOfStep(f"{place} was loaded by another version.", Remedy.LOAD)
        if snapshot["state"] != READY:
            raise Neo4jOutOfStep(f"{place} is {snapshot['state']}.", Remedy.WAIT_OR_SYNC)
        if snapshot["id"] != self._snapshot.id:
            raise Neo4jOutOfStep(
                f"{place} holds snapshot {snapshot['id']}, and the ranking uses {self._snapshot.id}.", Remedy.SYNC
            )
        return snapshot


def _find(
    run: Run, entity_id: EntityId, kind: NodeKind | None = None, *, known_on: date | None = None
) -> dict[str, Any]:
    """Return the row of the entity that an id stands for now.

    Raises:
        EntityNotFound: If there is none, or none of that kind, or the registers said nothing of it by a day.
    """
    found = _find_ids(run, [entity_id]) or _with_keys(run, [entity_id], "former_ids")
    if not found or (kind is not None and KINDS[found[0]["node_rank"]] is not kind):
        raise not_found(entity_id, kind, known_on)
    if known_on is not None:
        (row,) = run(query.KNOWN_FROM, element=found[0]["element"])
        if row["known_from"] is not None and row["known_from"].to_native() > known_on:
            raise not_found(entity_id, kind, known_on)
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


def _known_on(asked: Asked) -> date:
    return date.fromisoformat(str(np.datetime64(asked.day.known_on, "D")))


def _paths(run: Run, between: tuple[EntityId, EntityId], limits: PathQuery, asked: Asked) -> list[EntityPath]:
    start, end = between
    found = [_find(run, start), _find(run, end)]
    first, last = (_Node(row["node_rank"], row["node_id"], row["element"]) for row in found)
    refuse_one_end(start, end, is_one=first == last)
    asks = {
        "valid_on": limits.valid_on, "known_on": limits.known_on,
        "kinds": sorted(limits.kinds), "most": query.MOST_ROWS,
    }  # fmt: skip

    def read_ties(nodes: Sequence[_Node], outward: bool | None) -> dict[_Node, dict[_Node, str]]:
        rows = run(query.TIES, elements=[node.element for node in nodes], outward=outward, **asks)
        return _strongest(rows, asked.ties, (first, last))

    paths = find_paths((first, last), read_ties, limits, id_of=lambda node: node.id)
    wanted = sorted({edge for path in paths for *_, edge in path})
    bound = {"known_on": limits.known_on, "dated": not asked.is_own, "most": query.MOST_ROWS}
    rows = run(query.TOLD, elements=wanted, **bound)
    told = {row["element"]: tie for row, tie in zip(rows, parse_relationships(rows, asked), strict=True)}
    return [tuple(_step(before.id, told[edge]) for before, _, edge in path) for path in paths]


def _strongest(
    rows: Sequence[Mapping[str, Any]], view: TieView, ends: tuple[_Node, _Node]
) -> dict[_Node, dict[_Node, str]]:
    """Return the strongest tie to each neighbour that a path may go on to, of equals the first; hubs only as ends."""
    weights = tie_weights([row["type"] for row in rows], [row["says"] for row in rows], view.walk)
    hubs = are_hubs(rows, "to", view)
    ties: dict[_Node, dict[_Node, str]] = {}
    for at in np.argsort(-weights, kind="stable").tolist():
        near, far = (_Node(*(rows[at][f"{end}_{name}"] for name in _Node._fields)) for end in ("from", "to"))
        if weights[at] > 0 and (not hubs[at] or far in ends):
            ties.setdefault(near, {}).setdefault(far, rows[at]["tie"])
    return ties


def _step(start: EntityId, told: Relationship) -> PathStep:
    ends = (told.source, told.target) if told.source.id == start else (told.target, told.source)
    return PathStep(start=ends[0], end=ends[1], relationship=told)
