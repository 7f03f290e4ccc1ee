"""Leads as JSON objects and as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from graphleads.leads.shown import company_line, ignored_object, lead_object, reason_object
from graphleads.model import PathStep
from graphleads.view.fact import source_cell, tie_cell
from graphleads.view.shape import ExplanationAnswer, Leads, RunAnswer
from graphleads.view.text import place
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo


def recommendations_object(answer: Recommendations | KeptRun) -> Leads:
    """Return ranked leads; `next` is null as long as all of them are on one page."""
    if isinstance(answer, KeptRun):
        items, ignored = list(answer.items), list(answer.ignored)
    else:
        items, ignored = [lead_object(one) for one in answer.items], [ignored_object(one) for one in answer.ignored]
    return {"run": {**_run(answer.run, answer.n_candidates), "ignored": ignored}, "items": items, "next": None}


def explanation_object(answer: Explained) -> ExplanationAnswer:
    """Return why a company is, or is not, a lead."""
    explanation = answer.explanation
    return {
        "run": _run(answer.run, explanation.n_candidates),
        "company": company_line(explanation.company),
        "rank": explanation.rank,
        "score": explanation.score,
        "ineligible": explanation.ineligible,
        "owner": answer.owner,
        "excluded_because": answer.excluded_because,
        "reasons": [reason_object(one) for one in explanation.reasons],
        "ignored": [ignored_object(one) for one in explanation.ignored],
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


def _run(run: RunInfo, n_candidates: int | None) -> RunAnswer:
    return {
        "id": run.id,
        "snapshot": run.snapshot,
        "as_of": run.as_of,
        "seeds": list(run.seeds),
        "config": dict(run.config),
        "n_candidates": n_candidates,
        "warnings": list(run.warnings),
        "n_withheld": run.n_withheld,
        "withheld": list(run.withheld),
    }
