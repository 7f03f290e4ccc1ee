"""Leads as JSON objects and as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

from graphleads.model import Ignored, PathStep, Reason, Recommendation
from graphleads.view.fact import company_line, node_object, source_cell, source_object, tie_cell
from graphleads.view.text import place
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo


def recommendations_object(answer: Recommendations | KeptRun) -> dict[str, Any]:
    """Return ranked leads; `next` is null as long as all of them are on one page."""
    return {"run": _run(answer.run), "items": [_item(one) for one in answer.items], "next": None}


def explanation_object(answer: Explained) -> dict[str, Any]:
    """Return why a company is, or is not, a lead."""
    explanation = answer.explanation
    return {
        "run": _run(answer.run),
        "company": company_line(explanation.company),
        "rank": explanation.rank,
        "score": explanation.score,
        "ineligible": explanation.ineligible,
        "owner": answer.owner,
        "excluded_because": answer.excluded_because,
        "reasons": [_reason(one) for one in explanation.reasons],
        "ignored": [_ignored(one) for one in explanation.ignored],
    }


def lead_rows(answer: Recommendations) -> list[tuple[int, int, str, str, str]]:
    """Return rank, score from 0 to 100 against the best, company with its id, place, and the strongest reason."""
    best = max((one.score for one in answer.items), default=1.0)
    return [
        (
            one.rank,
            round(100 * one.score / best) if best > 0 else 0,
            f"{one.company.name}\n{one.company.id}",
            place(one.company.locality, one.company.jurisdiction),
            one.reasons[0].sentence if one.reasons else "",
        )
        for one in answer.items
    ]


LEAD_CSV = ("rank", "company_id", "name", "jurisdiction", "locality", "status", "score", "reason")


def lead_csv_rows(answer: Recommendations) -> list[tuple[object, ...]]:
    """Return the leads as `LEAD_CSV` names the columns."""
    return [
        (
            *(one.rank, one.company.id, one.company.name, one.company.jurisdiction, one.company.locality),
            *(one.company.status, one.score, one.reasons[0].sentence if one.reasons else None),
        )
        for one in answer.items
    ]


def step_line(step: PathStep) -> str:
    """Return one step of a path in a line: from, what, to, and where that stands."""
    sources = "; ".join(source_cell(one) for one in step.relationship.sources)
    return f"{step.start.name} – {tie_cell(step.relationship)} – {step.end.name}  [{sources}]"


def _run(run: RunInfo) -> dict[str, Any]:
    return {"id": run.id, "snapshot": run.snapshot, "as_of": run.as_of, "seeds": run.seeds, "config": run.config}


def _item(item: Recommendation) -> dict[str, Any]:
    return {
        "rank": item.rank,
        "company": company_line(item.company),
        "score": item.score,
        "reasons": [_reason(one) for one in item.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "sentence": reason.sentence,
        "points": reason.points,
        "confidence": reason.confidence,
        "path": [_step(one) for one in reason.path],
    }


def _step(step: PathStep) -> dict[str, Any]:
    tie = step.relationship
    return {
        "from": node_object(step.start),
        "to": node_object(step.end),
        "kind": tie.kind,
        "title": tie.title,
        "start_on": tie.period.start_on,
        "end_on": tie.period.end_on,
        "source": source_object(tie.sources[0]) if tie.sources else None,
    }


def _ignored(ignored: Ignored) -> dict[str, Any]:
    return {"node": node_object(ignored.node), "n_companies": ignored.n_companies, "reason": ignored.reason}
