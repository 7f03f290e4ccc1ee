"""Matches: how the customers stand to the registers, and what people decide of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from graphleads.view.list_shape import DecisionsAnswer, MatchesAnswer
from graphleads.view.matched import decisions_object, matches_object
from graphleads_api.answer import json_answer
from graphleads_api.body import DecisionsRequest
from graphleads_api.deps import Served
from graphleads_api.errors import tell
from graphleads_api.openapi import documented
from graphleads_api.request import MatchesQuery, NoQuery

router = APIRouter(tags=["matches"])


@router.get("/matches", summary="Matches", responses=documented(MatchesAnswer, 404, 409))
def get_matches(query: Annotated[MatchesQuery, Query()], serving: Served) -> Response:
    """Return how customers stand to the registers: both sides, the companies that each may be, what people decided."""
    customers = serving.workspace().customers
    found = customers.matched(state=query.state, customer=query.customer, after=query.after, limit=query.limit + 1)
    return json_answer(matches_object(found, customers.count_matches(), limit=query.limit))


@router.post("/matches/decisions", summary="Decide matches", responses=documented(DecisionsAnswer, 409))
def post_decisions(ask: DecisionsRequest, _query: Annotated[NoQuery, Query()], serving: Served) -> Response:
    """Say of customers and companies that they are the same, different, that nobody can tell, or forget what was said.

    All that can be made are made in one transaction, and each has its result; one that is refused does not stop the
    others. Of several on one pair the last counts.
    """
    decided = serving.workspace().customers.decide(ask.decisions_given(), by=ask.by)
    return json_answer(decisions_object(decided, tell))
