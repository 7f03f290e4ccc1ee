"""Tables as parameters of a statement, column by column, and the statements that write them.

A statement counts through the rows of its batch. A column of few words or days is sent as those and a number a row, a
column without values as an empty list (beyond whose end Cypher finds null): that halves what both sides have to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from graphleads.graph.neo4j.model import ENTITY, LABELS, TYPES
from graphleads.graph.neo4j.rows import NODE_SCHEMAS, RELATIONSHIP_SCHEMA
from graphleads.model import NodeKind

_WORDS = "_words"


def parameters_of(table: pa.Table) -> dict[str, list[Any]]:
    """Return the columns of a table as parameters of the statements below."""
    parameters: dict[str, list[Any]] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = column.chunk(0) if column.num_chunks else pa.array([], column.type)
        if _is_coded(values.type):
            coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
            parameters[name + _WORDS] = coded.dictionary.to_pylist()
            values = coded.indices
        parameters[name] = [] if values.null_count == len(values) else values.to_pylist()
    return parameters


def _is_coded(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) or pa.types.is_date32(kind))


def _properties(schema: pa.Schema) -> str:
    told = (
        f"{field.name}: ${field.name}{_WORDS}[${field.name}[i]]"
        if _is_coded(field.type)
        else f"{field.name}: ${field.name}[i]"
        for field in schema
    )
    return "{" + ", ".join(told) + "}"


CREATE_NODES: Mapping[NodeKind, str] = {
    kind: "CYPHER 5 UNWIND range(0, size($id) - 1) AS i "
    f"CREATE (n:{ENTITY}:{label} {_properties(NODE_SCHEMAS[kind])}) "
    "RETURN collect(i) AS at, collect(id(n)) AS node"
    for kind, label in LABELS.items()
}
"""Makes new nodes, and returns by which number the server finds each of them."""

PUT_NODES: Mapping[NodeKind, str] = {
    kind: "UNWIND range(0, size($id) - 1) AS i "
    f"MERGE (n:{label} {{id: $id[i]}}) SET n:{ENTITY}, n = {_properties(NODE_SCHEMAS[kind])}"
    for kind, label in LABELS.items()
}
"""Makes nodes, or makes them what they are now; one that had ended is live again."""

END_NODES: Mapping[NodeKind, str] = {
    kind: f"UNWIND $keys AS id MATCH (n:{label} {{id: id}}) SET n.ended_in = $snapshot"
    for kind, label in LABELS.items()
}

PLACES: Mapping[NodeKind, str] = {
    kind: f"CYPHER 5 MATCH (n:{label}) WHERE n.id IN $ids RETURN collect(n.id) AS ids, collect(id(n)) AS node"
    for kind, label in LABELS.items()
}
"""By which number the server finds the nodes of some ids."""

_BETWEEN = (
    "CYPHER 5 UNWIND range(0, size($key) - 1) AS i "
    "MATCH (a) WHERE id(a) = $source[i] MATCH (b) WHERE id(b) = $target[i] "
)

CREATE_RELATIONSHIPS: Mapping[str, str] = {
    relation: f"{_BETWEEN} CREATE (a)-[:{kind} {_properties(RELATIONSHIP_SCHEMA)}]->(b)"
    for relation, kind in TYPES.items()
}
"""Makes new relationships between nodes of which the server's numbers are known."""

PUT_RELATIONSHIPS: Mapping[str, str] = {
    relation: f"{_BETWEEN} MERGE (a)-[r:{kind} {{key: $key[i]}}]->(b) SET r = {_properties(RELATIONSHIP_SCHEMA)}"
    for relation, kind in TYPES.items()
}
"""Makes relationships, or makes them what they are now."""

END_RELATIONSHIPS: Mapping[str, str] = {
    relation: f"UNWIND $keys AS key MATCH ()-[r:{kind} {{key: key}}]->() SET r.ended_in = $snapshot"
    for relation, kind in TYPES.items()
}
