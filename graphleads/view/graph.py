"""What analysts ask, as JSON objects and as rows of tables: relationships and paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphleads.leads.shown import node_object
from graphleads.model import PathStep, Relationship
from graphleads.view import shape
from graphleads.view.fact import relationship_object, sources_cell, tie_cell
from graphleads.workspace.answer import PathsAnswer, RelationshipsAnswer

_IGNORED = {
    "auditor": "an auditor is a vendor",
    "nominee": "held as nominee",
    "hub": "ties too many companies",
    "weightless": "a kind that is kept and not followed",
}


def relationships_object(answer: RelationshipsAnswer) -> shape.RelationshipsAnswer:
    """Return the relationships of an entity: counts by kind first, then as many as were asked for."""
    counts: list[shape.KindCount] = [{"relation": one.relation, "kind": one.kind, "n": one.n} for one in answer.counts]
    items = [relationship_object(one) for one in answer.relationships]
    warnings = list(answer.warnings)
    return {
        "node": node_object(answer.node), "as_of": answer.as_of, "counts": counts, "items": items, "warnings": warnings,
    }  # fmt: skip


def paths_object(answer: PathsAnswer) -> shape.PathsAnswer:
    """Return paths: each with its ends, how many steps it has, and the steps with the tie behind each."""
    return {
        "ends": [node_object(one) for one in answer.ends],
        "as_of": answer.as_of,
        "items": [_path(one) for one in answer.paths],
        "warnings": list(answer.warnings),
    }


def _path(path: Sequence[PathStep]) -> shape.PathAnswer:
    steps: list[shape.PathStepAnswer] = [
        {
            "from": node_object(step.start),
            "to": node_object(step.end),
            "relationship": relationship_object(step.relationship),
        }
        for step in path
    ]
    return {"n_hops": len(path), "path": steps}


def tie_rows(relationships: Iterable[Relationship]) -> list[tuple[str, str, str, str]]:
    """Return ties: what it is, from whom, to whom, and where it stands; what is not followed says why."""
    rows = []
    for tie in relationships:
        aside = f"\nnot followed: {_IGNORED.get(tie.ignored, tie.ignored)}" if tie.ignored else ""
        rows.append((tie_cell(tie) + aside, tie.source.name, tie.target.name, sources_cell(tie.sources)))
    return rows
