"""Leads as JSON objects and as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graphleads.leads.shown import Lead, company_line, ignored_object, lead_object, other_points, reason_object
from graphleads.model import PathStep
from graphleads.view.fact import source_cell, tie_cell
from graphleads.view.shape import ExplanationAnswer, Leads, RunAnswer
from graphleads.view.text import place
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo

if TYPE_CHECKING:
    from graphleads.recommend.explain import Explanation


def recommendations_object(answer: Recommendations | KeptRun) -> Leads:
    """Return ranked leads; `next` is null as long as all of them are on one page."""
    ignored = list(answer.ignored) if isinstance(answer, KeptRun) else [ignored_object(one) for one in answer.ignored]
    return {
        "run": {**_run(answer.run, answer.n_candidates), "ignored": ignored},
        "items": lead_objects(answer),
        "next": None,
    }


def lead_objects(answer: Recommendations | KeptRun) -> list[Lead]:
    """Return the leads of an answer, or of one that was kept."""
    return list(answer.items) if isinstance(answer, KeptRun) else [lead_object(one) for one in answer.items]


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
        "other_points": other_points(explanation.score, explanation.reasons),
        "ignored": [ignored_object(one) for one in explanation.ignored],
    }


def percents(explanation: Explanation) -> list[int]:
    """Return what part of the score came by each reason, and then by other ties, in whole per cent that sum to 100.

    What is lost by rounding down goes to those that lost most; of a score of 0 all parts are 0.
    """
    points = [one.points for one in explanation.reasons]
    parts = [*points, other_points(explanation.score, explanation.reasons)]
    total = sum(parts)
    if total <= 0:
        return [0] * len(parts)
    exact = [100 * part / total for part in parts]
    whole = [int(one) for one in exact]
    lost = sorted(range(len(parts)), key=lambda at: whole[at] - exact[at])
    for at in lost[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def lead_rows(leads: Iterable[Lead]) -> list[tuple[int, float | None, str, str, str]]:
    """Return rank, score in per cent of the best, company with its id, place, and the strongest reason."""
    return [
        (
            one["rank"],
            one["percent_of_best"],
            f"{one['company']['name']}\n{one['company']['id']}",
            place(one["company"]["locality"], one["company"]["jurisdiction"]),
            one["reasons"][0]["sentence"] if one["reasons"] else "",
        )
        for one in leads
    ]


LEAD_CSV = ("rank", "company_id", "name", "jurisdiction", "locality", "status", "score", "percent_of_best", "reason")


def lead_csv_rows(leads: Iterable[Lead]) -> list[tuple[object, ...]]:
    """Return the leads as `LEAD_CSV` names the columns."""
    return [
        (
            *(one["rank"], one["company"]["id"], one["company"]["name"]),
            *(one["company"]["jurisdiction"], one["company"]["locality"], one["company"]["status"]),
            *(one["score"], one["percent_of_best"]),
            one["reasons"][0]["sentence"] if one["reasons"] else None,
        )
        for one in leads
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
