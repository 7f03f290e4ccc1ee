"""Which ties of Neo4j the ranking follows: what they weigh, and who is a hub, by the rule of every store.

The `weight` and `hub` that a database has are those of its snapshot's own day under the usual settings. A team's own
weights and caps, or another day, are another answer, and it is the ranking's own view that gives it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphleads.graph.config import WalkConfig
from graphleads.graph.edges import EDGES, RELATIONS
from graphleads.graph.neo4j.model import TYPES
from graphleads.graph.view import TieView
from graphleads.graph.weigh import edge_weights
from graphleads.model import NodeKind

_RELATION = {kind: RELATIONS.index(relation) for relation, kind in TYPES.items()}
_WEIGHED = ("kind", "share_min", "share_max", "held_as", "confidence")
_TABLE = pa.schema([EDGES.field(name) for name in ("relation", *_WEIGHED)])


def tie_weights(types: Sequence[str], said: Sequence[Mapping[str, Any]], walk: WalkConfig) -> NDArray[np.float32]:
    """Return float32[n]: what relationships weigh while they are in force, by their types and properties."""
    columns = {name: [one.get(name) for one in said] for name in _WEIGHED}
    columns["relation"] = [_RELATION[one] for one in types]
    arrays = [pa.array(columns[field.name], _plain(field.type)).cast(field.type) for field in _TABLE]
    return edge_weights(pa.Table.from_arrays(arrays, schema=_TABLE), walk)


def are_hubs(rows: Sequence[Mapping[str, Any]], name: str, view: TieView) -> NDArray[np.bool_]:
    """Return bool[n]: whether a node of each row ties too many companies together to be followed.

    Args:
        rows: Rows of a query.
        name: What the columns of the node begin with.
        view: The ranking's view of the day.
    """
    ranks, ids = np.array([row[f"{name}_rank"] for row in rows]), np.array([row[f"{name}_id"] for row in rows], object)
    nodes = np.full(len(rows), -1, np.int64)
    for rank, kind in enumerate(NodeKind):
        nodes[ranks == rank] = view.snapshot.nodes_of(ids[ranks == rank].tolist(), kind)
    known = nodes >= 0
    hubs = np.zeros(len(nodes), bool)
    hubs[known] = view.blocked(nodes[known])
    return hubs


def why_ignored(rows: Sequence[Mapping[str, Any]], view: TieView) -> list[str | None]:
    """Return why the ranking does not follow each relationship of the rows of a query; None where it does."""
    said = [row["says"] for row in rows]
    weights = tie_weights([row["type"] for row in rows], said, view.walk)
    hubs = are_hubs(rows, "source", view) | are_hubs(rows, "target", view)
    reasons: list[str | None] = ["hub" if is_hub else None for is_hub in hubs]
    for at in np.flatnonzero(weights == 0).tolist():
        kind, held_as = said[at]["kind"], said[at].get("held_as")
        reasons[at] = "auditor" if kind == "auditor" else "nominee" if held_as == "nominee" else "weightless"
    return reasons


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
