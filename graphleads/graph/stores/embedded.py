"""The graph as entities over a memory-mapped snapshot: the default store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.codes.scheme import normalize_identifier
from graphleads.errors import EntityNotFound
from graphleads.graph import export
from graphleads.graph.describe import COMPANY, STATUSES, status_on
from graphleads.graph.edges import RELATIONS
from graphleads.graph.order import days_since_1970
from graphleads.graph.snapshot import Snapshot
from graphleads.graph.store import RelationshipCount, SearchHit
from graphleads.ids import EntityId, is_id, make_id, split_id
from graphleads.model import Company, Fact, Identifier, Name, NodeKind, NodeRef, Period, Person, Relationship, Source

UNBOUNDED = {date(1, 1, 1), date(9999, 12, 31)}
_SHOWN = ("locality", "region", "postcode", "legal_form", "jurisdiction", "incorporated_on", "dissolved_on")


class EmbeddedStore:
    """A `GraphStore` over a snapshot, which also serves the ranking: nodes and edges by number."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def resolve(self, entity_id: EntityId) -> EntityId:
        """Return the id that an id stands for now."""
        return self.snapshot.id_of(self.node(entity_id))

    def node(self, entity_id: EntityId, kind: NodeKind | None = None) -> int:
        """Return the node of an id.

        Raises:
            EntityNotFound: If there is none, or none of that kind.
        """
        node = self.snapshot.node_of(entity_id)
        if node is None or (kind is not None and self.snapshot.kind_of(node) is not kind):
            what = "company" if kind is NodeKind.COMPANY else "person" if kind is NodeKind.PERSON else "entity"
            raise EntityNotFound(
                f"There is no {what} {entity_id[:80]!r} in the registers: look for it with `graphleads search TEXT`."
            )
        return node

    def ref(self, node: int) -> NodeRef:
        """Return a node as it is named in paths and lists."""
        return self.refs([node])[node]

    def refs(self, nodes: Iterable[int]) -> dict[int, NodeRef]:
        """Return nodes as they are named in paths and lists, read together."""
        wanted, first = np.unique(np.fromiter(nodes, np.int64)), 0
        found: dict[int, NodeRef] = {}
        for kind, table in zip(NodeKind, self.snapshot.node_tables, strict=True):
            rows = wanted[(first <= wanted) & (wanted < first + table.num_rows)]
            called = "display" if kind is NodeKind.CONTACT_POINT else "name"
            ids, names = (table[name].take(pa.array(rows - first)).to_pylist() for name in ("id", called))
            found |= {
                node: NodeRef(id=entity, kind=kind, name=name)
                for node, entity, name in zip(rows.tolist(), ids, names, strict=True)
            }
            first += table.num_rows
        return found

    def company(self, entity_id: EntityId, *, valid_on: date | None = None) -> Company:
        """Return a company with its names, identifiers and facts, each with source and date.

        Its name and status are those of the day; None takes the day of the snapshot.
        """
        node = self.node(entity_id, NodeKind.COMPANY)
        names, identifiers, facts = self._names(node), self._identifiers(node), tuple(self._facts(node))
        summary = replace(self.summary(node), names=names, identifiers=identifiers, facts=facts)
        return summary if valid_on is None else self._on(node, summary, valid_on)

    def _on(self, node: int, company: Company, day: date) -> Company:
        """Return a company with the name and the status that it had on a day, as known now."""
        rows = self.snapshot.table("statuses")
        (first,), (last,) = self.snapshot.rows_of("statuses", "node", np.array([node]))
        own = rows.slice(first, last - first)
        own = own.set_column(0, "node", pa.array(np.zeros(own.num_rows, np.int32)))
        status = status_on(own, 1, valid_on=days_since_1970(day), known_on=self.snapshot.view_on)[0]
        borne = [name for name in company.names if name.kind == "legal" and _covers(name.period, day)]
        return replace(company, status=STATUSES[status], name=borne[-1].name if borne else company.name)

    def summary(self, node: int) -> Company:
        """Return a company as a list shows it: without names, identifiers and facts."""
        return self.summaries([node], [STATUSES[self.snapshot.node_array("status")[node]]])[0]

    def summaries(self, nodes: Sequence[int], statuses: Sequence[str]) -> list[Company]:
        """Return companies as a list shows them, read together, with their statuses on the day of the list."""
        shown = self.snapshot.companies.select([*_SHOWN, "id", "name", "mentioned", "entity_type"])
        return [
            Company(**(row | {"entity_type": row["entity_type"] or "unknown", "status": status}))
            for row, status in zip(shown.take(pa.array(nodes, pa.int64())).to_pylist(), statuses, strict=True)
        ]

    def person(self, entity_id: EntityId) -> Person:
        """Return a person with the sources of the ties it has."""
        node = self.node(entity_id, NodeKind.PERSON)
        row = self.snapshot.persons.slice(node - self.snapshot.n_companies, 1).to_pylist()[0]
        sources = {source for found in self._sources(self._edges_at(node)).values() for source in found}
        return Person(
            id=row["id"], name=row["name"], birth_year=row["birth_year"], birth_month=row["birth_month"],
            nationality=row["nationality"], kind=row["kind"] or "known",
            sources=tuple(sorted(sources, key=lambda one: (one.dataset, one.record))),
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
        text = text.strip()
        if is_id(text):
            node = self.snapshot.node_of(text)
            return [node] if node is not None else self._identified(*split_id(text))
        borne = self.snapshot.identifiers["scheme"].chunk(0).dictionary.to_pylist()
        schemes = sorted({*borne, *self.snapshot.manifest["schemes"]})
        return [node for scheme in schemes for node in self._identified(scheme, text)]

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
        edges = self._in_force(self.node(entity_id), valid_on, known_on)
        relations, kinds = self.snapshot.edges["relation"], self.snapshot.edges["kind"]
        counts = Counter((RELATIONS[relations[edge].as_py()], kinds[edge].as_py()) for edge in edges.tolist())
        return [RelationshipCount(relation=relation, kind=kind, n=n) for (relation, kind), n in sorted(counts.items())]

    def relationships(
        self, entity_id: EntityId, *, valid_on: date, known_on: date, kinds: Collection[str] = (), limit: int = 100
    ) -> list[Relationship]:
        """Return the relationships in force on a day, by relation, kind and other end; `kinds` chooses some."""
        edges = self._in_force(self.node(entity_id), valid_on, known_on)
        relation, kind = (self.snapshot.edges[name].take(pa.array(edges)).to_pylist() for name in ("relation", "kind"))
        wanted = [at for at in range(len(edges)) if not kinds or kind[at] in kinds]
        wanted.sort(key=lambda at: (relation[at], kind[at], int(edges[at])))
        chosen = [int(edges[at]) for at in wanted[:limit]]
        found = self.read_relationships(chosen)
        return [found[edge] for edge in chosen]

    def relationship(self, edge: int) -> Relationship:
        """Return an edge with its sources."""
        return self.read_relationships([edge])[edge]

    def read_relationships(self, edges: Iterable[int]) -> dict[int, Relationship]:
        """Return edges with their sources, read together."""
        wanted = sorted(set(edges))
        rows = self.snapshot.edges.take(pa.array(wanted, pa.int64())).to_pylist()
        refs = self.refs(row[end] for row in rows for end in ("source", "target"))
        sources = self._sources(wanted)
        return {
            edge: Relationship(
                source=refs[row["source"]], target=refs[row["target"]], relation=RELATIONS[row["relation"]],
                kind=row["kind"], title=row["title"], share_min=row["share_min"], share_max=row["share_max"],
                period=_period(row), confidence=round(row["confidence"], 6), sources=sources[edge],
                ignored=self._ignored(edge, row),
            )
            for edge, row in zip(wanted, rows, strict=True)
        }  # fmt: skip

    def _ignored(self, edge: int, row: dict[str, Any]) -> str | None:
        """Return why the ranking does not follow an edge: auditor, nominee, weightless or hub."""
        if self.snapshot.node_array("edge_weight")[edge] == 0:
            return "auditor" if row["kind"] == "auditor" else "nominee" if row["held_as"] == "nominee" else "weightless"
        blocked = self.snapshot.node_array("blocked")
        return "hub" if blocked[row["source"]] or blocked[row["target"]] else None

    def _sources(self, edges: Sequence[int]) -> dict[int, tuple[Source, ...]]:
        statements = self.snapshot.table("statements")
        first, last = self.snapshot.rows_of("statements", "edge", np.array(edges))
        rows = np.concatenate([np.arange(*ends) for ends in zip(first, last, strict=True)] or [first])
        said = statements.take(pa.array(rows, pa.int64())).to_pylist()
        found: dict[int, list[Source]] = {edge: [] for edge in edges}
        for row in said:
            observed_on = _bounded(row["last_seen_on"])
            found[row["edge"]].append(Source(dataset=row["dataset"], record=row["record"], observed_on=observed_on))
        return {edge: tuple(sources) for edge, sources in found.items()}

    def _edges_at(self, node: int) -> list[int]:
        adjacency = self.snapshot.adjacency
        return [int(edge) for edge in adjacency.edge[adjacency.indptr[node] : adjacency.indptr[node + 1]]]

    def _in_force(self, node: int, valid_on: date, known_on: date) -> NDArray[np.int32]:
        adjacency, times = self.snapshot.adjacency, self.snapshot.times
        edges = adjacency.edge[adjacency.indptr[node] : adjacency.indptr[node + 1]]
        valid, known = days_since_1970(valid_on), days_since_1970(known_on)
        return edges[times.in_force(valid, known, edges)]

    def _rows(self, table: str, node: int) -> list[dict[str, Any]]:
        rows = self.snapshot.table(table)
        (first,), (last,) = self.snapshot.rows_of(table, "node", np.array([node]))
        found: list[dict[str, Any]] = rows.slice(first, last - first).to_pylist()
        return found

    def _names(self, node: int) -> tuple[Name, ...]:
        return tuple(
            Name(
                name=row["name"],
                kind=row["kind"],
                period=_period(row),
                language=row["language"],
                source=_source(row),
            )
            for row in self._rows("names", node)
        )

    def _identifiers(self, node: int) -> tuple[Identifier, ...]:
        rows = [row for row in self._rows("identifiers", node) if _is_known(row)]
        return tuple(
            Identifier(scheme=row["scheme"], value=row["value"], valid=row["valid"], source=_source(row))
            for row in rows
        )

    def _facts(self, node: int) -> Iterator[Fact]:
        for row in filter(_is_known, self._rows("records", node)):
            for name in COMPANY:
                if row[name] is not None:
                    yield Fact(field=name, value=str(row[name]), period=_period(row), source=_source(row))
        for row in filter(_is_known, self._rows("statuses", node)):
            text = f"{row['status']} ({row['status_text']})" if row["status_text"] else str(row["status"])
            yield Fact(field="status", value=text, period=_period(row), source=_source(row))
        for row in filter(_is_known, self._rows("classifications", node)):
            value = f"{row['scheme']}: {row['code']}"
            yield Fact(field="classification", value=value, period=_period(row), source=_source(row))
        for row in filter(_is_known, self._rows("declarations", node)):
            yield Fact(
                field=f"no {row['about']} named", value=str(row["reason"]), period=_period(row), source=_source(row)
            )

    def to_networkx(self, *, around: EntityId, hops: int = 2, max_nodes: int = 5000) -> nx.MultiDiGraph:
        """Return the neighbourhood of an entity as a networkx graph; see `export.to_networkx`."""
        return export.to_networkx(self, around=around, hops=hops, max_nodes=max_nodes)


def _covers(period: Period, day: date) -> bool:
    return (period.start_on is None or period.start_on <= day) and (period.end_on is None or day < period.end_on)


def _is_known(row: dict[str, Any]) -> bool:
    return bool(row["known_until"] == date(9999, 12, 31))


def _source(row: dict[str, Any]) -> Source:
    return Source(dataset=str(row["dataset"]), record=str(row["record"]), observed_on=_bounded(row["last_seen_on"]))


def _period(row: dict[str, Any]) -> Period:
    return Period(start_on=_bounded(row["valid_from"]), end_on=_bounded(row["valid_to"]))


def _bounded(day: object) -> date | None:
    """Return a day, None where it stands for unbounded."""
    return day if isinstance(day, date) and day not in UNBOUNDED else None
