"""Leads as JSON objects and as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from graphleads.leads.shown import (
    Lead,
    LeftLead,
    company_line,
    ignored_object,
    near_customers,
    other_points,
    reason_object,
)
from graphleads.view.customer import customer_line, near_line
from graphleads.view.shape import ExplanationAnswer, Leads, RunAnswer
from graphleads.view.text import place
from graphleads.workspace.answer import Explained, KeptRun, Recommendations, RunInfo

if TYPE_CHECKING:
    from graphleads.recommend.explain import Explanation


def recommendations_object(answer: Recommendations | KeptRun) -> Leads:
    """Return ranked leads; `next` is null while all are on one page, `left` is there only where it was asked for."""
    ignored = list(answer.ignored) if isinstance(answer, KeptRun) else [ignored_object(one) for one in answer.ignored]
    leads: Leads = {
        "run": {**_run(answer.run, answer.n_candidates), "ignored": ignored},
        "items": answer.leads,
        "next": None,
    }
    return leads if answer.left is None else {**leads, "left": list(answer.left)}


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
        "customers": list(answer.ours.get(explanation.company.id, ())),
        "near": near_customers(explanation.reasons, answer.ours),
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
    """Return rank, score in per cent of the best, company, place, and the strongest reason.

    Below the company stands whether it was a customer, and below the reason which customer it starts from.
    """
    return [
        (
            one["rank"],
            one["percent_of_best"],
            "\n".join([one["company"]["name"], one["company"]["id"], *map(customer_line, one["customers"])]),
            place(one["company"]["locality"], one["company"]["jurisdiction"]),
            "\n".join(_why(one)),
        )
        for one in leads
    ]


def left_rows(left: Iterable[LeftLead]) -> Iterator[tuple[int, str, str]]:
    """Yield a row a company that is a lead no more: the place that it had, the company, and why."""
    for one in left:
        yield one["rank"], f"{one['company']['name']}\n{one['company']['id']}", one["detail"]


def _why(lead: Lead) -> Iterator[str]:
    for reason in lead["reasons"][:1]:
        yield reason["sentence"]
        yield from (near_line(one) for one in lead["near"] if one["company"] == reason["path"][0]["from"]["id"])


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
