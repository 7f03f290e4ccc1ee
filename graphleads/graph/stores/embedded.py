"""The graph as entities over a memory-mapped snapshot: the default store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.codes.scheme import normalize_identifier
from graphleads.graph import export
from graphleads.graph.config import WalkConfig
from graphleads.graph.describe import STATUSES
from graphleads.graph.edges import RELATIONS
from graphleads.graph.entity_view import EntityView
from graphleads.graph.lookup import rows_between
from graphleads.graph.order import days_since_1970
from graphleads.graph.overlay import NOTHING, AddedTie, Overlay
from graphleads.graph.parts import one_chunk
from graphleads.graph.paths import find_paths, paths_among, refuse_one_end
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import EntityPath, PathQuery, RelationshipCount, SearchHit
from graphleads.graph.stores.statement import (
    bounded,
    identifier_ids,
    last_of_each,
    not_found,
    parse_facts,
    parse_identifiers,
    parse_names,
    parse_period,
)
from graphleads.graph.view import TieView
from graphleads.ids import EntityId, make_id, split_id
from graphleads.model import Company, NodeKind, NodeRef, PathStep, Period, Person, Relationship, Source, View

if TYPE_CHECKING:
    import networkx as nx

_SHOWN = (
    "locality", "region", "postcode", "legal_form", "jurisdiction", "incorporated_on", "dissolved_on",
    "id", "name", "mentioned", "entity_type",
)  # fmt: skip
_TOLD = (
    "source", "target", "relation", "valid_from", "valid_to", "kind", "title", "share_min", "share_max",
)  # fmt: skip
_KEPT_DAYS = 8
_SAID = ("edge", "dataset", "record")


class EmbeddedStore:
    """A `GraphStore` over a snapshot, which also serves the ranking: nodes and edges by number.

    Args:
        snapshot: The snapshot.
        walk: What ties weigh and who is a hub; None takes what is baked in.
        overlay: What was judged since the snapshot was built.
    """

    def __init__(self, snapshot: Snapshot, walk: WalkConfig | None = None, overlay: Overlay = NOTHING) -> None:
        self.snapshot = snapshot
        # Whoever asks about a day often asks again, and what was counted for it is counted.
        self._ties_on = lru_cache(maxsize=_KEPT_DAYS)(partial(TieView, snapshot, walk=walk, overlay=overlay))

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {name}" for name, n in self._counts().items())
        return f"EmbeddedStore(snapshot {self.snapshot.id}: {counts})"

    def _repr_html_(self) -> str:
        import pandas as pd

        counts = {"snapshot": self.snapshot.id, "as of": self.snapshot.observed_on} | self._counts()
        return str(pd.DataFrame(counts.items()).to_html(index=False, header=False))

    def _counts(self) -> dict[str, int]:
        tables = (*self.snapshot.node_tables, self.snapshot.edges)
        names = ("companies", "persons", "contact points", "relationships")
        return {name: table.num_rows for name, table in zip(names, tables, strict=True)}

    def ties_on(self, days: View | None = None) -> TieView:
        """Return the ties of the graph on a day, as known on another; None takes the day of the snapshot."""
        own = self.snapshot.observed_on
        return self._ties_on(days or View(valid_on=own, known_on=own))

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now."""
        return self.snapshot.id_of(self.node(entity_id))

    def node(self, entity_id: EntityId, kind: NodeKind | None = None, *, known_on: date | None = None) -> int:
        """Return the node of an id.

        Raises:
            EntityNotFound: If there is none, or none of that kind, or the registers said nothing of it by a day.
        """
        node = self.snapshot.node_of(entity_id)
        if node is None or (kind is not None and self.snapshot.kind_of(node) is not kind):
            raise not_found(entity_id, kind, known_on)
        if not EntityView(self.snapshot, self.view(known_on, known_on)).is_known(np.array([node]))[0]:
            raise not_found(entity_id, kind, known_on)
        return node

    def entity(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> NodeRef:
        """Return what an id stands for now: its kind, and what it was called on a day."""
        return self.ref(self.node(entity_id, known_on=known_on), self.view(valid_on, known_on))

    def view(self, valid_on: date | None, known_on: date | None) -> View:
        """Return the two days; those that are not named are the snapshot's own."""
        own = self.snapshot.observed_on
        return View(valid_on=valid_on or own, known_on=known_on or own)

    def ref(self, node: int, view: View | None = None) -> NodeRef:
        """Return a node as it is named in paths and lists of a day, the snapshot's own if none is given."""
        return self.refs([node], view)[node]

    def refs(self, nodes: Iterable[int], view: View | None = None) -> dict[int, NodeRef]:
        """Return nodes as they are named in paths and lists of a day, read together."""
        wanted, first = np.unique(np.fromiter(nodes, np.int64)), 0
        entities, found = EntityView(self.snapshot, view), {}
        for kind, table in zip(NodeKind, self.snapshot.node_tables, strict=True):
            rows = wanted[(first <= wanted) & (wanted < first + table.num_rows)]
            if len(rows):
                ids, names = entities.called(kind, rows - first)
                for node, entity, name in zip(rows.tolist(), ids, names, strict=True):
                    found[node] = NodeRef(id=entity, kind=kind, name=name)
            first += table.num_rows
        return found

    def company(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Company:
        """Return a company with its names, identifiers and facts, each with source and date.

        It is as it was on the one day, and as known on the other; days that are not named are the snapshot's own.
        """
        node, view = self.node(entity_id, NodeKind.COMPANY, known_on=known_on), self.view(valid_on, known_on)
        entities = EntityView(self.snapshot, view)
        return replace(
            self.summary(node, view),
            names=parse_names(entities.stated("names", node)),
            identifiers=parse_identifiers(entities.stated("identifiers", node)),
            facts=tuple(parse_facts(partial(entities.stated, node=node))),
        )

    def summary(self, node: int, view: View | None = None) -> Company:
        """Return a company as a list of a day shows it: without names, identifiers and facts."""
        return self.summaries([node], view)[0]

    def summaries(self, nodes: Sequence[int], view: View | None = None) -> list[Company]:
        """Return companies as a list of a day shows them, read together."""
        entities, wanted = EntityView(self.snapshot, view), np.array(nodes, np.int64)
        statuses = [STATUSES[code] for code in entities.statuses(wanted).tolist()]
        table = one_chunk(entities.companies(wanted, _SHOWN))
        columns = {name: _values(table[name].chunk(0)) for name in _SHOWN}
        columns["entity_type"] = [word or "unknown" for word in columns["entity_type"]]
        return [
            Company(status=status, **dict(zip(_SHOWN, row, strict=True)))
            for status, *row in zip(statuses, *columns.values(), strict=True)
        ]

    def person(self, entity_id: EntityId, *, valid_on: date | None = None, known_on: date | None = None) -> Person:
        """Return a person with the sources of the ties it had, as known on a day."""
        node, view = self.node(entity_id, NodeKind.PERSON, known_on=known_on), self.view(valid_on, known_on)
        row = EntityView(self.snapshot, view).persons(np.array([node])).to_pylist()[0]
        edges = self._edges_at(node)
        edges = edges[self._are_known(edges, view)]
        sources = {source for found in self._sources(edges, view).values() for source in found}
        return Person(
            id=row["id"], name=row["name"], birth_year=row["birth_year"], birth_month=row["birth_month"],
            nationality=row["nationality"], kind=row["kind"] or "known",
            sources=last_of_each(sources),
        )  # fmt: skip

    def search(self, text: str, *, limit: int = 20) -> Sequence[SearchHit]:
        """Return the companies and persons whose name or identifier is like a text, the best first."""
        found = {
            node: SearchHit(node=self.ref(node), matched_name=text, score=1.0) for node in self._by_identifier(text)
        }
        for hit in self.snapshot.name_index.search(text, limit=limit):
            if hit.node not in found:
                found[hit.node] = SearchHit(node=self.ref(hit.node), matched_name=hit.name, score=hit.score)
        return list(found.values())[:limit]

    def _by_identifier(self, text: str) -> list[int]:
        node = self.snapshot.node_of(text.strip())
        if node is not None:
            return [node]
        borne = self.snapshot.identifiers["scheme"].chunk(0).dictionary.to_pylist()
        ids = identifier_ids(text, [*borne, *self.snapshot.manifest["schemes"]])
        return [node for one in ids for node in self._identified(*split_id(one))]

    def find_identifier(self, scheme: str, value: str) -> list[EntityId]:
        """Return the companies that bear an identifier, sorted."""
        found = self._identified(scheme, value)
        return sorted(self.snapshot.id_of(node) for node in found if node < self.snapshot.n_companies)

    def _identified(self, scheme: str, value: str) -> list[int]:
        normal = normalize_identifier(scheme, value)
        if normal is None:
            return []
        named = self.snapshot.node_of(make_id(scheme, normal))
        found = set(self.snapshot.identified(scheme, normal))
        return sorted(found if named is None else found | {named})

    def relationship_counts(self, entity_id: EntityId, *, valid_on: date, known_on: date) -> list[RelationshipCount]:
        """Return how many relationships of each kind were in force on a day."""
        edges = self._in_force(self.node(entity_id), self.ties_on(View(valid_on=valid_on, known_on=known_on)))
        counts = Counter((RELATIONS[relation], kind) for relation, kind, _ in edges)
        return [RelationshipCount(relation=relation, kind=kind, n=n) for (relation, kind), n in sorted(counts.items())]

    def relationships(
        self, entity_id: EntityId, *, valid_on: date, known_on: date, kinds: Collection[str] = (), limit: int = 100
    ) -> list[Relationship]:
        """Return the relationships in force on a day, by relation, kind and both ends; `kinds` chooses some."""
        view = self.ties_on(View(valid_on=valid_on, known_on=known_on))
        edges = sorted(one for one in self._in_force(self.node(entity_id), view) if not kinds or one[1] in kinds)
        chosen = [edge for *_, edge in edges[:limit]]
        found = self.read_relationships(chosen, view)
        return [found[edge] for edge in chosen]

    def paths(self, start: EntityId, end: EntityId, query: PathQuery) -> list[EntityPath]:
        """Return simple paths between two entities, the shortest first, ties by node."""
        ends = (self.node(start), self.node(end))
        refuse_one_end(start, end, is_one=ends[0] == ends[1])
        view = self.ties_on(View(valid_on=query.valid_on, known_on=query.known_on))
        found = find_paths(
            ends,
            lambda nodes, outward: view.followed_at(nodes, ends, kinds=query.kinds, outward=outward),
            query,
            id_of=self.snapshot.id_of,
        )
        refs = self.refs((node for path in found for step in path for node in step[:2]), view.days)
        told = self.read_relationships((edge for path in found for *_, edge in path), view)
        return [
            tuple(
                PathStep(start=refs[before], end=refs[after], relationship=told[edge]) for before, after, edge in path
            )
            for path in found
        ]

    def paths_among(self, entities: Sequence[EntityId], query: PathQuery) -> list[EntityPath]:
        """Return paths between each two of some entities, the shortest first, then in the order of the pairs."""
        return paths_among(self, entities, query)

    def relationship(self, edge: int) -> Relationship:
        """Return an edge with its sources."""
        return self.read_relationships([edge])[edge]

    def read_relationships(self, edges: Iterable[int], view: TieView | None = None) -> dict[int, Relationship]:
        """Return edges with the sources and the names of a day, the snapshot's own if none is given, read together.

        Edges of one fact that were known on the day are one relationship: each has the sources of them all.
        """
        view, asked = view or self.ties_on(), np.unique(np.fromiter(edges, np.int64))
        wanted = asked[asked < self.snapshot.edges.num_rows]
        added = {edge: tie for edge in asked[len(wanted) :].tolist() if (tie := view.added_tie(edge))}
        told = read_columns(self.snapshot.edges, _TOLD, wanted)
        refs = self.refs([*told["source"], *told["target"]], view.days)
        members, owner = self._of_facts(wanted, view.days)
        confidences = np.zeros(len(wanted), np.float32)
        np.maximum.at(confidences, owner, self.snapshot.numbers("edges", "confidence")[members])
        sources = self._sources(members, view.days)
        said: list[list[Source]] = [[] for _ in wanted]
        for at, edge in zip(owner.tolist(), members.tolist(), strict=True):
            said[at].extend(sources[edge])
        return self._tell_added(added, view) | {
            edge: Relationship(
                source=refs[source], target=refs[target], relation=RELATIONS[relation],
                period=parse_period(start, end),
                kind=kind, title=title, share_min=low, share_max=high,
                confidence=round(confidence, 6), sources=last_of_each(stands), ignored=ignored,
            )
            for edge, ignored, stands, confidence, source, target, relation, start, end, kind, title, low, high in zip(
                wanted.tolist(), self.why_ignored(wanted, view), said, confidences.tolist(), *told.values(), strict=True
            )
        }  # fmt: skip

    def _tell_added(self, added: Mapping[int, AddedTie], view: TieView) -> dict[int, Relationship]:
        """Return ties that were added since the build, by their numbers."""
        if not added:
            return {}
        numbers = np.array(list(added), np.int64)
        source, target = (nodes.tolist() for nodes in view.ends_of(numbers))
        refs = self.refs([*source, *target], view.days)
        return {
            edge: Relationship(
                source=refs[start], target=refs[end], relation=tie.relation, kind=tie.kind, title=None,
                share_min=None, share_max=None, period=Period(), confidence=tie.confidence, sources=(tie.said_by,),
                ignored=ignored,
            )
            for (edge, tie), start, end, ignored in zip(
                added.items(), source, target, self.why_ignored(numbers, view), strict=True
            )
        }  # fmt: skip

    def _of_facts(self, edges: NDArray[np.int64], view: View) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the edges that say the same as some, as known on a day, those themselves too; and whose each is."""
        begin, end = self.snapshot.rows_of("edges", "fact", self.snapshot.numbers("edges", "fact")[edges])
        members, owner = rows_between(begin, end), np.repeat(np.arange(len(edges)), end - begin)
        kept = self._are_known(members, view) | (members == edges[owner])
        return members[kept], owner[kept]

    def why_ignored(self, edges: NDArray[np.integer[Any]], view: TieView) -> list[str | None]:
        """Return why the ranking does not follow each edge; None where it does.

        It is parted (one end was made of two companies that are different), hub, auditor, nominee or weightless.
        """
        ends = view.ends_of(edges)
        hub, parted = (np.logical_or(*map(found, ends)).tolist() for found in (view.blocked, view.parted))
        reasons = ["parted" if apart else "hub" if one else None for one, apart in zip(hub, parted, strict=True)]
        weightless = np.flatnonzero(view.weight_of(edges) == 0)
        own = weightless[edges[weightless] < self.snapshot.edges.num_rows]
        said = read_columns(self.snapshot.edges, ("kind", "held_as"), edges[own])
        stated = dict(zip(own.tolist(), zip(said["kind"], said["held_as"], strict=True), strict=True))
        for at in weightless.tolist():
            kind, held_as = stated.get(at, (None, None))
            reasons[at] = "auditor" if kind == "auditor" else "nominee" if held_as == "nominee" else "weightless"
        return reasons

    def _sources(self, edges: NDArray[np.int64], view: View) -> dict[int, list[Source]]:
        begin, end = self.snapshot.rows_of("statements", "edge", edges)
        at, statements = rows_between(begin, end), self.snapshot.table("statements")
        seen = statements["last_seen_on"].chunk(0).take(pa.array(at))
        if (seen.view(pa.int32()).to_numpy() > days_since_1970(view.known_on)).any():
            rows = statements.take(pa.array(at))
            known_from = self.snapshot.times.known_from[rows["edge"].to_numpy()]
            seen = pa.array(EntityView(self.snapshot, view).seen_on(rows, known_from=known_from)).cast(pa.date32())
        said = read_columns(statements, _SAID, at)
        sources: dict[int, list[Source]] = {edge: [] for edge in edges.tolist()}
        for edge, dataset, record, day in zip(*said.values(), _values(seen), strict=True):
            sources[edge].append(Source(dataset=dataset, record=record, observed_on=bounded(day)))
        return sources

    def _edges_at(self, node: int) -> NDArray[np.int64]:
        adjacency = self.snapshot.adjacency
        edges = adjacency.edge[adjacency.indptr[node] : adjacency.indptr[node + 1]]
        return edges.astype(np.int64)

    def _are_known(self, edges: NDArray[np.int64], view: View) -> NDArray[np.bool_]:
        """Return bool[n_edges]: which edges were the registers' word on a day."""
        times, day = self.snapshot.times, days_since_1970(view.known_on)
        known: NDArray[np.bool_] = times.known_from[edges] <= day
        return known & (day < times.known_until[edges])

    def _in_force(self, node: int, view: TieView) -> list[tuple[int, str, int]]:
        """Return relation, kind and number of the first edge of each fact in force at a node, and of its added ties."""
        edges = self._edges_at(node)
        edges = edges[view.in_force(edges)]
        _, first = np.unique(self.snapshot.numbers("edges", "fact")[edges], return_index=True)
        edges = edges[np.sort(first)]
        said = read_columns(self.snapshot.edges, ("relation", "kind"), edges)
        added = [(edge, tie) for edge in view.added_at(node) if (tie := view.added_tie(edge))]
        return [
            *zip(said["relation"], said["kind"], edges.tolist(), strict=True),
            *((RELATIONS.index(tie.relation), tie.kind, edge) for edge, tie in added),
        ]

    def to_networkx(self, *, around: EntityId, hops: int = 2, max_nodes: int = 5000) -> nx.MultiDiGraph:
        """Return the neighbourhood of an entity as a networkx graph; see `export.to_networkx`."""
        return export.to_networkx(self, export.Extent(around=around, hops=hops, max_nodes=max_nodes))


def read_columns(table: pa.Table, names: Sequence[str], rows: NDArray[np.integer[Any]]) -> dict[str, list[Any]]:
    """Return some rows of some columns as Python values."""
    at = pa.array(rows)
    return {name: _values(table[name].chunk(0).take(at)) for name in names}


def _values(column: pa.Array) -> list[Any]:
    """Return what `to_pylist` does, which takes a hundred times as long for dates and for words of a dictionary."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_date(column.type):
        return column.to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]
    return column.to_pylist()  # type: ignore[no-any-return]
