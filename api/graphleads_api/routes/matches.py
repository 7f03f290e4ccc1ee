"""Matches: how the customers stand to the registers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from graphleads.view.list_shape import MatchesAnswer
from graphleads.view.matched import matches_object
from graphleads_api.answer import json_answer
from graphleads_api.deps import Served
from graphleads_api.openapi import documented
from graphleads_api.request import MatchesQuery

router = APIRouter(tags=["matches"])


@router.get("/matches", summary="Matches", responses=documented(MatchesAnswer, 404, 409))
def get_matches(query: Annotated[MatchesQuery, Query()], serving: Served) -> Response:
    """Return how customers stand to the registers: both sides, the companies that each may be, what people decided."""
    customers = serving.workspace().customers
    found = customers.matched(state=query.state, customer=query.customer, after=query.after, limit=query.limit + 1)
    return json_answer(matches_object(found, customers.count_matches(), limit=query.limit))
