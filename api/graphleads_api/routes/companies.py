"""Companies: found, shown, connected, explained."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from graphleads.view.graph import paths_object, relationships_object
from graphleads.view.lead import explanation_object
from graphleads.view.lookup import company_answer_object, search_object
from graphleads.view.shape import CompanyAnswer, ExplanationAnswer, PathsAnswer, RelationshipsAnswer, SearchAnswer
from graphleads_api.answer import json_answer
from graphleads_api.deps import Served
from graphleads_api.openapi import documented
from graphleads_api.request import COMPANY, CompanyQuery, ExplainQuery, Id, PathsQuery, RelationshipsQuery, SearchQuery

router = APIRouter(tags=["companies"])

CompanyId = Annotated[Id, Path(description="A company's id.", examples=[COMPANY])]


@router.get("/companies/search", summary="Find companies", responses=documented(SearchAnswer, 409))
def search_companies(query: Annotated[SearchQuery, Query()], serving: Served) -> Response:
    """Find companies, and the persons in them, by name or identifier."""
    return json_answer(search_object(serving.workspace().graph.search(query.q, limit=query.limit)))


@router.get(
    "/companies/{company:path}/relationships",
    summary="Relationships",
    responses=documented(RelationshipsAnswer, 404, 409),
)
def get_relationships(company: CompanyId, query: Annotated[RelationshipsQuery, Query()], serving: Served) -> Response:
    """Count, then list, what ties a company, person or contact point to others."""
    answer = serving.workspace().graph.relationships(
        company, as_of=query.as_of, known_on=query.known_on, kinds=query.kind, limit=query.limit
    )
    return json_answer(relationships_object(answer))


@router.get("/paths", summary="Paths", responses=documented(PathsAnswer, 404, 409))
def get_paths(query: Annotated[PathsQuery, Query()], serving: Served) -> Response:
    """Say how companies or persons are connected: paths between each two of them, the shortest first."""
    answer = serving.workspace().graph.paths(
        query.id,
        customers=query.customer,
        as_of=query.as_of,
        known_on=query.known_on,
        kinds=query.kind,
        direction=query.direction,
        max_hops=query.max_hops,
        limit=query.limit,
    )
    return json_answer(paths_object(answer))


@router.get(
    "/companies/{company:path}/explain", summary="Why a lead", responses=documented(ExplanationAnswer, 404, 409)
)
def explain_company(company: CompanyId, query: Annotated[ExplainQuery, Query()], serving: Served) -> Response:
    """Say why a company is a lead, or why it is none, and what was not followed."""
    answer = serving.workspace().leads.explain(company, query.question())
    return json_answer(explanation_object(answer))


@router.get("/companies/{company:path}", summary="A company", responses=documented(CompanyAnswer, 404, 409))
def get_company(company: CompanyId, query: Annotated[CompanyQuery, Query()], serving: Served) -> Response:
    """Return what the registers say of a company, each fact with its source and date, and who works on it."""
    answer = serving.workspace().graph.company(company, as_of=query.as_of, known_on=query.known_on, limit=query.limit)
    return json_answer(company_answer_object(answer))
