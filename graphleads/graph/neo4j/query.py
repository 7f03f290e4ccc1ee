"""What the store asks of Neo4j: constant statements that only read, over live rows, each with a bound.

None has a pattern of variable length: after one with several starts, `DISTINCT` over nodes counts a node once for each
start (seen on 5.26.30 and 2026.08.1). Paths are found ring by ring instead, by the search that every store shares.
"""

from __future__ import annotations

from graphleads.graph.edges import RELATIONS
from graphleads.graph.neo4j.model import ENTITY, KEY_COLUMNS, KEY_INDEX, LABELS, MADE_BY, NAME_INDEX, SNAPSHOT, TYPES
from graphleads.model import NodeKind

MOST_ROWS = 200_000
"""The most rows of any answer: more than that is no question of a person."""

_COMPANY, _PERSON, _CONTACT_POINT = (LABELS[kind] for kind in NodeKind)
_TYPES = "|".join(TYPES.values())
_KNOWN = (
    "r.ended_in IS NULL"
    " AND (r.known_from IS NULL OR r.known_from <= $known_on) AND (r.known_until IS NULL OR $known_on < r.known_until)"
)
_IN_FORCE = (
    _KNOWN
    + " AND (r.valid_from IS NULL OR r.valid_from <= $valid_on) AND (r.valid_to IS NULL OR $valid_on < r.valid_to)"
)


def _rank(node: str) -> str:
    """Return the place of a node's kind in the order of a snapshot's nodes."""
    return f"CASE WHEN {node}:{_COMPANY} THEN 0 WHEN {node}:{_PERSON} THEN 1 ELSE 2 END"


def _ref(node: str, name: str) -> str:
    return f"{_rank(node)} AS {name}_rank, {node}.id AS {name}_id, coalesce({node}.name, {node}.display) AS {name}_name"


def _dated_ref(node: str, name: str) -> str:
    """Return what `_ref` does, and what a node of another day is named by."""
    return f"{_ref(node, name)}, CASE WHEN $dated THEN {node}.statements END AS {name}_statements"


def _nulls_first(column: str) -> str:
    # Where nothing bounds it an end is the latest there is, as nulls are in Cypher.
    return f"r.{column}" if column in ("valid_to", "known_until") else f"r.{column} IS NOT NULL, r.{column}"


_RELATION = "CASE type(r) " + " ".join(f"WHEN '{TYPES[name]}' THEN {at}" for at, name in enumerate(RELATIONS)) + " END"
_EDGE_ORDER = ", ".join(
    (
        f"{_rank('startNode(r)')}, startNode(r).id, {_rank('endNode(r)')}, endNode(r).id, {_RELATION}",
        *map(_nulls_first, KEY_COLUMNS),
    )
)
"""The order of the edges of a snapshot."""

_TOLD = (
    f"{_dated_ref('startNode(r)', 'source')}, {_dated_ref('endNode(r)', 'target')}, "
    "elementId(r) AS element, type(r) AS type, properties(r) AS says, "
    "[one IN same | {known_from: one.known_from, confidence: one.confidence, sources: one.sources}] AS same"
)

SNAPSHOTS = (
    f"MATCH (s:{SNAPSHOT} {{made_by: '{MADE_BY}'}}) "
    "RETURN s.id AS id, s.format AS format, s.state AS state, s.schemes AS schemes LIMIT 2"
)

FIND = (
    "UNWIND $ids AS id "
    + " ".join(
        f"OPTIONAL MATCH (n{at}:{label} {{id: id}}) WHERE n{at}.ended_in IS NULL"
        for at, label in enumerate(LABELS.values())
    )
    + " WITH coalesce(n0, n1, n2) AS n WHERE n IS NOT NULL "
    f"RETURN elementId(n) AS element, {_ref('n', 'node')} LIMIT $most"
)
"""The entity of each id: the company, where a person has the same one."""

FIND_KEYS = (
    f"CALL db.index.fulltext.queryNodes('{KEY_INDEX}', $query, {{limit: $most}}) YIELD node AS n "
    "WHERE n.ended_in IS NULL AND any(key IN $keys WHERE key IN coalesce(n[$property], [])) "
    f"RETURN elementId(n) AS element, {_ref('n', 'node')}, [key IN $keys WHERE key IN n[$property]][0] AS key "
    "ORDER BY node_rank, node_id LIMIT $most"
)
"""The companies and persons that have one of some keys in a property that is a list."""

FIND_NAMES = (
    f"CALL db.index.fulltext.queryNodes('{NAME_INDEX}', $query, {{limit: $most}}) YIELD node AS n "
    "WHERE n.ended_in IS NULL "
    f"RETURN {_ref('n', 'node')}, [n.name] + coalesce(n.names, []) AS names LIMIT $most"
)
"""The companies and persons with names like a query of Lucene's."""

KNOWN_FROM = "MATCH (n) WHERE elementId(n) = $element RETURN n.known_from AS known_from LIMIT 1"

PROPERTIES = "MATCH (n) WHERE elementId(n) = $element RETURN properties(n) AS said LIMIT 1"

SOURCES = (
    f"MATCH (n)-[r:{_TYPES}]-() WHERE elementId(n) = $element AND {_KNOWN} "
    "UNWIND r.sources AS source RETURN DISTINCT source, r.known_from AS known_from LIMIT $most"
)
"""Where the ties of an entity stand, as known on a day."""

COUNTS = (
    f"MATCH (n)-[r:{_TYPES}]-() WHERE elementId(n) = $element AND {_IN_FORCE} "
    "RETURN type(r) AS type, r.kind AS kind, count(DISTINCT r.fact) AS n LIMIT $most"
)

RELATIONSHIPS = (
    f"MATCH (n)-[r:{_TYPES}]-() WHERE elementId(n) = $element AND {_IN_FORCE} "
    "AND (size($kinds) = 0 OR r.kind IN $kinds) "
    f"WITH r ORDER BY {_EDGE_ORDER} WITH r.fact AS fact, collect(r) AS same WITH head(same) AS r, same "
    f"ORDER BY {_RELATION}, r.kind, {_EDGE_ORDER} LIMIT $limit RETURN {_TOLD}"
)

TIES = (
    f"MATCH (n)-[r:{_TYPES}]-(m:{ENTITY}) WHERE elementId(n) IN $elements AND {_IN_FORCE} AND m.ended_in IS NULL "
    f"AND (type(r) = '{TYPES['same_person']}' OR ((size($kinds) = 0 OR r.kind IN $kinds) "
    "AND ($outward IS NULL OR (startNode(r) = n) = $outward))) "
    f"WITH n, m, r ORDER BY {_EDGE_ORDER} "
    f"RETURN {_rank('n')} AS from_rank, n.id AS from_id, elementId(n) AS from_element, "
    f"{_rank('m')} AS to_rank, m.id AS to_id, elementId(m) AS to_element, elementId(r) AS tie, type(r) AS type, "
    "r {.kind, .share_min, .share_max, .held_as, .confidence} AS says LIMIT $most"
)
"""The ties of some nodes, whatever they weigh, in the order of the edges of a snapshot."""

TOLD = (
    "MATCH (a)-[told]->(b) WHERE elementId(told) IN $elements "
    f"MATCH (a)-[r:{_TYPES}]->(b) WHERE r.fact = told.fact AND {_KNOWN} "
    f"WITH told AS r, collect(r) AS same RETURN {_TOLD} LIMIT $most"
)
"""Relationships, by element, with those that say the same as known on a day."""
