"""Leads: ranked, claimed, released, excluded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from graphleads.view.claim import claim_object, claims_object, exclusion_object, exclusions_object
from graphleads.view.lead import recommendations_object
from graphleads.view.list_shape import RunsAnswer
from graphleads.view.run import runs_object
from graphleads.view.shape import ClaimAnswer, ClaimsAnswer, ExclusionAnswer, ExclusionsAnswer, Leads
from graphleads_api.answer import HEADERS, json_answer
from graphleads_api.body import ClaimRequest, ExclusionRequest, RecommendationRequest
from graphleads_api.deps import Served
from graphleads_api.openapi import documented
from graphleads_api.request import (
    CLAIM,
    OTHER_COMPANY,
    RUN,
    ClaimsQuery,
    ExclusionsQuery,
    Id,
    IncludeQuery,
    NoQuery,
    Number,
    ReleaseQuery,
    RunId,
    RunQuery,
    RunsQuery,
)

router = APIRouter(tags=["leads"])


@router.post(
    "/recommendations",
    summary="Rank leads",
    responses=documented(
        Leads,
        404,
        409,
        links={"again": {"operationId": "get_recommendations", "parameters": {"run": "$response.body#/run/id"}}},
    ),
)
def post_recommendations(ask: RecommendationRequest, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Rank the unclaimed companies near the won customers, or near companies given by id, and say why.

    The answer is kept as a run: the same leads to the same question are the same run.
    """
    answer = serving.workspace().leads.recommend(ask.question())
    headers = {"content-location": f"/v0/recommendations/{answer.run_id}"} if answer.run_id else {}
    return json_answer(recommendations_object(answer), headers=headers)


@router.get("/recommendations/{run}", summary="Leads that were shown", responses=documented(Leads, 404, 409))
def get_recommendations(
    run: Annotated[RunId, Path(description="A run's id.", examples=[RUN])],
    query: Annotated[RunQuery, Query()],
    serving: Served,
) -> Response:
    """Return a run as it was shown; with `new_since`, only the leads that are not in that other run."""
    return json_answer(recommendations_object(serving.workspace().leads.run(run, new_since=query.new_since)))


@router.get("/runs", summary="Runs", responses=documented(RunsAnswer, 409))
def get_runs(query: Annotated[RunsQuery, Query()], serving: Served) -> Response:
    """List the runs that are kept in brief, the one that was shown last first."""
    found = serving.workspace().leads.runs(pinned=query.pinned, after=query.after, limit=query.limit + 1)
    return json_answer(runs_object(found, limit=query.limit))


@router.post(
    "/claims",
    status_code=201,
    summary="Claim a lead",
    responses=documented(
        ClaimAnswer,
        404,
        409,
        statuses=[201],
        links={"release": {"operationId": "delete_claim", "parameters": {"claim": "$response.body#/id"}}},
    ),
)
def post_claim(ask: ClaimRequest, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Claim a company, so that nobody else is offered it; whoever comes second is told who was first."""
    return json_answer(claim_object(serving.workspace().claim(ask.company, owner=ask.owner, run=ask.run)), 201)


@router.get("/claims", summary="Claims", responses=documented(ClaimsAnswer, 409))
def get_claims(query: Annotated[ClaimsQuery, Query()], serving: Served) -> Response:
    """List who works on which company, the oldest claim first."""
    claims = serving.workspace().leads.claims(owner=query.owner)
    return json_answer(claims_object(claims, after=query.after, limit=query.limit))


@router.delete("/claims/{claim}", status_code=204, summary="Release a lead", responses={404: {}, 409: {}})
def delete_claim(
    claim: Annotated[Number, Path(description="A claim's id.", examples=[CLAIM])],
    query: Annotated[ReleaseQuery, Query()],
    serving: Served,
) -> Response:
    """End a claim, so that the company can be offered again."""
    serving.workspace().leads.release_claim(claim, by=query.by)
    return Response(status_code=204, headers=HEADERS)


@router.post(
    "/exclusions",
    status_code=201,
    summary="Keep a company out",
    responses=documented(ExclusionAnswer, 404, 409, statuses=[201]),
)
def post_exclusion(ask: ExclusionRequest, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Keep a company out of everybody's leads, with a reason."""
    made = serving.workspace().leads.exclude(ask.company, reason=ask.reason, by=ask.by)
    return json_answer(exclusion_object(made), 201)


@router.get("/exclusions", summary="Companies kept out", responses=documented(ExclusionsAnswer, 409))
def get_exclusions(query: Annotated[ExclusionsQuery, Query()], serving: Served) -> Response:
    """List which companies are not offered, and why, by company."""
    found = serving.workspace().leads.exclusions()
    return json_answer(exclusions_object(found, after=query.after, limit=query.limit))


@router.delete(
    "/exclusions/{company:path}", status_code=204, summary="Let a company in again", responses={404: {}, 409: {}}
)
def delete_exclusion(
    company: Annotated[Id, Path(description="A company's id.", examples=[OTHER_COMPANY])],
    query: Annotated[IncludeQuery, Query()],
    serving: Served,
) -> Response:
    """Take an exclusion back, so that the company can be offered again."""
    serving.workspace().leads.include(company, by=query.by)
    return Response(status_code=204, headers=HEADERS)
